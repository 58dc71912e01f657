// Large tables: features made of them, a linear model fitted to them.

#include <cmath>
#include <string>
#include <tenon/tenon.hpp>
#include <vector>

#include "limits/linear_regression.hpp"
#include "limits/standardize_polynomial.hpp"
#include "peaks/bandwidth.hpp"
#include "peaks/fma.hpp"
#include "rows/workloads.hpp"
#include "support/numbers.hpp"
#include "support/row.hpp"

namespace tenon_benchmark {

namespace tn = tenon;

void standardize_polynomial_row(const std::string& workload) {
    constexpr std::size_t rows = 100000, inputs = limits::polynomial_inputs,
                          outputs = limits::polynomial_outputs;
    aligned_array<double> x(rows * inputs), out(rows * outputs);
    std::vector<double> mean, deviation;
    numbers from(7);
    for (std::size_t k = 0; k < inputs; ++k) {
        mean.push_back(static_cast<double>(k) - 7.3), deviation.push_back(0.5 + 0.1 * static_cast<double>(k));
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
        x[i] = mean[i % inputs] + deviation[i % inputs] * static_cast<double>(from.next(1.7F));
    }
    const auto limit = [&] {
        limits::standardize_polynomial(x.data(), rows, mean.data(), deviation.data(), out.data());
        clobber();
    };
    escape(x.data()), escape(out.data());

    limit();
    std::vector<double> expected, answers;
    for (std::size_t row = 0; row < rows; row += 997) {
        const auto z = [&](std::size_t k) { return (x[row * inputs + k] - mean[k]) / deviation[k]; };
        for (std::size_t i = 0; i < inputs; ++i) expected.push_back(z(i));
        for (std::size_t i = 0; i < inputs; ++i) {
            for (std::size_t j = i; j < inputs; ++j) expected.push_back(z(i) * z(j));
        }
        answers.insert(answers.end(), &out[row * outputs], &out[row * outputs] + outputs);
    }

    using twenty = tn::columns<inputs, tn::none>;
    using pipe = tn::fitted_t<decltype(tn::standardize() | tn::polynomial<2>()), twenty>;
    tn::fitted_standardize<inputs, double> scaled;
    for (std::size_t k = 0; k < inputs; ++k)
        scaled.mean[k] = mean[k], scaled.inverse_scale[k] = 1 / deviation[k];
    tn::training_record record;
    record.schema = twenty::info();
    const pipe prepared(std::tuple(scaled, tn::fitted_polynomial<inputs, 2, double>{}), record);
    const auto transform = [&] {
        prepared.transform(tn::matrix_view<const double>(x.data(), rows, inputs),
                           tn::matrix_view<double>(out.data(), rows, outputs));
        clobber();
    };
    transform();
    std::vector<double> transformed;
    for (std::size_t row = 0; row < rows; row += 997)
        transformed.insert(transformed.end(), &out[row * outputs], &out[row * outputs] + outputs);

    // Every input must be read once from DRAM and every output written there.
    peaks::read_stream reader(x.size() * sizeof(double));
    peaks::write_stream writer(out.size() * sizeof(double));
    const auto peak = [&] { reader(), writer(); };
    measure({workload,
             "ms",
             {{"tenon", transform, 1.0, r_squared(expected, transformed)},
              {"limit", limit, 1.0, r_squared(expected, answers)},
              {"peak", peak}}});
}

/// Columns like the penguins': four numbers and two words, some missing. One generator for this and for peers/run.py:
/// value i of column c is a fraction of a Weyl sequence, so that both see the same table.
struct mixed : tn::schema<tn::numeric<"length">, tn::numeric<"depth">, tn::numeric<"flipper">,
                          tn::numeric<"mass">, tn::categorical<"island", "Biscoe", "Dream", "Torgersen">,
                          tn::categorical<"sex", "female", "male">> {
    static constexpr std::size_t rows = 1000000;
    static aligned_array<double> table() {
        aligned_array<double> x(rows * width);
        for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t c = 0; c < width; ++c) {
                const double at =
                    static_cast<double>(r + 1) * (0.6180339887498949 + 0.0123 * static_cast<double>(c));
                const double share = at - std::floor(at), levels = static_cast<double>(categories(c));
                const bool is_missing = (r + 7 * c) % 37 == 0;
                x[r * width + c] = is_missing    ? std::nan("")
                                   : levels == 0 ? 10 + 30 * share
                                                 : std::floor(levels * share);
            }
        return x;
    }
};

