#pragma once

// Where a statistic of all columns came out as no number: which value of the training rows was to blame.

#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/core/record.hpp>
#include <tenon/core/text.hpp>

namespace tenon::inline v0::detail {

/// Throws data_error with the first value that is missing or infinite; where there is none, the values are so large that
/// their squares are infinite.
template <class T>
[[noreturn, gnu::cold, gnu::noinline]] void fail_not_finite(std::string_view stage, matrix_view<const T> x,
                                                            std::span<const column_info> columns) {
    for (std::size_t r = 0; r < x.rows(); ++r)
        for (std::size_t c = 0; c < x.columns(); ++c) {
            if (x(r, c) - x(r, c) == 0) continue;
            const bool is_missing = x(r, c) != x(r, c);
            fail<data_error>({stage, ": column '", columns[c].name, "', row ", r + 1, " is ",
                              is_missing ? "missing; put impute(…) before it" : "infinite"});
        }
    std::size_t largest = 0;
    double most = 0;
    for (std::size_t r = 0; r < x.rows(); ++r)
        for (std::size_t c = 0; c < x.columns(); ++c) {
            const double v = static_cast<double>(x(r, c) < 0 ? -x(r, c) : x(r, c));
            if (v > most) {
                most = v;
                largest = c;
            }
        }
    fail<data_error>({stage, ": the values of column '", columns[largest].name, "' are so large (up to ",
                      most, ") that sums of their products overflow; put standardize() before it"});
}

/// Whether v is neither NaN nor infinite.
constexpr bool is_finite(double v) noexcept {
    return v - v == 0;
}

} // namespace tenon::inline v0::detail
