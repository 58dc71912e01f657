#pragma once

// fourier<K>(period): sines and cosines of what comes round again, such as hours, weekdays, months and angles.

#include <array>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/core/text.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/features/turns.hpp>
#include <vector>

namespace tenon::inline v0 {

/// For each column x and k = 1 … K: sin(2π k x / period), cos(2π k x / period). Computed in double.
///
/// The first pair is that of x / period less its whole part, so large x lose no more than x / period does; each further pair
/// turns the one before it by the first.
template <std::size_t W, std::size_t K, class T>
struct fitted_fourier {
    static constexpr std::string_view name = "fourier";
    static constexpr std::size_t in = W, out = multiply_widths(W, 2 * K);
    using scalar = T;

    storage<T, W> period; ///< of each column, in its units

    std::size_t width_in() const noexcept { return period.size(); }
    std::size_t width_out() const noexcept { return period.size() * 2 * K; }

    void operator()(row<W, T> x, row_out<out, T> z) const noexcept {
        T* next = z.data();
        for (std::size_t i = 0; i < x.size(); ++i) {
            const auto [s, c] = detail::of_turns(static_cast<double>(x[i]) / static_cast<double>(period[i]));
            double sine = s, cosine = c;
            for (std::size_t k = 0; k < K; ++k) {
                *next++ = static_cast<T>(sine);
                *next++ = static_cast<T>(cosine);
                const double turned = sine * c + cosine * s;
                cosine = cosine * c - sine * s;
                sine = turned;
            }
        }
    }

    /// sin hour, cos hour, sin 2*hour …
    std::vector<column_info> describe(std::span<const column_info> columns) const {
        std::vector<column_info> all;
        for (const column_info& column : columns)
            for (std::size_t k = 1; k <= K; ++k)
                for (const char* const function : {"sin ", "cos "}) {
                    std::string label(function);
                    if (k > 1) detail::append(label, {k, "*"});
                    all.push_back({label + column.name, false, {}});
                }
        return all;
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("period", self.period);
    }
    static std::string signature() { return detail::concat({K}); }
    /// Whether the periods are some, after loading.
    bool is_consistent() const noexcept {
        for (const T p : period)
            if (!(p > 0 && p - p == 0)) return false;
        return period.size() > 0;
    }
    static std::string source() {
        return detail::concat(
            {detail::of_turns_source,
             "int next = 0;\n"
             "for (int i = 0; i < in; ++i) {\n"
             "    double s = 0, c = 0;\n"
             "    of_turns(static_cast<double>(x[i]) / static_cast<double>(period[i]), s, c);\n"
             "    double sine = s, cosine = c;\n"
             "    for (int k = 0; k < ",
             K,
             "; ++k) {\n"
             "        z[next++] = static_cast<scalar>(sine);\n"
             "        z[next++] = static_cast<scalar>(cosine);\n"
             "        const double turned = sine * c + cosine * s;\n"
             "        cosine = cosine * c - sine * s;\n"
             "        sine = turned;\n"
             "    }\n"
             "}"});
    }
};

namespace detail {

template <class In, std::size_t Periods>
consteval auto objection_to_fourier() {
    if constexpr (!no_objection<needs_numbers<In>>)
        return needs_numbers<In>{};
    else if constexpr (Periods != 1 && In::width != dynamic && Periods != In::width)
        return because::fourier_takes_one_period_or_one_for_each_column<Periods, In::width>{};
    else
        return because::nothing{};
}

} // namespace detail

/// Made by fourier<K>(periods…).
template <std::size_t K, std::size_t Periods>
struct fourier_spec : stage<role::expander> {
    static_assert(K > 0, "fourier<K>: ask for at least one harmonic");
    static_assert(Periods > 0, "fourier<K>: name the period");
    static constexpr bool learns_nothing = true;
    std::array<double, Periods> periods;
    explicit fourier_spec(std::array<double, Periods> p) : periods(p) {}

    template <class In>
    using objection = decltype(detail::objection_to_fourier<In, Periods>());
    template <class In>
    using out = columns<multiply_widths(In::width, 2 * K), typename In::kind, typename In::scalar>;
    template <class In>
    using fitted = fitted_fourier<In::width, K, typename In::scalar>;

    template <class F, class T, class Y>
    F fit(std::type_identity<F>, matrix_view<const T> x, vector_view<const Y>) const {
        if (Periods != 1 && Periods != x.columns())
            detail::fail<data_error>({"fourier: ", Periods, " periods for ", x.columns(),
                                      " columns; expected one, or one for each"});
        F f{storage<T, F::in>(x.columns())};
        for (std::size_t c = 0; c < x.columns(); ++c) {
            const double p = periods[Periods == 1 ? 0 : c];
            f.period[c] = static_cast<T>(p);
            if (!(f.period[c] > 0 && f.period[c] - f.period[c] == 0))
                detail::fail<fit_error>({"fourier: a period is a positive number, not ", p});
        }
        return f;
    }
};

/// Every column becomes the sines and cosines of its first K harmonics, so that the end of a period is next to its beginning:
/// hours with period 24, months with period 12, angles in degrees with 360. One period for all columns, or one for each.
/// It learns nothing from the data; constant columns stay constant, missing and infinite values are NaN.
///
///     on<"hour">(fourier<2>(24))   on<"hour", "month">(fourier<1>(24, 12))
template <std::size_t K, std::convertible_to<double>... Periods>
auto fourier(Periods... periods) {
    return pipeline{fourier_spec<K, sizeof...(Periods)>{{static_cast<double>(periods)...}}};
}

} // namespace tenon
