// A line with noise: y = 3x + 2 + 0.5·N(0,1) at 100 places in [0, 1). Standardize, expand to x and x², regress.

#include <cmath>
#include <cstdio>
#include <tenon/tenon.hpp>
#include <vector>

namespace tn = tenon;

int main() {
    tn::philox random(tn::seed{42});
    tn::matrix<double> x(100, 1);
    std::vector<double> y(100);
    for (std::size_t r = 0; r < 100; ++r) {
        x(r, 0) = random.uniform();
        y[r] = 3 * x(r, 0) + 2 + 0.5 * random.normal();
    }
    const auto data = tn::view_as<tn::columns<1>>(x, y);

    const auto model = (tn::standardize() | tn::polynomial<2>() | tn::linear_regression()).fit(data);
    double furthest = 0;
    for (double at : {0.0, 0.25, 0.5, 0.75, 1.0}) {
        const double answer = model(std::array{at});
        furthest = std::max(furthest, std::abs(answer - (3 * at + 2)));
        std::printf("x = %.2f: %.3f (the line without noise: %.3f)\n", at, answer, 3 * at + 2);
    }
    const auto quality = tn::evaluate(model, data, tn::metrics(tn::r2(), tn::rmse()));
    std::printf("%s", quality.text().c_str());
    // 100 samples of noise 0.5 leave an error of about 0.05 in the middle and 0.15 at the ends.
    return furthest < 0.6 && quality["rmse"] < 0.65 ? 0 : 1;
}
