#include "support/catch.hpp"

#include <cmath>
#include <tenon/core/chain.hpp>

namespace tn = tenon;
using tenon_test::WithinAbs;
using tn::detail::chain;

namespace {

/// x + by, with a way back.
struct shift {
    [[maybe_unused]] static constexpr std::string_view name = "shift";
    static constexpr std::size_t in = 2, out = 2;
    using scalar = double;
    double by = 0;
    void operator()(tn::row<2> x, tn::row_out<2> z) const noexcept {
        for (std::size_t i = 0; i < 2; ++i) z[i] = x[i] + by;
    }
    void inverse(tn::row<2> z, tn::row_out<2> x) const noexcept {
        for (std::size_t i = 0; i < 2; ++i) x[i] = z[i] - by;
    }
    std::size_t width_in() const noexcept { return 2; }
    std::size_t width_out() const noexcept { return 2; }
    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("by", self.by);
    }
};

/// x0, x1, x0·x1.
struct product {
    [[maybe_unused]] static constexpr std::string_view name = "product";
    static constexpr std::size_t in = 2, out = 3;
    using scalar = double;
    void operator()(tn::row<2> x, tn::row_out<3> z) const noexcept {
        z[0] = x[0];
        z[1] = x[1];
        z[2] = x[0] * x[1];
    }
    std::size_t width_in() const noexcept { return 2; }
    std::size_t width_out() const noexcept { return 3; }
    std::vector<tn::column_info> describe(std::span<const tn::column_info> columns) const {
        std::vector<tn::column_info> all(columns.begin(), columns.end());
        all.push_back({columns[0].name + "*" + columns[1].name, false, {}});
        return all;
    }
};

/// Rows of any width, doubled.
struct twice {
    [[maybe_unused]] static constexpr std::string_view name = "twice";
    static constexpr std::size_t in = tn::dynamic, out = tn::dynamic;
    using scalar = double;
    std::size_t width = 0;
    void operator()(tn::row<tn::dynamic> x, tn::row_out<tn::dynamic> z) const noexcept {
        for (std::size_t i = 0; i < x.size(); ++i) z[i] = z[i + width] = x[i];
    }
    std::size_t width_in() const noexcept { return width; }
    std::size_t width_out() const noexcept { return 2 * width; }
};

/// One score a class, in float: the features in order, times `slope`.
template <std::size_t W>
struct scores {
    [[maybe_unused]] static constexpr std::string_view name = "scores";
    static constexpr std::size_t in = W, outputs = W;
    using scalar = float;
    using score = double;
    std::array<float, 2> slope{1, 2};
    std::size_t width = W;
    void operator()(tn::row<W, float> x, tn::row_out<W, double> z) const noexcept {
        for (std::size_t i = 0; i < x.size(); ++i) z[i] = static_cast<double>(x[i] * slope[1]);
    }
    std::size_t inputs() const noexcept { return width; }
    std::size_t width_out() const noexcept { return width; }
    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("slope", self.slope);
    }
};

using static_chain = chain<double, shift, product, scores<3>>;

} // namespace

TEST_CASE("a chain knows its transforms, its model and its widths", "[chain]") {
    STATIC_REQUIRE(static_chain::has_model);
    STATIC_REQUIRE(static_chain::transforms == 2);
    STATIC_REQUIRE(static_chain::outputs == 3);
    STATIC_REQUIRE(static_chain::out_or(2) == 3);
    STATIC_REQUIRE(static_chain::is_static);
    STATIC_REQUIRE(std::is_same_v<static_chain::feature, float>);
    STATIC_REQUIRE(!chain<double, shift, product>::has_model);
    STATIC_REQUIRE(chain<double, scores<2>>::out_or(2) == 2);
    STATIC_REQUIRE(!chain<double, twice>::is_static);
    STATIC_REQUIRE(chain<double, shift, shift>::has_inverse);
    STATIC_REQUIRE(!chain<double, shift, product>::has_inverse);
    STATIC_REQUIRE(!static_chain::has_inverse);
    CHECK(static_chain::bytes({shift{}, product{}, scores<3>{}}) == sizeof(double) + 2 * sizeof(float));
}

TEST_CASE("a row runs through the stages, converted once for the model", "[chain]") {
    const static_chain::stages stages{shift{1}, product{}, scores<3>{}};
    std::array<double, 3> z{}, features{};
    static_chain::run(stages, tn::row<2>(std::array{1.0, 2.0}), z);
    CHECK(z == std::array<double, 3>{4, 6, 12});
    static_chain::transform(stages, tn::row<2>(std::array{1.0, 2.0}), tn::row_out<3>(features));
    CHECK(features == std::array<double, 3>{2, 3, 6});

    std::array<double, 2> back{};
    using shifts = chain<double, shift, shift>;
    shifts::inverse({shift{1}, shift{10}}, tn::row<2>(std::array{1.0, 2.0}), tn::row_out<2>(back));
    CHECK(back == std::array<double, 2>{-10, -9});
}

TEST_CASE("a row of run-time width runs through a workspace", "[chain]") {
    using dynamic_chain = chain<double, twice, twice, scores<tn::dynamic>>;
    dynamic_chain::stages stages{twice{2}, twice{4}, scores<tn::dynamic>{}};
    std::get<2>(stages).width = 8;
    dynamic_chain::workspace room;
    const std::array<double, 2> values{1, 5};
    const std::span<const double> x(values);
    const auto z = dynamic_chain::run(stages, x, room);
    REQUIRE(z.size() == 8);
    CHECK(z[0] == 2);
    CHECK(z[7] == 10);
    CHECK(dynamic_chain::transform(stages, x, room).size() == 8);
    CHECK(dynamic_chain::feature_count(stages, 2) == 8);
}

TEST_CASE("stages that make columns describe them", "[chain]") {
    const std::vector<tn::column_info> given{{"a", false, {}}, {"b", false, {}}};
    const auto columns = static_chain::columns({shift{}, product{}, scores<3>{}}, given);
    REQUIRE(columns.size() == 3);
    CHECK(columns[1] == given[1]);
    CHECK(columns[2].name == "a*b");
}

TEST_CASE("softmax does not overflow and spreads NaN", "[chain]") {
    std::array<double, 3> z{1000, 1000 + std::log(3.0), -1000};
    tn::detail::softmax(std::span<double>(z));
    CHECK_THAT(z[0], WithinAbs(0.25, 1e-12));
    CHECK_THAT(z[1], WithinAbs(0.75, 1e-12));
    CHECK(z[2] == 0);
    z = {NAN, 0, 1};
    tn::detail::softmax(std::span<double>(z));
    for (double p : z) CHECK(std::isnan(p));
    z = {0, 1, NAN};
    tn::detail::softmax(std::span<double>(z));
    for (double p : z) CHECK(std::isnan(p));
}

TEST_CASE("the largest score wins, the first of equals, and none beside NaN", "[chain]") {
    using tn::detail::largest_of;
    CHECK(largest_of(std::span<const double>(std::array{1.0, 3.0, 2.0})) == 1);
    CHECK(largest_of(std::span<const double>(std::array{2.0, 2.0})) == 0);
    CHECK(largest_of(std::span<const float>(std::array{-2.0F, -1.0F})) == 1);
    CHECK(largest_of(std::span<const double>(std::array<double, 2>{1.0, NAN})) == tn::no_class);
    CHECK(largest_of(std::span<const double>(std::array<double, 2>{NAN, 1.0})) == tn::no_class);
}
