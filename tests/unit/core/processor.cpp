#include "support/catch.hpp"

#include <fstream>
#include <initializer_list>
#include <sstream>
#include <string>
#include <tenon/core/processor.hpp>

using namespace tenon::detail;

TEST_CASE("before a program has started, the set is the unit's", "[processor]") {
    CHECK(instruction_set{} == instruction_set::unit); // what widest_set is until it is initialised
    STATIC_REQUIRE(instruction_set::unit < instruction_set::avx2);
    STATIC_REQUIRE(instruction_set::avx2 < instruction_set::avx512);
}

#if defined(__x86_64__) && defined(__GNUC__)

namespace {

/// The flags of a processor as Linux lists them; empty where there is no such list.
std::string listed_flags() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);)
        if (line.rfind("flags", 0) == 0) return line;
    return "";
}

bool has_each(const std::string& flags, std::initializer_list<const char*> asked) {
    for (const char* flag : asked) {
        std::istringstream words(flags);
        std::string word;
        while (words >> word && word != flag) {
        }
        if (word != flag) return false;
    }
    return true;
}

} // namespace

TEST_CASE("a processor has the instructions that the system lists", "[processor]") {
    const std::string flags = listed_flags();
    if (!flags.empty()) {
        CHECK(has_avx2() == has_each(flags, {"avx2", "fma"}));
        CHECK(has_avx512() == has_each(flags, {"avx512f", "avx512bw", "avx512dq", "avx512vl"}));
        CHECK(has_avx512_vnni() ==
              has_each(flags, {"avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512_vnni"}));
    }
    CHECK((has_avx512() || !has_avx512_vnni()));
}

TEST_CASE("what this unit is compiled for, the processor has", "[processor]") {
#if defined(__AVX2__) && defined(__FMA__)
    CHECK(has_avx2());
#endif
#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
    CHECK(has_avx512());
#endif
    STATIC_REQUIRE(noexcept(has_avx2() && has_avx512() && has_avx512_vnni()));
    CHECK(has_avx2() == has_avx2());
}

TEST_CASE("the widest set is the last that the processor has", "[processor]") {
    const instruction_set expected = has_avx512() ? instruction_set::avx512
                                     : has_avx2() ? instruction_set::avx2
                                                  : instruction_set::unit;
    CHECK(find_instruction_set() == expected);
    CHECK(widest_set == expected);
}

#endif
