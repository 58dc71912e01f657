#include "support/catch.hpp"

#include <cstdio>
#include <string>
#include <string_view>
#include <tenon/core/random.hpp>
#include <tenon/data/csv.hpp>
#include <tenon/data/csv_marks.hpp>
#include <tenon/data/csv_parallel.hpp>
#include <tenon/data/fingerprint.hpp>
#include <vector>

namespace tn = tenon;

namespace {

struct house : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">,
                          tn::categorical<"town">, tn::label<"buyer">> {};
using numbers = tn::columns<tn::dynamic, tn::none>;

/// All that reading a text comes to: the rows and levels, or the error; and the rows that were skipped.
struct outcome {
    std::string error;
    std::string rows; ///< their bytes
    tn::schema_info info;
    std::vector<std::string> skipped;
    friend bool operator==(const outcome&, const outcome&) = default;
};

/// Of read(options), with skipped rows listed where `skips`.
template <class Read>
outcome outcome_of(tn::csv_options options, bool skips, Read read) {
    outcome all;
    all.skipped = {"of another file"};
    if (skips) options.skipped = &all.skipped;
    try {
        const auto data = read(options);
        const auto bytes_of = [](const auto* values, std::size_t count) {
            return std::string(reinterpret_cast<const char*>(values), count * sizeof *values);
        };
        all.rows = bytes_of(data.x().data(), data.size() * data.x().columns());
        all.rows += bytes_of(data.y().data(), data.y().size());
        all.info = data.info();
    } catch (const tn::data_error& wrong) {
        all.error = wrong.what();
    }
    return all;
}

/// Whether 1 to 8 threads read the text as one reader does, with rows skipped and without.
template <tn::Schema S>
bool is_read_alike(const std::string& text, const tn::csv_options& options) {
    for (const bool skips : {false, true}) {
        const outcome expected = outcome_of(options, skips, [&](const tn::csv_options& how) {
            return tn::parse_csv<S>(text, how, "some.csv");
        });
        for (std::size_t n = 1; n <= 8; ++n) {
            const outcome found = outcome_of(options, skips, [&](const tn::csv_options& how) {
                return tn::parse_csv<S>(text, tn::threads{n}, how, "some.csv");
            });
            if (found == expected) continue;
            UNSCOPED_INFO(n << " threads: " << found.error << " for " << expected.error << " in\n" << text);
            return false;
        }
    }
    return true;
}

/// A file of houses, whole or with mistakes in about one row of `rarity`.
std::string some_houses(tn::philox& random, const tn::csv_options& how, std::uint64_t rarity) {
    const auto one_of = [&](std::initializer_list<std::string_view> these) {
        return std::string(these.begin()[random.below(these.size())]);
    };
    const auto in_quotes = [&](const std::string& field) {
        return how.quote == '\0' || random.below(2) == 0 ? field : how.quote + field + how.quote;
    };
    const std::string end = one_of({"\n", "\r\n", "\r"}), d(1, how.delimiter),
                      q(how.quote == '\0' ? 0 : 1, '"');
    std::string text =
        one_of({"", "\xEF\xBB\xBF"}) + "kind" + d + "note" + d + "area" + d + "buyer" + d + "town" + end;
    for (std::uint64_t rows = random.below(24); rows > 0; --rows) {
        const bool is_wrong = random.below(rarity) == 0;
        text += in_quotes(one_of({"flat", "house", "NA"})) + d;
        // Line ends in fields that are quoted only, and quotes twice.
        std::string note = one_of({"", "x", "fine view", "\xEF\xBB\xBF"});
        if (how.quote != '\0' && random.below(3) == 0)
            note = how.quote + note + one_of({"\n", "\r\n", "\r", "\n\n\n", "a" + std::string(40, '\n')}) +
                   (random.below(2) == 0 ? std::string(2, how.quote) : d) + how.quote;
        text += note + d;
        text += in_quotes(is_wrong ? one_of({"x1", "", "1e999", "1" + d + "2"})
                                   : std::to_string(random.below(999)) + ".25");
        text += d + in_quotes(one_of({"yes", "no", "perhaps", "10"})) + d;
        text += in_quotes(one_of({"Ely", "York", "Bath", "2", "Ham" + std::to_string(random.below(9))}));
        if (is_wrong && random.below(4) == 0) text += one_of({d, "\"", "\"x", d + "\""});
        text += end;
        if (random.below(5) == 0) text += one_of({"\n", "\r\n", "\r"});
    }
    if (random.below(3) == 0) text.resize(text.size() - random.below(text.size() < 6 ? text.size() : 6));
    return text;
}

} // namespace

