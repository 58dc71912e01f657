#include "support/catch.hpp"

#include <fstream>
#include <iterator>
#include <string>
#include <tenon/core/version.hpp>

namespace tn = tenon;

TEST_CASE("the header and the CMake package are of one version", "[version]") {
    std::ifstream file(TENON_SOURCE_DIR "/CMakeLists.txt");
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const std::string word = "VERSION ";
    const std::size_t found = text.find(word, text.find("project(tenon"));
    REQUIRE(found != std::string::npos);
    const std::size_t first = found + word.size();
    CHECK(text.substr(first, text.find_first_not_of("0123456789.", first) - first) ==
          std::to_string(tn::version_major) + "." + std::to_string(tn::version_minor) + "." +
              std::to_string(tn::version_patch));
}

TEST_CASE("versions are constants that count from zero, and formats from one", "[version]") {
    STATIC_REQUIRE(tn::version_major >= 0);
    STATIC_REQUIRE(tn::version_minor >= 0);
    STATIC_REQUIRE(tn::version_patch >= 0);
    CHECK(tn::artifact_version >= 1);
}
