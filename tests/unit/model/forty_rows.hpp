// Forty rows, three features, made of whole numbers so that Python makes the same to the last bit. The numbers of
// scikit-learn in the tests are of these rows:
//
//     i = np.arange(40)
//     X = np.stack([((i*37 + j*59 + i*j*13) % 101) / 10 - 5 for j in range(3)], 1)
//     y = 2*X[:,0] - X[:,1] + 0.5*X[:,2] + 3 + ((i*71) % 17) / 10
//     noise = ((i*29) % 23) / 2 - 5.5
//     two = (X[:,0] - X[:,1] + noise > 0)
//     three = np.where(X[:,0] + noise > 2, 2, np.where(X[:,1] + X[:,2] - noise > 0, 1, 0))
#pragma once

#include <cstddef>
#include <tenon/core/matrix.hpp>
#include <tenon/core/target.hpp>
#include <vector>

namespace tenon_test {

struct forty_rows {
    tenon::matrix<double> x{40, 3};
    std::vector<double> y;
    std::vector<tenon::class_index> two, three;

    forty_rows() {
        for (int i = 0; i < 40; ++i) {
            const auto row = x.row(static_cast<std::size_t>(i));
            for (int j = 0; j < 3; ++j)
                row[static_cast<std::size_t>(j)] = (i * 37 + j * 59 + i * j * 13) % 101 / 10.0 - 5;
            y.push_back(2 * row[0] - row[1] + 0.5 * row[2] + 3 + i * 71 % 17 / 10.0);
            const double noise = i * 29 % 23 / 2.0 - 5.5;
            two.push_back(row[0] - row[1] + noise > 0);
            three.push_back(row[0] + noise > 2 ? 2 : row[1] + row[2] - noise > 0 ? 1 : 0);
        }
    }
    tenon::vector_view<const double> targets() const { return std::span<const double>(y); }
};

/// The rows and one column more.
template <class Value>
tenon::matrix<double> with_column(const tenon::matrix<double>& x, Value value) {
    tenon::matrix<double> wide(x.rows(), x.columns() + 1);
    for (std::size_t r = 0; r < x.rows(); ++r) {
        for (std::size_t c = 0; c < x.columns(); ++c) wide(r, c) = x(r, c);
        wide(r, x.columns()) = value(x.row(r));
    }
    return wide;
}

/// The same values column by column: a view of `room`.
template <class T>
tenon::matrix_view<const T> column_major(tenon::matrix_view<const T> x, std::vector<T>& room) {
    room.resize(x.rows() * x.columns());
    for (std::size_t r = 0; r < x.rows(); ++r)
        for (std::size_t c = 0; c < x.columns(); ++c) room[c * x.rows() + r] = x(r, c);
    return {room.data(), x.rows(), x.columns(), 1, static_cast<std::ptrdiff_t>(x.rows())};
}

} // namespace tenon_test
