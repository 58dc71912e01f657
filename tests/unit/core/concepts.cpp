// Components made wrong in one point each: the concept that a verb asks first tells them from a right one. The
// library's own components are on the pages of tests/concepts.

#include "support/catch.hpp"

#include <tenon/core/concepts.hpp>
#include <tenon/data/schema.hpp>

namespace tn = tenon;

namespace {

using pair = tn::columns<2>;

template <class Scalar = double, bool IsNoexcept = true>
struct halver {
    static constexpr std::string_view name = "halve";
    static constexpr std::size_t in = 2, out = 2;
    using scalar = Scalar;
    void operator()(tn::row<2, Scalar> x, tn::row_out<2, Scalar> z) const noexcept(IsNoexcept) {
        for (std::size_t i = 0; i < 2; ++i) z[i] = x[i] / 2;
    }
    std::size_t width_in() const noexcept { return 2; }
    std::size_t width_out() const noexcept { return 2; }
};
struct nameless : halver<> {
private:
    using halver<>::name;
};

template <class Fitted>
struct halve : tn::stage<tn::role::preprocessor> {
    template <class In>
    using out = In;
    template <class In>
    using fitted = Fitted;
    template <class F, class Y>
    F fit(std::type_identity<F>, tn::matrix_view<const double>, tn::vector_view<const Y>) const {
        return {};
    }
};
struct fits_nothing : tn::stage<tn::role::preprocessor> {
    template <class In>
    using out = In;
    template <class In>
    using fitted = halver<>;
    int fit() const { return 0; }
};
struct fits_names : halve<halver<>> {
    template <class F, class Y>
    F fit(std::type_identity<F>, tn::matrix_view<const double>, tn::vector_view<const Y>,
          std::span<const tn::column_info>) const {
        return {};
    }
};

struct right_loss {
    template <class Kind>
    using accepts = tn::because::nothing;
    float operator()(std::span<const float>, float, std::span<float>) const { return 0; }
};
struct loss_without_gradient {
    template <class Kind>
    using accepts = tn::because::nothing;
    float operator()(std::span<const float>, float) const { return 0; }
};
struct loss_without_targets {
    float operator()(std::span<const float>, float, std::span<float>) const { return 0; }
};

struct right_optimizer {
    template <class T>
    struct state {
        explicit state(std::size_t) {}
    };
    template <class T>
    void step(state<T>&, std::span<T>, std::span<const T>) const {}
};
struct optimizer_without_state {
    void step(int&, std::span<float>, std::span<const float>) const {}
};
struct optimizer_of_default_state : right_optimizer {
    template <class T>
    struct state {};
};

} // namespace

TEST_CASE("a transformer maps rows without exceptions and has a name", "[concepts]") {
    STATIC_REQUIRE(tn::Transformer<halver<>>);
    STATIC_REQUIRE(tn::Transformer<halver<float>>);
    STATIC_REQUIRE(!tn::Transformer<halver<double, false>>);
    STATIC_REQUIRE(!tn::Transformer<nameless>);
    STATIC_REQUIRE(!tn::Transformer<int>);
    std::array<double, 2> z{};
    halver<>()(std::array<double, 2>{4, 6}, z);
    CHECK(z == std::array<double, 2>{2, 3});
}

TEST_CASE("a preprocessor fits what it says, in the scalar of the columns", "[concepts]") {
    STATIC_REQUIRE(tn::PreprocessorFor<halve<halver<>>, pair>);
    STATIC_REQUIRE(tn::PreprocessorFor<fits_names, pair>);
    STATIC_REQUIRE(!tn::PreprocessorFor<halve<halver<float>>, pair>);
    STATIC_REQUIRE(!tn::PreprocessorFor<halve<halver<double, false>>, pair>);
    STATIC_REQUIRE(tn::Preprocessor<fits_nothing>);
    STATIC_REQUIRE(!tn::PreprocessorFor<fits_nothing, pair>);
    STATIC_REQUIRE(!tn::FeatureExpander<halve<halver<>>>);
}

TEST_CASE("a loss is called with scores, a target and room for the gradient", "[concepts]") {
    STATIC_REQUIRE(tn::LossFor<right_loss, tn::real, float>);
    STATIC_REQUIRE(tn::Loss<loss_without_gradient>);
    STATIC_REQUIRE(!tn::LossFor<loss_without_gradient, tn::real, float>);
    STATIC_REQUIRE(!tn::Loss<loss_without_targets>);
    STATIC_REQUIRE(std::is_same_v<tn::loss_target<tn::real, float>, float>);
    STATIC_REQUIRE(std::is_same_v<tn::loss_target<tn::classes<2>, float>, tn::class_index>);
}

TEST_CASE("an optimizer has a state made for a number of parameters", "[concepts]") {
    STATIC_REQUIRE(tn::Optimizer<right_optimizer>);
    STATIC_REQUIRE(!tn::Optimizer<optimizer_without_state>);
    STATIC_REQUIRE(!tn::Optimizer<optimizer_of_default_state>);
}

TEST_CASE("a stage is copyable and knows its place", "[concepts]") {
    struct unplaced {};
    struct pinned : tn::stage<tn::role::model> {
        pinned(const pinned&) = delete;
    };
    STATIC_REQUIRE(tn::Stage<halve<halver<>>>);
    STATIC_REQUIRE(!tn::Stage<unplaced>);
    STATIC_REQUIRE(!tn::Stage<pinned>);
}
