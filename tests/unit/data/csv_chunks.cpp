#include "support/catch.hpp"

#include <cstddef>
#include <cstdio>
#include <initializer_list>
#include <string>
#include <string_view>
#include <tenon/data/csv.hpp>
#include <tenon/data/csv_chunks.hpp>
#include <vector>

namespace tn = tenon;

namespace {

struct house
    : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">, tn::target<"price">> {};

constexpr bool same_value(double a, double b) {
    return a == b || (a != a && b != b);
}

} // namespace

TEST_CASE("a file is read in chunks as it is at once", "[csv]") {
    const std::string path = "chunks.csv";
    std::string text = "price,area,kind\n";
    for (int i = 0; i < 1000; ++i)
        text += std::to_string(i) + "," + (i % 7 == 0 ? "NA" : std::to_string(i) + ".25") +
                (i % 5 == 0 ? ",\"flat\"\n" : ",house\n");
    tn::write_file(path, std::string_view(text));
    const auto whole = tn::read_csv<house>(path);
    for (const std::size_t most : std::initializer_list<std::size_t>{1, 64, 333, 1000, 5000}) {
        tn::csv_chunks<house> file(path);
        std::size_t rows = 0;
        bool same = true;
        while (const auto chunk = file.next(most)) {
            CHECK((chunk->size() == most || rows + chunk->size() == 1000));
            for (std::size_t r = 0; r < chunk->size(); ++r, ++rows)
                same = same && same_value(chunk->row(r)[0], whole.row(rows)[0]) &&
                       chunk->row(r)[1] == whole.row(rows)[1] && chunk->target(r) == whole.target(rows);
        }
        CHECK(rows == 1000);
        CHECK(same);
    }
    tn::write_file(path, std::string_view(text + "x,1,flat\n"));
    tn::csv_chunks<house> wrong(path);
    CHECK(wrong.next(1000)->size() == 1000);
    CHECK_THROWS_WITH(wrong.next(1), tenon_test::ContainsSubstring("chunks.csv, line 1002, column 'price'"));
    struct open_words : tn::schema<tn::categorical<"kind">> {};
    CHECK_THROWS_WITH(tn::csv_chunks<open_words>(path), tenon_test::ContainsSubstring("csv_options::like"));
    std::remove(path.c_str());
}

TEST_CASE("a file begins again, and lists a row that is skipped once", "[csv]") {
    const std::string path = "again.csv";
    tn::write_file(path, std::string_view("price,area,kind\n1,2,flat\n3,wide,house\n4,5,house\n"));
    std::vector<std::string> skipped{"of another file"};
    tn::csv_chunks<house> file(path, {.skipped = &skipped});
    for (int pass = 0; pass < 3; ++pass) {
        const auto first = file.next(1), second = file.next(9);
        REQUIRE((first && second));
        CHECK(first->target(0) == 1);
        CHECK(second->size() == 1);
        CHECK(second->target(0) == 4);
        CHECK(!file.next(1));
        file.rewind();
    }
    REQUIRE(skipped.size() == 2);
    CHECK_THAT(skipped[1], tenon_test::ContainsSubstring("line 3, column 'area'"));
    std::remove(path.c_str());
}
