#include "support/catch.hpp"

#include <cstddef>
#include <limits>
#include <string>
#include <tenon/evaluate/text_table.hpp>
#include <vector>

using tenon::text_table;
using strings = std::vector<std::string>;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::string line;
    for (char c : text) {
        if (c == '\n')
            lines.push_back(std::exchange(line, {}));
        else
            line += c;
    }
    CHECK(line.empty()); // the last line is ended
    return lines;
}

} // namespace

TEST_CASE("a table has its names on the left and its numbers on the right", "[evaluate]") {
    text_table table("model", {"mlp", "quantized"});
    table.add("r2", {"0.9", "0.87"});
    table.add("bytes", {"123456", "7"});
    CHECK(table.text() == "model        r2   bytes\n"
                          "mlp         0.9  123456\n"
                          "quantized  0.87       7\n");
}

TEST_CASE("a table wider than allowed goes on below with the names again", "[evaluate]") {
    text_table table("name", {"first", "second"});
    for (int i = 0; i < 9; ++i) {
        table.add("value " + std::to_string(i), {"12345678", "2"});
        table.add("d" + std::to_string(i), {"", "+1.25"}, true);
    }
    for (std::size_t limit : {std::size_t{80}, std::size_t{40}, std::size_t{24}}) {
        std::size_t headers = 0, values = 0;
        for (const std::string& line : lines_of(table.text(limit))) {
            CHECK(line.size() <= limit);
            CHECK((line.empty() || line.back() != ' '));
            if (line.rfind("name", 0) == 0) ++headers;
            for (std::size_t at = line.find("value"); at != std::string::npos;
                 at = line.find("value", at + 1)) {
                ++values;
                CHECK(line.find(std::string("d") + line[at + 6], at) !=
                      std::string::npos); // joined columns stay
            }
        }
        CHECK(values == 9);
        CHECK(headers == (limit == 80 ? 3 : limit == 40 ? 5 : 9));
    }
}

TEST_CASE("a column too wide for any line gets one of its own", "[evaluate]") {
    text_table table("n", {"x"});
    table.add("a", {std::string(30, 'a')});
    table.add("b", {std::string(30, 'b')});
    CHECK(lines_of(table.text(10)).size() == 5);
}

TEST_CASE("characters are counted, not bytes", "[evaluate]") {
    text_table table("art", {"Königspinguin", "Adelie"});
    table.add("n", {"1", "2"});
    CHECK(table.text() == "art            n\nKönigspinguin  1\nAdelie         2\n");
}

TEST_CASE("a table of names alone is a list", "[evaluate]") {
    CHECK(text_table("name", {"a", "b"}).text() == "name\na\nb\n");
}

TEST_CASE("numbers of one column share their decimals", "[evaluate]") {
    auto written = [](std::vector<double> values) {
        return tenon::formatted(values, tenon::decimals_for(values));
    };
    CHECK(written({0.987654, 0.5}) == strings{"0.98765", "0.50000"});
    CHECK(written({1.5, 12.3456}) == strings{"1.500", "12.346"});
    CHECK(written({123456, 7.25}) == strings{"123456", "7"});
    CHECK(written({0, 0}) == strings{"0.0000", "0.0000"});
    CHECK(written({1e12, 2}) == strings{"1.000e+12", "2.000e+00"});
    CHECK(written({1e-5}) == strings{"1.000e-05"});
    const double missing = std::numeric_limits<double>::quiet_NaN();
    CHECK(written({missing, 2}) == strings{"nan", "2.0000"});
    CHECK(tenon::formatted(std::vector<double>{0.25, -0.5}, 2, true) == strings{"+0.25", "-0.50"});
    CHECK(tenon::formatted(1234567.0) == "1.2346e+06");
    CHECK(tenon::formatted(0.25) == "0.25");
}
