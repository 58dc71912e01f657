#include "support/catch.hpp"
#include "unit/data/person.hpp"

#include <cstddef>
#include <tenon/data/anonymity.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::people;
using tenon_test::person;

TEST_CASE("k_anonymity counts who shares a combination", "[privacy]") {
    const auto data = tn::parse_csv<person>(people("Anna"));
    const tn::anonymity found = tn::k_anonymity<"age", "city">(data);
    CHECK(found.smallest == 1);
    CHECK(found.groups == 3);
    CHECK(found.counts == std::vector<std::size_t>{2, 1, 2, 2, 2});
    CHECK(found.rows_below(2) == 1);
    CHECK(tn::k_anonymity<"city">(data).smallest == 2);
}
