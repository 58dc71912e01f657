#include "support/catch.hpp"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <string>
#include <tenon/data/npy.hpp>
#include <tenon/data/npz.hpp>
#include <unistd.h>
#include <vector>

namespace tn = tenon;

namespace {

using bytes = std::vector<std::byte>;

bytes bytes_of(std::string_view text) {
    const auto all = std::as_bytes(std::span(text));
    return {all.begin(), all.end()};
}

/// A file of version 1.0 with a header as it is and values behind it.
std::string npy(const std::string& header, const std::string& values) {
    return std::string("\x93NUMPY\x01\0", 8) + static_cast<char>(header.size()) + '\0' + header + values;
}
std::string npy(const std::string& type, const std::string& shape, const std::string& values) {
    return npy("{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }\n", values);
}

/// The values of a file, row behind row.
template <class T = double>
std::vector<T> read(const std::string& file) {
    const tn::matrix<T> x = tn::parse_npy<T>(bytes_of(file), "f.npy");
    return {x.data(), x.data() + x.rows() * x.columns()};
}

/// What the data_error says that f throws; empty where it throws none.
template <class F>
std::string refusal(F f) {
    try {
        f();
    } catch (const tn::data_error& e) {
        return e.what();
    }
    return {};
}
template <class T = double>
std::string refused(const std::string& file) {
    return refusal([&] { read<T>(file); });
}

std::string little(std::uint64_t value, int size) {
    std::string text;
    for (int i = 0; i < size; ++i, value >>= 8) text += static_cast<char>(value & 255);
    return text;
}

/// A member of an archive as numpy.savez writes it: its sizes are in an extra field of 64 bits each.
std::string head_of(const std::string& name, const std::string& content, int method = 0) {
    const auto crc = tn::crc32(bytes_of(content));
    return "PK\x03\x04" + little(45, 2) + little(0, 2) + little(static_cast<std::uint64_t>(method), 2) +
           little(0, 4) + little(crc, 4) + little(0xFFFFFFFF, 4) + little(0xFFFFFFFF, 4) +
           little(name.size(), 2) + little(20, 2) + name + little(1, 2) + little(16, 2) +
           little(content.size(), 8) + little(content.size(), 8) + content;
}
std::string entry_of(const std::string& name, const std::string& content, std::size_t at, int method = 0) {
    const auto crc = tn::crc32(bytes_of(content));
    return "PK\x01\x02" + little(0x32D, 2) + little(45, 2) + little(0, 2) +
           little(static_cast<std::uint64_t>(method), 2) + little(0, 4) + little(crc, 4) +
           little(content.size(), 4) + little(content.size(), 4) + little(name.size(), 2) + little(0, 12) +
           little(at, 4) + name;
}
std::string end_of(std::size_t count, std::size_t size, std::size_t at) {
    return "PK\x05\x06" + little(0, 4) + little(count, 2) + little(count, 2) + little(size, 4) +
           little(at, 4) + little(0, 2);
}

const std::string six = npy("|u1", "(2, 3)", "\x01\x02\x03\x04\x05\x06");
const std::string two = npy("|i1", "(2,)", "\x07\xff");

/// x.npy and y.npy.
std::string npz(int method = 0) {
    const std::string x = head_of("x.npy", six, method), y = head_of("y.npy", two, method);
    const std::string directory =
        entry_of("x.npy", six, 0, method) + entry_of("y.npy", two, x.size(), method);
    return x + y + directory + end_of(2, directory.size(), x.size() + y.size());
}
std::string npz_refused(const std::string& file) {
    return refusal([&] { tn::npz_file(bytes_of(file), "f.npz").read("x"); });
}
std::string replaced(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
}

} // namespace

