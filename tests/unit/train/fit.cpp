#include "support/catch.hpp"

#include "unit/train/line.hpp"
#include <Eigen/Core>
#include <array>
#include <cstddef>
#include <limits>
#include <string>
#include <tenon/compress/prune.hpp>
#include <tenon/core/fitted_pipeline.hpp>
#include <tenon/core/random.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/features/polynomial.hpp>
#include <tenon/loss/squared_error.hpp>
#include <tenon/optim/adam.hpp>
#include <tenon/prepare/standardize.hpp>
#include <tenon/train/fit.hpp>
#include <tenon/train/minimize.hpp>
#include <tenon/train/train_model.hpp>
#include <tuple>
#include <utility>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;
using tenon_test::line;
using tenon_test::WithinAbs;

namespace {

/// What a stage was given to fit: where the rows lie, and how many there are.
struct rows_seen {
    const double* data = nullptr;
    std::size_t rows = 0;
    double sum = 0;
    std::vector<double> targets;
    std::vector<std::string> columns;
};

template <std::size_t W>
struct fitted_passing {
    static constexpr std::string_view name = "passing";
    static constexpr std::size_t in = W, out = W;
    using scalar = double;
    std::size_t width_in() const noexcept { return W; }
    std::size_t width_out() const noexcept { return W; }
    void operator()(tn::row<W> x, tn::row_out<W> z) const noexcept {
        std::copy(x.begin(), x.end(), z.begin());
    }
};

/// Passes rows on as they are and notes what it was given.
struct noting_spec : tn::stage<tn::role::preprocessor> {
    rows_seen* seen;
    explicit noting_spec(rows_seen* s) : seen(s) {}
    template <class In>
    using out = In;
    template <class In>
    using fitted = fitted_passing<In::width>;
    template <class F>
    F fit(std::type_identity<F>, tn::matrix_view<const double> x, tn::vector_view<const double> y,
          std::span<const tn::column_info> columns) const {
        *seen = {x.data(), x.rows(), 0, {}, {}};
        for (std::size_t r = 0; r < x.rows(); ++r) {
            seen->sum += x(r, 0);
            seen->targets.push_back(y[r]);
        }
        for (const auto& c : columns) seen->columns.push_back(c.name);
        return {};
    }
};
auto noting(rows_seen& seen) {
    return tn::pipeline{noting_spec(&seen)};
}

/// A model that learns nothing and notes what it was given.
struct fitted_zero {
    static constexpr std::string_view name = "zero";
    static constexpr std::size_t in = 2, outputs = 1;
    using scalar = double;
    using score = double;
    std::size_t inputs() const noexcept { return 2; }
    std::size_t width_out() const noexcept { return 1; }
    void operator()(tn::row<2>, tn::row_out<1> z) const noexcept { z[0] = 0; }
};
struct zero_spec : tn::stage<tn::role::model> {
    rows_seen* seen;
    explicit zero_spec(rows_seen* s) : seen(s) {}
    template <class In>
    using fitted = fitted_zero;
    template <class M>
    M fit(std::type_identity<M>, tn::matrix_view<const double> x, tn::vector_view<const double>,
          tn::model_shape) const {
        seen->data = x.data();
        seen->rows = x.rows();
        return {};
    }
};

/// A pruner that prunes nothing and notes what it was given.
struct noting_pruner : tn::stage<tn::role::pruner> {
    rows_seen* seen;
    explicit noting_pruner(rows_seen* s) : seen(s) {}
    template <class M>
    using result = M;
    template <class M>
    using objection_to = tn::because::nothing;
    template <class M>
    M operator()(const M& m, tn::matrix_view<const double> x) const {
        seen->rows = x.rows();
        for (std::size_t r = 0; r < x.rows(); ++r) seen->sum += x(r, 0);
        return m;
    }
};

struct flat : tn::schema<tn::numeric<"area">, tn::numeric<"rooms">, tn::target<"price">> {};
struct unpriced : tn::schema<tn::numeric<"area">, tn::numeric<"rooms">> {};

tn::dataset<flat> flats(std::size_t rows) {
    tn::philox random(4);
    tn::matrix<double> x(rows, 2);
    std::vector<double> y;
    for (std::size_t r = 0; r < rows; ++r) {
        x(r, 0) = 80 + 20 * random.normal();
        x(r, 1) = 3 + random.normal();
        y.push_back(3 * x(r, 0) - 10 * x(r, 1) + 5);
    }
    return {std::move(x), std::move(y)};
}

constexpr tn::minimize_options short_training{.epochs = 5, .batch_size = 16, .seed = 3};
auto trained_line(tn::minimize_options options = short_training) {
    return line() | tn::minimize(tn::squared_error(), tn::adam(0.1), options);
}

} // namespace

