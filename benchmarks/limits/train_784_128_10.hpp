#pragma once

// Programs that train the 784→128 relu→10 network with Adam on the cross-entropy, written with Eigen: one source, compiled
// apart from the rest with the compilers and flags that make it fast, into libraries that show nothing but one function
// each. So the Eigen in them may be another than anyone else's.

#include <cstddef>
#include <cstdint>

namespace tenon_benchmark::limits {

/// How to train; Adam's formula and defaults are PyTorch's.
struct digit_training {
    static constexpr std::size_t inputs = 784, hidden = 128, outputs = 10;
    static constexpr std::size_t parameters = (inputs + 1) * hidden + (hidden + 1) * outputs;
    std::size_t samples = 10000, batch = 64, epochs = 5;
    float rate = 1e-3F, beta1 = 0.9F, beta2 = 0.999F, epsilon = 1e-8F;
    std::uint64_t seed = 7;
};

/// One such program. The parameters lie layer by layer: the weights that an input gives to each unit, input by input,
/// then the biases.
struct eigen_program {
    const char* made_of; ///< Eigen's version, the compiler and its flags
    void (*train)(float* parameters, const float* x, const std::uint32_t* labels, const digit_training& how);
};

[[gnu::visibility("default")]] eigen_program eigen_by_this_compiler();
[[gnu::visibility("default")]] eigen_program eigen_by_clang();

} // namespace tenon_benchmark::limits
