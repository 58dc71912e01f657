// A text as a column of a schema: counted into numbers where it is read, and used by its name from there on.

#include "support/arrow_table.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <tenon/data/anonymity.hpp>
#include <tenon/data/arrow.hpp>
#include <tenon/data/csv.hpp>
#include <tenon/data/csv_chunks.hpp>
#include <tenon/data/csv_parallel.hpp>
#include <tenon/data/csv_write.hpp>
#include <tenon/data/drop.hpp>
#include <tenon/data/expect.hpp>
#include <tenon/data/fingerprint.hpp>
#include <tenon/features/select.hpp>
#include <tenon/prepare/hashed_counts.hpp>
#include <unistd.h>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;

namespace {

constexpr std::size_t N = 256;

struct opinion
    : tn::schema<tn::numeric<"stars">, tn::text<"review", N>, tn::label<"verdict", "bad", "good">> {};

/// Sixteen texts; every second one is in quotes.
std::string reviews() {
    std::string text = "verdict,review,stars\n";
    for (const char* first : {"great", "lovely", "dull", "poor"})
        for (const char* last : {"music", "story"}) {
            tn::detail::append(text, {"good,\"A ", first, ", rather ", last, "\",3\n"});
            tn::detail::append(text, {"bad,the ", last, " is ", first, ",3\n"});
        }
    return text;
}

std::array<double, N> counts_of(const tn::dataset<opinion>& data, std::size_t r) {
    std::array<double, N> counts{};
    for (std::size_t i = 0; i < N; ++i) counts[i] = data.x()(r, 1 + i);
    return counts;
}

/// A file that is gone at the end.
struct scratch_file {
    explicit scratch_file(const char* ending) : path("text_columns_" + std::to_string(getpid()) + ending) {}
    ~scratch_file() { std::remove(path.c_str()); }
    scratch_file(const scratch_file&) = delete;
    scratch_file& operator=(const scratch_file&) = delete;
    std::string path;
};

} // namespace

TEST_CASE("a text stands for numeric columns of one name", "[text_columns]") {
    STATIC_REQUIRE(opinion::width == N + 1);
    STATIC_REQUIRE(opinion::names[0] == "stars");
    STATIC_REQUIRE(opinion::names[1] == "review");
    STATIC_REQUIRE(opinion::names[N] == "review");
    STATIC_REQUIRE(opinion::categories(N) == 0);
    STATIC_REQUIRE(tn::detail::field_count<opinion> == 2);
    STATIC_REQUIRE(tn::detail::schema_fields<opinion>[1].first == 1);
    STATIC_REQUIRE(tn::detail::schema_fields<opinion>[1].count == N);
    STATIC_REQUIRE(std::is_same_v<tn::schema<tn::text<"a", 2, float>>::scalar, float>);
    const tn::schema_info info = opinion::info();
    REQUIRE(info.columns.size() == N + 1);
    CHECK(info.columns[1].name == "review[0]");
    CHECK(info.columns[N] == tn::column_info{"review[255]", false, {}});
}

TEST_CASE("a text of a file is counted as hashed_counts does", "[text_columns]") {
    const auto data = tn::parse_csv<opinion>("review,extra,stars,verdict\n"
                                             "plain words here,1,2,good\n"
                                             "\"one, \"\"two\"\"\ntwo\r\nthree\",1,2.5,bad\n"
                                             ",1,3,good\n"
                                             "\"\",1,4,bad\n"
                                             "NA,1,5,good\n"
                                             "Caf\xc3\xa9 CAF\xc3\xa9,1,6,bad\n");
    REQUIRE(data.size() == 6);
    CHECK(counts_of(data, 0) == tn::hashed_counts<N>("plain words here"));
    CHECK(counts_of(data, 1) == tn::hashed_counts<N>("one, \"two\"\ntwo\r\nthree"));
    for (std::size_t r = 2; r < 5; ++r) CHECK(counts_of(data, r) == std::array<double, N>{});
    CHECK(counts_of(data, 5) == tn::hashed_counts<N>("caf\xc3\xa9 caf\xc3\xa9"));
    CHECK(data.x()(1, 0) == 2.5);
    CHECK(data.y()[1] == 0);
    CHECK_THROWS_WITH(tn::parse_csv<opinion>("reviews,stars,verdict\na,1,good\n"),
                      ContainsSubstring("no column 'review'; did you mean 'reviews'"));
    CHECK_THROWS_WITH(tn::parse_csv<opinion>("review,stars,verdict\nwell,1,good\n\"never closed,1,good\n"),
                      ContainsSubstring("line 3, column 'review': the quote that opens here"));
    CHECK_THROWS_WITH(tn::parse_csv<opinion>("review,stars,verdict\nwell, well,1,good\n"),
                      ContainsSubstring("line 2, column 'verdict': the line goes on"));
}