TEST_CASE("the rows that watch leave before the first stage is fitted", "[train]") {
    const auto data = flats(100);
    const auto parts = tn::detail::hold_out_rows(100, 0.25, 3);
    auto options = short_training;
    options.validation = 0.25;
    rows_seen first, second;
    const auto m = (noting(first) | tn::standardize() | noting(second) | trained_line(options)).fit(data);

    double sum = 0;
    std::vector<double> targets;
    for (std::size_t r : parts.training) {
        sum += data.x()(r, 0);
        targets.push_back(data.target(r));
    }
    CHECK(first.rows == 75);
    CHECK(first.sum == sum);
    CHECK(first.targets == targets);
    CHECK(second.rows == 75);
    // Over its own rows a standardized column sums to zero: the mean is that of the training rows only.
    CHECK_THAT(m.stage<1>().mean[0], WithinAbs(sum / 75, 1e-12));
    CHECK_THAT(second.sum, WithinAbs(0, 1e-11));
    CHECK(m.record().rows == 100);

    options.validation = 0;
    (noting(first) | trained_line(options)).fit(data);
    CHECK(first.rows == 100);
}

TEST_CASE("a stage and a model see the user's memory, in any layout, without a copy", "[train]") {
    Eigen::MatrixXd x = Eigen::MatrixXd::Random(50, 2); // column-major
    Eigen::VectorXd y = Eigen::VectorXd::Random(50);
    rows_seen stage, model;
    const auto data = tn::view_as<tn::columns<2>>(x, y);
    CHECK(data.x().data() == x.data());
    (noting(stage) | tn::pipeline{zero_spec(&model)}).fit(data);
    CHECK(stage.data == x.data());
    CHECK(stage.rows == 50);
    tn::pipeline{zero_spec(&model)}.fit(data);
    CHECK(model.data == x.data());

    // A block of a larger matrix, by its strides.
    Eigen::MatrixXd large = Eigen::MatrixXd::Random(60, 5);
    const auto block = large.block(10, 1, 40, 2);
    (noting(stage) | trained_line()).fit(tn::view_as<tn::columns<2>>(block, y.head(40).eval()));
    CHECK(stage.data == &large(10, 1));
    CHECK_THAT(stage.sum, WithinAbs(block.col(0).sum(), 1e-12));
}

TEST_CASE("column-major and row-major data fit to the same bits", "[train]") {
    const auto data = flats(70);
    Eigen::MatrixXd x(70, 2);
    Eigen::VectorXd y(70);
    for (Eigen::Index r = 0; r < 70; ++r) {
        x(r, 0) = data.x()(static_cast<std::size_t>(r), 0);
        x(r, 1) = data.x()(static_cast<std::size_t>(r), 1);
        y(r) = data.target(static_cast<std::size_t>(r));
    }
    const auto recipe = tn::standardize() | tn::polynomial<2>() | trained_line();
    const auto a = recipe.fit(tn::dataset_view<flat>(data.x(), data.y()));
    const auto b = recipe.fit(tn::view_as<flat>(x, y));
    for (std::size_t r = 0; r < 70; ++r) CHECK(a(data.row(r)) == b(data.row(r)));
    CHECK(a.record().fingerprint == b.record().fingerprint);
}

