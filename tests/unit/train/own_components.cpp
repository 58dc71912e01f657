// A loss, an optimizer, a penalty, two models and two stages that the library does not know: they work through the
// concepts alone.

#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <tenon/core/fitted_pipeline.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/random.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/evaluate/compare.hpp>
#include <tenon/evaluate/regression.hpp>
#include <tenon/prepare/standardize.hpp>
#include <tenon/train/fine_tune.hpp>
#include <tenon/train/fit.hpp>
#include <tenon/train/minimize.hpp>
#include <tenon/train/train_model.hpp>
#include <tuple>
#include <type_traits>
#include <vector>

namespace tn = tenon;
using tenon_test::WithinAbs;

namespace mine {

/// |score - y|: the median instead of the mean.
struct absolute_error {
    template <class Kind>
    using accepts = std::conditional_t<std::is_same_v<Kind, tn::real>, tn::because::nothing,
                                       tn::because::a_regression_loss_cannot_fit_class_labels>;
    template <class T>
    T operator()(std::span<const T> score, T y, std::span<T> gradient) const {
        gradient[0] = score[0] < y ? T(-1) : T(1);
        return std::abs(score[0] - y);
    }
};

/// Moves against the sign of the gradient, by less and less.
struct sign_descent {
    double rate;
    template <class T>
    struct state {
        explicit state(std::size_t) {}
        int steps = 0;
    };
    template <class T>
    void step(state<T>& s, std::span<T> w, std::span<const T> g) const {
        const T size = static_cast<T>(rate / (1 + 0.02 * s.steps++));
        for (std::size_t i = 0; i < w.size(); ++i) w[i] -= g[i] > 0 ? size : (g[i] < 0 ? -size : T(0));
    }
};

/// strength · Σ |w|.
struct lasso {
    double strength;
    template <class T>
    double operator()(std::span<const T> w, std::span<const T>, std::span<T> g) const {
        double sum = 0;
        for (std::size_t i = 0; i < w.size(); ++i) {
            g[i] += static_cast<T>(w[i] > 0 ? strength : (w[i] < 0 ? -strength : 0));
            sum += static_cast<double>(std::abs(w[i]));
        }
        return strength * sum;
    }
};

/// A scaled sum of the inputs: one weight for all and a bias, in float.
template <std::size_t W>
struct fitted_sum {
    static constexpr std::string_view name = "sum";
    static constexpr std::size_t in = W, outputs = 1;
    using scalar = float;
    using score = double;
    std::array<float, 2> values{};

    std::size_t inputs() const noexcept { return W; }
    std::size_t width_out() const noexcept { return 1; }
    std::span<float> parameters() noexcept { return values; }
    std::span<const float> parameters() const noexcept { return values; }
    void operator()(tn::row<W, float> x, tn::row_out<1> z) const noexcept {
        z[0] = static_cast<double>(values[0] * sum_of(x) + values[1]);
    }
    struct scratch {};
    template <class L, class Y>
    double gradient(const L& loss, tn::matrix_view<const float> x, std::span<const Y> y, std::span<float> g,
                    scratch&) const {
        double total = 0;
        for (float& v : g) v = 0;
        for (std::size_t r = 0; r < x.rows(); ++r) {
            float sum = 0, slope = 0;
            for (std::size_t c = 0; c < W; ++c) sum += x(r, c);
            const float z = values[0] * sum + values[1];
            total += static_cast<double>(loss(std::span<const float>(&z, 1), y[r], std::span(&slope, 1)));
            if (g.empty()) continue;
            g[0] += slope * sum / static_cast<float>(x.rows());
            g[1] += slope / static_cast<float>(x.rows());
        }
        return total / static_cast<double>(x.rows());
    }
    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("values", self.values);
    }

private:
    static float sum_of(tn::row<W, float> x) noexcept {
        float sum = 0;
        for (float v : x) sum += v;
        return sum;
    }
};

struct sum_spec : tn::stage<tn::role::model> {
    static constexpr bool differentiable = true;
    template <class In>
    using fitted = fitted_sum<In::width>;
    template <class M>
    M start(std::type_identity<M>, tn::model_shape, std::uint64_t seed) const {
        tn::philox random(seed);
        M m;
        m.values[0] = static_cast<float>(random.normal());
        return m;
    }
};

