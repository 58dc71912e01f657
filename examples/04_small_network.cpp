// The noisy line once more, through a network 2 → 64 → 1 with relu, trained by Adam on the mean squared error.

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

    const auto recipe =
        tn::standardize() | tn::polynomial<2>() | tn::mlp<64>(tn::relu) |
        tn::minimize(tn::squared_error(), tn::adam(1e-3), {.epochs = 100, .batch_size = 32, .seed = 7});
    const auto model = recipe.fit(data);
    double furthest = 0;
    for (double at : {0.1, 0.5, 0.9}) {
        const double answer = model(std::array{at});
        furthest = std::max(furthest, std::abs(answer - (3 * at + 2)));
        std::printf("x = %.1f: %.3f (the line without noise: %.3f)\n", at, answer, 3 * at + 2);
    }
    const auto quality = tn::evaluate(model, data, tn::metrics(tn::r2(), tn::rmse()));
    std::printf("%s", quality.text().c_str());
    return furthest < 0.6 && quality["rmse"] < 0.65 ? 0 : 1;
}
