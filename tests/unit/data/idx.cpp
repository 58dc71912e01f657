#include "support/catch.hpp"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <tenon/data/idx.hpp>
#include <unistd.h>
#include <vector>

namespace tn = tenon;

namespace {

std::string big(std::uint32_t value) {
    std::string text;
    for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(value >> shift & 255);
    return text;
}

std::string idx(char type, const std::vector<std::uint32_t>& shape, const std::string& values) {
    std::string file{'\0', '\0', type, static_cast<char>(shape.size())};
    for (const std::uint32_t extent : shape) file += big(extent);
    return file + values;
}

template <class T = std::uint8_t>
tn::idx_data<T> parse(const std::string& file) {
    return tn::parse_idx<T>(std::as_bytes(std::span(file)), "f.idx");
}

template <class T = std::uint8_t>
std::string refused(const std::string& file) {
    try {
        parse<T>(file);
    } catch (const tn::data_error& e) {
        return e.what();
    }
    return {};
}

} // namespace

TEST_CASE("images of an IDX file are rows", "[idx]") {
    const std::string images = idx('\x08', {2, 2, 3}, std::string("\0\1\2\3\4\5\6\7\x08\x09\xfe\xff", 12));
    const auto read = parse(images);
    CHECK(read.shape == std::vector<std::size_t>{2, 2, 3});
    REQUIRE(read.values.rows() == 2);
    REQUIRE(read.values.columns() == 6);
    CHECK(read.values(0, 5) == 5);
    CHECK(read.values(1, 5) == 255);

    const auto path = std::filesystem::temp_directory_path() / ("tenon_idx_" + std::to_string(::getpid()));
    tn::write_file(path.string(), images);
    CHECK(tn::read_idx<float>(path.string()).values(1, 4) == 254.0F);
    std::remove(path.string().c_str());
    CHECK_THROWS_AS(tn::read_idx(path.string()), tn::data_error);
}

TEST_CASE("IDX files of all types are read as any type that can hold their values", "[idx]") {
    CHECK(parse<float>(idx('\x09', {1}, "\xff")).values(0, 0) == -1);
    CHECK(parse<float>(idx('\x0B', {1}, "\x01\x02")).values(0, 0) == 258);
    CHECK(parse<float>(idx('\x0C', {1}, "\xff\xff\xff\xfe")).values(0, 0) == -2);
    CHECK(parse<float>(idx('\x0D', {1}, big(0x3FC00000))).values(0, 0) == 1.5F);
    CHECK(parse<float>(idx('\x0E', {1}, big(0x3FF80000) + big(0))).values(0, 0) == 1.5F);
    CHECK(parse(idx('\x08', {0, 28, 28}, "")).values.columns() == 784);
    CHECK(refused(idx('\x09', {2}, "\x01\xff")) ==
          "f.idx: the value in row 2, column 1 cannot be held by the type it is to be read as");
}

TEST_CASE("other files than IDX are refused", "[idx]") {
    CHECK(refused("\x1f\x8b\x08 and more") ==
          "f.idx is compressed by gzip, which cannot be read: unpack it with gunzip first");
    const std::string other =
        "f.idx is not an IDX file: it does not begin with two zeros, the code of a type (8, 9, "
        "11 to 14) and a number of dimensions";
    const std::string good = idx('\x08', {2, 1}, "ab");
    for (std::size_t size = 0; size < 4; ++size) CHECK(refused(good.substr(0, size)) == other);
    CHECK(refused("x" + good) == other);
    CHECK(refused(idx('\x0A', {1}, "a")) == other);
    CHECK(refused(idx('\x08', {}, "a")) == other);
}

TEST_CASE("IDX files that are cut off or too long are refused", "[idx]") {
    const std::string good = idx('\x08', {2, 1}, "ab");
    CHECK(refused(good).empty());
    CHECK(refused(good.substr(0, 11)) ==
          "f.idx: the header of 2 dimensions has 12 bytes, but the file ends before it "
          "does");
    CHECK(refused(good.substr(0, 13)) == "f.idx: the shape makes 2 bytes, but there are 1 behind the header");
    CHECK(refused(good + "c") == "f.idx: the shape makes 2 bytes, but there are 3 behind the header");
    CHECK(refused(idx('\x0E', {0xFFFFFFFF, 0xFFFFFFFF}, "")) ==
          "f.idx: the shape has more bytes than 64 bits can "
          "count");
    CHECK(refused(idx('\x08', {0, 0xFFFFFFFF}, "")) ==
          "f.idx: the shape has no values, but more than 2^20 rows or "
          "columns");
}
