#pragma once

// What min_max, max_abs and robust fit to: a shift and a scale for every column.

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/fixed_string.hpp>
#include <tenon/core/record.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/core/widths.hpp>
#include <type_traits>

namespace tenon::inline v0 {

/// z = (x - shift) · scale, column by column; missing values stay missing. Name is the stage's.
template <fixed_string Name, std::size_t W, class T>
struct fitted_affine {
    static constexpr std::string_view name = Name.view();
    static constexpr std::size_t in = W, out = W;
    using scalar = T;

    storage<T, W> shift;
    storage<T, W> scale;

    std::size_t width_in() const noexcept { return shift.size(); }
    std::size_t width_out() const noexcept { return shift.size(); }

    void operator()(row<W, T> x, row_out<W, T> z) const noexcept {
        for (std::size_t i = 0; i < x.size(); ++i) z[i] = (x[i] - shift[i]) * scale[i];
    }
    void inverse(row<W, T> z, row_out<W, T> x) const noexcept {
        for (std::size_t i = 0; i < z.size(); ++i) x[i] = z[i] / scale[i] + shift[i];
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("shift", self.shift);
        visit("scale", self.scale);
    }
    /// Whether the fields agree after loading.
    bool is_consistent() const noexcept { return shift.size() == scale.size(); }
    static std::string source() {
        return "for (int i = 0; i < in; ++i) z[i] = (x[i] - shift[i]) * scale[i];";
    }
};

namespace detail {

/// Fails for a column of which a stage knows no value.
[[noreturn]] inline void fail_without_values(std::string_view stage, const column_info& column) {
    fail<data_error>({stage, ": column '", column.name, "' has no value to learn from"});
}

/// high - low, or 1 where that is below ten epsilon of double, which counts as constant (as in scikit-learn).
/// Throws data_error where the scalar T of the column cannot hold it.
template <class T>
double span_between(double low, double high, std::string_view stage, const column_info& column) {
    const double span = high - low;
    if (!(span <= static_cast<double>(std::numeric_limits<T>::max())))
        fail<data_error>({stage, ": the values of column '", column.name, "' reach from ", low, " to ", high,
                          ", further apart than a ", std::is_same_v<T, float> ? "float" : "double",
                          " can hold"});
    return span < 10 * std::numeric_limits<double>::epsilon() ? 1 : span;
}

} // namespace detail

} // namespace tenon
