// A program outside the tree: consumer <penguins.csv>. The whole life of a model, and how well it does over twenty
// splits: 0 where the species are told apart as scikit-learn does, and int8 answers as the dense network does.

#include <cmath>
#include <cstdio>
#include <tenon/tenon.hpp>

namespace tn = tenon;

struct penguin
    : tn::schema<
          tn::numeric<"bill_length_mm">, tn::numeric<"bill_depth_mm">, tn::numeric<"flipper_length_mm">,
          tn::numeric<"body_mass_g">, tn::categorical<"island", "Biscoe", "Dream", "Torgersen">,
          tn::categorical<"sex", "female", "male">, tn::label<"species", "Adelie", "Chinstrap", "Gentoo">> {};

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    const auto penguins = tn::read_csv<penguin>(argv[1]);
    const auto prepare = tn::impute(tn::median) | tn::one_hot() | tn::standardize();
    double logistic = 0, dense = 0, int8 = 0;
    constexpr int splits = 20;
    for (unsigned s = 0; s < splits; ++s) {
        const auto [train, test] = tn::stratified_split(penguins, 0.7, tn::seed{s});
        const auto linear = (prepare | tn::logistic_regression()).fit(train);
        const auto network =
            (prepare | tn::mlp<32>(tn::relu) |
             tn::minimize(tn::cross_entropy(), tn::adam(1e-3), {.epochs = 100, .batch_size = 16, .seed = s}))
                .fit(train);
        const auto small = tn::compress(network, train, tn::quantize<std::int8_t>());
        logistic += tn::evaluate(linear, test, tn::accuracy())["accuracy"] / splits;
        dense += tn::evaluate(network, test, tn::accuracy())["accuracy"] / splits;
        int8 += tn::evaluate(small, test, tn::accuracy())["accuracy"] / splits;

        tn::save(small, "penguins.tenon");
        const auto again = tn::load<std::remove_const_t<decltype(small)>>("penguins.tenon");
        if (again(test.row(0)) != small(test.row(0))) return 3;
    }
    std::printf("mean accuracy over %d splits: logistic %.4f, mlp %.4f, int8 %.4f\n", splits, logistic, dense,
                int8);
    return logistic >= 0.985 && dense >= 0.985 && std::abs(dense - int8) <= 0.005 ? 0 : 1;
}