TEST_CASE("npy files of all types and both byte orders are read", "[npy]") {
    using numbers = std::vector<double>;
    CHECK(read(six) == numbers{1, 2, 3, 4, 5, 6});
    CHECK(read(two) == numbers{7, -1});
    CHECK(read(npy("<i2", "(2,)", "\x01\x02\xff\xff")) == numbers{513, -1});
    CHECK(read(npy(">i2", "(2,)", "\x01\x02\xff\xff")) == numbers{258, -1});
    CHECK(read(npy("<u2", "(1, 1)", "\xff\xff")) == numbers{65535});
    CHECK(read(npy("<i4", "(1,)", "\xfe\xff\xff\xff")) == numbers{-2});
    CHECK(read(npy(">u4", "(1,)", "\xff\xff\xff\xfe")) == numbers{4294967294.0});
    CHECK(read(npy("<i8", "(1,)", "\xfe\xff\xff\xff\xff\xff\xff\xff")) == numbers{-2});
    CHECK(read(npy("<u8", "(1,)", little(0xFFFFFFFFFFFFF800, 8))) == numbers{18446744073709549568.0});
    CHECK(read(npy("<f4", "(1,)", little(0x3FC00000, 4))) == numbers{1.5});
    CHECK(read(npy(">f8", "(1,)", std::string("\x3f\xf8\0\0\0\0\0\0", 8))) == numbers{1.5});
    CHECK(read(npy("|b1", "(2,)", std::string("\1\0", 2))) == numbers{1, 0});
    CHECK(read<float>(npy("<f8", "(1,)", little(0x3FB999999999999A, 8))) == std::vector<float>{0.1F});
    CHECK(read<std::int64_t>(npy("<i8", "(1,)", little(1, 7) + '\x80')) ==
          std::vector{std::numeric_limits<std::int64_t>::min() + 1});
    CHECK(read<std::uint8_t>(npy("<f4", "(1,)", little(0x437F0000, 4))) == std::vector<std::uint8_t>{255});
}

TEST_CASE("npy rows are the first index, in C and in Fortran order", "[npy]") {
    const auto x = tn::parse_npy<int>(bytes_of(
        npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3)}", "\x01\x04\x02\x05\x03\x06")));
    REQUIRE(x.rows() == 2);
    REQUIRE(x.columns() == 3);
    CHECK(x(0, 1) == 2);
    CHECK(x(1, 0) == 4);
    // numpy.asfortranarray(numpy.arange(8).reshape(2, 2, 2)): columns in C order of the last two indices.
    CHECK(read(npy("{\"shape\": (2,2,2), \"fortran_order\": True, \"descr\": \"|u1\"}   \n",
                   std::string("\0\4\2\6\1\5\3\7", 8))) == std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7});
    CHECK(tn::parse_npy(bytes_of(npy("<f8", "(0, 5)", ""))).columns() == 5);
    CHECK(tn::parse_npy(bytes_of(npy("<f8", "(5, 0)", ""))).rows() == 5);
    CHECK(tn::parse_npy(bytes_of(two)).columns() == 1);
}

TEST_CASE("npy files of versions 2 and 3 are read", "[npy]") {
    const std::string header = "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}\n";
    for (const char version : {'\x02', '\x03'}) {
        const std::string start = std::string("\x93NUMPY") + version + '\0';
        CHECK(read(start + little(header.size(), 4) + header + '\x09') == std::vector<double>{9});
        CHECK(refused(start + little(0xFFFFFFFF, 4) + header) ==
              "f.npy: the .npy header has 4294967295 bytes, but the file ends before it does");
        CHECK(refused(start + "\x01 ") ==
              "f.npy: the .npy header has 0 bytes, but the file ends before it does");
    }
    CHECK(refused("\x93NUMPY\x04" + six.substr(7)) ==
          "f.npy is a .npy file of version 4.0, expected 1.0, 2.0 or 3.0");
}

