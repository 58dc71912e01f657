// Fits models in this unit and asks two others, compiled for different processors, what they find in them.

#include "models.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <tenon/compress.hpp>
#include <tenon/model.hpp>
#include <tenon/model/dense_magnitude.hpp>
#include <tenon/train.hpp>

namespace {

int failures = 0;

void expect(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "two units of one program do not agree on %s\n", what);
    ++failures;
}

/// Whether a and b are as near as `tolerance`, relative to the largest of 1 and |b|.
bool are_near(const std::vector<double>& a, const std::vector<double>& b, double tolerance) {
    if (a.size() != b.size() || a.empty()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (!(std::abs(a[i] - b[i]) <= tolerance * std::max(1.0, std::abs(b[i])))) return false;
    return true;
}

tn::dataset<house> houses() {
    tn::philox random(1);
    tn::matrix<double> x(200, 3);
    std::vector<double> y;
    for (std::size_t r = 0; r < x.rows(); ++r) {
        x(r, 0) = 100 + 30 * random.normal();
        x(r, 1) = static_cast<double>(random.below(3));
        x(r, 2) = 50 * random.uniform();
        y.push_back(2000 * x(r, 0) + 5e4 * x(r, 1) - 100 * x(r, 2) * x(r, 2));
        if (r % 20 == 7) x(r, r % 3) = NAN;
    }
    return {std::move(x), std::move(y)};
}

tn::dataset<flower> flowers() {
    tn::philox random(2);
    tn::matrix<double> x(200, 3);
    std::vector<tn::class_index> y;
    for (std::size_t r = 0; r < x.rows(); ++r) {
        for (std::size_t c = 0; c < 3; ++c) x(r, c) = random.normal();
        y.push_back(x(r, 0) > 0.5 ? 2 : x(r, 1) > 0 ? 1 : 0);
    }
    return {std::move(x), std::move(y)};
}

/// Float answers of pipelines are the same up to rounding errors of the sums behind them.
template <class P, class D>
bool answers_are_near(const P& model, const D& data, const std::vector<double>& a,
                      const std::vector<double>& b) {
    if (a.size() != b.size() || a.size() != data.size() * P::outputs) return false;
    for (std::size_t r = 0; r < data.size(); ++r) {
        std::array<double, P::width_out> features{};
        model.transform(data.row(r), features);
        std::array<float, P::width_out> narrow{};
        for (std::size_t i = 0; i < narrow.size(); ++i) narrow[i] = static_cast<float>(features[i]);
        const double size =
            std::max(1.0, tn::magnitude_of(model.model(), tn::row<P::width_out, float>(narrow)));
        for (std::size_t k = 0; k < P::outputs; ++k)
            if (!(std::abs(a[r * P::outputs + k] - b[r * P::outputs + k]) <= 1e-5 * size)) return false;
    }
    return true;
}

} // namespace

int main() {
    const auto by_house = houses();
    const auto by_flower = flowers();
    const prepared preparations = preparation().fit(by_house);
    const dense_price price = by_price().fit(by_house);
    const int8_price small_price = tn::compress(price, by_house, tn::quantize<std::int8_t>());
    const auto dense_species = by_species().fit(by_flower);
    const pruned_species species = tn::compress(dense_species, by_flower, tn::prune(tn::by_magnitude, 0.3));
    const int8_species small_species = tn::compress(dense_species, by_flower, tn::quantize<std::int8_t>());

    const models all{preparations, price, small_price, species, small_species};
    const findings a = found_in_a(all, by_house.x(), by_flower.x()),
                   b = found_in_b(all, by_house.x(), by_flower.x());
    expect(a.layouts == b.layouts, "the sizes of types");
    expect(are_near(a.features, b.features, 1e-12), "prepared features");
    expect(answers_are_near(price, by_house, a.prices, b.prices), "answers in float");
    expect(answers_are_near(species, by_flower, a.scores, b.scores), "scores in float");
    // From the bytes on integers are the same; the bytes are if the features are the same to the last bits.
    expect(a.small_scores.size() == by_flower.size() * 3 && a.small_scores == b.small_scores,
           "scores in int8");
    double range = 0;
    for (const double p : a.small_prices) range = std::max(range, std::abs(p - a.small_prices[0]));
    std::size_t equal = 0;
    for (std::size_t i = 0; i < a.small_prices.size(); ++i) equal += a.small_prices[i] == b.small_prices[i];
    expect(range > 0 && equal + 2 >= by_house.size(), "answers in int8");
    return failures;
}
