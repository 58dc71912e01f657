// A table as people keep them (words, numbers, gaps): look at it, say what to expect of it, prepare each column as it needs,
// and train. What a penguin weighs, by its species, sex and measurements.

#include <cstdio>
#include <string>
#include <tenon/tenon.hpp>

namespace tn = tenon;

struct penguin
    : tn::schema<tn::categorical<"species">, tn::categorical<"island">, tn::numeric<"bill_length_mm">,
                 tn::numeric<"bill_depth_mm">, tn::numeric<"flipper_length_mm">,
                 tn::categorical<"sex", "female", "male">, tn::target<"body_mass_g">> {};

int main() {
    // Two penguins were never weighed: their rows cannot train anything, and are listed instead.
    std::vector<std::string> skipped;
    const auto data = tn::read_csv<penguin>(TENON_EXAMPLE_DATA "/penguins.csv", {.skipped = &skipped});
    std::printf("%zu rows skipped:\n", skipped.size());
    for (const std::string& why : skipped) std::printf("  %s\n", why.substr(why.rfind('/') + 1).c_str());

    std::printf("\n%s", tn::summarize(data).text().c_str());

    const auto expected =
        tn::check(data, tn::expect<"flipper_length_mm">().not_missing().between(150, 250),
                  tn::expect<"bill_length_mm">().between(30, 59), tn::expect<"sex">().not_missing());
    std::printf("\nchecked: %s", expected.text().c_str());

    const auto recipe = tn::on<"sex">(tn::impute(tn::most_frequent)) |
                        tn::on<"species", "island", "sex">(tn::one_hot()) | tn::impute(tn::median) |
                        tn::standardize() | tn::ridge(1.0);
    const auto [train, test] = tn::split(data, 0.7, tn::seed{7});
    const auto model = recipe.fit(train);
    const double r2 = tn::evaluate(model, test, tn::r2())["r2"];
    std::printf("\nr2 on %zu other penguins: %.3f\n", test.size(), r2);
    return skipped.size() == 2 && !expected.holds() && r2 > 0.8 ? 0 : 1;
}
