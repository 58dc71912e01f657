#include "support/catch.hpp"

#include <tenon/core/record.hpp>

namespace tn = tenon;

TEST_CASE("columns are equal where name, kind and levels are", "[record]") {
    const tn::column_info kind{"kind", true, {"flat", "house"}};
    CHECK(kind == tn::column_info{"kind", true, {"flat", "house"}});
    CHECK(kind != tn::column_info{"sort", true, {"flat", "house"}});
    CHECK(kind !=
          tn::column_info{"kind", true, {"house", "flat"}}); // the order is the meaning of the indices
    CHECK(kind != tn::column_info{"kind", false, {"flat", "house"}});
}

TEST_CASE("schemas are equal where columns and target are", "[record]") {
    const tn::schema_info house{{{"area", false, {}}}, {"price", false, {}}};
    tn::schema_info other = house;
    CHECK(other == house);
    other.target.name = "rent";
    CHECK(other != house);
    other = house;
    other.columns.push_back({"age", false, {}});
    CHECK(other != house);
}

TEST_CASE("profiles are equal where edges, counts and ranges are", "[record]") {
    const tn::column_profile profile{{1, 2}, {3, 4, 5, 0}, 0.5, 9};
    tn::column_profile other = profile;
    CHECK(other == profile);
    other.counts[3] = 1;
    CHECK(other != profile);
}

TEST_CASE("a record says nothing at first", "[record]") {
    const tn::training_record record;
    CHECK(record.rows == 0);
    CHECK(record.profiled_rows == 0);
    CHECK(record.fingerprint.empty());
    CHECK(record.columns.empty());
    CHECK(record.schema == tn::schema_info{});
}
