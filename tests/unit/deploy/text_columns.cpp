// A text column from the file through a recipe, an artifact and a generated header to the answer for one sentence.

#include "support/catch.hpp"
#include "support/freestanding.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <tenon/data/csv.hpp>
#include <tenon/deploy/artifact.hpp>
#include <tenon/deploy/header.hpp>
#include <tenon/model/logistic_solver.hpp>
#include <tenon/prepare/hashed_counts.hpp>
#include <tenon/prepare/on.hpp>
#include <tenon/prepare/tf_idf.hpp>
#include <tenon/train/fit.hpp>
#include <vector>

namespace tn = tenon;
using namespace tenon_test;

namespace {

constexpr std::size_t N = 256;

struct opinion
    : tn::schema<tn::numeric<"stars">, tn::text<"review", N>, tn::label<"verdict", "bad", "good">> {};

const std::vector<std::string> good = {
    "A great film, great music and a great cast", "The best acting I have seen, wonderful!",
    "Wonderful music, and the cast is great",     "I loved the story; the acting is the best",
    "Great story, lovely pictures, loved it",     "The pictures are lovely and the music wonderful",
    "Lovely, funny, and the best cast",           "Funny story and wonderful acting: loved it"};
const std::vector<std::string> bad = {"A boring film, awful music and a poor cast",
                                      "The worst acting I have seen, terrible!",
                                      "Terrible music, and the cast is awful",
                                      "I hated the story; the acting is the worst",
                                      "Boring story, ugly pictures, hated it",
                                      "The pictures are ugly and the music terrible",
                                      "Ugly, dull, and the worst cast",
                                      "Dull story and terrible acting: hated it"};

/// The sixteen reviews as CSV; every second text is in quotes.
std::string reviews() {
    std::string text = "verdict,review,stars\n";
    for (std::size_t i = 0; i < 8; ++i) {
        text += "good,\"" + good[i] + "\",3\n";
        std::string plain = bad[i];
        std::replace(plain.begin(), plain.end(), ',', ' ');
        text += "bad," + plain + ",3\n";
    }
    return text;
}

auto recipe() {
    return tn::on<"review">(tn::tf_idf()) | tn::logistic_regression();
}

} // namespace

TEST_CASE("a recipe learns from a text column and answers to a sentence", "[text_columns]") {
    const auto data = tn::parse_csv<opinion>(reviews());
    const auto model = recipe().fit(data);
    const auto row = model.parse(3, good[0]);
    STATIC_REQUIRE(std::is_same_v<decltype(row), const std::array<double, N + 1>>);
    CHECK(std::equal(row.begin(), row.end(), data.row(0).begin()));
    CHECK(model.parse(3, "NA") == model.parse(3.0, ""));
    CHECK_THROWS_WITH(model.parse(3, 4), ContainsSubstring("column 'review' takes text, not the number 4"));
    CHECK_THROWS_WITH(model.parse("many", "words"), ContainsSubstring("column 'stars' takes a number"));
    for (std::size_t i = 0; i < 8; ++i) {
        CHECK(model.class_name(model(model.parse(3, good[i]))) == "good");
        CHECK(model.class_name(model(model.parse(3, bad[i]))) == "bad");
    }
    CHECK(model(model.parse(3, "great film, GREAT music, loved the cast")) == 1);
    CHECK(model(model.parse(3, "what an awful, boring, terrible story")) == 0);

    // tf_idf is fitted to the N places of the text alone, as it is to counts without a schema.
    const auto& stage = std::get<0>(model.stage<0>().stages);
    std::vector<std::string> texts = good;
    texts.insert(texts.end(), bad.begin(), bad.end());
    const tn::matrix<double> counts = tn::hashed_counts<N>(texts);
    const auto alone =
        tn::tf_idf_spec{}.fit(std::type_identity<tn::fitted_tf_idf<N, double>>{}, counts.view(),
                              tn::vector_view<const double>(), tn::columns<N, tn::none>::info().columns);
    CHECK(std::equal(stage.weight.begin(), stage.weight.end(), alone.weight.begin()));

    const temporary_folder folder;
    tn::save(model, folder / "opinions.tenon");
    const auto again = tn::load<tn::fitted_t<decltype(recipe()), opinion>>(folder / "opinions.tenon");
    CHECK(again.parse(3, bad[1]) == model.parse(3, bad[1]));
    CHECK(again.probabilities(row) == model.probabilities(row));
    const tn::mapped_text file(folder / "opinions.tenon");
    CHECK(file.text().find("review[255]") != std::string_view::npos);
    CHECK(file.text().find("music") == std::string_view::npos); // of no text is anything kept
}

TEST_CASE("a generated header counts the words of a text column", "[text_columns]") {
    const auto model = recipe().fit(tn::parse_csv<opinion>(reviews()));
    const temporary_folder folder;
    tn::write_header(model, folder / "opinions.hpp", "opinions");
    const freestanding_library library(folder, R"(#include "opinions.hpp"
static_assert(opinions::columns == 257 && opinions::texts == 1 && opinions::text_places[0][1] == 256);
extern "C" void counts(const char* text, double* x) {
    opinions::count_words(text, x + opinions::text_places[0][0], opinions::text_places[0][1]);
}
extern "C" unsigned predict(const double* x) {
    double row[opinions::columns];
    for (unsigned i = 0; i < opinions::columns; ++i) row[i] = x[i];
    return opinions::predict(row);
}
)",
                                       "-O1");
    INFO(library.output());
    REQUIRE(library.is_open());
    auto* const counts = library.find<void(const char*, double*)>("counts");
    auto* const predict = library.find<unsigned(const double*)>("predict");
    REQUIRE(counts != nullptr);
    REQUIRE(predict != nullptr);
    std::vector<std::string> texts = good;
    texts.insert(texts.end(), bad.begin(), bad.end());
    for (const char* text :
         {"", "a I .", "ABC abcd ABCDE_1 abcdef, z9", "\xc3\xa9 \xc3\xa9t\xc3\xa9 \xff\xfe", "end"})
        texts.emplace_back(text);
    for (const std::string& text : texts) {
        std::array<double, N + 1> x{};
        x.fill(7);
        counts(text.c_str(), x.data());
        x[0] = 3;
        CHECK(x == model.parse(3, text));
        CHECK(predict(x.data()) == model(x));
    }
}
