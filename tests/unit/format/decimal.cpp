#include "support/catch.hpp"

#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>
#include <tenon/core/random.hpp>
#include <tenon/format/decimal.hpp>
#include <vector>

using tenon::detail::read_decimal;

#if defined(__SIZEOF_INT128__) // else there is no quick way

namespace {

/// How many characters of the text are read as this value, to the bit; 0 where from_chars is asked for.
std::size_t read(std::string_view text, double expected) {
    double value = 42;
    const char* const end = read_decimal(text.data(), text.data() + text.size(), value);
    const double should_be = end == nullptr ? 42 : expected;
    if (std::bit_cast<std::uint64_t>(value) != std::bit_cast<std::uint64_t>(should_be)) return 1000000;
    return end == nullptr ? 0 : static_cast<std::size_t>(end - text.data());
}

/// The same against from_chars: the value as well as the place where it ends.
bool is_as_from_chars(std::string_view text) {
    double value = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), value).ptr;
    return read(text, value) == static_cast<std::size_t>(end - text.data());
}

} // namespace

TEST_CASE("decimals are read as far as they go", "[decimal]") {
    CHECK(read("12,5", 12) == 2);
    CHECK(read("-0.5;", -0.5) == 4);
    CHECK(read("-0", -0.0) == 2);
    CHECK(read(".5", 0.5) == 2);
    CHECK(read("3.", 3) == 2);
    CHECK(read("1.5.2", 1.5) == 3);
    CHECK(read("25e-1e3", 2.5) == 5);
    CHECK(read("1E+5\n", 1e5) == 4);
    CHECK(read("1234567890123456-", 1234567890123456) == 16);
    CHECK(read("00000000000000000000000000000012", 12) == 32);
    CHECK(read("0.00000000000000000000012", 1.2e-22) == 25);
    CHECK(read("0e9999", 0) == 6);
}

TEST_CASE("what is no decimal, or too long for the quick way, leaves the value as it was", "[decimal]") {
    std::istringstream words("- . -. +1 --1 e5 1e 1e+ 1e- .e1 inf nan x 12345678901234567890 "
                             "1.2345678901234567891 1e00001 1e99999 -1e-400 1e300");
    CHECK(read("", 42) == 0);
    CHECK(read(" 1", 42) == 0);
    for (std::string word; words >> word;) {
        INFO(word);
        CHECK(read(word, 42) == 0);
    }
}

TEST_CASE("more zeros than any double has places are left to the slow way", "[decimal]") {
    CHECK(read("0." + std::string(20'000, '0') + "1", 42) == 0);
    CHECK(read("0." + std::string(9'000, '0') + "1e9001", 1) == 9'008);
}

TEST_CASE("half-way between two doubles the even one is read", "[decimal]") {
    CHECK(read("9007199254740993", 9007199254740992.0) == 16); // 2^53 + 1
    CHECK(read("9007199254740995", 9007199254740996.0) == 16);
    CHECK(read("900719925474099.3e1", 9007199254740992.0) == 19);
    CHECK(read("-9007199254740993", -9007199254740992.0) == 17);
    // 2^49 + 1/16, where doubles are 1/8 apart, and one digit to either side of it.
    CHECK(read("562949953421312.0625", 562949953421312.0) == 20);
    CHECK(read("562949953421312.0624", 562949953421312.0) == 20);
    CHECK(read("562949953421312.0626", 562949953421312.125) == 20);
    CHECK(read("562949953421312.1875", 562949953421312.25) == 20);
    CHECK(read("18014398509481983", 18014398509481984.0) == 17); // up to the next power of two
    // 5^23 has 54 bits, and so has 7 * 5^22.
    CHECK(read("1e23", 99999999999999991611392.0) == 4);
    CHECK(is_as_from_chars("7e22"));
}

TEST_CASE("decimals of any length and power are those of from_chars", "[decimal]") {
    tenon::philox random(11);
    std::string wrong;
    for (std::size_t count = 1; count < 20; ++count)
        for (std::size_t point = 0; point <= count; ++point)
            for (int power = -34; power < 36; power += 3) {
                std::string text;
                while (text.size() < count) text += static_cast<char>('0' + random.below(10));
                text.insert(point, ".");
                if (power != 35) text += "e" + std::to_string(power);
                if (!is_as_from_chars(text) || !is_as_from_chars("-" + text + ",1")) wrong += text + ' ';
            }
    CHECK(wrong.empty());
}

TEST_CASE("nothing behind the end is looked at", "[decimal]") {
    const std::string_view text = "-1234567890.12345678e-12";
    for (std::size_t size = 0; size <= text.size(); ++size) {
        const std::vector<char> exact(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size));
        double value = 0, expected = 0;
        const char* const end = read_decimal(exact.data(), exact.data() + size, value);
        if (end != nullptr) {
            CHECK(std::from_chars(exact.data(), exact.data() + size, expected).ptr == end);
            CHECK(value == expected);
        } else
            CHECK((size < 2 || text[size - 1] == 'e' || text[size - 2] == 'e'));
    }
}

#endif
