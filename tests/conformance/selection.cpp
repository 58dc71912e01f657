// Selectors by a model, mutual information and kernel maps against scikit-learn on six real tables (selection_fixtures.py).

#include "conformance/reference.hpp"
#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <string_view>
#include <tenon/features/from_coefficients.hpp>
#include <tenon/features/mutual_information.hpp>
#include <tenon/features/nystroem.hpp>
#include <tenon/features/random_fourier_features.hpp>
#include <tenon/features/recursive_elimination.hpp>
#include <tenon/model/least_squares.hpp>
#include <tenon/model/logistic_solver.hpp>
#include <tenon/prepare/standardize.hpp>
#include <tenon/train/fit.hpp>

namespace tn = tenon;
using namespace tenon_test;

namespace {

constexpr std::array names{"iris", "wine", "breast_cancer", "diabetes", "digits", "linnerud"};

using numbers_schema = tn::columns<tn::dynamic, tn::real>;
using classes_schema = tn::columns<tn::dynamic, tn::classes<tn::dynamic>>;

/// The tables, and what scikit-learn says of them.
const tn::json_value& stored() {
    static const tn::json_value all = fixture("tables");
    return all;
}
const tn::json_value& expected() {
    static const tn::json_value all = fixture("selection");
    return all;
}

tn::dataset<numbers_schema> with_numbers(const char* name) {
    return {table(stored()[name]["x"]), numbers(stored()[name]["y"])};
}
tn::dataset<classes_schema> with_classes(const char* name) {
    return {table(stored()[name]["x"]), class_indices(expected()[name]["classes"])};
}

template <class Recipe, class S>
std::vector<double> kept(const Recipe& selector, const tn::dataset<S>& data) {
    const auto fitted = (tn::standardize() | selector).fit(data);
    const auto& places = fitted.template stage<1>().places;
    return {places.begin(), places.end()};
}

template <class M, class S>
std::array<std::vector<double>, 3> kept_by(const M& model, const tn::dataset<S>& data) {
    return {kept(tn::from_coefficients<3>(model), data), kept(tn::recursive_elimination<3>(model), data),
            kept(tn::recursive_elimination<3>(model, {.step = 2}), data)};
}
std::array<std::vector<double>, 3> kept_by(const tn::json_value& chosen) {
    return {numbers(chosen["from_coefficients"]), numbers(chosen["one_by_one"]),
            numbers(chosen["two_at_once"])};
}

/// The mean of ten estimates, which differ by their noise, against the mean of scikit-learn's forty: the largest
/// difference of a column, in standard errors of it.
template <class S>
double information_error(const tn::dataset<S>& data, const std::vector<tn::column_info>& columns,
                         const tn::json_value& estimates) {
    const auto mean = numbers(estimates["mean"]), deviation = numbers(estimates["deviation"]);
    std::vector<double> ours(mean.size());
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        const auto scores = tn::mutual_information_score{seed}(data.x(), data.y(), columns);
        if (scores.size() != mean.size()) return INFINITY;
        for (std::size_t c = 0; c < mean.size(); ++c) ours[c] += scores[c] / 10;
    }
    double largest = 0;
    for (std::size_t c = 0; c < mean.size(); ++c)
        largest = worst({largest, std::abs(ours[c] - mean[c]) /
                                      (deviation[c] * std::sqrt(1.0 / 10 + 1.0 / 40) + 1e-12 / 4)});
    return largest;
}

/// The four rows that the fixtures show, through the stage.
template <class F>
std::vector<double> shown(const F& fitted, tn::matrix_view<const double> x) {
    std::vector<double> values;
    for (const std::size_t r : {std::size_t{0}, x.rows() / 3, 2 * x.rows() / 3, x.rows() - 1}) {
        std::array<double, F::out> z{};
        fitted(x.row(r), z);
        values.insert(values.end(), z.begin(), z.end());
    }
    return values;
}

} // namespace

TEST_CASE("selectors by a model keep the columns of SelectFromModel and RFE", "[from_coefficients]") {
    for (const char* name : names) {
        INFO(name);
        CHECK(kept_by(tn::ridge(1.0), with_numbers(name)) == kept_by(expected()[name]["ridge"]));
        CHECK(kept_by(tn::logistic_regression(), with_classes(name)) ==
              kept_by(expected()[name]["logistic"]));
    }
}

TEST_CASE("mutual_information is that of scikit-learn as far as its noise goes", "[mutual_information]") {
    for (const char* name : names) {
        INFO(name);
        const auto real = with_numbers(name);
        const auto classes = with_classes(name);
        CHECK(information_error(real, real.info().columns, expected()[name]["information_of_numbers"]) <= 4);
        CHECK(information_error(classes, real.info().columns, expected()[name]["information_of_classes"]) <=
              4);
    }
    const auto real = with_numbers("digits");
    const auto classes = with_classes("digits");
    auto levels = real.info().columns;
    for (tn::column_info& column : levels) column = {column.name, true, std::vector<std::string>(17, "grey")};
    CHECK(information_error(real, levels, expected()["digits"]["information_of_levels"]) <= 4);
    CHECK(information_error(classes, levels, expected()["digits"]["information_of_levels_and_classes"]) <= 4);
}

TEST_CASE("nystroem maps rows as Nystroem does with the same landmarks", "[nystroem]") {
    using spec = tn::nystroem_spec<6>;
    for (const char* name : names) {
        INFO(name);
        const auto data = with_numbers(name);
        const tn::json_value& map = expected()[name];
        const auto chosen = numbers(map["landmarks"]);
        tn::matrix<double> landmarks(6, data.x().columns());
        for (std::size_t l = 0; l < 6; ++l)
            for (std::size_t c = 0; c < landmarks.columns(); ++c)
                landmarks(l, c) = data.x()(static_cast<std::size_t>(chosen.at(l)), c);
        const auto fitted = spec(map["gamma"].as_number(), {})
                                .finish(std::type_identity<spec::fitted<numbers_schema>>{}, landmarks);
        CHECK(error_of_largest(shown(fitted, data.x()), values_of(table(map["nystroem"]))) <= 1e-9);
    }
}

TEST_CASE("random_fourier_features are those of RBFSampler with the same weights",
          "[random_fourier_features]") {
    using fitted_type = tn::random_fourier_features_spec<6>::fitted<numbers_schema>;
    constexpr double turn = 6.283185307179586477;
    for (const char* name : names) {
        INFO(name);
        const auto data = with_numbers(name);
        const tn::json_value& map = expected()[name];
        const auto weights = values_of(table(map["weights"])), offsets = numbers(map["offsets"]);
        fitted_type fitted{tn::storage<double, tn::dynamic>(weights.size()), {}, std::sqrt(2.0 / 6)};
        for (std::size_t i = 0; i < weights.size(); ++i) fitted.weights[i] = weights[i] / turn;
        for (std::size_t k = 0; k < 6; ++k) fitted.offsets[k] = offsets.at(k) / turn;
        CHECK(error_of_largest(shown(fitted, data.x()), values_of(table(map["cosines"]))) <= 1e-9);
    }
}
