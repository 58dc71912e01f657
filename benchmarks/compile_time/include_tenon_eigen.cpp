// compile: include of tenon.hpp, -O0 | Eigen/Dense | -O0
#include <Eigen/Dense>
