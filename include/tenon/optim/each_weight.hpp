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

/// A vector of weights, their slopes and what is remembered of them.
template <class T, std::size_t Bytes, class Places>
struct several_weights;
template <class T, std::size_t Bytes, std::size_t... K>
struct several_weights<T, Bytes, std::index_sequence<K...>> {
    using several = lanes<T, Bytes / sizeof(T)>;
    several weight, slope;
    bundle<several, sizeof...(K)> held;

    template <class... Held>
    [[gnu::always_inline]] void load(const T* weights, const T* slopes, const Held*... held_at) noexcept {
        load_lanes(weight, weights);
        load_lanes(slope, slopes);
        (load_lanes(held.template at<K>(), held_at), ...);
    }
    template <class Update>
    [[gnu::always_inline]] void step(Update& update) noexcept {
        update(
            weight, slope, [](several& v) { take_roots<T, Bytes>(v); }, held.template at<K>()...);
    }
    template <class... Held>
    [[gnu::always_inline]] void store(T* weights, Held*... held_at) noexcept {
        (std::memcpy(held_at, &held.template at<K>(), Bytes), ...);
        std::memcpy(weights, &weight, Bytes);
    }
};

/// Calls update(weight, slope, root, what is remembered of it…) for each weight; what is remembered is given by a pointer to
/// the first of each. All are taken by reference, as several values in a vector; root(v) puts √v in the place of v. Each
/// value has to follow from its own alone: the last vector overlaps the one before, and less than a vector is filled up
/// with zeros.
template <class T, std::size_t Bytes = register_bytes, class Update, class... Remembered>
void each_weight(std::span<T> w, std::span<const T> g, Update&& update, Remembered*... remembered) noexcept {
    constexpr std::size_t many = Bytes / sizeof(T);
    using each = std::index_sequence_for<Remembered...>;
    several_weights<T, Bytes, each> now, last;
    if (w.size() < many) {
        T padded[sizeof...(Remembered) + 2][many] = {};
        const auto copy = [n = w.size()](const T* from, T* to) {
            for (std::size_t i = 0; i < n; ++i) to[i] = from[i];
        };
        const auto step = [&]<std::size_t... K>(std::index_sequence<K...>) {
            copy(w.data(), padded[0]), copy(g.data(), padded[1]);
            (copy(remembered, padded[K + 2]), ...);
            now.load(padded[0], padded[1], padded[K + 2]...);
            now.step(update);
            now.store(padded[0], padded[K + 2]...);
            copy(padded[0], w.data());
            (copy(padded[K + 2], remembered), ...);
        };
        return step(each{});
    }
    // The last whole vector, from the values before the step; the same ones come out where it overlaps others.
    const std::size_t end = w.size() - many;
    last.load(w.data() + end, g.data() + end, (remembered + end)...);
    last.step(update);
    for (std::size_t i = 0; i < end; i += many) {
        now.load(w.data() + i, g.data() + i, (remembered + i)...);
        now.step(update);
        now.store(w.data() + i, (remembered + i)...);
    }
    last.store(w.data() + end, (remembered + end)...);
}

/// The larger of two, value by value; NaN where b is one.
template <class V>
constexpr V larger_of(const V& a, const V& b) noexcept {
    return a > b ? a : b;
}

} // namespace tenon::detail
