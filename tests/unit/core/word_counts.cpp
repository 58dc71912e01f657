#include "support/catch.hpp"

#include <array>
#include <string>
#include <tenon/core/word_counts.hpp>
#include <vector>

using namespace tenon::detail;

namespace {

/// Counts of a text in Size places, over numbers that were there before.
template <std::size_t Size, class T = int>
constexpr std::array<T, Size> counted(std::string_view text, bool alternate_sign = false) {
    std::array<T, Size> counts{};
    counts.fill(T{77});
    count_words(text, std::span<T, Size>(counts), alternate_sign);
    return counts;
}

} // namespace

// The published hash of "hello" is 0x248bfa47, that of "test" 0xba6bd213: a negative number, of size 0x45942ded.

TEST_CASE("a word counts in the place of its hash's size", "[word_counts]") {
    CHECK(counted<8>("hello") == std::array{0, 0, 0, 0, 0, 0, 0, 1});
    CHECK(counted<8>("test") == std::array{0, 0, 0, 0, 0, 1, 0, 0});
    CHECK(counted<5>("test") == std::array{0, 0, 0, 0, 1});
    CHECK(counted<8>("Test hello, TEST!") == std::array{0, 0, 0, 0, 0, 2, 0, 1});
    STATIC_REQUIRE(counted<5, float>("hello hello")[1] == 2);
}

TEST_CASE("words of a negative hash count -1 where signs alternate", "[word_counts]") {
    CHECK(counted<8>("test hello test", true) == std::array{0, 0, 0, 0, 0, -2, 0, 1});
    CHECK(counted<3>("hello test", true) == std::array{0, 0, 0}); // two words of one place
    CHECK(counted<3>("hello test") == std::array{0, 2, 0});
}

TEST_CASE("all words are in one place where there is one, and none where there are no words",
          "[word_counts]") {
    CHECK(counted<1>("one two three") == std::array{3});
    CHECK(counted<4>("") == std::array<int, 4>{});
    CHECK(counted<4>("a - b ... c") == std::array<int, 4>{});
}

TEST_CASE("places whose number the compiler does not know are counted alike", "[word_counts]") {
    const std::string text = "It was the best of times, it was the worst of times";
    const std::array<double, 7> expected = counted<7, double>(text);
    std::vector<double> counts(7, -5);
    count_words(text, std::span<double>(counts));
    CHECK(std::vector<double>(expected.begin(), expected.end()) == counts);
    double words = 0;
    for (const double count : counts) words += count;
    CHECK(words == 12);
}

TEST_CASE("letters of ASCII alone have two cases", "[word_counts]") {
    for (int i = 0; i < 128; ++i) {
        const char c = static_cast<char>(i);
        CHECK(in_lower_case(c) == (i >= 65 && i <= 90 ? static_cast<char>(i + 32) : c));
    }
    CHECK(in_lower_case('\xc9') == '\xc9');
    // The capital of an accented letter is another word, as its bytes are.
    CHECK(counted<64>("\xc3\x89T\xc3\x89") == counted<64>("\xc3\x89t\xc3\x89"));
    CHECK(counted<64>("\xc3\x89t\xc3\x89") != counted<64>("\xc3\xa9t\xc3\xa9"));
}

TEST_CASE("bytes of words are letters, digits, _ and all beyond ASCII", "[word_counts]") {
    const std::string_view in_words = "_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    for (int i = 0; i < 256; ++i) {
        const char c = static_cast<char>(i);
        INFO(i);
        CHECK(is_word_byte(c) == (i >= 128 || in_words.find(c) != std::string_view::npos));
        CHECK(starts_character(c) == (i < 128 || i >= 192));
    }
}

TEST_CASE("words are handed on as they lie in the text", "[word_counts]") {
    const std::string_view text = "x yy-zz9 ";
    std::vector<std::size_t> places;
    each_word(text, [&](std::string_view word) {
        places.push_back(static_cast<std::size_t>(word.data() - text.data()));
        places.push_back(word.size());
    });
    CHECK(places == std::vector<std::size_t>{2, 2, 5, 3});
}
