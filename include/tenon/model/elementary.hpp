#pragma once

// What elementary functions are made of, so that a loop can vectorise them: no branch, no table, no call. One text serves a
// number and a GCC vector of numbers; both give the same bits where nothing is contracted into fused multiply-adds.
// Coefficients are fitted by tests/conformance/elementary_fits.py.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace tenon::inline v0::detail {

template <class T>
struct floating_format;
template <>
struct floating_format<float> {
    using bits = std::int32_t;
    static constexpr int mantissa = 23, bias = 127;
    static constexpr float round_shift =
        12582912.0F + 127; // 1.5 · 2^23 + bias: added, it rounds to an integer
};
template <>
struct floating_format<double> {
    using bits = std::int64_t;
    static constexpr int mantissa = 52, bias = 1023;
    static constexpr double round_shift = 6755399441055744.0 + 1023; // 1.5 · 2^52 + bias
};

/// The numbers in V, which is a number or a vector, and integers of their size and count.
template <class V>
struct elements_of {
    using type = std::remove_cvref_t<decltype(V{}[0])>;
    using integers = decltype(V{} < V{});
};
template <class V>
    requires std::is_floating_point_v<V>
struct elements_of<V> {
    using type = V;
    using integers = typename floating_format<V>::bits;
};
template <class V>
using element_of = typename elements_of<V>::type;
template <class V>
using integers_of = typename elements_of<V>::integers;

#include <tenon/model/kernels/elementary.inc>

} // namespace tenon::inline v0::detail
