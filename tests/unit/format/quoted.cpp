#include "support/catch.hpp"

#include <string>
#include <string_view>
#include <tenon/format/quoted.hpp>

using namespace std::string_view_literals;
using tenon::detail::quoted_bytes;

TEST_CASE("printable bytes are quoted as they are", "[quoted]") {
    CHECK(quoted_bytes("") == "''");
    CHECK(quoted_bytes("x.npy") == "'x.npy'");
    CHECK(quoted_bytes(" !\"'\\~") == "' !\"'\\~'");
}

TEST_CASE("every other byte is a question mark", "[quoted]") {
    CHECK(quoted_bytes("a\nb\tc\rd\x1b[31m"sv) == "'a?b?c?d?[31m'");
    CHECK(quoted_bytes("\0\x1f\x7f\x80\xff."sv) == "'?????.'");
    CHECK(quoted_bytes("é €.") == "'?? ???.'");
}

TEST_CASE("more than 40 bytes are cut off, and it shows", "[quoted]") {
    const std::string forty(40, 'x');
    CHECK(quoted_bytes(forty) == "'" + forty + "'");
    CHECK(quoted_bytes(forty + "y") == "'" + forty + "...'");
    CHECK(quoted_bytes(std::string(1000000, '\n')) == "'" + std::string(40, '?') + "...'");
}
