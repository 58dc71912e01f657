// Regressions of several outputs: their units do not matter, parts merge to the whole.

#include "properties/allocations.hpp"
#include "support/arm.hpp"
#include "support/catch.hpp"
#include "support/in_chunks.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <tenon/tenon.hpp>
#include <tenon/train/fit_chunks.hpp>
#include <utility>
#include <vector>

namespace tn = tenon;
using tenon_test::arm;
using tenon_test::moves;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

namespace {

const auto adam = tn::minimize(tn::squared_error(), tn::adam(1e-2), {.epochs = 40, .seed = 7});
const auto recipe = tn::standardize() | tn::mlp<16>(tn::tanh) | adam;
using fitted = tn::fitted_t<decltype(recipe), arm>;

/// A loss of several numbers that knows them itself: the squared distance.
struct squared_distance {
    template <class Kind>
    using accepts = std::conditional_t<tn::is_several_numbers<Kind>, tn::because::nothing,
                                       tn::because::a_regression_loss_cannot_fit_class_labels>;
    static constexpr bool target_may_be_scaled = true;
    template <class T, std::size_t N>
    T operator()(std::span<const T> scores, const std::array<T, N>& y, std::span<T> gradient) const {
        T sum = 0;
        for (std::size_t k = 0; k < N; ++k) {
            gradient[k] = 2 * (scores[k] - y[k]);
            sum += (scores[k] - y[k]) * (scores[k] - y[k]);
        }
        return sum;
    }
};

/// A model of one number.
struct mean_spec : tn::stage<tn::role::model> {
    struct fitted_mean {
        static constexpr std::string_view name = "mean";
        static constexpr std::size_t in = 2, outputs = 1;
        using scalar = double;
        using score = double;
        double mean = 0;
        void operator()(tn::row<2>, tn::row_out<1> z) const noexcept { z[0] = mean; }
        static std::size_t inputs() { return 2; }
        static std::size_t width_out() { return 1; }
    };
    template <class In>
    using fitted = fitted_mean;
    template <class M, class Y>
    M fit(std::type_identity<M>, tn::matrix_view<const double>, tn::vector_view<const Y>,
          tn::model_shape) const {
        return {};
    }
};

template <class Recipe>
using objection = typename Recipe::template objection<arm>;

template <class P>
bool same_answers(const P& a, const P& b, const tn::dataset<arm>& data) {
    bool same = true;
    for (std::size_t r = 0; r < data.size(); ++r) same &= a(data.row(r)) == b(data.row(r));
    return same;
}

} // namespace

TEST_CASE("a network learns each output as well whatever its unit", "[several targets]") {
    const auto plain = moves(), far = moves(1e5, 3e6);
    const auto wanted = tn::metrics(tn::r2(), tn::of_output<0>(tn::r2()), tn::of_output<1>(tn::r2()));
    const auto a = tn::evaluate(recipe.fit(plain), plain, wanted),
               b = tn::evaluate(recipe.fit(far), far, wanted);
    CHECK(a["r2"] > 0.9);
    CHECK_THAT(a["r2"], WithinRel((a["r2 of output 0"] + a["r2 of output 1"]) / 2, 1e-14));
    for (const auto& value : a.values()) CHECK_THAT(b[value.name], WithinAbs(value.value, 1e-4));

    // What this protects from: one deviation for both would leave nothing of the first.
    const auto unscaled =
        tn::standardize() | tn::mlp<16>(tn::tanh) |
        tn::minimize(tn::squared_error(), tn::adam(1e-2), {.epochs = 40, .seed = 7, .scale_target = false});
    CHECK(tn::evaluate(unscaled.fit(far), far, tn::r2())["r2"] < 0.5);
}

TEST_CASE("a linear model that is trained keeps the units of each output", "[several targets]") {
    const auto data = moves(1e5, 3e6);
    const auto solved = tn::linear_regression().fit(data);
    const auto trained =
        (tn::linear_regression() |
         tn::minimize(tn::squared_error(), tn::adam(1e-2), {.epochs = 400, .batch_size = 300, .seed = 7}))
            .fit(data);
    for (std::size_t k = 0; k < 2; ++k) {
        const double unit = k == 0 ? 1e-2 : 1e3;
        CHECK_THAT(trained.model().intercepts()[k], WithinAbs(solved.model().intercepts()[k], unit));
        for (std::size_t i = 0; i < 2; ++i)
            CHECK_THAT(trained.model().coefficients()(i, k),
                       WithinAbs(solved.model().coefficients()(i, k), unit));
    }
}

TEST_CASE("losses of several outputs are means over them, or know them themselves", "[several targets]") {
    const auto data = moves();
    const auto by = [&](auto loss) {
        const auto how = tn::mlp<double, 8>(tn::tanh) | tn::minimize(loss, tn::adam(1e-2), {.epochs = 5});
        return how.fit(data);
    };
    // adam's steps do not depend on the factor 2 between them, but for its epsilon.
    const auto each = by(tn::squared_error()), joint = by(squared_distance{});
    for (std::size_t i = 0; i < each.model().parameters().size(); ++i)
        CHECK_THAT(each.model().parameters()[i], WithinAbs(joint.model().parameters()[i], 1e-5));
}

