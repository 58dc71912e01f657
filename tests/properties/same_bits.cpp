// Where the last bit is promised: the same seed, another layout of the data, compressors in the recipe or afterwards.

#include "properties/allocations.hpp"
#include "support/catch.hpp"
#include "support/random_pipelines.hpp"

#include <bit>
#include <tenon/compress.hpp>
#include <tenon/loss.hpp>
#include <tenon/model.hpp>
#include <tenon/optim.hpp>
#include <tenon/prepare.hpp>
#include <tenon/train.hpp>
#include <thread>

namespace tn = tenon;
using namespace tenon_test;

namespace {

struct house : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house", "barge">,
                          tn::numeric<"age">, tn::target<"price">> {};
struct flower : tn::schema<tn::numeric<"width">, tn::numeric<"height">, tn::numeric<"depth">,
                           tn::label<"species", "aster", "lily", "rose">> {};

/// Every number of every stage, as bits.
template <class P>
std::vector<std::uint64_t> bits_of(const P& fitted) {
    std::vector<std::uint64_t> bits;
    auto add = [&](auto v) { bits.push_back(std::bit_cast<std::uint64_t>(static_cast<double>(v))); };
    auto one = [&](const auto& stage) {
        tn::visit_fields(stage, [&](const char*, const auto& field) {
            if constexpr (requires { field.size(); })
                for (auto v : field) add(v);
            else
                add(field);
        });
    };
    std::apply([&](const auto&... stage) { (one(stage), ...); }, fitted.stages());
    return bits;
}

template <class P, class D>
std::vector<typename P::answer> answers_of(const P& model, const D& data) {
    std::vector<typename P::answer> answers(data.x().rows());
    model.predict(data.x(), answers);
    return answers;
}

/// Prices that depend on the columns, and categories with gaps.
tn::dataset<house> houses(std::size_t rows) {
    auto data = random_dataset<house>(rows, 17, house::info(), true);
    for (std::size_t r = 0; r < rows; ++r) {
        const auto x = data.row(r);
        data.targets()[r] = 1e4 * ((x[0] == x[0] ? x[0] : 10) + (x[1] == 1 ? 5 : 0)) + 100 * data.target(r);
    }
    return data;
}

tn::dataset<flower> flowers(std::size_t rows) {
    auto data = random_dataset<flower>(rows, 19, flower::info());
    for (std::size_t r = 0; r < rows; ++r)
        data.targets()[r] = data.row(r)[0] > 11 ? 2 : data.row(r)[1] > 10 ? 1 : 0;
    return data;
}

constexpr auto quiet = tn::progress::off;
const auto prepared = tn::impute(tn::median) | tn::one_hot() | tn::standardize();
const auto pruning = tn::prune(tn::by_magnitude, 0.4);
const auto int8 = tn::quantize<std::int8_t>();

/// Whether compress(recipe.fit(data), data, compressors) is (recipe | compressors).fit(data), and not recipe.fit(data).
template <class Recipe, class D, class C>
bool compresses_alike(const Recipe& recipe, const D& data, const C& compressors) {
    const auto at_once = (recipe | compressors).fit(data);
    const auto afterwards = tn::compress(recipe.fit(data), data, compressors);
    STATIC_REQUIRE(std::is_same_v<decltype(at_once), decltype(afterwards)>);
    const auto all_of = [&](const auto& fitted) {
        const auto& record = fitted.record();
        return std::tuple(bits_of(fitted), answers_of(fitted, data), record.fingerprint, record.prediction,
                          record.columns, record.seed);
    };
    return all_of(at_once) == all_of(afterwards) && bits_of(at_once) != bits_of(recipe.fit(data));
}

/// The same values row by row, column by column, and scattered: every third value of every second row.
template <class T>
class layouts {
public:
    explicit layouts(tn::matrix_view<const T> x)
        : rows_(x.rows()), columns_(x.columns()), by_row_(rows_ * columns_), by_column_(rows_ * columns_),
          scattered_(2 * rows_ * 3 * columns_, T(-1e9)) {
        for (std::size_t r = 0; r < rows_; ++r)
            for (std::size_t c = 0; c < columns_; ++c)
                by_row_[r * columns_ + c] = by_column_[c * rows_ + r] =
                    scattered_[2 * r * 3 * columns_ + 3 * c] = x(r, c);
    }
    std::array<tn::matrix_view<const T>, 3> views() const {
        const auto n = static_cast<std::ptrdiff_t>(rows_), w = static_cast<std::ptrdiff_t>(columns_);
        return {tn::matrix_view<const T>(by_row_.data(), rows_, columns_),
                tn::matrix_view<const T>(by_column_.data(), rows_, columns_, 1, n),
                tn::matrix_view<const T>(scattered_.data(), rows_, columns_, 6 * w, 3)};
    }

private:
    std::size_t rows_, columns_;
    std::vector<T> by_row_, by_column_, scattered_;
};

/// Rows of many columns, and a target that some of them make.
template <class T>
std::pair<tn::matrix<T>, std::vector<double>> bulk(std::size_t rows, std::size_t columns) {
    tn::philox random(23);
    tn::matrix<T> x(rows, columns);
    std::vector<double> y(rows);
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t c = 0; c < columns; ++c) x(r, c) = static_cast<T>(random.uniform());
        y[r] = static_cast<double>(x(r, 0) - 2 * x(r, 1)) + 0.1 * random.normal();
    }
    return {std::move(x), std::move(y)};
}

} // namespace

