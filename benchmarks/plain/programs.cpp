#include "plain/programs.hpp"

#include "rows/tasks.hpp"

namespace tenon_benchmark::plain {

program relu_2_64_1_program() {
    return tenon_one_sample<relu_2_64_1>(256);
}

program tanh_16_32_32_1_program() {
    return tenon_one_sample<tanh_16_32_32_1>(256);
}

program relu_784_128_10_program() {
    return tenon_one_sample<relu_784_128_10>(32);
}

} // namespace tenon_benchmark::plain
