#include "support/catch.hpp"

#include <cmath>
#include <limits>
#include <tenon/data/csv.hpp>
#include <tenon/data/csv_write.hpp>
#include <tenon/data/fingerprint.hpp>

namespace tn = tenon;

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

struct odd
    : tn::schema<tn::numeric<"a,b">, tn::categorical<"say \"it\"", "x", "a,\"b\"\nc", "\xEF\xBB\xBFmark">,
                 tn::label<"kind", "no", "yes">> {};

} // namespace

TEST_CASE("what is written as CSV is read back to the same bits", "[csv]") {
    tn::matrix<double> x(6, 2);
    const double numbers[] = {0.1, -0.0, 1e300, 4.9406564584124654e-324, gap, 12345678901234567.0};
    const double words[] = {0, 1, 2, gap, 1, 0};
    for (std::size_t r = 0; r < 6; ++r) x(r, 0) = numbers[r], x(r, 1) = words[r];
    const tn::dataset<odd> data(std::move(x), {0, 1, 1, 0, 1, 0});
    const std::string text = tn::csv_of(data);
    const std::string front = "\"a,b\",\"say \"\"it\"\"\",kind\n0.1,x,no\n-0,\"a,";
    CHECK(text.substr(0, front.size()) == front);
    const auto again = tn::parse_csv<odd>(text);
    CHECK(tn::fingerprint(again) == tn::fingerprint(data));
    CHECK(std::signbit(again.row(1)[0]));

    tn::matrix<double> empty(2, 1);
    empty(0, 0) = gap;
    const tn::dataset<tn::columns<1, tn::none>> one(std::move(empty), {});
    CHECK(tn::parse_csv<tn::columns<1, tn::none>>(tn::csv_of(one)).size() == 2);
}

TEST_CASE("what CSV cannot say is refused", "[csv]") {
    struct words : tn::schema<tn::categorical<"word", "NA", "b">> {};
    const tn::dataset<words> data(tn::matrix<double>(1, 1), {});
    CHECK_THROWS_WITH(tn::csv_of(data), tenon_test::ContainsSubstring("has the level 'NA'"));
    tn::matrix<double> x(1, 1);
    x(0, 0) = 1.5;
    CHECK_THROWS_WITH(tn::csv_of(tn::dataset<words>(std::move(x), {})),
                      tenon_test::ContainsSubstring("column 'word', row 1: 1.5 is the index of none"));
}
