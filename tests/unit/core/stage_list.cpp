#include "support/catch.hpp"

#include <memory>
#include <string>
#include <tenon/core/stage_list.hpp>
#include <type_traits>
#include <utility>

using tenon::detail::join;
using tenon::detail::stage_list;

namespace {

struct nothing_to_say {};

/// How often a value was copied on its way here.
struct counted {
    constexpr counted() = default;
    constexpr counted(const counted& other) : copies(other.copies + 1) {}
    constexpr counted(counted&&) = default;
    constexpr counted& operator=(const counted&) = default;
    constexpr counted& operator=(counted&&) = default;
    constexpr ~counted() = default;
    int copies = 0;
};

} // namespace

TEST_CASE("stages are found by their place", "[stage_list]") {
    const stage_list<int, std::string, double> list(7, "seven", 0.5);
    CHECK(list.at<0>() == 7);
    CHECK(list.at<1>() == "seven");
    CHECK(list.at<2>() == 0.5);
    CHECK(&list.at<0>() == &list.first); // where it lies, no copy
    CHECK(&list.at<2>() == &list.rest.rest.first);
    STATIC_REQUIRE(std::is_same_v<decltype(list.at<1>()), const std::string&>);
}

TEST_CASE("a list of one stage, or of none, is as small as what it holds", "[stage_list]") {
    STATIC_REQUIRE(sizeof(stage_list<double>) == sizeof(double));
    STATIC_REQUIRE(std::is_empty_v<stage_list<>>);
    STATIC_REQUIRE(!std::is_convertible_v<int, stage_list<int>>);
    CHECK(stage_list<int>(3).at<0>() == 3);
}

TEST_CASE("two lists are joined in order, and stay as they were", "[stage_list]") {
    const stage_list<int, char> left(1, 'b');
    const stage_list<std::string, int, nothing_to_say> right("c", 4, {});
    const auto both = join(left, right);
    STATIC_REQUIRE(
        std::is_same_v<decltype(both), const stage_list<int, char, std::string, int, nothing_to_say>>);
    CHECK(both.at<0>() == 1);
    CHECK(both.at<1>() == 'b');
    CHECK(both.at<2>() == "c");
    CHECK(both.at<3>() == 4);
    CHECK(right.at<0>() == "c");
    CHECK(left.at<1>() == 'b');
}

TEST_CASE("joining is associative", "[stage_list]") {
    constexpr stage_list<int> a(1);
    constexpr stage_list<long, short> b(2, short{3});
    constexpr stage_list<char> c('4');
    constexpr auto left = join(join(a, b), c), right = join(a, join(b, c));
    STATIC_REQUIRE(std::is_same_v<decltype(left), decltype(right)>);
    STATIC_REQUIRE(left.at<2>() == 3 && right.at<2>() == 3);
    CHECK(left.at<3>() == right.at<3>());
}

TEST_CASE("a list takes its stages without a copy", "[stage_list]") {
    const stage_list<counted, counted, counted> list(counted{}, counted{}, counted{});
    CHECK(list.at<0>().copies == 0);
    CHECK(list.at<2>().copies == 0);
    const stage_list<int, std::unique_ptr<int>> holder(1, std::make_unique<int>(5));
    CHECK(*holder.at<1>() == 5);
}

TEST_CASE("a stage in front of a list makes a longer one", "[stage_list]") {
    const stage_list<int, char, double> list(1, stage_list<char, double>('b', 2.5));
    CHECK(list.at<0>() == 1);
    CHECK(list.at<1>() == 'b');
    CHECK(list.at<2>() == 2.5);
}
