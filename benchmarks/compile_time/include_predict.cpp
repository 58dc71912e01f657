// compile: include of predict.hpp, -O0 | tenon | -O0
#include <tenon/predict.hpp>
