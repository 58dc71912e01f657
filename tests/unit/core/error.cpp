#include "support/catch.hpp"

#include <stdexcept>
#include <tenon/core/error.hpp>

namespace tn = tenon;
using Catch::Matchers::Equals;

TEST_CASE("errors of each kind are caught as what they are and as tenon::error", "[error]") {
    CHECK_THROWS_AS(TENON_THROW(tn::data_error, "a"), tn::data_error);
    CHECK_THROWS_AS(TENON_THROW(tn::fit_error, "a"), tn::fit_error);
    CHECK_THROWS_AS(TENON_THROW(tn::artifact_error, "a"), tn::artifact_error);
    CHECK_THROWS_AS(TENON_THROW(tn::data_error, "a"), tn::error);
    CHECK_THROWS_AS(TENON_THROW(tn::fit_error, "a"), tn::error);
    CHECK_THROWS_AS(TENON_THROW(tn::artifact_error, "a"), std::exception);
    STATIC_REQUIRE(!std::is_base_of_v<tn::data_error, tn::fit_error>);
    STATIC_REQUIRE(!std::is_base_of_v<tn::data_error, tn::artifact_error>);
}

TEST_CASE("what() is the message, also of a copy", "[error]") {
    const std::string message = "houses.csv, line 3, column 'area': expected a number";
    try {
        TENON_THROW(tn::data_error, message + ", found 'x'");
    } catch (const tn::error& e) {
        CHECK_THAT(e.what(), Equals(message + ", found 'x'"));
        const tn::error copy = e; // NOLINT: the copy is what is tested
        CHECK_THAT(copy.what(), Equals(message + ", found 'x'"));
    }
}
