#include "support/catch.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <tenon/format/file.hpp>
#include <vector>

#if __has_include(<sys/resource.h>)
#include <csignal>
#include <sys/resource.h>
#endif

namespace fs = std::filesystem;
using tenon::read_bytes;
using tenon::read_text;
using tenon::write_file;

namespace {

/// A folder of one test's own, gone when the test ends.
class folder {
public:
    folder() {
        for (int i = 0;; ++i) {
            path_ = fs::temp_directory_path() / ("tenon_file_test_" + std::to_string(i));
            if (fs::create_directory(path_)) return;
        }
    }
    folder(const folder&) = delete;
    folder& operator=(const folder&) = delete;
    ~folder() { fs::remove_all(path_); }

    std::string operator/(const char* name) const { return (path_ / name).string(); }
    std::vector<std::string> names() const {
        std::vector<std::string> out;
        for (const auto& entry : fs::directory_iterator(path_))
            out.push_back(entry.path().filename().string());
        return out;
    }

private:
    fs::path path_;
};

/// What the Error says that f throws; empty where it throws none.
template <class Error = tenon::data_error, class F>
std::string refusal(F f) {
    try {
        f();
    } catch (const Error& e) {
        return e.what();
    }
    return {};
}

} // namespace

TEST_CASE("files come back as they were written", "[file]") {
    const folder here;
    const std::string path = here / "a.bin";
    // Around the sizes at which the reader takes another piece.
    for (const std::size_t size : {0U, 1U, 100U, 65535U, 65536U, 65537U, 200000U}) {
        std::vector<std::byte> bytes(size);
        for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 7 + i / 256);
        write_file(path, bytes);
        REQUIRE(read_bytes(path) == bytes);
        REQUIRE(read_text(path).size() == size);
    }
    CHECK(here.names() == std::vector<std::string>{"a.bin"});
}

TEST_CASE("text is kept byte for byte", "[file]") {
    const folder here;
    const std::string text("a\r\nb\n\0c\x1a\xff", 9);
    write_file(here / "a.txt", text);
    CHECK(read_text(here / "a.txt") == text);
}

TEST_CASE("reading says which file and why not", "[file]") {
    const folder here;
    const std::string missing = here / "missing.csv";
    CHECK(refusal([&] { read_text(missing); }) == "cannot read " + missing + ": No such file or directory");
    CHECK(refusal([&] { read_bytes(missing); }) == "cannot read " + missing + ": No such file or directory");
    CHECK(refusal<tenon::artifact_error>([&] { read_bytes<tenon::artifact_error>(missing); }) ==
          "cannot read " + missing + ": No such file or directory");
    CHECK(refusal([&] { read_text(here / "."); }).ends_with(": Is a directory"));
    CHECK(refusal([&] { read_text(""); }) == "cannot read : No such file or directory");
}

TEST_CASE("reading keeps to the limit", "[file]") {
    const folder here;
    const std::string path = here / "a.bin";
    for (const std::size_t size : {0U, 10U, 70000U}) {
        write_file(path, std::string(size, 'x'));
        CHECK(read_text(path, size).size() == size);
        if (size == 0) continue;
        const std::uint64_t limit = size - 1;
        CHECK(refusal([&] { read_text(path, limit); }) ==
              "cannot read " + path + ": it is larger than the limit of " + std::to_string(limit) + " bytes");
    }
}

#if __has_include(<sys/resource.h>)
TEST_CASE("files that do not tell their size are read whole", "[file]") {
    // The kernel shows 0 bytes for it, but there is text in it.
    if (fs::exists("/proc/self/status"))
        CHECK_THAT(read_text("/proc/self/status"), tenon_test::ContainsSubstring("Pid:"));
    else
        CHECK(read_text("/dev/null").empty());
}
#endif

TEST_CASE("writing replaces the whole file", "[file]") {
    const folder here;
    write_file(here / "a.txt", "a long first text");
    write_file(here / "a.txt", "short");
    CHECK(read_text(here / "a.txt") == "short");
    CHECK(here.names() == std::vector<std::string>{"a.txt"});
}

TEST_CASE("writing passes over the temporary files of others", "[file]") {
    const folder here;
    write_file(here / "a.txt.tmp0", "another's");
    write_file(here / "a.txt", "ours");
    CHECK(read_text(here / "a.txt") == "ours");
    CHECK(read_text(here / "a.txt.tmp0") == "another's");
    CHECK(here.names().size() == 2);
}

TEST_CASE("writing where there is no folder is one error", "[file]") {
    const folder here;
    const std::string path = here / "none/a.txt";
    CHECK(refusal([&] { write_file(path, "x"); }) ==
          "cannot write " + path + ": No such file or directory (" + path + ".tmp0)");
    CHECK(refusal<tenon::artifact_error>([&] {
              write_file<tenon::artifact_error>(path, "x");
          }).starts_with("cannot write " + path));
    CHECK(here.names().empty());
}

TEST_CASE("writing that fails at the end leaves nothing behind", "[file]") {
    const folder here;
    fs::create_directory(here / "taken");
    write_file(here / "taken/inside", "x");
    CHECK(refusal([&] {
              write_file(here / "taken", "x");
          }).starts_with("cannot write " + (here / "taken") + ": "));
    CHECK(here.names() == std::vector<std::string>{"taken"});
    CHECK(read_text(here / "taken/inside") == "x");
}

#if __has_include(<sys/resource.h>)
TEST_CASE("writing that fails half-way keeps the old file and leaves nothing behind", "[file]") {
    const folder here;
    const std::string path = here / "a.txt";
    write_file(path, "old");

    // No file may grow beyond 1000 bytes: the disk is as good as full.
    rlimit before{};
    REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
    const rlimit small{1000, before.rlim_max};
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
    const std::string at_once = refusal([&] { write_file(path, std::string(100000, 'x')); });
    const std::string at_close = refusal([&] { write_file(path, std::string(1001, 'x')); });
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);

    CHECK(at_once == "cannot write " + path + ": File too large");
    CHECK(at_close == "cannot write " + path + ": File too large");
    CHECK(read_text(path) == "old");
    CHECK(here.names() == std::vector<std::string>{"a.txt"});
}
#endif