void impute_one_hot_row(const std::string& workload) {
    constexpr std::size_t rows = mixed::rows, outputs = 4 + 3 + 2;
    const aligned_array<double> x = mixed::table();
    aligned_array<double> out(rows * outputs);
    escape(x.data()), escape(out.data());
    const tn::matrix_view<const double> table(x.data(), rows, mixed::width);
    const auto data = tn::view_as<mixed>(table);
    const auto recipe = tn::impute(tn::median) | tn::one_hot();
    const auto fit_transform = [&] {
        const auto fitted = recipe.fit(data, {.profile = false, .fingerprint = false});
        fitted.transform(table, tn::matrix_view<double>(out.data(), rows, outputs));
        clobber();
    };
    fit_transform();
    double mean = 0;
    for (const double v : out) mean += v / static_cast<double>(out.size());
    peaks::read_stream reader(x.size() * sizeof(double));
    peaks::write_stream writer(out.size() * sizeof(double));
    const auto peak = [&] { reader(), reader(), writer(); }; // once to fit, once to transform
    measure({workload, "ms", {{"tenon", fit_transform, 1.0, mean}, {"peak", peak}}});
}

void pca_row(const std::string& workload) {
    constexpr std::size_t rows = 100000, width = 100;
    aligned_array<double> x(rows * width);
    numbers from(7);
    for (std::size_t i = 0; i < x.size();
         ++i) // columns of ever less spread: the share of ten directions is known
        x[i] = from.noise() * std::exp(-static_cast<double>(i % width) / 10.0);
    escape(x.data());
    const auto data =
        tn::view_as<tn::columns<width, tn::none>>(tn::matrix_view<const double>(x.data(), rows, width));
    const auto recipe = tn::pca<10>();
    const auto learn = [&] { return recipe.fit(data, {.profile = false, .fingerprint = false}); };
    const auto fit = [&] {
        auto model = learn();
        escape(&model);
    };
    double explained = 0.0;
    const auto learned = learn();
    for (const double ratio : learned.template stage<0>().explained_variance_ratio) explained += ratio;
    // Half of the symmetric matrix of products.
    const double flops = static_cast<double>(rows) * static_cast<double>(width * (width + 1));
    measure({workload,
             "ms",
             {{"tenon", fit, 1.0, explained},
              {"peak", peaks::fma_chains<doubles>(), peaks::fma_chains<doubles>::flops() / flops}}});
}

void linear_regression_row(const std::string& workload) {
    constexpr std::size_t rows = 1000000, width = 50;
    aligned_array<double> x(rows * width), y(rows);
    double slope[width], coefficients[width], intercept = 0.0;
    numbers from(7);
    for (double& s : slope) s = static_cast<double>(from.next(1.0F));
    for (std::size_t row = 0; row < rows; ++row) {
        y[row] = 3.0 + from.noise();
        for (std::size_t k = 0; k < width; ++k) {
            const double value = static_cast<double>(k) + static_cast<double>(from.next(1.7F));
            x[row * width + k] = value;
            y[row] += slope[k] * value;
        }
    }
    const auto limit = [&] {
        intercept = limits::linear_regression(x.data(), y.data(), rows, coefficients);
        clobber();
    };
    escape(x.data()), escape(y.data()), escape(coefficients);

    limit();
    std::vector<double> expected, answers;
    for (std::size_t row = 0; row < rows; row += 97) {
        expected.push_back(y[row]);
        answers.push_back(intercept);
        for (std::size_t k = 0; k < width; ++k) answers.back() += coefficients[k] * x[row * width + k];
    }

    // The profile and the fingerprint, which no limit has, are left out of fit; its check for finite data is not.
    const auto data = tn::view_as<tn::columns<width>>(tn::matrix_view<const double>(x.data(), rows, width),
                                                      std::span<const double>(y.data(), rows));
    const auto regression = tn::linear_regression();
    const auto fit = [&] {
        auto model = regression.fit(data, {.profile = false, .fingerprint = false});
        escape(&model);
    };
    std::vector<double> fitted;
    const auto model = regression.fit(data, {.profile = false, .fingerprint = false});
    for (std::size_t row = 0; row < rows; row += 97)
        fitted.push_back(model(std::span<const double, width>(&x[row * width], width)));

    // Half of the symmetric Gram matrix and the products with the target.
    const double flops =
        2.0 * static_cast<double>(rows) * static_cast<double>(width * (width + 1) / 2 + width);
    const double operations = peaks::fma_chains<doubles>::flops() / flops;
    measure({workload,
             "ms",
             {{"tenon", fit, 1.0, r_squared(expected, fitted)},
              {"limit", limit, 1.0, r_squared(expected, answers)},
              {"peak", peaks::fma_chains<doubles>(), operations}}});
}

} // namespace tenon_benchmark
