#pragma once

// Standardizes 20 columns and expands them to 230 (each column, then each product x_i·x_j with i <= j), row-major
// doubles into the caller's memory. The result is many times larger than any cache, so what counts is to write each
// line once, front to back, and to leave no pause in between.

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

#include "support/simd.hpp"

namespace tenon_benchmark::limits {

inline constexpr std::size_t polynomial_inputs = 20;
inline constexpr std::size_t polynomial_outputs = 20 + 20 * 21 / 2;

namespace detail {

/// Rows are written with 32-byte vectors even where there are wider ones: the products begin anywhere, and of the
/// 64-byte stores seven in eight would straddle two lines.
typedef double four_doubles __attribute__((vector_size(32)));
inline constexpr std::size_t row_step = 4;

/// Where the products of column i with itself and all later ones begin in an expanded row.
constexpr std::size_t products_begin(std::size_t i) {
    return polynomial_inputs + (i * (2 * polynomial_inputs + 1 - i)) / 2;
}

/// Writes whole vectors, up to three numbers beyond the end of the products: the next ones overwrite that. In the
/// order of the output, therefore, and with as much room behind the row and behind z.
template <std::size_t Column>
inline void multiply_out(const double* z, double* row) {
    const four_doubles zi = z[Column] - four_doubles{};
    double* to = row + products_begin(Column);
    for (std::size_t k = Column; k < polynomial_inputs; k += row_step) {
        store(to + (k - Column), zi * load<four_doubles>(z + k));
    }
}

/// One row; the columns are template arguments, so that every offset is known when compiling.
template <std::size_t... Columns>
inline void expand_row(const double* z, double* row, std::index_sequence<Columns...>) {
    std::memcpy(row, z, polynomial_inputs * sizeof(double));
    (multiply_out<Columns>(z, row), ...);
}

} // namespace detail

/// (x - mean) / deviation of each column, then the expansion.
inline void standardize_polynomial(const double* x, std::size_t rows, const double* mean,
                                   const double* deviation, double* out) {
    constexpr std::size_t inputs = polynomial_inputs, block = 32;
    constexpr auto columns = std::make_index_sequence<inputs>{};
    alignas(64) double factor[inputs], z[block * inputs + detail::row_step] = {};
    for (std::size_t k = 0; k < inputs; ++k) factor[k] = 1.0 / deviation[k];

    for (std::size_t first = 0; first < rows; first += block) {
        const std::size_t end = std::min(first + block, rows);
        // A block ahead: a load of what was stored just before, in other pieces, would wait for those stores.
        for (std::size_t row = first; row < end; ++row) {
            for (std::size_t k = 0; k < inputs; ++k) {
                z[(row - first) * inputs + k] = (x[row * inputs + k] - mean[k]) * factor[k];
            }
        }
        const std::size_t inside = end == rows ? end - 1 : end;
        for (std::size_t row = first; row < inside; ++row) {
            detail::expand_row(z + (row - first) * inputs, out + row * polynomial_outputs, columns);
        }
        if (inside < end) { // there is no room behind the last row
            double last[polynomial_outputs + detail::row_step];
            detail::expand_row(z + (inside - first) * inputs, last, columns);
            std::memcpy(out + inside * polynomial_outputs, last, polynomial_outputs * sizeof(double));
        }
    }
}

} // namespace tenon_benchmark::limits