TEST_CASE("threads and chunks count texts as one reader does", "[text_columns]") {
    const std::string text = reviews();
    const auto whole = tn::parse_csv<opinion>(text);
    const std::string expected = tn::fingerprint(whole);
    REQUIRE(whole.size() == 16);
    for (const std::size_t n : {std::size_t{1}, std::size_t{2}, std::size_t{3}})
        CHECK(tn::fingerprint(tn::parse_csv<opinion>(text, tn::threads{n})) == expected);

    const scratch_file file(".csv");
    tn::write_file(file.path, std::string_view(text));
    tn::csv_chunks<opinion> chunks(file.path);
    std::size_t rows = 0;
    while (const auto chunk = chunks.next(5))
        for (std::size_t r = 0; r < chunk->size(); ++r, ++rows)
            CHECK(counts_of(*chunk, r) == counts_of(whole, rows));
    CHECK(rows == 16);

    // No text is kept, so what is written are the numbers.
    const std::string written = tn::csv_of(whole);
    CHECK(written.starts_with("stars,review[0],review[1],"));
    CHECK(written.find("music") == written.npos);
}

TEST_CASE("what takes columns by name takes all of a text", "[text_columns]") {
    const auto data = tn::parse_csv<opinion>(reviews());
    const auto stars = tn::drop<"review">(data);
    STATIC_REQUIRE(decltype(stars)::schema_type::width == 1);
    REQUIRE(stars.info().columns.size() == 1);
    std::string other = reviews();
    other.replace(other.find("lovely"), 6, "costly");
    CHECK(tn::fingerprint(tn::parse_csv<opinion>(other)) != tn::fingerprint(data));
    CHECK(tn::fingerprint(tn::drop<"review">(tn::parse_csv<opinion>(other))) == tn::fingerprint(stars));

    const auto words = tn::drop<"stars">(data);
    using only_words = decltype(words)::schema_type;
    STATIC_REQUIRE(tn::detail::schema_fields<only_words>[0].count == N);
    CHECK(words.x()(3, N - 1) == data.x()(3, N));
    CHECK(tn::detail::default_info<only_words>(0, {}).columns == words.info().columns);

    using moved = tn::select_spec<"review", "stars">::out<opinion>;
    STATIC_REQUIRE(moved::width == N + 1);
    STATIC_REQUIRE(moved::names[N] == "stars");
    CHECK(tn::k_anonymity<"review">(data).smallest == 1);
    CHECK(tn::check(data, tn::expect<"review">().not_missing()).violations.empty());
}

TEST_CASE("Arrow tables bring texts", "[text_columns]") {
    using namespace tenon_test;
    const auto read = [](hand_made_column review) {
        hand_made_table table({std::move(review), numbers<double>("g", "stars", {1, 2, 3}),
                               words("verdict", {"good", "bad", "good"})});
        table.link();
        return tn::from_arrow<opinion>(&table.schema, &table.array, {.source = "t"});
    };
    const auto plain = read(words("review", {"good, GOOD film", "lost", ""}, "101"));
    CHECK(counts_of(plain, 0) == tn::hashed_counts<N>("good good film"));
    CHECK(counts_of(plain, 1) == std::array<double, N>{});
    CHECK(counts_of(plain, 2) == std::array<double, N>{});
    CHECK(plain.x()(2, 0) == 3);
    const auto chosen = read(coded<std::int8_t>("c", "review", {1, 0, 1}, {"one text", "another, longer"}));
    CHECK(counts_of(chosen, 0) == tn::hashed_counts<N>("another, longer"));
    CHECK(counts_of(chosen, 1) == tn::hashed_counts<N>("one text"));
    CHECK_THROWS_WITH(read(coded<std::int8_t>("c", "review", {0, 2, 0}, {"one", "two"})),
                      ContainsSubstring("t, column 'review', row 2: index 2 of a dictionary of 2 words"));
    CHECK_THROWS_WITH(read(numbers<double>("g", "review", {1, 2, 3})),
                      ContainsSubstring("t, column 'review' has the Arrow format 'g', expected text"));
}
