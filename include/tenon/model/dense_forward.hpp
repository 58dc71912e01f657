#pragma once

// One sample through one dense layer of static sizes.

#include <cstddef>
#include <tenon/model/kernels.hpp>

namespace tenon::inline v0 {

/// z[o] = Act(biases[o] + Σ x[i] · weights[i·Out + o]), in the widest registers that the processor has. z may not overlap
/// the rest.
template <class Act, std::size_t In, std::size_t Out, class T, std::size_t Bytes = detail::register_bytes>
[[gnu::always_inline]] inline void dense_forward(const T* weights, const T* biases, const T* x,
                                                 T* z) noexcept {
    detail::with_widest<Bytes>([&](auto k) __attribute__((always_inline)) {
        k.template layer<Act, In, Out>(weights, biases, x, z);
    });
}

} // namespace tenon
