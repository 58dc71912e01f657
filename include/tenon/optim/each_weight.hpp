#pragma once

// What every optimizer's step runs through: the weights, their slopes and what is remembered of each, several at a time.

#include <cmath>
#include <cstddef>
#include <cstring>
#include <span>
#include <tenon/core/lanes.hpp>
#include <tenon/core/storage.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0::detail {

/// √v, value by value. A loop over std::sqrt is none of vectors: it would set errno.
template <class T, std::size_t Bytes>
[[gnu::always_inline]] inline void take_roots(lanes<T, Bytes / sizeof(T)>& v) noexcept {
#if defined(__AVX__)
    if constexpr (sizeof(T) == 4)
        asm("vsqrtps %0, %0" : "+v"(v));
    else
        asm("vsqrtpd %0, %0" : "+v"(v));
#elif defined(__SSE2__)
    if constexpr (sizeof(T) == 4)
        asm("sqrtps %0, %0" : "+x"(v));
    else
        asm("sqrtpd %0, %0" : "+x"(v));
#else
    for (std::size_t i = 0; i < Bytes / sizeof(T); ++i) v[i] = std::sqrt(v[i]);
#endif
}

/// One vector of weights.
template <class T, std::size_t Bytes, class Update, std::size_t... K, class... Held>
[[gnu::always_inline]] inline void update_several(Update& update, std::index_sequence<K...>, T* weights,
                                                  const T* slopes, Held*... held_at) noexcept {
    using several = lanes<T, Bytes / sizeof(T)>;
    several weight, slope;
    bundle<several, sizeof...(K)> held;
    load_lanes(weight, weights);
    load_lanes(slope, slopes);
    (load_lanes(held.template at<K>(), held_at), ...);
    update(
        weight, slope, [](several& v) { take_roots<T, Bytes>(v); }, held.template at<K>()...);
    (std::memcpy(held_at, &held.template at<K>(), Bytes), ...);
    std::memcpy(weights, &weight, Bytes);
}

/// Copies `count` < 2 · Most values. For a size it does not know g++ takes an instruction that is slow for few bytes.
template <std::size_t Most, class T>
[[gnu::always_inline]] inline void copy_few(T* to, const T* from, std::size_t count) noexcept {
    const std::size_t now = count & Most;
    if (now != 0) std::memcpy(to, from, Most * sizeof(T));
    if constexpr (Most > 1) copy_few<Most / 2>(to + now, from + now, count);
}

/// Calls update(weight, slope, root, what is remembered of it…) for each weight; what is remembered is given by a pointer to
/// the first of each. All are taken by reference, as several values in a vector; root(v) puts √v in the place of v. The
/// last vector is filled up with zeros.
template <class T, std::size_t Bytes = register_bytes, class Update, class... Remembered>
void each_weight(std::span<T> w, std::span<const T> g, Update&& update, Remembered*... remembered) noexcept {
    constexpr std::size_t many = Bytes / sizeof(T);
    constexpr std::index_sequence_for<Remembered...> each{};
    const std::size_t whole = w.size() - w.size() % many, left = w.size() - whole;
    for (std::size_t i = 0; i < whole; i += many)
        update_several<T, Bytes>(update, each, w.data() + i, g.data() + i, (remembered + i)...);
    if (left == 0) return;
    T weights[many] = {}, slopes[many] = {}, held[sizeof...(Remembered) + 1][many] = {};
    copy_few<many / 2>(weights, w.data() + whole, left);
    copy_few<many / 2>(slopes, g.data() + whole, left);
    [&]<std::size_t... K>(std::index_sequence<K...>) {
        (copy_few<many / 2>(held[K], remembered + whole, left), ...);
        update_several<T, Bytes>(update, each, weights, slopes, held[K]...);
        (copy_few<many / 2>(remembered + whole, held[K], left), ...);
    }(each);
    copy_few<many / 2>(w.data() + whole, weights, left);
}

/// The larger of two, value by value; NaN where b is one.
template <class V>
constexpr V larger_of(const V& a, const V& b) noexcept {
    return a > b ? a : b;
}

} // namespace tenon::detail
