#pragma once

// tenon's one-sample programs as compiled without -march: a library of its own that shows nothing else, so that no inline
// function of the rows, which are compiled for this machine, takes the place of its own.

#include "support/row.hpp"

namespace tenon_benchmark::plain {

[[gnu::visibility("default")]] program relu_2_64_1_program();
[[gnu::visibility("default")]] program tanh_16_32_32_1_program();
[[gnu::visibility("default")]] program relu_784_128_10_program();

} // namespace tenon_benchmark::plain