TEST_CASE("lines and quotes are counted in any piece of a text", "[csv]") {
    tn::philox random(3);
    for (std::size_t i = 0; i < 230; ++i) {
        const std::size_t size =
            i < 200 ? i : i * 100; // also where whole blocks are counted, with and without CR
        std::string text(size, 'x');
        for (char& c : text) c = (i % 2 == 0 ? "\r\n\"xx" : "x\n\"xx")[random.below(5)];
        const std::size_t first = random.below(size + 1);
        std::size_t lines = 0, quotes = 0;
        for (std::size_t at = 0; at < first; ++at) {
            quotes += text[at] == '"' ? 1U : 0U;
            lines +=
                text[at] == '\n' || (text[at] == '\r' && (at + 1 == size || text[at + 1] != '\n')) ? 1U : 0U;
        }
        const tn::detail::csv_marks marks = tn::detail::count_marks(text, first, '"');
        CHECK(marks.lines == lines);
        CHECK(marks.quotes == quotes);
    }
    const std::string many(70'000, '\n'); // more than a byte can count
    CHECK(tn::detail::count_marks(many, many.size(), '\n').lines == 70'000);
    CHECK(tn::detail::count_marks(many, many.size(), '\n').quotes == 70'000);
}

TEST_CASE("any number of threads read a file as one does", "[csv]") {
    for (std::uint64_t seed = 0; seed < 120; ++seed) {
        tn::philox random(seed);
        tn::csv_options options{.delimiter = ",;\t"[random.below(3)], .quote = "\"'\0"[random.below(3)]};
        if (random.below(4) == 0) options.like.target = {};
        CHECK(is_read_alike<house>(some_houses(random, options, seed % 3 == 0 ? 1'000'000 : 6), options));
    }
}

TEST_CASE("files of few rows, or none, are read alike by more threads than rows", "[csv]") {
    for (const char* text :
         {"", "\n\n", "a,b\n", "a,b", "1,2", "1,2\n", "a,b\n1,2", "a,b\r1,2\r\r\r", "1,2\n3", "1,\"2",
          "1,2\n\n\n\"3\n\",4\n", "a,b\nx,y\n", "1,2\n3,4,5\n6\n7,8\n", "\n\n1,2\r\n\r\n3,4\"\n"}) {
        CHECK(is_read_alike<numbers>(text, {}));
        CHECK(is_read_alike<numbers>(text, {.quote = '\0', .header = tn::csv_header::absent}));
        CHECK(is_read_alike<tn::columns<1>>(text, {}));
    }
}

TEST_CASE("a large file is read in more pieces than there are threads", "[csv]") {
    CHECK(tn::detail::csv_pieces(0, 3) == 3);
    CHECK(tn::detail::csv_pieces(1'000'000, 2) == 3);
    CHECK(tn::detail::csv_pieces(100'000'000, 2) == 16);
    CHECK(tn::detail::csv_pieces(1'000'000, 8) == 8);

    std::string text = "kind,area,town,buyer\n";
    for (int i = 0; text.size() < 800'000; ++i)
        text += (i % 7 == 0 ? "flat," : "house,") + std::to_string(i) + ",\"Ham\n" + std::to_string(i % 999) +
                (i % 3 == 0 ? "\",no\n" : "\",yes\n\n");
    CHECK(is_read_alike<house>(text, {}));
    text.insert(text.find("house", 600'000), "lodge");
    CHECK(is_read_alike<house>(text, {}));
}

TEST_CASE("levels of a first file hold in all parts of the second", "[csv]") {
    std::string text = "kind,area,town,buyer\n";
    for (int i = 0; i < 300; ++i) text += i % 2 == 0 ? "flat,1,Ely,no\n" : "house,2,Bath,yes\n";
    const auto first =
        tn::parse_csv<house>("kind,area,town,buyer\nflat,1,York,yes\nflat,1,Bath,no\nflat,1,Ely,?\n");
    const tn::csv_options like{.like = first.info()};
    CHECK(is_read_alike<house>(text, like));
    const auto data = tn::parse_csv<house>(text, tn::threads{3}, like);
    CHECK(data.info() == first.info());
    CHECK(data.row(299)[2] == 0);
    CHECK(is_read_alike<house>(text + "flat,1,Ham,no\n", like));
}

TEST_CASE("read_csv with threads maps the file and names it in errors", "[csv]") {
    const std::string path = "csv_parallel.csv";
    std::string text = "c0,c1\n";
    for (int i = 0; i < 5000; ++i) text += std::to_string(i) + ".5,-" + std::to_string(i) + "e-3\n";
    tn::write_file(path, std::string_view(text));
    const auto data = tn::read_csv<numbers>(path, tn::threads{4});
    CHECK(tn::fingerprint(data) == tn::fingerprint(tn::read_csv<numbers>(path)));
    CHECK(tn::read_csv<numbers>(path, tn::threads{}).size() == 5000); // as many as the machine has
    tn::write_file(path, std::string_view(text + "1,x\n2,y\n"));
    CHECK_THROWS_WITH(tn::read_csv<numbers>(path, tn::threads{4}),
                      tenon_test::ContainsSubstring(
                          "csv_parallel.csv, line 5002, column 'c1': expected a finite number, found 'x'"));
    std::remove(path.c_str());
}
