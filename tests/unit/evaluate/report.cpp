#include "support/catch.hpp"

#include <sstream>
#include <string>
#include <tenon/evaluate/report.hpp>

namespace {
const tenon::report two{150, {{"r2", 0.987654321}, {"rmse", 12345.678}}};
}

TEST_CASE("a report gives its values by name and in order", "[evaluate]") {
    CHECK(two.rows() == 150);
    CHECK(two["r2"] == 0.987654321);
    CHECK(two.value("rmse") == 12345.678);
    REQUIRE(two.values().size() == 2);
    CHECK(two.values()[1] == tenon::named_value{"rmse", 12345.678});
}

TEST_CASE("the values of a report that nobody keeps can be walked through", "[evaluate]") {
    auto made = [] { return tenon::report(2, {{"mse", 0.25}, {"a metric with quite a long name", 0.5}}); };
    double sum = 0;
    std::string names;
    for (const auto& v : made().values()) {
        sum += v.value;
        names += v.name;
    }
    CHECK(sum == 0.75);
    CHECK(names == "msea metric with quite a long name");
}

TEST_CASE("a report refuses a name it does not have and lists those it has", "[evaluate]") {
    CHECK_THROWS_AS(two.value("mse"), tenon::error);
    CHECK_THROWS_WITH(two["mse"], "the report has no 'mse'; it has r2, rmse");
}

TEST_CASE("a report is written a line a metric", "[evaluate]") {
    CHECK(two.text() == "metric  150 rows\n"
                        "r2       0.98765\n"
                        "rmse       12346\n");
    std::ostringstream out;
    out << two;
    CHECK(out.str() == two.text());
}
