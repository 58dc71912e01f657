// compile: include of predict.hpp, -O0 | Eigen/Dense | -O0
#include <Eigen/Dense>
