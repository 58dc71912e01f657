// Text as numbers: hashed_counts and tf_idf.

#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <tenon/data/dataset.hpp>
#include <tenon/model/logistic_solver.hpp>
#include <tenon/prepare/hashed_counts.hpp>
#include <tenon/prepare/tf_idf.hpp>
#include <tenon/train/fit.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;
using tenon_test::WithinRel;

namespace {

constexpr std::size_t N = 32;
using counts = std::array<double, N>;

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    tn::detail::each_word(text, [&](std::string_view word) { words.emplace_back(word); });
    return words;
}

double sum(const counts& row) {
    double total = 0;
    for (const double v : row) total += v;
    return total;
}

/// tf_idf fitted to rows of N counts.
auto fitted(const tn::matrix<double>& x) {
    const auto columns = tn::columns<N, tn::none>::info().columns;
    return tn::tf_idf_spec{}.fit(std::type_identity<tn::fitted_tf_idf<N, double>>{}, x.view(),
                                 tn::vector_view<const double>(), columns);
}

} // namespace

TEST_CASE("words are runs of two or more word characters", "[text]") {
    using words = std::vector<std::string>;
    CHECK(words_of("It's a well-known joint_2, isn't it?") ==
          words{"It", "well", "known", "joint_2", "isn", "it"});
    CHECK(words_of("") == words{});
    CHECK(words_of("a b\tc!") == words{});
    CHECK(words_of("ab") == words{"ab"});
    CHECK(words_of("\xc3\xa9 \xc3\xa9t\xc3\xa9") ==
          words{"\xc3\xa9t\xc3\xa9"}); // one character of two bytes is no word
    CHECK(words_of(std::string_view("in\0side", 7)) == words{"in", "side"});
    CHECK(words_of("\xff\xff\x80 xy") == words{"\xff\xff\x80", "xy"}); // no UTF-8, and no harm
}

TEST_CASE("hashed_counts counts words whatever their case", "[text]") {
    const counts row = tn::hashed_counts<N>("The lathe, the LATHE and The rest");
    CHECK(sum(row) == 7);
    CHECK(row == tn::hashed_counts<N>("the the the lathe lathe and rest"));
    const auto place = tn::detail::murmur3("lathe");
    const auto size = place >> 31 != 0 ? std::uint32_t{0} - place : place;
    CHECK(tn::hashed_counts<N>("Lathe Lathe")[size % N] == 2);
    CHECK(tn::hashed_counts<N>("Lathe", {.alternate_sign = true})[size % N] == (place >> 31 != 0 ? -1 : 1));
    CHECK(tn::hashed_counts<N>("") == counts{});
    constexpr auto known = tn::hashed_counts<4, float>("at compile time");
    STATIC_REQUIRE(known[0] + known[1] + known[2] + known[3] == 3);
}

TEST_CASE("a text, a row and a table of texts are counted alike", "[text]") {
    const std::vector<std::string> texts{"one fish two fish", "", "red fish blue fish"};
    const auto table = tn::hashed_counts<N>(texts);
    REQUIRE(table.rows() == 3);
    counts row{};
    row.fill(99); // what was there before is gone
    for (std::size_t r = 0; r < 3; ++r) {
        STATIC_REQUIRE(noexcept(tn::hashed_counts<N>(texts[r], row)));
        tn::hashed_counts<N>(texts[r], row);
        CHECK(std::equal(row.begin(), row.end(), table.row(r).begin()));
        CHECK(row == tn::hashed_counts<N>(texts[r]));
    }
    const std::array<const char*, 1> literals{"one fish two fish"};
    CHECK(tn::hashed_counts<N>(literals)(0, 3) == table(0, 3));
    CHECK(tn::hashed_counts<N>(std::vector<std::string>{}).rows() == 0);
}

TEST_CASE("tf_idf weighs what few rows have", "[text]") {
    tn::matrix<double> x(4, N);
    x(0, 0) = 2, x(1, 0) = 1, x(2, 0) = 5, x(3, 0) = 1; // in every row
    x(0, 1) = 1;
    x(1, 2) = -3; // counts of alternating sign are some, too
    const auto stage = fitted(x);
    CHECK(stage.weight[0] == 1);
    CHECK_THAT(stage.weight[1], WithinRel(std::log(5.0 / 2) + 1, 1e-15));
    CHECK(stage.weight[2] == stage.weight[1]);
    CHECK_THAT(stage.weight[3], WithinRel(std::log(5.0) + 1, 1e-15));
    counts z{};
    stage(tn::row<N>(x.row(0).data(), N), z);
    const double length = std::sqrt(4 + stage.weight[1] * stage.weight[1]);
    CHECK_THAT(z[0], WithinRel(2 / length, 1e-15));
    CHECK_THAT(z[1], WithinRel(stage.weight[1] / length, 1e-15));
    stage(counts{}, z);
    CHECK(z == counts{}); // an empty text
    counts large{};
    large[0] = 1e300, large[5] = -1e300;
    stage(large, z);
    CHECK(z[5] < 0);
    CHECK_THAT(z[0] * z[0] + z[5] * z[5], WithinRel(1.0, 1e-14));
    counts gap{};
    gap[0] = std::numeric_limits<double>::quiet_NaN(), gap[1] = 3;
    stage(gap, z);
    CHECK(std::isnan(z[0]));
    CHECK(z[1] == 1);
    CHECK(fitted(tn::matrix<double>(1, N)).weight[0] == std::log(2.0) + 1); // one row
}

TEST_CASE("tf_idf refuses rows with gaps", "[text]") {
    tn::matrix<double> x(4, N);
    x(2, 1) = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_WITH(fitted(x), ContainsSubstring("tf_idf: column 'x1', row 3 is missing"));
    x(2, 1) = -std::numeric_limits<double>::infinity();
    CHECK_THROWS_WITH(fitted(x), ContainsSubstring("tf_idf: column 'x1', row 3 is infinite"));
}

TEST_CASE("a pipeline learns from texts and answers to one", "[text]") {
    std::vector<std::string> texts;
    std::vector<tn::class_index> is_tool;
    for (const char* first : {"sharp", "old", "heavy", "my", "a"})
        for (const char* last : {"chisel", "plane", "apple", "pear"}) {
            texts.push_back(std::string(first) + " " + last + ", is it?");
            is_tool.push_back(last[0] == 'c' || std::string_view(last) == "plane" ? 1 : 0);
        }
    const tn::dataset<tn::columns<N, tn::classes<2>>> data(tn::hashed_counts<N>(texts), is_tool);
    const auto model = (tn::tf_idf() | tn::logistic_regression()).fit(data);
    CHECK(model(tn::hashed_counts<N>("Is it my CHISEL?")) == 1);
    CHECK(model(tn::hashed_counts<N>("an apple or a pear")) == 0);
}
