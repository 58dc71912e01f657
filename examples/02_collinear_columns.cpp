// Linear regression where columns are collinear: a column of ones, a and a + 1. The best coefficients are not unique;
// those of the smallest norm over the centred columns are (0, 1, 1), with the intercept -2.

#include <array>
#include <cmath>
#include <cstdio>
#include <tenon/tenon.hpp>

namespace tn = tenon;

int main() {
    const std::array<double, 12> x{1, 1, 2, 1, 2, 3, 1, 3, 4, 1, 4, 5};
    const std::array<double, 4> y{1, 3, 5, 7};
    const auto data = tn::view_as<tn::columns<3>>(tn::matrix_view<const double>(x.data(), 4, 3), y);

    const auto model = tn::linear_regression().fit(data);
    const auto c = model.model().coefficients();
    const double r2 = tn::evaluate(model, data, tn::r2())["r2"];
    std::printf("coefficients %.12f %.12f %.12f, intercept %.12f, R2 %.12f\n", c(0, 0), c(1, 0), c(2, 0),
                model.model().intercept(), r2);

    auto is_near = [](double a, double b) { return std::abs(a - b) <= 1e-12; };
    return is_near(c(0, 0), 0) && is_near(c(1, 0), 1) && is_near(c(2, 0), 1) &&
                   is_near(model.model().intercept(), -2) && is_near(r2, 1)
               ? 0
               : 1;
}