TEST_CASE("the same recipe and data fit to the same bits, another seed to others", "[train]") {
    const auto data = flats(40);
    auto answer = [&](std::uint64_t seed) {
        auto options = short_training;
        options.seed = seed;
        return (tn::standardize() | trained_line(options)).fit(data)(data.row(0));
    };
    CHECK(answer(1) == answer(1));
    CHECK(answer(1) != answer(2));
}

TEST_CASE("every stage sees what the one before it makes, with the columns' names", "[train]") {
    const auto data = flats(40);
    rows_seen before, after;
    const auto m = (noting(before) | tn::polynomial<2>() | noting(after) | trained_line()).fit(data);
    CHECK(before.columns == std::vector<std::string>{"area", "rooms"});
    REQUIRE(after.columns.size() == 5);
    CHECK(after.columns[0] == "area");
    std::vector<std::string> features;
    for (const auto& c : m.features()) features.push_back(c.name);
    CHECK(features == after.columns);
}

TEST_CASE("a recipe without a model fits to a transformer, with or without targets", "[train]") {
    const auto data = flats(40);
    const auto t = tn::standardize().fit(data);
    std::array<double, 2> z{}, back{};
    t.transform(data.row(5), z);
    t.inverse(z, back);
    for (std::size_t c = 0; c < 2; ++c) CHECK_THAT(back[c], WithinAbs(data.x()(5, c), 1e-12));

    const auto u = tn::standardize().fit(tn::dataset_view<unpriced>(data.x()));
    std::array<double, 2> w{};
    u.transform(data.row(5), w);
    CHECK(w == z);
}

TEST_CASE("compressors see the features of all training rows, those that watch as well", "[train]") {
    const auto data = flats(40);
    auto options = short_training;
    options.validation = 0.25;
    rows_seen seen;
    const auto m = (tn::standardize() | trained_line(options) | tn::pipeline{noting_pruner(&seen)}).fit(data);
    CHECK(seen.rows == 40);
    double sum = 0;
    for (std::size_t r = 0; r < 40; ++r) {
        std::array<double, 2> z{};
        m.transform(data.row(r), z);
        sum += z[0];
    }
    CHECK_THAT(seen.sum, WithinAbs(sum, 1e-12));
}

TEST_CASE("the record tells of the data, as much as is asked for", "[train]") {
    const auto data = flats(40);
    const auto m = (tn::standardize() | trained_line()).fit(data);
    CHECK(m.record().rows == 40);
    CHECK(m.record().profiled_rows == 40);
    CHECK(m.record().seed == 3);
    CHECK(m.record().schema == data.info());
    CHECK(m.record().columns.size() == 2);
    CHECK(!m.record().fingerprint.empty());

    const auto bare =
        (tn::standardize() | trained_line()).fit(data, {.profile = false, .fingerprint = false});
    CHECK(bare.record().columns.empty());
    CHECK(bare.record().fingerprint.empty());
    CHECK(bare(data.row(1)) == m(data.row(1)));

    auto changed = data;
    changed.values()(7, 1) += 1e-9;
    CHECK((tn::standardize() | trained_line()).fit(changed).record().fingerprint != m.record().fingerprint);
}

TEST_CASE("widths known at run time fit and answer as static ones", "[train]") {
    const auto data = flats(40);
    const auto fixed = tn::standardize().fit(data);
    const auto loose = tn::standardize().fit(tn::dataset_view<tn::columns<tn::dynamic>>(data.x(), data.y()));
    for (std::size_t c = 0; c < 2; ++c) CHECK(fixed.stage<0>().mean[c] == loose.stage<0>().mean[c]);
}

TEST_CASE("fit refuses data that no stage can use before it fits any", "[train]") {
    auto data = flats(40);
    data.values()(3, 1) = std::numeric_limits<double>::quiet_NaN();
    rows_seen seen;
    CHECK_THROWS_AS((noting(seen) | trained_line()).fit(data), tn::data_error);
    CHECK_THROWS_WITH((noting(seen) | trained_line()).fit(data), ContainsSubstring("column 'rooms', row 4"));
    CHECK_THROWS_AS((noting(seen) | trained_line()).fit(flats(0)), tn::data_error);
    CHECK(seen.data == nullptr);
}
