#pragma once

// log1p: the logarithm of 1 + x, for amounts and counts whose large values are far apart.

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/text.hpp>
#include <tenon/core/widths.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/prepare/power_source.hpp>

namespace tenon::inline v0 {

/// z = log(1 + x), accurate near zero. NaN where x is -1 or less, as where it is missing.
template <std::size_t W, class T>
struct fitted_log1p {
    static constexpr std::string_view name = "log1p";
    static constexpr std::size_t in = W, out = W;
    using scalar = T;

    held_width<W> width;

    std::size_t width_in() const noexcept { return width(); }
    std::size_t width_out() const noexcept { return width(); }

    void operator()(row<W, T> x, row_out<W, T> z) const noexcept {
        for (std::size_t i = 0; i < x.size(); ++i)
            z[i] = x[i] > -1 ? std::log1p(x[i]) : std::numeric_limits<T>::quiet_NaN();
    }
    void inverse(row<W, T> z, row_out<W, T> x) const noexcept {
        for (std::size_t i = 0; i < z.size(); ++i) x[i] = std::expm1(z[i]);
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        if constexpr (W == dynamic) visit("width", self.width.value);
    }
    static std::string source() {
        return detail::concat({detail::log_of_source, detail::log_1p_source,
                               "for (int i = 0; i < in; ++i)\n"
                               "    z[i] = x[i] > -1 ? static_cast<scalar>(log_1p(x[i])) : not_a_number;"});
    }
};

/// Made by log1p().
struct log1p_spec : stage<role::preprocessor> {
    static constexpr bool learns_nothing = true;
    template <class In>
    using objection = needs_numbers<In>;
    template <class In>
    using out = In;
    template <class In>
    using fitted = fitted_log1p<In::width, typename In::scalar>;

    template <class F, class T, class Y>
    F fit(std::type_identity<F>, matrix_view<const T> x, vector_view<const Y>,
          std::span<const column_info> columns) const {
        for (std::size_t r = 0; r < x.rows(); ++r)
            for (std::size_t c = 0; c < x.columns(); ++c)
                if (x(r, c) <= -1)
                    detail::fail<data_error>({"log1p: column '", columns[c].name, "', row ", r + 1, " is ",
                                              static_cast<double>(x(r, c)), ", expected more than -1"});
        return F{held_width<F::in>(x.columns())};
    }
};

/// Every value x to log(1 + x); its inverse is exp(z) - 1. Missing values stay missing. Throws data_error for a
/// training value of -1 or less, and gives NaN for one at prediction.
inline auto log1p() {
    return pipeline{log1p_spec{}};
}

} // namespace tenon
