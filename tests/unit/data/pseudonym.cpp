#include "support/catch.hpp"
#include "unit/data/person.hpp"

#include <algorithm>
#include <string>
#include <tenon/data/pseudonym.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::people;
using tenon_test::person;

TEST_CASE("keyed_hash is HMAC-SHA-256", "[privacy]") { // RFC 4231, cases 1, 2 and 6
    CHECK(tn::keyed_hash(std::string(20, '\x0b'), "Hi There") ==
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(tn::keyed_hash("Jefe", "what do ya want for nothing?") ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(
        tn::keyed_hash(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First") ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("a pseudonym stands for the same word under the same key", "[privacy]") {
    const auto data = tn::parse_csv<person>(people("Anna"));
    const auto hidden = tn::pseudonymise<"patient">(data, "secret");
    const std::vector<std::string>& levels = hidden.info().columns[1].levels;
    REQUIRE(levels.size() == 3);
    CHECK(std::is_sorted(levels.begin(), levels.end()));
    const auto name_of = [](const auto& d, std::size_t r) {
        return d.info().columns[1].levels[static_cast<std::size_t>(d.row(r)[1])];
    };
    for (std::size_t r = 0; r < data.size(); ++r)
        CHECK(name_of(hidden, r) == tn::keyed_hash("secret", name_of(data, r)).substr(0, 16));
    CHECK(name_of(tn::pseudonymise<"patient">(data, "other"), 0) != name_of(hidden, 0));
    CHECK_THROWS_WITH(tn::pseudonymise<"patient">(data, ""), tenon_test::ContainsSubstring("key is empty"));
}
