// What leaves nothing of a column, of its words, or of who somebody is.
#include "support/catch.hpp"

#include <algorithm>
#include <string>
#include <tenon/data/anonymity.hpp>
#include <tenon/data/csv.hpp>
#include <tenon/data/drop.hpp>
#include <tenon/data/pseudonym.hpp>
#include <tenon/tenon.hpp>

namespace tn = tenon;

namespace {

struct person : tn::schema<tn::numeric<"age">, tn::categorical<"patient">,
                           tn::categorical<"city", "Bonn", "Köln">, tn::target<"pressure">> {};

std::string table(const std::string& first_patient) {
    return "age,patient,city,pressure\n30," + first_patient +
           ",Bonn,120\n40,Otto,Bonn,125\n30,Anna,Bonn,130\n50,Otto,Köln,150\n50,Emma,Köln,140\n";
}

} // namespace

TEST_CASE("nothing of a dropped column reaches the artifact", "[privacy]") {
    const auto recipe = tn::one_hot() | tn::standardize() | tn::ridge(1);
    const auto artifact = [&](const std::string& name) {
        return tn::save_bytes(recipe.fit(tn::drop<"patient">(tn::parse_csv<person>(table(name)))));
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
    const auto data = tn::parse_csv<person>(table("Anna"));
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

TEST_CASE("k_anonymity counts who shares a combination", "[privacy]") {
    const auto data = tn::parse_csv<person>(table("Anna"));
    const tn::anonymity found = tn::k_anonymity<"age", "city">(data);
    CHECK(found.smallest == 1);
    CHECK(found.groups == 3);
    CHECK(found.counts == std::vector<std::size_t>{2, 1, 2, 2, 2});
    CHECK(found.rows_below(2) == 1);
    CHECK(tn::k_anonymity<"city">(data).smallest == 2);
}
