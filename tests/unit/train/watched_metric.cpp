#include "support/catch.hpp"

#include <span>
#include <string_view>
#include <tenon/evaluate/outcomes.hpp>
#include <tenon/train/watched_metric.hpp>
#include <type_traits>
#include <vector>

namespace tn = tenon;
using tn::detail::HasMetric;
using tn::detail::LooksLikeMetric;
using tn::detail::objection_to_watch;
using tn::detail::penalty_of;

namespace {

/// A metric of one number, with a number to know it by.
struct of_numbers {
    static constexpr std::string_view name = "of numbers";
    template <class Kind>
    using accepts = std::conditional_t<std::is_same_v<Kind, tn::real>, tn::because::nothing,
                                       tn::because::this_Metric_does_not_suit_the_target<of_numbers>>;
    double mark = 0;
    double operator()(const tn::outcomes<tn::real>& o) const { return o.predicted[0] - mark; }
};
/// Accepts everything and can be called with several numbers only.
struct of_pairs {
    template <class Kind>
    using accepts = tn::because::nothing;
    double operator()(const tn::outcomes<tn::reals<2>>&) const { return 0; }
};
/// 3, and a slope of 4 on every weight.
struct flat_penalty {
    template <class T>
    double operator()(std::span<const T>, std::span<const T>, std::span<T> g) const {
        for (T& v : g) v += 4;
        return 3;
    }
};

template <class M, class Kind>
using objection = decltype(objection_to_watch<M, Kind>());
using unsuitable = tn::because::this_Metric_does_not_suit_the_target<of_numbers>;

static_assert(LooksLikeMetric<of_numbers> && !LooksLikeMetric<flat_penalty> && !LooksLikeMetric<int>);
static_assert(std::is_same_v<objection<of_numbers, tn::real>, tn::because::nothing>);
// Of several numbers it is asked about each.
static_assert(std::is_same_v<objection<of_numbers, tn::reals<2>>, tn::because::nothing>);
static_assert(std::is_same_v<objection<of_numbers, tn::classes<2>>, unsuitable>);
static_assert(std::is_same_v<objection<of_pairs, tn::reals<2>>, tn::because::nothing>);
// What it says that it accepts does not help where it cannot be called.
static_assert(std::is_same_v<objection<of_pairs, tn::real>,
                             tn::because::this_Metric_does_not_suit_the_target<of_pairs>>);
static_assert(std::is_same_v<tn::detail::watched_kind<of_pairs, tn::reals<2>>, tn::reals<2>>);
static_assert(std::is_same_v<tn::detail::watched_kind<of_numbers, tn::reals<2>>, tn::real>);

/// What a penalty says of three weights, and the slope that it gives the first.
template <class P>
std::vector<double> said(const P& penalty) {
    const std::vector<double> w{2, 1, 0};
    std::vector<double> g(3);
    const double value =
        penalty(std::span<const double>(w), std::span<const double>(w), std::span<double>(g));
    return {value, g[0]};
}

} // namespace

TEST_CASE("without arguments there is no penalty, and a penalty alone stays what it is", "[train]") {
    CHECK(std::is_same_v<decltype(penalty_of()), tn::no_penalty>);
    CHECK(std::is_same_v<decltype(penalty_of(flat_penalty{})), flat_penalty>);
    CHECK(penalty_of(tn::l2(0.5)).strength == 0.5);
    CHECK_FALSE(HasMetric<decltype(penalty_of(tn::l2(0.5)))>);
}

TEST_CASE("a metric alone stands beside no penalty", "[train]") {
    const auto both = penalty_of(of_numbers{7});
    CHECK(HasMetric<std::remove_const_t<decltype(both)>>);
    CHECK(both.metric.mark == 7);
    CHECK(both.metric.name == "of numbers");
    CHECK(said(both) == std::vector<double>{0, 0});
}

TEST_CASE("penalty and metric are the same in either order", "[train]") {
    const auto first = penalty_of(flat_penalty{}, of_numbers{7}),
               second = penalty_of(of_numbers{7}, flat_penalty{});
    CHECK(std::is_same_v<decltype(first), decltype(second)>);
    CHECK((first.metric.mark == 7 && second.metric.mark == 7));
    CHECK(said(first) == std::vector<double>{3, 4});
    CHECK(said(second) == std::vector<double>{3, 4});
}

TEST_CASE("two of a kind, three arguments or other things are no penalty", "[train]") {
    const of_numbers metric;
    const flat_penalty penalty;
    using tn::detail::neither_penalty_nor_metric;
    CHECK(std::is_same_v<decltype(penalty_of(metric, metric)), neither_penalty_nor_metric>);
    CHECK(std::is_same_v<decltype(penalty_of(penalty, penalty)), neither_penalty_nor_metric>);
    CHECK(std::is_same_v<decltype(penalty_of(penalty, metric, metric)), neither_penalty_nor_metric>);
    CHECK(std::is_same_v<decltype(penalty_of(penalty, 1)), neither_penalty_nor_metric>);
}