TEST_CASE("npy values that the type cannot hold are refused with their place", "[npy]") {
    const auto fails_at = [](const char* place) {
        return std::string("f.npy: the value in ") + place +
               " cannot be held by the type it is to be read as";
    };
    CHECK(refused(npy("<u8", "(2, 1)", little(1, 8) + little((1ULL << 53) + 1, 8))) ==
          fails_at("row 2, column 1"));
    CHECK(refused<float>(npy("<i4", "(1,)", little((1U << 24) + 1, 4))) == fails_at("row 1, column 1"));
    CHECK(refused<float>(npy("<f8", "(1, 2)", little(0, 8) + little(0x7FE0000000000000, 8))) ==
          fails_at("row 1, column 2"));
    CHECK(refused<int>(npy("<f4", "(1,)", little(0x3FC00000, 4))) == fails_at("row 1, column 1"));
    CHECK(refused<int>(npy("<f4", "(1,)", little(0x4F000000, 4))) == fails_at("row 1, column 1"));
    CHECK(refused<int>(npy("<f4", "(1,)", little(0x7FC00000, 4))) == fails_at("row 1, column 1"));
    CHECK(refused<std::uint8_t>(two) == fails_at("row 2, column 1"));
    CHECK(refused<std::int8_t>(npy("<i2", "(1,)", little(0xFF7F, 2))) == fails_at("row 1, column 1"));
    CHECK(refused(npy("|b1", "(1,)", "\2")) == fails_at("row 1, column 1"));
    CHECK(refused<std::uint8_t>(npy("{'descr': '|i1', 'fortran_order': True, 'shape': (2, 2)}",
                                    "\1\1\1\x80")) == fails_at("row 2, column 2"));
    // Infinities and NaN are numbers of every floating type.
    CHECK(read<float>(npy("<f8", "(1,)", little(0x7FF0000000000000, 8)))[0] ==
          std::numeric_limits<float>::infinity());
}

TEST_CASE("npy headers that are not exactly NumPy's are refused", "[npy]") {
    const std::string one = "\x01", order = "'fortran_order': False";
    const auto says = [&](const std::string& header, const std::string& part) {
        const std::string message = refused(npy(header, one));
        CHECK_THAT(message, tenon_test::ContainsSubstring("f.npy: the .npy header at its character "));
        CHECK_THAT(message, tenon_test::ContainsSubstring(part));
    };
    const std::string type = "{'descr': '|u1', ", shape = "'shape': (1,)";
    says("", "expected '{'");
    says("{}", "there is no entry 'descr'");
    says(type + order + "}", "there is no entry 'shape'");
    says(type + shape + "}", "there is no entry 'fortran_order'");
    says(type + shape + ", " + shape + "}", "the entry 'shape' is there twice");
    says(type + "'x': 1}", "there is an entry 'x', expected only");
    says(type + order + ", " + shape + "} x", "there is more behind the dictionary");
    says(type + order + " " + shape + "}", "expected '}'");
    says(type + order + ", " + shape, "expected '}'");
    says("{'descr", "the quote is not closed");
    says("{descr", "expected text in quotes");
    says("{'fortran_order': 0", "expected True or False, found '0'");
    says("{'shape': (1)", "expected ',' behind the only extent");
    says("{'shape': (-1,)", "expected an extent, a whole number, found '-1,)'");
    says("{'shape': (9007199254740992,)", "an extent is 2^53 or more");
    says("{'shape': (99999999999999999999999999,)", "an extent is 2^53 or more");
    says("{'shape': 1", "expected '('");
    says("{'descr': [('a', '<f8')]", "records with named fields cannot be read");
    for (const char* bad : {"<c8", "|O", "<f2", "<U1", "f8", "|f8", "=f8", "<f8 ", "", "<8 ", "<f", "\x01"})
        says(std::string("{'descr': '") + bad + "'", "values of the type ");
    says("{'shape': (" +
             std::string(130, '1').replace(1, 128,
                                           [] {
                                               std::string ones;
                                               for (int i = 0; i < 64; ++i) ones += ",1";
                                               return ones;
                                           }()) +
             ",)",
         "more than 64 dimensions");
}

