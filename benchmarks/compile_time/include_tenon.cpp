// compile: include of tenon.hpp, -O0 | tenon | -O0
#include <tenon/tenon.hpp>
