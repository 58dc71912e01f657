#include "support/catch.hpp"

#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <string>
#include <tenon/format/file.hpp>
#include <tenon/format/mapped_file.hpp>
#include <type_traits>
#include <unistd.h>

using tenon::mapped_text;

static_assert(!std::is_copy_constructible_v<mapped_text> && !std::is_copy_assignable_v<mapped_text>);

namespace {

/// A file of this text, gone when the test ends.
struct text_file {
    explicit text_file(const std::string& text)
        : path((std::filesystem::temp_directory_path() / ("tenon_mapped_" + std::to_string(::getpid())))
                   .string()) {
        tenon::write_file(path, text);
    }
    text_file(const text_file&) = delete;
    text_file& operator=(const text_file&) = delete;
    ~text_file() { std::remove(path.c_str()); }

    std::string path;
};

/// So many bytes, of which no two blocks are alike.
std::string counted(std::size_t size) {
    std::string text;
    for (std::size_t i = 0; text.size() < size; ++i) text += std::to_string(i) + '\n';
    return text.substr(0, size);
}

} // namespace

TEST_CASE("a mapped file is its text, byte for byte", "[file]") {
    // Empty files cannot be mapped; the others end before, at and behind the end of a page.
    for (const std::size_t size : {0U, 1U, 4095U, 4096U, 4097U, 200000U}) {
        const std::string text = counted(size);
        const text_file file(text);
        const mapped_text mapped(file.path);
        CHECK(mapped.text().size() == size);
        CHECK(mapped.text() == text);
    }
    const std::string odd("a\r\n\0\x1a\xff", 6);
    const text_file file(odd);
    CHECK(mapped_text(file.path).text() == odd);
}

TEST_CASE("memory that was given back is read again from the file", "[file]") {
    const std::string text = counted(300000);
    const text_file file(text);
    const mapped_text mapped(file.path);
    for (const std::size_t left : {299999U, 200000U, 65536U, 1U, 0U}) {
        mapped.release_all_but(left);
        CHECK(mapped.text() == text);
    }
    const text_file small("few");
    const mapped_text few(small.path);
    few.release_all_but(0);
    CHECK(few.text() == "few");
}

TEST_CASE("a mapped file may lose its name", "[file]") {
    const text_file file("still there");
    const mapped_text mapped(file.path);
    REQUIRE(std::remove(file.path.c_str()) == 0);
    CHECK(mapped.text() == "still there");
}

TEST_CASE("files that cannot be mapped are read, or it is said why not", "[file]") {
    // The kernel shows 0 bytes for it, but there is text in it.
    if (std::filesystem::exists("/proc/self/status")) {
        const mapped_text status("/proc/self/status");
        CHECK_THAT(std::string(status.text()), tenon_test::ContainsSubstring("Pid:"));
        status.release_all_but(0);
        CHECK_FALSE(status.text().empty());
    }
    CHECK_THROWS_AS(mapped_text("no such folder/a.csv"), tenon::data_error);
    CHECK_THROWS_WITH(mapped_text("no such folder/a.csv"),
                      "cannot read no such folder/a.csv: No such file or directory");
    CHECK_THROWS_WITH(mapped_text("."), "cannot read .: Is a directory");
}
