// compile: the one expression on penguins, -O2 | tenon | -O2
// A model's life as a user writes it. by_hand.cpp does the same computation without the library.
#include <cstdio>
#include <tenon/tenon.hpp>

namespace tn = tenon;

struct penguin : tn::schema<tn::numeric<"bill_length_mm">, tn::numeric<"bill_depth_mm">,
                            tn::numeric<"flipper_length_mm">, tn::numeric<"body_mass_g">,
                            tn::categorical<"sex", "female", "male">,
                            tn::label<"species", "Adelie", "Chinstrap", "Gentoo">> {};

int main() {
    auto [train, test] = tn::split(tn::read_csv<penguin>("penguins.csv"), 0.7, tn::seed{7});
    auto recipe =
        tn::impute(tn::median) | tn::one_hot() | tn::standardize() | tn::polynomial<2>() |
        tn::mlp<32>(tn::relu) |
        tn::minimize(tn::cross_entropy(), tn::adam(1e-3), {.epochs = 100, .batch_size = 32, .seed = 7});
    auto dense = recipe.fit(train);
    auto small = tn::compress(dense, train, tn::prune(tn::by_magnitude, 0.5) | tn::quantize<std::int8_t>());
    auto table = tn::compare(test, tn::metrics(tn::accuracy(), tn::f1()), dense, small);
    std::printf("%s%u\n", table.text().c_str(), small(test.row(0)));
    tn::save(small, "penguins.tenon", table);
    auto again = tn::load<decltype(small)>("penguins.tenon");
    tn::write_header(again, "penguins.hpp", "penguins");
}