TEST_CASE("the layout of the data changes no bit of a model and costs no copy", "[layout]") {
    // Fits a recipe to the layouts: the same bits, and less memory asked for than half of the data.
    const auto check = []<class S, class Recipe>(std::type_identity<S>, const Recipe& recipe) {
        using T = typename S::scalar;
        using answer = typename tn::fitted_t<Recipe, S>::answer;
        constexpr std::size_t rows = 6000;
        const auto [x, y] = bulk<T>(rows, S::width);
        const layouts<T> same(x.view());
        const std::size_t half = rows * S::width * sizeof(T) / 2;
        std::vector<std::uint64_t> parameters;
        std::vector<answer> answers(rows), first(rows);
        for (const auto& view : same.views()) {
            const tn::dataset_view<S> data(view, std::span<const double>(y));
            std::vector<std::uint64_t> found;
            const allocations fitting = allocated_by(
                [&] { found = bits_of(recipe.fit(data, {.profile = false, .fingerprint = false})); });
            CHECK(fitting.bytes < half);
            if (parameters.empty()) parameters = found;
            CHECK(found == parameters);

            const auto model = recipe.fit(data);
            CHECK(allocated_by([&] { model.predict(view, answers); }).bytes == 0);
            if (first == std::vector<answer>(rows)) first = answers;
            CHECK(answers == first);
            CHECK(model.record().fingerprint == recipe.fit(tn::dataset<S>(x, y)).record().fingerprint);
        }
        CHECK(first != std::vector<answer>(rows));
    };
    check(std::type_identity<tn::columns<40>>{}, tn::linear_regression());
    check(std::type_identity<tn::columns<40, tn::real, float>>{},
          tn::mlp<4>(tn::relu) | tn::minimize(tn::squared_error(), tn::adam(1e-3),
                                              {.epochs = 2, .batch_size = 64, .seed = 3, .show = quiet}));
}

TEST_CASE("the seed decides everything that is random in a fit", "[seed]") {
    const auto data = houses(300);
    auto trained = [&](std::uint64_t seed) {
        return (prepared | tn::mlp<8>(tn::relu) |
                tn::minimize(tn::squared_error(), tn::adam(1e-2),
                             {.epochs = 15,
                              .batch_size = 32,
                              .seed = seed,
                              .validation = 0.2,
                              .patience = 4,
                              .show = quiet}))
            .fit(data);
    };
    const auto seven = trained(7);
    CHECK(bits_of(trained(7)) == bits_of(seven));
    CHECK(bits_of(trained(8)) != bits_of(seven));
    CHECK(seven.record().seed == 7);

    // Fits side by side share nothing.
    std::vector<std::vector<std::uint64_t>> found(3);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < found.size(); ++t)
        threads.emplace_back([&, t] { found[t] = bits_of(trained(7 + t)); });
    for (std::thread& t : threads) t.join();
    CHECK(found[0] == bits_of(seven));
    CHECK(found[1] == bits_of(trained(8)));
    CHECK(found[2] != found[1]);
}

TEST_CASE("compressing afterwards is compressing in the recipe", "[compress]") {
    const auto by_price = prepared | tn::mlp<16>(tn::relu) |
                          tn::minimize(tn::squared_error(), tn::adam(1e-2),
                                       {.epochs = 10, .batch_size = 32, .seed = 7, .show = quiet});
    const auto watched =
        prepared | tn::mlp<16>(tn::relu) |
        tn::minimize(
            tn::squared_error(), tn::adam(1e-2),
            {.epochs = 10, .batch_size = 32, .seed = 7, .validation = 0.25, .patience = 3, .show = quiet});
    const auto data = houses(250);
    CHECK(compresses_alike(by_price, data, pruning));
    CHECK(compresses_alike(by_price, data, int8));
    CHECK(compresses_alike(by_price, data, pruning | int8));
    CHECK(compresses_alike(watched, data, pruning | int8));
    CHECK(compresses_alike(watched, data, int8));
}

TEST_CASE("compressing a classification afterwards is compressing it in the recipe", "[compress]") {
    const auto data = flowers(240);
    const auto watched =
        tn::standardize() | tn::mlp<6, 5>(tn::tanh) |
        tn::minimize(tn::cross_entropy(), tn::sgd(0.05, {.momentum = 0.9}),
                     {.epochs = 10, .batch_size = 24, .seed = 5, .validation = 0.3, .show = quiet});
    CHECK(compresses_alike(watched, data, pruning | tn::prune(tn::by_magnitude, 0.7) | int8));
    CHECK(compresses_alike(tn::standardize() | tn::logistic_regression(), data, pruning | int8));
}

TEST_CASE("compressing in two steps is compressing in one", "[compress]") {
    const auto data = flowers(240);
    const auto dense = (tn::standardize() | tn::logistic_regression()).fit(data);
    const auto at_once = tn::compress(dense, data, pruning | int8);
    const auto in_steps = tn::compress(tn::compress(dense, data, pruning), data, int8);
    CHECK(bits_of(at_once) == bits_of(in_steps));
    CHECK(answers_of(at_once, data) == answers_of(in_steps, data));
}
