// Pipelines that main.cpp fits, and what a unit of the program finds in them: how large their types are, and what they
// answer.
#pragma once

#include <cstddef>
#include <tenon/predict.hpp>
#include <vector>

namespace tn = tenon;

struct house : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house", "barge">,
                          tn::numeric<"age">, tn::target<"price">> {};
struct flower : tn::schema<tn::numeric<"width">, tn::numeric<"height">, tn::numeric<"depth">,
                           tn::label<"species", "aster", "lily", "rose">> {};

inline auto preparation() {
    return tn::impute(tn::median) | tn::one_hot() | tn::standardize() | tn::polynomial<2>();
}
inline auto by_price() {
    return preparation() | tn::mlp<32, 8>(tn::relu) |
           tn::minimize(tn::squared_error(), tn::adam(1e-2), {.epochs = 20, .show = tn::progress::off});
}
inline auto by_species() {
    return tn::standardize() | tn::mlp<19>(tn::tanh) |
           tn::minimize(tn::cross_entropy(), tn::adam(1e-2), {.epochs = 20, .show = tn::progress::off});
}

using prepared = tn::fitted_t<decltype(preparation()), house>;
using dense_price = tn::fitted_t<decltype(by_price()), house>;
using int8_price = tn::fitted_t<decltype(by_price() | tn::quantize<std::int8_t>()), house>;
using pruned_species = tn::fitted_t<decltype(by_species() | tn::prune(tn::by_magnitude, 0.3)), flower>;
using int8_species = tn::fitted_t<decltype(by_species() | tn::quantize<std::int8_t>()), flower>;

/// What is fitted in main.cpp and passed to the other units by reference.
struct models {
    const prepared& preparation;
    const dense_price& price;
    const int8_price& small_price;
    const pruned_species& species;
    const int8_species& small_species;
};

struct layout {
    std::size_t size;
    std::size_t alignment;
    friend bool operator==(const layout&, const layout&) = default;
};

/// What one unit finds.
struct findings {
    std::vector<layout> layouts;
    std::vector<double> features, prices, small_prices, scores, small_scores;
};

/// `Unit` makes the functions of each unit its own, and flatten has what they call compiled for the unit's processor:
/// the linker would keep one copy of it for all.
template <class Unit, class P>
[[gnu::flatten]] void add_scores(const P& model, tn::row<P::width> x, std::vector<double>& to) {
    std::array<typename P::score, P::outputs> z{};
    model.scores_into(x, z);
    for (const double v : z) to.push_back(v);
}
template <class Unit>
[[gnu::flatten]] void add_features(const prepared& fitted, tn::row<house::width> x, std::vector<double>& to) {
    std::array<double, prepared::width_out> z{};
    fitted.transform(x, z);
    for (const double v : z) to.push_back(v);
}

template <class... T>
std::vector<layout> layouts_of() {
    return {{sizeof(T), alignof(T)}...};
}

template <class Unit>
findings found_in_unit(const models& m, tn::matrix_view<const double> houses,
                       tn::matrix_view<const double> flowers) {
    findings f;
    f.layouts = layouts_of<prepared, dense_price, int8_price, pruned_species, int8_species,
                           dense_price::model_type, int8_price::model_type, pruned_species::model_type,
                           int8_species::model_type, tn::storage<float, 3>, tn::storage<float, 100>,
                           tn::storage<double, 1 << 20>, tn::storage<double, tn::dynamic>>();
    for (std::size_t r = 0; r < houses.rows(); ++r) {
        const auto x = houses.row(r).first<house::width>();
        add_features<Unit>(m.preparation, x, f.features);
        add_scores<Unit>(m.price, x, f.prices);
        add_scores<Unit>(m.small_price, x, f.small_prices);
    }
    for (std::size_t r = 0; r < flowers.rows(); ++r) {
        const auto x = flowers.row(r).first<flower::width>();
        add_scores<Unit>(m.species, x, f.scores);
        add_scores<Unit>(m.small_species, x, f.small_scores);
    }
    return f;
}

findings found_in_a(const models& m, tn::matrix_view<const double> houses,
                    tn::matrix_view<const double> flowers);
findings found_in_b(const models& m, tn::matrix_view<const double> houses,
                    tn::matrix_view<const double> flowers);
