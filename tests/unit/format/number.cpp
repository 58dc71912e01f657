#include "support/catch.hpp"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <tenon/format/number.hpp>

using tenon::format_number;
using tenon::parse_number;

namespace {

using limits = std::numeric_limits<double>;

/// What a text reads as; NaN where it is refused.
double read(std::string_view text) {
    double value = 0;
    return parse_number(text, value) ? value : limits::quiet_NaN();
}

bool refused(std::string_view text) {
    double wide = 42;
    float narrow = 42;
    const bool took_wide = parse_number(text, wide), took_narrow = parse_number(text, narrow);
    return !took_wide && !took_narrow && wide == 42 && narrow == 42;
}

std::uint64_t bits_of(double value) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

double from_bits(std::uint64_t bits) {
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

} // namespace

TEST_CASE("parse_number takes decimal numbers in all their spellings", "[number]") {
    CHECK(read("0") == 0);
    CHECK(read("12") == 12);
    CHECK(read("-0.5") == -0.5);
    CHECK(read("+3") == 3);
    CHECK(read("+.5") == 0.5);
    CHECK(read(".5") == 0.5);
    CHECK(read("3.") == 3);
    CHECK(read("-3.e2") == -300);
    CHECK(read("007") == 7);
    CHECK(read("1e3") == 1000);
    CHECK(read("1E+3") == 1000);
    CHECK(read("25e-1") == 2.5);
    CHECK(std::signbit(read("-0")));
    CHECK(read("179769313486231570814527423731704356798070e267") == limits::max());
}

TEST_CASE("parse_number refuses all else and leaves the result as it was", "[number]") {
    const std::string_view bad[] = {"",
                                    " ",
                                    "+",
                                    "-",
                                    ".",
                                    "+-1",
                                    "-+1",
                                    "++1",
                                    "--1",
                                    " 1",
                                    "1 ",
                                    "1\n",
                                    "1,5",
                                    "1.5.2",
                                    "1e",
                                    "1e+",
                                    "1e-",
                                    "e5",
                                    ".e5",
                                    "1e5.",
                                    "1e5e5",
                                    "0x10",
                                    "0x1p3",
                                    "1p3",
                                    "inf",
                                    "-inf",
                                    "+inf",
                                    "INF",
                                    "nan",
                                    "NaN",
                                    "infinity",
                                    "nan(1)",
                                    "-nan",
                                    "1_000",
                                    "1'000",
                                    "one",
                                    "1f",
                                    "1.0L",
                                    "NA",
                                    "\xEF\xBB\xBF"
                                    "1",
                                    "1;",
                                    "$1",
                                    "١"};
    for (const std::string_view text : bad) {
        INFO("text: '" << text << "'");
        CHECK(refused(text));
    }
    CHECK(refused(std::string_view("1\0", 2)));
    CHECK(refused(std::string_view("\0", 1)));
}

TEST_CASE("parse_number refuses what is too large and takes what is too small", "[number]") {
    for (const std::string_view text :
         {"1e309", "-1e309", "1.8e308", "1e99999999999999999999", "123456789e400"}) {
        INFO(text);
        CHECK(refused(text));
    }
    CHECK(refused("1" + std::string(400, '0')));
    CHECK(refused("0." + std::string(400, '0') + "1e800"));
    CHECK(refused("1" + std::string(400, '0') + "e-50"));
    CHECK(read("0." + std::string(400, '0') + "1e50") == 0);

    CHECK(read("4.9406564584124654e-324") == limits::denorm_min());
    CHECK(read("2.2250738585072011e-308") < limits::min());
    CHECK(read("1e-310") == 1e-310);
    CHECK(read("1e-400") == 0);
    CHECK(read("1e-99999999999999999999") == 0);
    CHECK(read("0." + std::string(400, '0') + "1") == 0);
    CHECK(read("123456789e-500") == 0);
    CHECK(read("0e99999999999999999999") == 0);
    CHECK(read("0.000e400") == 0);
    CHECK(std::signbit(read("-1e-400")));
    CHECK(read("1" + std::string(400, '0') + "e-400") == 1);

    float narrow = 0;
    CHECK_FALSE(parse_number("3.5e38", narrow));
    CHECK(parse_number("3.4e38", narrow));
    CHECK(narrow == 3.4e38F);
    CHECK(parse_number("1e-40", narrow));
    CHECK(narrow == 1e-40F);
    CHECK(parse_number("-1e-60", narrow));
    CHECK(narrow == 0);
    CHECK(std::signbit(narrow));
}

TEST_CASE("parse_number rounds a float once", "[number]") {
    // By way of double this would round to even, one float lower.
    float value = 0;
    REQUIRE(parse_number("1.000000059604644775390626", value));
    CHECK(value == std::nextafter(1.0F, 2.0F));
}

TEST_CASE("format_number gives the shortest text that reads back to the same bits", "[number]") {
    CHECK(format_number(0.1) == "0.1");
    CHECK(format_number(-2.5) == "-2.5");
    CHECK(format_number(0.0) == "0");
    CHECK(format_number(-0.0) == "-0");
    CHECK(format_number(1.0) == "1");
    CHECK(format_number(1e300) == "1e+300");
    CHECK(format_number(0.1F) == "0.1");
    CHECK(format_number(16777216.0F) == "16777216");
    CHECK(format_number(7) == "7");
    CHECK(format_number(limits::infinity()) == "inf");
    CHECK(format_number(-limits::infinity()) == "-inf");
    CHECK(format_number(limits::quiet_NaN()) == "nan");

    std::mt19937_64 random(7);
    int finite = 0;
    for (int i = 0; i < 100'000; ++i) {
        const double value = from_bits(random());
        if (!std::isfinite(value)) continue;
        ++finite;
        const std::string text = format_number(value);
        REQUIRE(bits_of(read(text)) == bits_of(value));
        REQUIRE(text.size() <= 24);
    }
    CHECK(finite > 99'000);
    for (const double value : {limits::max(), limits::lowest(), limits::min(), limits::denorm_min(), 1.0 / 3})
        CHECK(read(format_number(value)) == value);
}

TEST_CASE("format_number rounds to significant digits for tables", "[number]") {
    CHECK(format_number(12.3456, 4) == "12.35");
    CHECK(format_number(0.5, 3) == "0.5");
    CHECK(format_number(1234567.0, 3) == "1.23e+06");
    CHECK(format_number(0.000012345, 2) == "1.2e-05");
    CHECK(format_number(-100.0, 6) == "-100");
    CHECK(format_number(0.1, 17) == "0.10000000000000001");
    CHECK(format_number(7.7, 0) == "8");
    CHECK(format_number(0.1, 99) == "0.10000000000000001");
    CHECK(format_number(limits::quiet_NaN(), 3) == "nan");
}

TEST_CASE("the C library stands in for from_chars and to_chars with the same results", "[number]") {
    const auto by_strtod = [](std::string_view text) {
        double value = 0;
        return tenon::detail::parse_with_strtod(text, value) ? value : limits::quiet_NaN();
    };
    for (const std::string_view text :
         {"0", "-0.5", ".5", "3.", "1e3", "25e-1", "1e-400", "-1e-310", "0e999"})
        CHECK(bits_of(by_strtod(text)) == bits_of(read(text)));
    for (const std::string_view text :
         {"", "-", ".", "+1", " 1", "1 ", "1e", "0x10", "inf", "nan", "1e309", "-1e309"}) {
        INFO(text);
        CHECK(std::isnan(by_strtod(text)));
    }
    float narrow = 42;
    CHECK_FALSE(tenon::detail::parse_with_strtod("3.5e38", narrow));
    CHECK(narrow == 42);
    CHECK(tenon::detail::parse_with_strtod("1.000000059604644775390626", narrow));
    CHECK(narrow == std::nextafter(1.0F, 2.0F));

    const auto by_snprintf = [](double value) { return tenon::detail::format_with_snprintf(value, 1, 17); };
    CHECK(by_snprintf(0.1) == "0.1");
    CHECK(by_snprintf(-0.0) == "-0");
    CHECK(by_snprintf(1.0 / 3) == format_number(1.0 / 3));
    CHECK(by_snprintf(limits::infinity()) == "inf");
    CHECK(tenon::detail::format_with_snprintf(12.3456, 4, 4) == "12.35");
    CHECK(tenon::detail::format_with_snprintf(0.1F, 1, 9) == "0.1");
    std::mt19937_64 random(8);
    for (int i = 0; i < 2'000; ++i) {
        const double value = from_bits(random());
        if (!std::isfinite(value)) continue;
        REQUIRE(bits_of(by_strtod(by_snprintf(value))) == bits_of(value));
    }
}
