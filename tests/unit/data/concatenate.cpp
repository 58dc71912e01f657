#include "support/catch.hpp"

#include <tenon/data/concatenate.hpp>
#include <tenon/data/csv.hpp>

namespace tn = tenon;

namespace {
struct pet : tn::schema<tn::numeric<"mass">, tn::categorical<"kind">, tn::target<"age">> {};
}

TEST_CASE("rows are put one below the other where columns and levels agree", "[dataset]") {
    const auto first = tn::parse_csv<pet>("mass,kind,age\n3,cat,5\n8,dog,2\n");
    const auto second = tn::parse_csv<pet>("mass,kind,age\n4,cat,1\n", {.like = first.info()});
    const auto all = tn::concatenate(first, second, first);
    REQUIRE(all.size() == 5);
    CHECK(all.row(2)[0] == 4);
    CHECK(all.target(2) == 1);
    CHECK(all.row(4)[1] == 1);
    CHECK(all.info() == first.info());
    const auto other = tn::parse_csv<pet>("mass,kind,age\n4,cat,1\n");
    CHECK_THROWS_WITH(tn::concatenate(first, other),
                      tenon_test::ContainsSubstring("column 'kind' is another"));
}
