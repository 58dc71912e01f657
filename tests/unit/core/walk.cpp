#include "support/catch.hpp"

#include <tenon/core/walk.hpp>
#include <tenon/data/schema.hpp>

namespace tn = tenon;
namespace because = tn::because;

namespace {

template <tn::role Role>
struct bare : tn::stage<Role> {};
struct learner : tn::stage<tn::role::model> {
    static constexpr bool differentiable = true;
};
struct broken : tn::stage<tn::role::trainer> {
    using malformed = because::the_first_argument_is_not_a_Loss;
};

using clean = bare<tn::role::preprocessor>;
using expand = bare<tn::role::expander>;
using model = bare<tn::role::model>;
using train = bare<tn::role::trainer>;
using prune = bare<tn::role::pruner>;
using quantize = bare<tn::role::quantizer>;

template <class A, class B, class Why>
inline constexpr bool answers = std::is_same_v<decltype(tn::detail::objection_between<A, B>()), Why>;

/// Columns become twice as many.
template <std::size_t W>
struct fitted_twice {
    static constexpr std::string_view name = "twice";
    static constexpr std::size_t in = W, out = 2 * W;
    using scalar = double;
    void operator()(tn::row<in>, tn::row_out<out>) const noexcept {}
    std::size_t width_in() const noexcept { return in; }
    std::size_t width_out() const noexcept { return out; }
};
struct twice : tn::stage<tn::role::expander> {
    template <class In>
    using out = tn::columns<2 * In::width, typename In::kind>;
    template <class In>
    using fitted = fitted_twice<In::width>;
    template <class F, class Y>
    F fit(std::type_identity<F>, tn::matrix_view<const double>, tn::vector_view<const Y>) const {
        return {};
    }
};
struct never : twice {
    template <class In>
    using objection = because::these_columns_have_no_names__put_select_first;
};

template <class S, class... Stages>
using why = decltype(tn::detail::verdict<tn::detail::walked<S, Stages...>>());

} // namespace

TEST_CASE("who may stand behind whom is a relation between neighbours", "[walk]") {
    using namespace because;
    STATIC_REQUIRE(answers<clean, expand, nothing>);
    STATIC_REQUIRE(answers<expand, model, nothing>);
    STATIC_REQUIRE(answers<learner, train, nothing>);
    STATIC_REQUIRE(answers<model, prune, nothing>);
    STATIC_REQUIRE(answers<train, quantize, nothing>);
    STATIC_REQUIRE(answers<prune, prune, nothing>);
    STATIC_REQUIRE(answers<prune, quantize, nothing>);

    STATIC_REQUIRE(answers<model, clean, a_Preprocessor_must_come_before_the_Model>);
    STATIC_REQUIRE(answers<train, expand, a_Preprocessor_must_come_before_the_Model>);
    STATIC_REQUIRE(answers<model, learner, only_one_Model_per_pipeline>);
    STATIC_REQUIRE(answers<prune, model, only_one_Model_per_pipeline>);
    STATIC_REQUIRE(answers<clean, train, a_Model_must_come_before_minimize>);
    STATIC_REQUIRE(answers<prune, train, minimize_must_come_right_after_the_Model>);
    STATIC_REQUIRE(answers<train, train, minimize_must_come_right_after_the_Model>);
    STATIC_REQUIRE(answers<model, train, this_Model_has_no_gradient__leave_out_minimize>);
    STATIC_REQUIRE(answers<clean, prune, a_Model_must_come_before_a_Pruner_or_Quantizer>);
    STATIC_REQUIRE(answers<quantize, prune, a_quantized_Model_cannot_be_changed__put_quantize_last>);
    STATIC_REQUIRE(answers<quantize, quantize, a_quantized_Model_cannot_be_changed__put_quantize_last>);
    STATIC_REQUIRE(answers<learner, broken, the_first_argument_is_not_a_Loss>);
    STATIC_REQUIRE(answers<int, clean, the_left_operand_is_not_a_Stage>);
    STATIC_REQUIRE(answers<clean, int, the_right_operand_is_not_a_Stage>);
    CHECK(std::is_same_v<decltype(tn::detail::objection_between<clean, clean>()), nothing>);
}

TEST_CASE("a walk carries the columns from stage to stage", "[walk]") {
    using end = tn::detail::walked<tn::columns<3>, twice, twice>;
    STATIC_REQUIRE(tn::no_objection<end::why>);
    STATIC_REQUIRE(end::columns::width == 12);
    STATIC_REQUIRE(std::is_same_v<end::fitted<tn::columns<3>>,
                                  tn::fitted_pipeline<tn::columns<3>, fitted_twice<3>, fitted_twice<6>>>);
    CHECK(std::is_same_v<why<tn::columns<3>, twice>, because::nothing>);
}

TEST_CASE("an objection, once met, stays", "[walk]") {
    using found = because::these_columns_have_no_names__put_select_first;
    STATIC_REQUIRE(std::is_same_v<why<tn::columns<3>, never>, found>);
    STATIC_REQUIRE(std::is_same_v<why<tn::columns<3>, twice, never, twice>, found>);
    STATIC_REQUIRE(
        std::is_same_v<why<tn::columns<3>, clean>, because::this_Stage_cannot_fit_these_columns<clean>>);
    CHECK(!tn::no_objection<why<tn::columns<3>, never>>);
}

TEST_CASE("a model needs a target", "[walk]") {
    STATIC_REQUIRE(std::is_same_v<why<tn::columns<3, tn::none>, twice, model>,
                                  because::a_Model_needs_a_target_but_the_schema_has_none>);
    STATIC_REQUIRE(std::is_same_v<why<tn::columns<3>, model>,
                                  because::this_Model_cannot_be_fitted_to_these_columns<model>>);
    CHECK(tn::no_objection<why<tn::columns<3, tn::none>, twice>>);
}