/// Answers with the most frequent class, whatever the input; a model with a solver of its own.
template <std::size_t W, std::size_t K>
struct fitted_majority {
    static constexpr std::string_view name = "majority";
    static constexpr std::size_t in = W, outputs = K;
    using scalar = double;
    using score = double;
    tn::storage<double, K> counts;
    std::size_t inputs() const noexcept { return W; }
    std::size_t width_out() const noexcept { return counts.size(); }
    void operator()(tn::row<W>, tn::row_out<K> z) const noexcept {
        for (std::size_t k = 0; k < z.size(); ++k) z[k] = std::log(1e-9 + counts[k]);
    }
};

struct majority_spec : tn::stage<tn::role::model> {
    template <class In>
    using fitted = fitted_majority<In::width, tn::outputs_of<typename In::kind>>;
    template <class M>
    M fit(std::type_identity<M>, tn::matrix_view<const double>, tn::vector_view<const tn::class_index> y,
          tn::model_shape) const {
        M m;
        for (std::size_t r = 0; r < y.size(); ++r) m.counts[y[r]] += 1;
        return m;
    }
};

/// log(1 + x), column by column; nothing to learn, with an inverse.
template <std::size_t W>
struct fitted_log {
    static constexpr std::string_view name = "log";
    static constexpr std::size_t in = W, out = W;
    using scalar = double;
    std::size_t width_in() const noexcept { return W; }
    std::size_t width_out() const noexcept { return W; }
    void operator()(tn::row<W> x, tn::row_out<W> z) const noexcept {
        for (std::size_t i = 0; i < W; ++i) z[i] = std::log1p(x[i]);
    }
    void inverse(tn::row<W> z, tn::row_out<W> x) const noexcept {
        for (std::size_t i = 0; i < W; ++i) x[i] = std::expm1(z[i]);
    }
};

struct log_spec : tn::stage<tn::role::preprocessor> {
    template <class In>
    using out = In;
    template <class In>
    using fitted = fitted_log<In::width>;
    template <class F, class Y>
    F fit(std::type_identity<F>, tn::matrix_view<const double>, tn::vector_view<const Y>) const {
        return {};
    }
};

/// Adds the largest value of the row as a column, and names it.
template <std::size_t W>
struct fitted_largest {
    static constexpr std::string_view name = "largest";
    static constexpr std::size_t in = W, out = W + 1;
    using scalar = double;
    std::size_t width_in() const noexcept { return W; }
    std::size_t width_out() const noexcept { return W + 1; }
    void operator()(tn::row<W> x, tn::row_out<W + 1> z) const noexcept {
        z[W] = x[0];
        for (std::size_t i = 0; i < W; ++i) {
            z[i] = x[i];
            z[W] = x[i] > z[W] ? x[i] : z[W];
        }
    }
    std::vector<tn::column_info> describe(std::span<const tn::column_info> columns) const {
        std::vector<tn::column_info> all(columns.begin(), columns.end());
        all.push_back({"largest", false, {}});
        return all;
    }
};

struct largest_spec : tn::stage<tn::role::expander> {
    template <class In>
    using out = tn::columns<In::width + 1, typename In::kind>;
    template <class In>
    using fitted = fitted_largest<In::width>;
    template <class F, class Y>
    F fit(std::type_identity<F>, tn::matrix_view<const double>, tn::vector_view<const Y>) const {
        return {};
    }
};

auto sum() {
    return tn::pipeline{sum_spec{}};
}
auto majority() {
    return tn::pipeline{majority_spec{}};
}
auto logarithm() {
    return tn::pipeline{log_spec{}};
}
auto largest() {
    return tn::pipeline{largest_spec{}};
}

} // namespace mine

