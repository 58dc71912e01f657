#include "support/catch.hpp"

#include <cstddef>
#include <tenon/model/dense_products.hpp>
#include <vector>

using tenon::detail::block_begin;
using tenon::detail::blocks_of;
using tenon::detail::inner_block;
using tenon::detail::room_for;
using tenon::detail::transpose;

TEST_CASE("room grows as far as it is wanted, never shrinks and keeps what is there", "[model]") {
    std::vector<float> room;
    CHECK(room_for(room, 0) == room.data());
    CHECK(room.empty());
    room_for(room, 3)[2] = 7;
    CHECK(room.size() == 3);
    CHECK(room_for(room, 100)[2] == 7);
    CHECK(room_for(room, 1) == room.data());
    CHECK(room.size() == 100);
}

TEST_CASE("a long sum is made of as few blocks as hold it", "[model]") {
    STATIC_REQUIRE(inner_block == 256);
    CHECK(blocks_of(0) == 1);
    CHECK(blocks_of(1) == 1);
    CHECK(blocks_of(256) == 1);
    CHECK(blocks_of(257) == 2);
    CHECK(blocks_of(512) == 2);
    CHECK(blocks_of(513) == 3);
    // 257 terms in steps of 8 are 33 steps: 16 and 17 of them, the last one not whole.
    CHECK(block_begin(257, 0) == 0);
    CHECK(block_begin(257, 1) == 128);
    CHECK(block_begin(257, 2) == 257);
    // The caller may take longer ones.
    CHECK(blocks_of(784, 1024) == 1);
    CHECK(blocks_of(1025, 1024) == 2);
    CHECK(block_begin(1025, 1, 1024) == 512);
}

TEST_CASE("blocks follow each other without a gap, of about one size and whole registers", "[model]") {
    int bad = 0;
    for (std::size_t terms = 1; terms < 3000; ++terms) {
        const std::size_t blocks = blocks_of(terms), even = terms / blocks;
        bad += block_begin(terms, 0) == 0 && block_begin(terms, blocks) == terms ? 0 : 1;
        for (std::size_t b = 0; b < blocks; ++b) {
            const std::size_t size = block_begin(terms, b + 1) - block_begin(terms, b);
            const bool is_even = size <= inner_block && size < even + 16 && size + 16 > even;
            bad += is_even && block_begin(terms, b) % 8 == 0 ? 0 : 1;
        }
    }
    CHECK(bad == 0);
}

TEMPLATE_TEST_CASE("matrices of any shape are transposed", "[model]", float, double) {
    for (const std::size_t rows : {0U, 1U, 5U, 16U, 17U, 40U})
        for (const std::size_t columns : {0U, 1U, 3U, 16U, 31U, 33U}) {
            std::vector<TestType> from(rows * columns), to(rows * columns + 1, -1);
            for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<TestType>(i);
            transpose(from.data(), rows, columns, to.data());
            int wrong = 0;
            for (std::size_t i = 0; i < from.size(); ++i)
                wrong += to[i % columns * rows + i / columns] == from[i] ? 0 : 1;
            CHECK(wrong == 0);
            CHECK(to.back() == -1);
        }
}
