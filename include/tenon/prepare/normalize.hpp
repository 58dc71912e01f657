#pragma once

// normalize: every row to norm 1.

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/text.hpp>
#include <tenon/core/widths.hpp>
#include <tenon/data/schema.hpp>

namespace tenon::inline v0 {

/// The norms that normalize knows. `of(z)` is the norm of values whose largest size is 1; NaN counts as absent.
/// `source` says the same in the C++ of a generated header, which has no square root.
namespace row_norm {

struct l1_rule {
    static constexpr std::string_view name = "l1";
    template <class T>
    static T of(std::span<const T> z) noexcept {
        T sum = 0;
        for (const T v : z) sum += v == v ? (v < 0 ? -v : v) : T{0};
        return sum;
    }
    static constexpr const char* source =
        "scalar norm = 0;\n"
        "for (int i = 0; i < in; ++i) norm += z[i] == z[i] ? (z[i] < 0 ? -z[i] : z[i]) : 0;\n";
};

struct l2_rule {
    static constexpr std::string_view name = "l2";
    template <class T>
    static T of(std::span<const T> z) noexcept {
        T sum = 0;
        for (const T v : z) sum += v == v ? v * v : T{0};
        return std::sqrt(sum);
    }
    // Newton's steps come down to the root from above until they no longer move.
    static constexpr const char* source =
        "scalar sum = 0;\n"
        "for (int i = 0; i < in; ++i) sum += z[i] == z[i] ? z[i] * z[i] : 0;\n"
        "scalar norm = (sum + 1) / 2;\n"
        "for (scalar next = norm;; norm = next) {\n"
        "    next = (norm + sum / norm) / 2;\n"
        "    if (!(next < norm)) break;\n"
        "}\n";
};

struct max_rule {
    static constexpr std::string_view name = "max";
    template <class T>
    static T of(std::span<const T>) noexcept {
        return 1;
    }
    static constexpr const char* source = "const scalar norm = 1;\n";
};

inline constexpr l1_rule l1{};   ///< the sum of sizes
inline constexpr l2_rule l2{};   ///< the length
inline constexpr max_rule max{}; ///< the largest size

} // namespace row_norm

template <class N>
concept RowNorm = requires(std::span<const double> z) {
    { N::of(z) } noexcept -> std::same_as<double>;
    { N::name } -> std::convertible_to<std::string_view>;
    { N::source } -> std::convertible_to<const char*>;
};

/// z = x / norm(x). The row is first divided by its largest value, so that no square overflows or vanishes.
template <RowNorm Norm, std::size_t W, class T>
struct fitted_normalize {
    static constexpr std::string_view name = "normalize";
    static constexpr std::size_t in = W, out = W;
    using scalar = T;

    held_width<W> width;

    std::size_t width_in() const noexcept { return width(); }
    std::size_t width_out() const noexcept { return width(); }

    void operator()(row<W, T> x, row_out<W, T> z) const noexcept {
        T largest = 0;
        for (const T v : x) {
            const T size = v < 0 ? -v : v;
            largest = size > largest ? size : largest;
        }
        if (largest == 0) largest = 1;
        for (std::size_t i = 0; i < x.size(); ++i) z[i] = x[i] / largest;
        const T norm = Norm::of(std::span<const T>(z));
        if (norm == 0) return;
        for (T& v : z) v /= norm;
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        if constexpr (W == dynamic) visit("width", self.width.value);
    }
    /// What a file or report calls this type, beyond its name.
    static std::string signature() { return std::string(Norm::name); }
    static std::string source() {
        return detail::concat({"scalar largest = 0;\n"
                               "for (int i = 0; i < in; ++i) {\n"
                               "    const scalar size = x[i] < 0 ? -x[i] : x[i];\n"
                               "    largest = size > largest ? size : largest;\n"
                               "}\n"
                               "if (largest == 0) largest = 1;\n"
                               "for (int i = 0; i < in; ++i) z[i] = x[i] / largest;\n",
                               Norm::source,
                               "if (norm == 0) return;\n"
                               "for (int i = 0; i < in; ++i) z[i] /= norm;"});
    }
};

/// Made by normalize(norm).
template <RowNorm Norm>
struct normalize_spec : stage<role::preprocessor> {
    static constexpr bool learns_nothing = true;
    template <class In>
    using objection = needs_numbers<In>;
    template <class In>
    using out = In;
    template <class In>
    using fitted = fitted_normalize<Norm, In::width, typename In::scalar>;

    template <class F, class T, class Y>
    F fit(std::type_identity<F>, matrix_view<const T> x, vector_view<const Y>) const {
        return F{held_width<F::in>(x.columns())};
    }
};

/// Every row divided by its norm (row_norm::l1, l2 or max), as scikit-learn's Normalizer; it learns nothing, and there
/// is no way back. A row of zeros stays as it is; every other row gets norm 1 however small or large it is (scikit-learn
/// leaves norms below 2.2e-15 alone). Missing values count as absent and stay missing; an infinity gives NaN.
///
///     normalize()   normalize(tenon::row_norm::l1)
template <RowNorm Norm = row_norm::l2_rule>
auto normalize(Norm = {}) {
    return pipeline{normalize_spec<Norm>{}};
}

} // namespace tenon