TEST_CASE("npy sizes must be those of the shape", "[npy]") {
    CHECK(refused(npy("<f8", "(2,)", std::string(15, 'x'))) ==
          "f.npy: the shape makes 16 bytes, but there are 15 behind the header");
    CHECK(refused(six + "x") == "f.npy: the shape makes 6 bytes, but there are 7 behind the header");
    CHECK(refused(npy("<f8", "(4294967296, 4294967296)", "")) ==
          "f.npy: the shape has more bytes than 64 bits can count");
    CHECK(refused(npy("<f8", "(4503599627370496, 4503599627370496, 0)", "")) ==
          "f.npy: the shape has more bytes than 64 bits can count");
    CHECK(refused(npy("<f8", "(4503599627370496, 0)", "")) ==
          "f.npy: the shape has no values, but more than 2^20 rows or columns");
    CHECK(refused(npy("<f8", "()", std::string(8, '\0'))) ==
          "f.npy: a single value without a shape is no matrix, save an array of one value");
    CHECK(refused("") == "f.npy is not a .npy file: it does not begin with \\x93NUMPY and a version");
    for (std::size_t size = 0; size < six.size(); ++size) CHECK_FALSE(refused(six.substr(0, size)).empty());
}

TEST_CASE("matrices of any layout are written as NumPy writes them", "[npy]") {
    const auto path =
        std::filesystem::temp_directory_path() / ("tenon_npy_" + std::to_string(::getpid()) + ".npy");
    tn::matrix<float> x(3, 2);
    for (std::size_t i = 0; i < 6; ++i) x.data()[i] = static_cast<float>(i) + 0.5F;
    tn::write_npy(path.string(), x);
    const auto again = tn::read_npy<float>(path.string());
    REQUIRE(again.rows() == 3);
    CHECK(std::vector(again.data(), again.data() + 6) == std::vector(x.data(), x.data() + 6));
    tn::write_npy(path.string(), tn::matrix_view<const float>(x.data(), 2, 3, 1, 2));
    CHECK(tn::read_npy(path.string())(0, 1) == 2.5);
    std::remove(path.string().c_str());
    CHECK_THROWS_AS(tn::read_npy(path.string()), tn::data_error);

    const bytes file = tn::npy_bytes(tn::matrix<std::int32_t>(1, 2).view());
    const std::string header = "{'descr': '<i4', 'fortran_order': False, 'shape': (1, 2), }";
    CHECK(file == bytes_of(std::string("\x93NUMPY\x01\0\x76\0", 10) + header +
                           std::string(117 - header.size(), ' ') + '\n' + std::string(8, '\0')));
}

TEST_CASE("npz files give their arrays by name", "[npz]") {
    CHECK(tn::crc32(bytes_of("123456789")) == 0xCBF43926);
    CHECK(tn::crc32(bytes_of("")) == 0);
    const tn::npz_file file(bytes_of(npz()), "f.npz");
    CHECK(file.names() == std::vector<std::string>{"x", "y"});
    CHECK(file.read<int>("x")(1, 2) == 6);
    CHECK(file.read("y")(1, 0) == -1);
    CHECK(refusal([&] { file.read("z"); }) == "f.npz has no array 'z', there are 'x', 'y'");
    CHECK(refusal([&] { file.read<std::uint8_t>("y"); }).starts_with("f.npz: 'y': the value in row 2"));

    const auto path =
        std::filesystem::temp_directory_path() / ("tenon_npz_" + std::to_string(::getpid()) + ".npz");
    tn::write_file(path.string(), npz());
    CHECK(tn::npz_names(path.string()) == file.names());
    CHECK(tn::read_npz(path.string(), "x")(0, 1) == 2);
    std::remove(path.string().c_str());
}

