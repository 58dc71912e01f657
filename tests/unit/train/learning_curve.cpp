// Learning curves as text and as a picture: what is drawn where, and that nothing is wider than it may be.

#include "support/catch.hpp"

#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <tenon/format/file.hpp>
#include <tenon/train/learning_curve.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// Losses from 1 down, along a straight line to 0.2; with a validation loss that stays at 0.8.
tn::history falling(int epochs, bool watches) {
    tn::history seen;
    for (int epoch = 1; epoch <= epochs; ++epoch) {
        tn::epoch_result e;
        e.epoch = epoch;
        e.loss = epochs == 1 ? 1 : 1 - 0.8 * (epoch - 1) / (epochs - 1);
        e.validation_loss = watches ? 0.8 : missing;
        seen.push_back(e);
    }
    return seen;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0, end = 0; (end = text.find('\n', at)) != text.npos; at = end + 1)
        lines.push_back(text.substr(at, end - at));
    return lines;
}

/// Columns on a terminal: bytes that do not go on with a character.
std::size_t columns_of(const std::string& line) {
    std::size_t n = 0;
    for (const char c : line) n += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
    return n;
}

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++n;
    return n;
}

} // namespace

TEST_CASE("a learning curve falls from the upper left to the lower right, between axes with numbers",
          "[train]") {
    const std::vector<std::string> lines = lines_of(tn::learning_curve(falling(5, true), {.height = 11}));
    REQUIRE(lines.size() == 14);
    CHECK(lines[0] == "       1 +*" + lines[0].substr(11)); // the axis goes from 0 to 1
    CHECK(lines[10].substr(0, 10) == "       0 +");
    CHECK(lines[8].back() == '*'); // 0.2, in the last column
    CHECK(columns_of(lines[8]) == 78);
    CHECK(lines[2].find('o') != std::string::npos); // 0.8
    for (std::size_t i = 0; i < 11; ++i)
        if (i != 2) CHECK(lines[i].find('o') == std::string::npos);
    CHECK(lines[12] == "          1" + std::string(66, ' ') + "5");
    CHECK(lines[13] == "          epoch; * loss, o validation loss");
    CHECK_THAT(tn::learning_curve(falling(5, false)), !ContainsSubstring("validation"));
}

TEST_CASE("no learning curve is wider than 80 columns, whatever is drawn", "[train]") {
    for (const int epochs : {1, 2, 1000})
        for (const bool unicode : {false, true}) {
            tn::history seen = falling(epochs, true);
            tn::epoch_result odd;
            odd.epoch = epochs + 1;
            odd.loss = std::numeric_limits<double>::infinity();
            odd.validation_loss = -1.2345678e-30;
            seen.push_back(odd);
            const auto lines =
                lines_of(tn::learning_curve(seen, {.width = 80, .height = 20, .unicode = unicode}));
            CHECK(lines.size() == 23);
            for (const std::string& line : lines) CHECK(columns_of(line) <= 80);
        }
    CHECK_THAT(tn::learning_curve(falling(3, false), {.unicode = true}), ContainsSubstring("\xE2\xA0"));
    CHECK_THROWS_WITH(tn::learning_curve(falling(3, false), {.width = 81}),
                      ContainsSubstring("from 30 to 80"));
    CHECK_THROWS_WITH(tn::learning_curve(tn::history()), ContainsSubstring("has no epochs"));
}

TEST_CASE("the picture has axes, a legend, a title and a point an epoch", "[train]") {
    const std::string svg = tn::learning_curve_svg(falling(5, true), {.title = "a < b & c"});
    CHECK(svg.substr(0, 5) == "<svg ");
    CHECK_THAT(svg, ContainsSubstring("xmlns=\"http://www.w3.org/2000/svg\""));
    CHECK_THAT(svg, ContainsSubstring(">a &lt; b &amp; c</text>"));
    CHECK_THAT(svg, ContainsSubstring(">validation loss</text>"));
    CHECK_THAT(svg, ContainsSubstring(">epoch</text>"));
    CHECK(count_of(svg, "<circle") == 10);
    CHECK(count_of(svg, "<text") == count_of(svg, "</text>"));
    CHECK(svg.find("nan") == svg.npos);
    CHECK(count_of(tn::learning_curve_svg(falling(5, false)), "<circle") == 5);
    CHECK_THROWS_WITH(tn::learning_curve_svg(tn::history()), ContainsSubstring("has no epochs"));

    const std::string path = "tenon_curve.svg";
    tn::write_svg(falling(5, true), path, {.title = "a < b & c"});
    CHECK(tn::read_text(path) == svg);
    std::remove(path.c_str());
    CHECK_THROWS_AS(tn::write_svg(falling(5, true), "no such folder/curve.svg"), tn::data_error);
}
