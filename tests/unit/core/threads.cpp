#include "support/catch.hpp"

#include <atomic>
#include <stdexcept>
#include <string>
#include <tenon/core/threads.hpp>
#include <vector>

namespace tn = tenon;

TEST_CASE("threads are as many as are asked for, or as the machine has", "[threads]") {
    CHECK(tn::threads{3}.number() == 3);
    CHECK(tn::threads{}.number() >= 1);
}

TEST_CASE("each task is done once, and ends in order", "[threads]") {
    const std::size_t at_once = GENERATE(1U, 2U, 5U);
    for (std::size_t count = 0; count < 9; ++count) {
        std::vector<std::atomic<int>> done(count);
        std::vector<std::size_t> ended;
        tn::detail::run_in_order(
            tn::threads{at_once}, count, [&](std::size_t i) { ++done[i]; },
            [&](std::size_t i) { ended.push_back(i); });
        for (const std::atomic<int>& times : done) CHECK(times == 1);
        REQUIRE(ended.size() == count);
        for (std::size_t i = 0; i < count; ++i) CHECK(ended[i] == i);
    }
}

TEST_CASE("of several errors the first in order is thrown, when all tasks have ended", "[threads]") {
    std::atomic<int> done = 0;
    std::vector<std::size_t> ended;
    std::string said;
    try {
        tn::detail::run_in_order(
            tn::threads{2}, 6,
            [&](std::size_t i) {
                ++done;
                if (i % 2 == 1) throw std::runtime_error(std::to_string(i));
            },
            [&](std::size_t i) { ended.push_back(i); });
    } catch (const std::runtime_error& error) {
        said = error.what();
    }
    CHECK(said == "1");
    CHECK(done == 6);
    CHECK(ended == std::vector<std::size_t>{0, 1});
}
