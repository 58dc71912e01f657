// Scalers, clipping, powers and ranks against scikit-learn, on six tables of its data sets. Tolerance: 1e-9, relative to
// each number or to the largest of the outputs; 1e-6 for the exponents of yeo_johnson, which scikit-learn finds to no
// more than that.

#include "conformance/reference.hpp"
#include "support/catch.hpp"

#include <limits>
#include <tenon/prepare.hpp>

namespace tn = tenon;
using namespace tenon_test;

namespace {

constexpr const char* names[] = {"iris", "wine", "breast_cancer", "diabetes", "digits", "linnerud"};
using any_columns = tn::columns<tn::dynamic>;

/// What the only stage of a recipe fits to.
template <class Spec>
auto fitted_to(const tn::pipeline<Spec>& recipe, const tn::matrix<double>& x) {
    const std::vector<tn::column_info> columns(x.columns());
    const std::type_identity<typename Spec::template fitted<any_columns>> type;
    const Spec& spec = recipe.template stage<0>();
    if constexpr (requires { spec.fit(type, x.view(), tn::vector_view<const double>()); })
        return spec.fit(type, x.view(), tn::vector_view<const double>());
    else
        return spec.fit(type, x.view(), tn::vector_view<const double>(), columns);
}

/// The rows that the fixture chose, transformed; no more columns than it shows.
template <class F>
std::vector<double> shown(const F& fitted, const tn::matrix<double>& x, const tn::json_value& expected,
                          std::size_t columns = 4) {
    std::vector<double> all, z(x.columns());
    for (const tn::json_value& r : expected["chosen"].as_array()) {
        fitted(x.row(r.as_count()), z);
        const std::size_t count = std::min(columns, z.size());
        all.insert(all.end(), z.begin(), z.begin() + static_cast<std::ptrdiff_t>(count));
    }
    return all;
}

std::vector<double> cells(const tn::json_value& value) {
    return values_of(table(value));
}

std::vector<double> inverted(std::span<const double> values) {
    std::vector<double> all(values.begin(), values.end());
    for (double& v : all) v = 1 / v;
    return all;
}

/// Exponents near 0 have no digits to lose.
double exponent_error(std::span<const double> a, const tn::json_value& expected) {
    const std::vector<double> b = numbers(expected);
    if (a.size() != b.size()) return INFINITY;
    double largest = 0;
    for (std::size_t i = 0; i < b.size(); ++i)
        largest = worst({largest, std::abs(a[i] - b[i]) / std::max(1.0, std::abs(b[i]))});
    return largest;
}

template <class Visit>
void each_table(Visit&& visit) {
    const tn::json_value tables = fixture("tables"), expected = fixture("scalers");
    for (const char* name : names) {
        INFO(name);
        visit(table(tables[name]["x"]), expected[name]);
    }
}

} // namespace

TEST_CASE("min_max, max_abs and robust are scikit-learn's", "[scalers]") {
    each_table([](const tn::matrix<double>& x, const tn::json_value& expected) {
        const auto min_max = fitted_to(tn::min_max({.low = -1, .high = 2}), x);
        CHECK(relative_error(min_max.scale, numbers(expected["min_max"]["scale"])) <= 1e-9);
        CHECK(error_of_largest(shown(min_max, x, expected), cells(expected["min_max"]["rows"])) <= 1e-9);
        CHECK(relative_error(fitted_to(tn::min_max(), x).shift, numbers(expected["min_max"]["low"])) == 0);

        const auto max_abs = fitted_to(tn::max_abs(), x);
        CHECK(relative_error(inverted(max_abs.scale), numbers(expected["max_abs"]["scale"])) <= 1e-9);
        CHECK(relative_error(shown(max_abs, x, expected), cells(expected["max_abs"]["rows"])) <= 1e-9);

        const auto robust = fitted_to(tn::robust({.low = 0.2, .high = 0.7}), x);
        CHECK(relative_error(robust.shift, numbers(expected["robust"]["center"])) <= 1e-9);
        CHECK(relative_error(inverted(robust.scale), numbers(expected["robust"]["scale"])) <= 1e-9);
        CHECK(error_of_largest(shown(robust, x, expected), cells(expected["robust"]["rows"])) <= 1e-9);
    });
}

TEST_CASE("normalize is scikit-learn's", "[scalers]") {
    each_table([](const tn::matrix<double>& x, const tn::json_value& expected) {
        const auto check = [&](auto norm, const char* name) {
            const auto rows = shown(fitted_to(tn::normalize(norm), x), x, expected, x.columns());
            CHECK(relative_error(rows, cells(expected[name])) <= 1e-9);
        };
        check(tn::row_norm::l1, "l1");
        check(tn::row_norm::l2, "l2");
        check(tn::row_norm::max, "max");
    });
}

