// Archives as lists of members; the arrays in them are read in data/npy.cpp.

#include "support/catch.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tenon/format/zip.hpp>
#include <vector>

namespace tn = tenon;
using namespace std::string_view_literals;

namespace {

/// As Python's zipfile writes it: "123456789" as a, nothing as b.
constexpr std::string_view python =
    "PK\3\4\24\0\0\0\0\0\0\0\41\0\46\71\364\313\11\0\0\0\11\0\0\0\1\0\0\0a123456789"
    "PK\3\4\24\0\0\0\0\0\0\0\41\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0b"
    "PK\1\2\24\3\24\0\0\0\0\0\0\0\41\0\46\71\364\313\11\0\0\0\11\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\200\1\0\0\0\0a"
    "PK\1\2\24\3\24\0\0\0\0\0\0\0\41\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\200\1\50\0\0\0b"
    "PK\5\6\0\0\0\0\2\0\2\0\136\0\0\0G\0\0\0\0\0"sv;
constexpr std::size_t first_entry = 71, second_entry = 118, end = 165;

/// The archive with other bytes at some place.
std::string with(std::size_t at, std::string_view bytes, std::string_view archive = python) {
    return std::string(archive).replace(at, bytes.size(), bytes);
}
std::vector<tn::zip_member> members_of(std::string_view archive) {
    return tn::zip_members(std::as_bytes(std::span(archive)), "a.zip");
}
std::string_view text_of(const tn::zip_member& member) {
    return {reinterpret_cast<const char*>(member.bytes.data()), member.bytes.size()};
}

} // namespace

TEST_CASE("the members of an archive are listed where they lie, in the order of the directory", "[zip]") {
    const std::vector<tn::zip_member> members = members_of(python);
    REQUIRE(members.size() == 2);
    CHECK(members[0].name == "a");
    CHECK(members[0].crc == 0xCBF43926);
    CHECK(text_of(members[0]) == "123456789");
    CHECK(text_of(members[0]).data() == python.data() + 31);
    CHECK(members[1].name == "b");
    CHECK(members[1].bytes.empty());
    for (const tn::zip_member& member : members) {
        CHECK(member.is_stored);
        CHECK_NOTHROW(tn::check_crc(member));
    }
}

TEST_CASE("an archive may carry a comment that looks like its end, and begin anywhere", "[zip]") {
    CHECK(members_of(with(end + 20, "\32\0PK\5\6 which is no directory"sv)).size() == 2);
    std::string behind = std::string(9, '#') + with(end + 16, "\120");
    behind = with(9 + first_entry + 42, "\11", behind);
    behind = with(9 + second_entry + 42, "\61", behind);
    REQUIRE(members_of(behind).size() == 2);
    CHECK(text_of(members_of(behind)[0]) == "123456789");
}

TEST_CASE("compressed and encrypted members are listed, but not as stored", "[zip]") {
    const std::string deflated = with(first_entry + 10, "\10"), encrypted = with(first_entry + 8, "\1");
    CHECK_FALSE(members_of(deflated)[0].is_stored);
    CHECK_FALSE(members_of(encrypted)[0].is_stored);
    // Only they may have other sizes than their content.
    CHECK(members_of(with(first_entry + 24, "\77", deflated))[0].bytes.size() == 9);
    CHECK_THROWS_WITH(members_of(with(first_entry + 24, "\77")),
                      "a.zip: the member 'a' is stored in 9 bytes, but has 63");
}

TEST_CASE("a member that is damaged has another sum", "[zip]") {
    const auto checked = [](const std::string& archive) { tn::check_crc(members_of(archive)[0], "a.zip"); };
    CHECK_THROWS_AS(checked(with(31, "x")), tn::data_error);
    CHECK_THROWS_WITH(checked(with(39, "x")),
                      "a.zip: the member 'a' is damaged: its CRC-32 is not the one in the directory");
    CHECK_THROWS_AS(checked(with(first_entry + 16, "x")), tn::data_error);
}

TEST_CASE("a directory that does not describe the members is refused", "[zip]") {
    const auto refused = [](const std::string& archive, const std::string& why) {
        CHECK_THROWS_WITH(members_of(archive), "a.zip: " + why);
    };
    refused(with(end + 4, "\1"), "archives in several files cannot be read");
    refused(with(end + 16, "\0\1"sv), "the directory at byte 256 does not lie in the file, which has 187");
    // Where 20 zeros stand in front of the end, the 64-bit end is looked for at byte 0.
    refused(with(end + 20 + 8, "\377\377\377\377", std::string(python).insert(end, 20, '\0')),
            "there is no 64-bit end of the directory at byte 0");
    refused(with(second_entry + 32, "\1"), "the directory entry at byte 118 is cut off");
    refused(with(first_entry + 42, "\50"), "the member 'a' does not begin at byte 40, as the directory says");
    refused(with(second_entry + 20, "\1\0\0\0\1"sv),
            "the member 'b' ends at byte 72, behind the directory at 71");
}

TEST_CASE("fields that an entry has besides are passed over, and are to be whole", "[zip]") {
    const auto with_field = [](std::string_view field) {
        std::string archive = with(second_entry + 30, "\4");
        archive = with(end + 12, "\142", archive); // the directory's size
        return archive.insert(end, field);
    };
    CHECK(members_of(with_field("\2\0\0\0"sv)).size() == 2);
    CHECK_THROWS_WITH(members_of(with_field("\1\0\3\0"sv)),
                      "a.zip: an extra field of a directory entry is cut off");
    CHECK_THROWS_WITH(members_of(with(second_entry + 42, "\377\377\377\377", with_field("\1\0\0\0"sv))),
                      "a.zip: a directory entry has no 64-bit size, but says so");
}
