#include "support/catch.hpp"
#include "unit/data/person.hpp"

#include <string>
#include <tenon/data/drop.hpp>
#include <tenon/tenon.hpp>

namespace tn = tenon;
using tenon_test::people;
using tenon_test::person;

TEST_CASE("nothing of a dropped column reaches the artifact", "[privacy]") {
    const auto recipe = tn::one_hot() | tn::standardize() | tn::ridge(1);
    const auto artifact = [&](const std::string& name) {
        return tn::save_bytes(recipe.fit(tn::drop<"patient">(tn::parse_csv<person>(people(name)))));
    };
    const auto bytes = artifact("Zacharias");
    CHECK(bytes == artifact("Wilhelmine"));
    const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    CHECK(text.find("patient") == std::string::npos);
    CHECK(text.find("Zacharias") == std::string::npos);
    CHECK(text.find("city") != std::string::npos);

    using safe = tn::without<person, "patient">;
    STATIC_REQUIRE(safe::width == 2);
    const auto again = tn::load_bytes<tn::fitted_t<decltype(recipe), safe>>(bytes, "memory");
    CHECK(again.record().schema == safe::info());
}
