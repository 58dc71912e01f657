#pragma once

// What every optimizer's step runs through: the weights, their slopes and what is remembered of each, several at a time.

#include <cmath>
#include <cstddef>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

namespace tenon::inline v0::detail {

/// As many values as the narrowest vector registers hold: square roots and quotients, which take most of a step, come
/// no faster in wider ones.
template <class T>
struct sixteen_bytes {
    typedef T type __attribute__((vector_size(16))); // NOLINT(modernize-use-using)
};

/// √v, value by value. A loop over std::sqrt is none of vectors: it would set errno.
template <class T>
inline void take_roots(typename sixteen_bytes<T>::type& v) noexcept {
#if defined(__AVX__)
    if constexpr (sizeof(T) == 4)
        asm("vsqrtps %0, %0" : "+x"(v));
    else
        asm("vsqrtpd %0, %0" : "+x"(v));
#elif defined(__SSE2__)
    if constexpr (sizeof(T) == 4)
        asm("sqrtps %0, %0" : "+x"(v));
    else
        asm("sqrtpd %0, %0" : "+x"(v));
#else
    for (std::size_t i = 0; i < 16 / sizeof(T); ++i) v[i] = std::sqrt(v[i]);
#endif
}

/// Calls update(weight, slope, root, what is remembered of it…) for each weight. All are taken by reference, as single
/// values or as several in a vector; root(v) puts √v in the place of v.
template <class T, class Update, class... Remembered>
void each_weight(std::span<T> w, std::span<const T> g, Update&& update, Remembered&... remembered) noexcept {
    using several = typename sixteen_bytes<T>::type;
    constexpr std::size_t many = sizeof(several) / sizeof(T);
    auto load = [](several& v, const T* from) { std::memcpy(&v, from, sizeof v); };
    auto store = [](T* to, const several& v) { std::memcpy(to, &v, sizeof v); };
    std::size_t i = 0;
    for (; i + many <= w.size(); i += many) {
        several weight, slope, held[sizeof...(Remembered) + 1];
        load(weight, w.data() + i);
        load(slope, g.data() + i);
        [&]<std::size_t... K>(std::index_sequence<K...>) {
            (load(held[K], remembered.data() + i), ...);
            update(
                weight, slope, [](several& v) { take_roots<T>(v); }, held[K]...);
            (store(remembered.data() + i, held[K]), ...);
        }(std::index_sequence_for<Remembered...>{});
        store(w.data() + i, weight);
    }
    for (; i < w.size(); ++i)
        update(
            w[i], g[i], [](T& v) { v = std::sqrt(v); }, remembered[i]...);
}

/// The larger of two, value by value; NaN where b is one.
template <class V>
constexpr V larger_of(const V& a, const V& b) noexcept {
    return a > b ? a : b;
}

} // namespace tenon::detail
