#include "support/catch.hpp"

#include <cstdint>
#include <numeric>
#include <tenon/core/matrix_memory.hpp>
#include <type_traits>
#include <utility>
#include <vector>

using tenon::detail::ask_for_huge_pages;
using tenon::detail::matrix_memory;

namespace {

/// first, first + 1 …, size numbers of them.
matrix_memory<int> counted(std::size_t size, int first = 0) {
    matrix_memory<int> memory(size);
    std::iota(memory.data(), memory.data() + size, first);
    return memory;
}

std::vector<int> values(const matrix_memory<int>& memory) {
    return {memory.data(), memory.data() + memory.size()};
}

} // namespace

TEST_CASE("memory of no numbers has no address", "[matrix_memory]") {
    const matrix_memory<double> none, zero(0);
    CHECK(none.data() == nullptr);
    CHECK(zero.data() == nullptr);
    CHECK(zero.size() == 0);
    matrix_memory<double> copy = zero;
    copy.resize(0);
    copy.clear_from(0);
    CHECK(copy.size() == 0);
}

TEST_CASE("a copy has the numbers in use, and lies elsewhere", "[matrix_memory]") {
    matrix_memory<int> memory = counted(100);
    memory.resize(3);
    matrix_memory<int> copy = memory;
    CHECK(values(copy) == std::vector<int>{0, 1, 2});
    copy[1] = 9;
    CHECK(memory[1] == 1);
    memory = copy;
    CHECK(values(memory) == std::vector<int>{0, 9, 2});
    CHECK(memory.data() != copy.data());
    const matrix_memory<int>& itself = memory;
    memory = itself;
    CHECK(values(memory) == std::vector<int>{0, 9, 2});
}

TEST_CASE("what is moved keeps its address, and leaves nothing behind", "[matrix_memory]") {
    matrix_memory<int> from = counted(4, 5);
    const int* const address = from.data();
    matrix_memory<int> to = std::move(from);
    CHECK(to.data() == address);
    CHECK(from.data() == nullptr); // NOLINT(bugprone-use-after-move): this state is promised
    CHECK(from.size() == 0);
    from = counted(2);
    from = std::move(to);
    CHECK(from.data() == address);
    CHECK(values(from) == std::vector<int>{5, 6, 7, 8});
    STATIC_REQUIRE(std::is_nothrow_move_constructible_v<matrix_memory<int>>);
    STATIC_REQUIRE(std::is_nothrow_move_assignable_v<matrix_memory<int>>);
}

TEST_CASE("memory that grows keeps the numbers in front", "[matrix_memory]") {
    matrix_memory<int> memory = counted(100);
    memory.resize(101);
    const int* const address = memory.data();
    memory.resize(150); // growth by a half at least: the room was made before
    CHECK(memory.data() == address);
    memory.resize(151);
    CHECK(memory.size() == 151);
    std::vector<int> expected(100);
    std::iota(expected.begin(), expected.end(), 0);
    memory.resize(100); // no number is lost that is still in use
    CHECK(values(memory) == expected);
    memory.resize(7);
    CHECK(values(memory) == std::vector<int>{0, 1, 2, 3, 4, 5, 6});
    memory.resize(1000); // more than a half: as many as were asked for
    CHECK(memory.size() == 1000);
    CHECK(memory[6] == 6);
}

TEST_CASE("numbers become zero from a place on", "[matrix_memory]") {
    matrix_memory<int> memory = counted(5, 1);
    memory.clear_from(5);
    CHECK(values(memory) == std::vector<int>{1, 2, 3, 4, 5});
    memory.clear_from(3);
    CHECK(values(memory) == std::vector<int>{1, 2, 3, 0, 0});
    memory.clear_from(0);
    CHECK(values(memory) == std::vector<int>(5));
}

TEST_CASE("huge pages change no number, wherever the memory begins", "[matrix_memory]") {
    constexpr std::size_t bytes = (std::size_t{1} << 23) + 12'345;
    std::vector<unsigned char> memory(bytes + 1);
    for (std::size_t i = 0; i < bytes; ++i) memory[i] = static_cast<unsigned char>(i % 251);
    ask_for_huge_pages(nullptr, 0);
    ask_for_huge_pages(memory.data(), 100);
    ask_for_huge_pages(memory.data() + 1, bytes);
    std::size_t changed = 0;
    for (std::size_t i = 0; i < bytes; ++i) changed += memory[i] == i % 251 ? 0u : 1u;
    CHECK(changed == 0);
}
