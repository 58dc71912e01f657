#include "support/catch.hpp"

#include "unit/train/line.hpp"
#include <cstddef>
#include <span>
#include <tenon/core/fitted_pipeline.hpp>
#include <tenon/core/random.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/loss/cross_entropy.hpp>
#include <tenon/loss/squared_error.hpp>
#include <tenon/optim/adam.hpp>
#include <tenon/optim/gradient_descent.hpp>
#include <tenon/optim/penalty.hpp>
#include <tenon/train/fit.hpp>
#include <tenon/train/minimize.hpp>
#include <tenon/train/train_model.hpp>
#include <type_traits>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;
using tenon_test::fitted_line;
using tenon_test::line;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

namespace {

using one_number = tn::columns<1>;

/// Adds 1 to every parameter in every step, whatever the gradient.
struct walking {
    template <class T>
    struct state {
        explicit state(std::size_t) {}
    };
    template <class T>
    void step(state<T>&, std::span<T> w, std::span<const T>) const {
        for (T& v : w) v += 1;
    }
};
static_assert(tn::Optimizer<walking>);

/// (score - y)² that may not be shifted and scaled.
struct unscaled_loss {
    template <class Kind>
    using accepts = tn::because::nothing;
    template <class T>
    T operator()(std::span<const T> score, T y, std::span<T> g) const {
        g[0] = 2 * (score[0] - y);
        return (score[0] - y) * (score[0] - y);
    }
};

/// A line that takes the units of a standardized target and keeps them, and notes them.
struct fitted_line_in_units : fitted_line<1> {
    static constexpr bool keeps_target_units = true;
    double shift = 0, scale = 1;
    bool was_fresh = false;
    void enter_target_units(double s, double unit, bool is_fresh) noexcept {
        shift = s;
        scale = unit;
        was_fresh = is_fresh;
    }
    void leave_target_units(double, double) noexcept {}
    double output_shift() const noexcept { return shift; }
    double output_scale() const noexcept { return scale; }
};
struct units_spec : tenon_test::line_spec {
    template <class In>
    using fitted = fitted_line_in_units;
    template <class M>
    static M start(std::type_identity<M>, tn::model_shape, std::uint64_t) {
        return {};
    }
};

/// Rows of x = 0, so that the answer is the bias.
tn::dataset<one_number> constant_rows(std::size_t rows, double y) {
    return {tn::matrix<double>(rows, 1), std::vector<double>(rows, y)};
}

tn::dataset<one_number> sloped_rows(std::size_t rows) {
    tn::philox random(2);
    tn::matrix<double> x(rows, 1);
    std::vector<double> y;
    for (std::size_t r = 0; r < rows; ++r) {
        x(r, 0) = random.normal();
        y.push_back(5 * x(r, 0) + 7);
    }
    return {std::move(x), std::move(y)};
}

template <class L, class O, class P = tn::no_penalty>
using spec = tn::minimize_spec<L, O, P>;
using loss = tn::squared_error_loss;
using adam = tn::adam_optimizer;

template <class T>
inline constexpr bool none = tn::no_objection<T>;
static_assert(none<spec<loss, adam>::malformed>);
static_assert(std::is_same_v<spec<adam, adam>::malformed, tn::because::the_first_argument_is_not_a_Loss>);
static_assert(
    std::is_same_v<spec<loss, loss>::malformed, tn::because::the_second_argument_is_not_an_Optimizer>);
static_assert(std::is_same_v<spec<loss, adam, int>::malformed,
                             tn::because::behind_its_options_minimize_takes_a_Penalty_and_a_Metric>);

using model = fitted_line<1>;
static_assert(none<spec<loss, adam>::objection_to<model, tn::real>>);
static_assert(none<spec<loss, adam, tn::l2_penalty>::objection_to<model, tn::real>>);
static_assert(std::is_same_v<spec<loss, adam>::objection_to<model, tn::classes<2>>,
                             tn::because::a_regression_loss_cannot_fit_class_labels>);
static_assert(std::is_same_v<spec<tn::cross_entropy_loss, adam>::objection_to<model, tn::real>,
                             tn::because::a_classification_loss_cannot_fit_real_targets>);
static_assert(std::is_same_v<spec<loss, adam, tn::l2_sp_penalty>::objection_to<model, tn::real>,
                             tn::because::l2_sp_pulls_towards_a_trained_Model__use_it_in_fine_tune>);

static_assert(tn::minimize_options{}.epochs == 100 && tn::minimize_options{}.batch_size == 32);
static_assert(tn::minimize_options{}.validation == 0 && tn::minimize_options{}.patience == 0);
static_assert(tn::minimize_options{}.scale_target && tn::minimize_options{}.show == tn::progress::automatic);

auto line_in_units() {
    return tn::pipeline{units_spec{}};
}

} // namespace

TEST_CASE("minimize trains the model in front of it", "[train]") {
    const auto data = sloped_rows(60);
    const auto m = (line() | tn::minimize(tn::squared_error(), tn::adam(0.1), {.epochs = 300})).fit(data);
    CHECK_THAT(m(std::array<double, 1>{2}), WithinAbs(17, 1e-3));
    CHECK(m.record().seed == 0);
    const auto other =
        (line() | tn::minimize(tn::squared_error(), tn::adam(0.1), {.epochs = 1, .seed = 9})).fit(data);
    CHECK(other.record().seed == 9);
}