TEST_CASE("the fences of clip are numpy's", "[scalers]") {
    each_table([](const tn::matrix<double>& x, const tn::json_value& expected) {
        const auto check = [&](const tn::fitted_clip<tn::dynamic, double>& clip, const char* name) {
            const auto ends = [](std::span<const double> fences) { // none at all is 1e300 away in the fixture
                std::vector<double> all(fences.begin(), fences.end());
                for (double& v : all) v = std::abs(v) > 1e299 ? std::copysign(1e300, v) : v;
                return all;
            };
            CHECK(relative_error(ends(clip.lower), ends(numbers(expected[name]["lower"]))) <= 1e-9);
            CHECK(relative_error(ends(clip.upper), ends(numbers(expected[name]["upper"]))) <= 1e-9);
            CHECK(relative_error(shown(clip, x, expected), cells(expected[name]["rows"])) <= 1e-9);
        };
        check(fitted_to(tn::clip_quantiles({.low = 0.1, .high = 0.85}), x), "clip_quantiles");
        check(fitted_to(tn::clip_iqr(), x), "clip_iqr");
        check(fitted_to(tn::clip_z(1.25), x), "clip_z");
    });
}

TEST_CASE("log1p is numpy's", "[scalers]") {
    each_table([](const tn::matrix<double>& x, const tn::json_value& expected) {
        CHECK(relative_error(shown(fitted_to(tn::log1p(), x), x, expected), cells(expected["log1p"])) <=
              1e-9);
    });
}

TEST_CASE("yeo_johnson is scikit-learn's PowerTransformer", "[scalers]") {
    each_table([](const tn::matrix<double>& x, const tn::json_value& all) {
        const tn::json_value& expected = all["yeo_johnson"];
        auto fitted = fitted_to(tn::yeo_johnson(), x);
        CHECK(exponent_error(fitted.lambda, expected["lambda"]) <= 1e-6);
        CHECK(error_of_largest(shown(fitted, x, all, x.columns()), cells(expected["rows"])) <= 1e-5);
        // The same exponents give the same values.
        const auto lambda = numbers(expected["lambda"]), mean = numbers(expected["mean"]),
                   scale = inverted(numbers(expected["scale"]));
        for (std::size_t c = 0; c < x.columns(); ++c) {
            fitted.lambda[c] = lambda[c];
            fitted.mean[c] = mean[c];
            fitted.inverse_scale[c] = scale[c];
        }
        CHECK(error_of_largest(shown(fitted, x, all, x.columns()), cells(expected["rows"])) <= 1e-9);

        tn::matrix<double> both_signs = x, negative = x;
        for (std::size_t r = 0; r < x.rows(); ++r)
            for (std::size_t c = 0; c < x.columns(); ++c) {
                both_signs(r, c) = x(r, c) - x(0, c);
                negative(r, c) = -x(r, c);
            }
        CHECK(exponent_error(fitted_to(tn::yeo_johnson(), both_signs).lambda, expected["both_signs"]) <=
              1e-6);
        CHECK(exponent_error(fitted_to(tn::yeo_johnson(), negative).lambda, expected["negative"]) <= 1e-6);
    });
}

TEST_CASE("quantile_transform is scikit-learn's QuantileTransformer", "[scalers]") {
    each_table([](const tn::matrix<double>& x, const tn::json_value& expected) {
        const auto uniform = fitted_to(tn::quantile_transform({.quantiles = 20}), x);
        CHECK(relative_error(uniform.quantiles, cells(expected["uniform"]["quantiles"])) <= 1e-9);
        CHECK(error_of_largest(shown(uniform, x, expected), cells(expected["uniform"]["rows"])) <= 1e-9);
        const auto output = tn::quantile_output::normal;
        const auto normal = fitted_to(tn::quantile_transform({.quantiles = 20, .output = output}), x);
        CHECK(error_of_largest(shown(normal, x, expected), cells(expected["normal"])) <= 1e-9);
        const auto ranks = fitted_to(tn::quantile_transform({.output = output}), x);
        CHECK(error_of_largest(shown(ranks, x, expected), cells(expected["normal_ranks"])) <= 1e-9);
    });
}

TEST_CASE("missing values are left out of what is learned, as in scikit-learn", "[scalers]") {
    each_table([](tn::matrix<double> x, const tn::json_value& all) {
        const tn::json_value& expected = all["with_gaps"];
        for (std::size_t r = 0; r < x.rows(); ++r)
            for (std::size_t c = 0; c < x.columns(); ++c)
                if ((r + c) % 7 == 0) x(r, c) = std::numeric_limits<double>::quiet_NaN();
        CHECK(relative_error(fitted_to(tn::min_max(), x).shift, numbers(expected["min_max"])) == 0);
        CHECK(relative_error(inverted(fitted_to(tn::max_abs(), x).scale), numbers(expected["max_abs"])) <=
              1e-9);
        const auto robust = fitted_to(tn::robust(), x);
        CHECK(relative_error(robust.shift, numbers(expected["robust"])) <= 1e-9);
        CHECK(relative_error(inverted(robust.scale), numbers(expected["robust_scale"])) <= 1e-9);
        CHECK(exponent_error(fitted_to(tn::yeo_johnson(), x).lambda, expected["lambda"]) <= 1e-6);
        CHECK(relative_error(fitted_to(tn::quantile_transform({.quantiles = 7}), x).quantiles,
                             cells(expected["quantiles"])) <= 1e-9);
    });
}