namespace {

static_assert(tn::Loss<mine::absolute_error> && tn::LossFor<mine::absolute_error, tn::real, float>);
static_assert(tn::Optimizer<mine::sign_descent> && tn::Penalty<mine::lasso>);
static_assert(tn::TrainableFor<mine::sum_spec, tn::columns<2>> &&
              !tn::SolverFor<mine::sum_spec, tn::columns<2>>);
static_assert(tn::SolverFor<mine::majority_spec, tn::columns<2, tn::classes<3>>>);
static_assert(tn::PreprocessorFor<mine::log_spec, tn::columns<2>>);
static_assert(tn::FeatureExpander<mine::largest_spec> &&
              tn::PreprocessorFor<mine::largest_spec, tn::columns<2>>);

struct flat : tn::schema<tn::numeric<"area">, tn::numeric<"rooms">, tn::target<"price">> {};
struct pet : tn::schema<tn::numeric<"weight">, tn::label<"kind", "cat", "dog", "fish">> {};

/// price = 2·(log(1 + area) + log(1 + rooms) + the larger of the two) - 1
tn::dataset<flat> flats(std::size_t rows) {
    tn::philox random(8);
    tn::matrix<double> x(rows, 2);
    std::vector<double> y;
    for (std::size_t r = 0; r < rows; ++r) {
        x(r, 0) = random.uniform(0, 5);
        x(r, 1) = random.uniform(0, 5);
        const double a = std::log1p(x(r, 0)), b = std::log1p(x(r, 1));
        y.push_back(2 * (a + b + (a > b ? a : b)) - 1);
    }
    return {std::move(x), std::move(y)};
}

template <class P = tn::no_penalty>
auto recipe_with(P penalty = {}) {
    return mine::logarithm() | mine::largest() | mine::sum() |
           tn::minimize(mine::absolute_error{}, mine::sign_descent{0.1}, {.epochs = 400, .seed = 4}, penalty);
}

} // namespace

TEST_CASE("a recipe of one's own parts is fitted, predicts and is evaluated", "[train]") {
    const auto data = flats(200);
    const auto m = recipe_with().fit(data);
    CHECK_THAT(m.model().values[0], WithinAbs(2, 0.05));
    CHECK_THAT(m.model().values[1], WithinAbs(-1, 0.2));
    CHECK(tn::evaluate(m, data, tn::r2())["r2"] > 0.99);
    CHECK(m.features()[2].name == "largest");
    static_assert(noexcept(m(std::array<double, 2>{1, 2})));
    CHECK(m.bytes() == 2 * sizeof(float));
    CHECK(m.parse(1, 2) == std::array<double, 2>{1, 2});
}

TEST_CASE("one's own parts stand beside those of the library", "[train]") {
    const auto data = flats(200);
    const auto m =
        (mine::logarithm() | mine::largest() | tn::standardize() | mine::sum() |
         tn::minimize(mine::absolute_error{}, mine::sign_descent{0.1}, {.epochs = 60, .validation = 0.2}))
            .fit(data);
    CHECK(tn::evaluate(m, data, tn::r2())["r2"] > 0.9);
    CHECK(tn::compare(data, tn::mae(), recipe_with().fit(data), m).models()[1].name == "sum 2");
}

TEST_CASE("one's own penalty pulls", "[train]") {
    const auto data = flats(200);
    const auto free = recipe_with().fit(data), pulled = recipe_with(mine::lasso{100}).fit(data);
    // This model does not tell weights from biases: both are pulled.
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK(std::abs(pulled.model().values[i]) < 0.1);
        CHECK(std::abs(free.model().values[i]) > 0.5);
    }
}

TEST_CASE("a model of one's own is fine-tuned", "[train]") {
    const auto data = flats(200);
    const auto m = recipe_with().fit(data);
    auto dearer = data;
    for (double& y : dearer.targets()) y += 3;
    const auto tuned = tn::fine_tune(
        m, dearer, tn::minimize(mine::absolute_error{}, mine::sign_descent{0.1}, {.epochs = 60}));
    CHECK(tn::evaluate(m, dearer, tn::mae())["mae"] > 2.5);
    CHECK(tn::evaluate(tuned, dearer, tn::mae())["mae"] < 0.2);
}

TEST_CASE("a classifier of one's own with a solver needs no minimize", "[train]") {
    const tn::dataset<pet> data(tn::matrix<double>(6, 1), {1, 0, 1, 2, 1, 0});
    const auto m = mine::majority().fit(data);
    CHECK(m(std::array<double, 1>{4.5}) == 1);
    CHECK(m.class_name(m(std::array<double, 1>{4.5})) == "dog");
    const auto p = m.probabilities(std::array<double, 1>{4.5});
    CHECK_THAT(p[0], WithinAbs(2.0 / 6, 1e-9));
    CHECK_THAT(p[1], WithinAbs(3.0 / 6, 1e-9));
}

TEST_CASE("transforms of one's own have their inverse", "[train]") {
    const auto data = flats(20);
    const auto t = (mine::logarithm() | tn::standardize()).fit(data);
    std::array<double, 2> z{}, back{};
    t.transform(data.row(3), z);
    t.inverse(z, back);
    for (std::size_t c = 0; c < 2; ++c) CHECK_THAT(back[c], WithinAbs(data.x()(3, c), 1e-12));
}