TEST_CASE("as many epochs are run as asked for", "[train]") {
    // One step an epoch, each adds 1.
    const auto data = constant_rows(4, 1000);
    for (int epochs : {1, 2, 17}) {
        const auto m = (line() | tn::minimize(tn::squared_error(), walking{}, {.epochs = epochs})).fit(data);
        CHECK(m(std::array<double, 1>{0}) == epochs);
    }
    // Four rows in batches of 1 and of 3 are 4 and 2 steps.
    const auto four =
        (line() | tn::minimize(tn::squared_error(), walking{}, {.epochs = 2, .batch_size = 1})).fit(data);
    CHECK(four(std::array<double, 1>{0}) == 8);
    const auto two =
        (line() | tn::minimize(tn::squared_error(), walking{}, {.epochs = 2, .batch_size = 3})).fit(data);
    CHECK(two(std::array<double, 1>{0}) == 4);
}

TEST_CASE("early stopping restores the parameters that were best on the rows that watch", "[train]") {
    // The bias after epoch e is e; the loss of the watching rows is (e - 5)².
    const auto data = constant_rows(10, 5);
    for (int patience : {1, 3, 90}) {
        const auto m =
            (line() |
             tn::minimize(tn::squared_error(), walking{},
                          {.epochs = 50, .batch_size = 100, .validation = 0.3, .patience = patience}))
                .fit(data);
        CHECK(m(std::array<double, 1>{0}) == 5);
    }
    const auto impatient = (line() | tn::minimize(tn::squared_error(), walking{},
                                                  {.epochs = 50, .batch_size = 100, .validation = 0.3}))
                               .fit(data);
    CHECK(impatient(std::array<double, 1>{0}) == 50);
    const auto cut_short =
        (line() | tn::minimize(tn::squared_error(), walking{},
                               {.epochs = 3, .batch_size = 100, .validation = 0.3, .patience = 2}))
            .fit(data);
    CHECK(cut_short(std::array<double, 1>{0}) == 3);
}

TEST_CASE("standard units of a target are its mean and deviation", "[train]") {
    const std::vector<double> y{1, 2, 3, 6};
    const auto units = tn::detail::standard_units(tn::vector_view<const double>(std::span(y)));
    CHECK_THAT(units.shift, WithinRel(3, 1e-15));
    CHECK_THAT(units.scale, WithinRel(std::sqrt(3.5), 1e-15));
    const std::vector<double> equal{4, 4, 4};
    CHECK(tn::detail::standard_units(tn::vector_view<const double>(std::span(equal))).scale == 1);
}

TEST_CASE("targets are standardized where loss, model and options allow it", "[train]") {
    auto data = sloped_rows(60);
    auto units_of = [&](auto trained_by) { return (line_in_units() | trained_by).fit(data).model(); };
    const auto units = tn::detail::standard_units(data.y());

    const auto scaled = units_of(tn::minimize(tn::squared_error(), tn::adam(0.1), {.epochs = 1}));
    CHECK((scaled.shift == units.shift && scaled.scale == units.scale && scaled.was_fresh));
    const auto asked =
        units_of(tn::minimize(tn::squared_error(), tn::adam(0.1), {.epochs = 1, .scale_target = false}));
    CHECK((asked.shift == 0 && asked.scale == 1));
    const auto refused = units_of(tn::minimize(unscaled_loss{}, tn::adam(0.1), {.epochs = 1}));
    CHECK((refused.shift == 0 && refused.scale == 1));
}

TEST_CASE("the rows that watch have no part in the target's units", "[train]") {
    const auto data = sloped_rows(50);
    const auto parts = tn::detail::hold_out_rows(50, 0.4, 3);
    std::vector<double> y;
    y.reserve(parts.training.size());
    for (std::size_t r : parts.training) y.push_back(data.target(r));
    const auto m = (line_in_units() | tn::minimize(tn::squared_error(), tn::adam(0.1),
                                                   {.epochs = 1, .seed = 3, .validation = 0.4}))
                       .fit(data)
                       .model();
    CHECK(m.shift == tn::detail::standard_units(tn::vector_view<const double>(std::span(y))).shift);
}

TEST_CASE("options that mean nothing are refused", "[train]") {
    const auto data = constant_rows(10, 5);
    auto fit = [&](const tn::minimize_options& options) {
        (line() | tn::minimize(tn::squared_error(), tn::adam(0.1), options)).fit(data);
    };
    CHECK_THROWS_AS(fit({.epochs = 0}), tn::fit_error);
    CHECK_THROWS_WITH(fit({.epochs = 0}), "minimize: .epochs must be 1 or more");
    CHECK_THROWS_WITH(fit({.batch_size = 0}), "minimize: .batch_size must be 1 or more");
    CHECK_THROWS_WITH(fit({.batch_size = -5}), "minimize: .batch_size must be 1 or more");
    CHECK_THROWS_WITH(fit({.patience = -1}), "minimize: .patience must be 0 or more");
    CHECK_THROWS_WITH(fit({.validation = 1}), ContainsSubstring(".validation is a share of the rows"));
    CHECK_THROWS_AS(fit({.validation = -0.5}), tn::fit_error);
    CHECK_NOTHROW(fit({.epochs = 1, .batch_size = 1000000}));
}

TEST_CASE("a rate that is too large is an error, not a model", "[train]") {
    const auto data = sloped_rows(40);
    CHECK_THROWS_AS(
        (line() | tn::minimize(tn::squared_error(), tn::gradient_descent(1e30), {.epochs = 50})).fit(data),
        tn::fit_error);
    CHECK_THROWS_WITH(
        (line() | tn::minimize(tn::squared_error(), tn::gradient_descent(1e30), {.epochs = 50})).fit(data),
        ContainsSubstring("training diverged in epoch"));
}