TEST_CASE("moments of several targets merge, and chunks give what all rows give", "[several targets]") {
    const auto data = moves(1e3, 5, 5000);
    tn::co_moments<double> whole(2, 2), first(2, 2), second(2, 2);
    const tn::matrix_view<const double> x = data.x(), y = data.y().values();
    whole.update(x, y);
    first.update(x.middle_rows(0, 1234), y.middle_rows(0, 1234));
    second.update(x.middle_rows(1234, 3766), y.middle_rows(1234, 3766));
    first.merge(second);
    for (std::size_t k = 0; k < 2; ++k) {
        CHECK_THAT(first.target_mean(k), WithinRel(whole.target_mean(k), 1e-10));
        for (std::size_t c = 0; c < 2; ++c)
            CHECK_THAT(first.cross(k)[c], WithinRel(whole.cross(k)[c], 1e-10));
    }
    // One target among two is fitted as it is alone.
    tn::co_moments<double> alone(2);
    alone.update(x, data.y().column(1));
    CHECK_THAT(alone.cross()[0], WithinRel(whole.cross(1)[0], 1e-12));

    const auto lines = tn::standardize() | tn::ridge(2.0);
    tenon_test::in_chunks<arm> source(data);
    const auto chunked = tn::fit_chunks(lines, source, {.rows = 700});
    const auto fit = lines.fit(data);
    CHECK(same_answers(chunked, fit, data));
    CHECK(chunked.record().fingerprint == fit.record().fingerprint);
    CHECK(chunked.record().more_predictions == fit.record().more_predictions);
}

TEST_CASE("several answers: one row without allocation, batches into the caller's columns",
          "[several targets]") {
    STATIC_REQUIRE(std::is_same_v<fitted::answer, std::array<double, 2>>);
    STATIC_REQUIRE(tn::Predictor<fitted>);
    const auto data = moves();
    const fitted model = recipe.fit(data);
    STATIC_REQUIRE(noexcept(model(data.row(0))));
    fitted::answer answer{};
    const auto used = tenon_test::allocated_by([&] { answer = model(data.row(3)); });
    CHECK(used.count == 0);
    const std::array<double, 2> lacking{std::numeric_limits<double>::quiet_NaN(), 1};
    CHECK(std::isnan(model(lacking)[0]));
    CHECK(std::isnan(model(lacking)[1]));

    std::vector<fitted::answer> rows(data.size());
    model.predict(data.x(), rows);
    std::vector<double> columns(2 * data.size()); // as Eigen keeps a matrix
    model.predict(data.x(), tn::matrix_view<double>(columns.data(), data.size(), 2, 1, 300));
    for (std::size_t r = 0; r < data.size(); ++r) CHECK(rows[r] == model(data.row(r)));
    CHECK(columns[300 + 3] == answer[1]);
    const auto wide = (tn::standardize() | tn::network(tn::dense<16>, tn::tanh, tn::dense<2>) | adam)
                          .fit(tn::view_as<tn::columns<tn::dynamic, tn::reals<2>>>(data.x(), data.y()));
    CHECK_THAT(wide(data.row(3))[0], WithinAbs(answer[0], 0.5));
    CHECK_THAT(wide(data.row(3))[1], WithinAbs(answer[1], 0.5));
    CHECK(columns[3] == answer[0]);
}

TEST_CASE("what takes one target refuses several", "[several targets]") {
    namespace because = tn::because;
    STATIC_REQUIRE(std::is_same_v<objection<decltype(recipe)>, because::nothing>);
    STATIC_REQUIRE(std::is_same_v<objection<decltype(tn::logistic_regression())>,
                                  because::a_classification_Model_cannot_fit_real_targets>);
    STATIC_REQUIRE(std::is_same_v<
                   objection<decltype(tn::pipeline{mean_spec{}})>,
                   because::this_Model_answers_with_one_number__the_schema_has_several_targets<mean_spec>>);
    STATIC_REQUIRE(std::is_same_v<objection<decltype(tn::target_encode() | tn::ridge(1.0))>,
                                  because::this_takes_one_target__the_schema_has_several>);
    STATIC_REQUIRE(
        std::is_same_v<objection<decltype(tn::network(tn::dense<4>, tn::relu, tn::dense<1>) | adam)>,
                       because::the_last_layer_must_have_one_output_for_each_number_or_class_of_the_target>);
    STATIC_REQUIRE(
        std::is_same_v<objection<decltype(tn::network(tn::dense<4>, tn::relu, tn::dense<2>) | adam)>,
                       because::nothing>);
    const auto by_class = tn::mlp<4>(tn::relu) | tn::minimize(tn::cross_entropy(), tn::adam(1e-3));
    STATIC_REQUIRE(std::is_same_v<objection<std::remove_const_t<decltype(by_class)>>,
                                  because::a_classification_loss_cannot_fit_real_targets>);
}