TEST_CASE("npz archives may be empty, carry a comment and sizes of 64 bits", "[npz]") {
    CHECK(tn::npz_file(bytes_of(end_of(0, 0, 0)), "f.npz").names().empty());
    const std::string file = npz();
    std::string with_comment = file + "PK\x05\x06 no directory";
    with_comment[file.size() - 2] = static_cast<char>(with_comment.size() - file.size());
    CHECK(tn::npz_file(bytes_of(with_comment), "f.npz").read("x")(0, 0) == 1);

    // One member whose sizes, offset, and directory are all written in 64 bits.
    const std::string head = head_of("x.npy", six);
    std::string entry = entry_of("x.npy", six, 0xFFFFFFFF);
    entry.replace(20, 8, 8, '\xff').replace(30, 2, little(28, 2));
    entry += little(1, 2) + little(24, 2) + little(six.size(), 8) + little(six.size(), 8) + little(0, 8);
    const std::string wide = "PK\x06\x06" + little(44, 8) + little(45, 2) + little(45, 2) + little(0, 8) +
                             little(1, 8) + little(1, 8) + little(entry.size(), 8) + little(head.size(), 8);
    const std::string locator =
        "PK\x06\x07" + little(0, 4) + little(head.size() + entry.size(), 8) + little(1, 4);
    const std::string all = head + entry + wide + locator + end_of(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF);
    CHECK(tn::npz_file(bytes_of(all), "f.npz").read("x")(1, 2) == 6);
    CHECK_FALSE(npz_refused(replaced(all, wide.substr(0, 4), "PK\x06\x08")).empty());
    CHECK_FALSE(npz_refused(replaced(all, locator.substr(8, 8), little(UINT64_MAX, 8))).empty());
    CHECK_FALSE(npz_refused(replaced(all, little(24, 2) + little(six.size(), 8),
                                     little(24, 2) + little(UINT64_MAX, 8)))
                    .empty());
}

TEST_CASE("npz archives that are compressed or damaged are refused", "[npz]") {
    const std::string file = npz(), x = head_of("x.npy", six);
    CHECK(npz_refused(npz(8)) == "f.npz: 'x' is compressed or encrypted, which cannot be read: save it with "
                                 "numpy.savez instead of numpy.savez_compressed");
    CHECK(npz_refused(replaced(file, "\x01\x02\x03", "\x01\x02\x07")) ==
          "f.npz: the member 'x.npy' is damaged: its CRC-32 is not the one in the directory");
    CHECK(npz_refused("") ==
          "f.npz: this is no zip archive, or it is cut off: it does not end in a directory");
    for (std::size_t size = 0; size < file.size(); ++size)
        CHECK_FALSE(npz_refused(file.substr(0, size)).empty());

    const std::string directory = entry_of("x.npy", six, 0), end = end_of(1, directory.size(), x.size());
    REQUIRE(npz_refused(x + directory + end).empty());
    const auto with_entry = [&](std::size_t at, std::uint64_t value, int size) {
        std::string entry = directory;
        entry.replace(at, static_cast<std::size_t>(size), little(value, size));
        return npz_refused(x + entry + end);
    };
    CHECK(with_entry(0, 0, 4) == "f.npz: there is no directory entry at byte " + std::to_string(x.size()));
    CHECK_THAT(with_entry(20, 5, 4), tenon_test::ContainsSubstring("is stored in 5 bytes, but has"));
    CHECK_THAT(with_entry(28, 0xFFFF, 2), tenon_test::ContainsSubstring("is cut off"));
    CHECK_THAT(with_entry(42, 1, 4), tenon_test::ContainsSubstring("at byte 1"));
    CHECK_THAT(with_entry(42, 0xFFFFFFF0, 4), tenon_test::ContainsSubstring("does not lie in the file"));
    CHECK_THAT(with_entry(42, 0xFFFFFFFF, 4),
               tenon_test::ContainsSubstring("has no 64-bit size, but says so"));
    CHECK_THAT(npz_refused(x + directory + end_of(2, directory.size(), x.size())),
               tenon_test::ContainsSubstring("the directory has 1 members, its end says 2"));
    CHECK_THAT(npz_refused(x + directory + end_of(1, directory.size(), x.size() - 1)),
               tenon_test::ContainsSubstring("the directory ends at byte"));
    CHECK_THAT(npz_refused(x + directory + directory + end_of(2, 2 * directory.size(), x.size())),
               tenon_test::ContainsSubstring("the member 'x.npy' is there twice"));
}
