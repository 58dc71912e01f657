#pragma once

// The kernels of float and double networks, compiled for what the unit is compiled for and for AVX2 and AVX-512 beside it,
// and chosen while the program runs: without -march they are as fast as with it.
//
// A set of instructions is a namespace that includes the same texts (*.inc) under its own target: a function inherits the
// target of where its text stands, also if it is a template or a lambda, and compilers take vector expressions apart that
// a function's target has no registers for before they inline it elsewhere.

#include <cstddef>
#include <cstring>
#include <tenon/core/lanes.hpp>
#include <tenon/core/processor.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/model/activation.hpp>
#include <tenon/model/dense_products.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace tenon::inline v0::detail {

// Each stands on those before it.
// clang-format off
#include <tenon/model/kernels/forward.inc>
#include <tenon/model/kernels/products.inc>
#include <tenon/model/kernels/entries.inc>
// clang-format on

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__AVX512F__)

#ifndef __AVX__
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif
namespace avx2 {
inline constexpr std::size_t register_bytes = 32;
#include <tenon/model/kernels/all.inc>
} // namespace avx2
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif

#ifdef __clang__
// Versions of clang-format disagree about the second line.
// clang-format off
#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"))), \
                             apply_to = function)
// clang-format on
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl")
#endif
namespace avx512 {
inline constexpr std::size_t register_bytes = 64;
#include <tenon/model/kernels/all.inc>
} // namespace avx512
#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

/// use(kernels<…>{}) with those of the widest set of instructions that the processor has. Always inline: units see other sets.
template <std::size_t Unit = unit_register_bytes, class Use>
[[gnu::always_inline]] inline auto with_widest(Use&& use) {
    if (widest_set == instruction_set::avx512) return use(avx512::kernels<Unit>{});
#ifndef __AVX__
    if (widest_set == instruction_set::avx2) return use(avx2::kernels<Unit>{});
#endif
    return use(kernels<Unit>{});
}
#else
template <std::size_t Unit = unit_register_bytes, class Use>
[[gnu::always_inline]] inline auto with_widest(Use&& use) {
    return use(kernels<Unit>{});
}
#endif

} // namespace tenon::detail
