#include "support/catch.hpp"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <stdexcept>
#include <tenon/core/threads.hpp>
#include <vector>

namespace tn = tenon;

TEST_CASE("a team does every part of every job once", "[team]") {
    for (const std::size_t count : {2U, 3U, 8U}) {
        tn::detail::owned_team team(tn::threads{count});
        REQUIRE(team.get() != nullptr);
        REQUIRE(team.get()->size() == count);
        for (int job = 0; job < 300; ++job) {
            std::vector<std::atomic<int>> done(count);
            team.get()->run([&](std::size_t i) { ++done[i]; });
            for (const auto& times : done) REQUIRE(times == 1);
        }
    }
    CHECK(tn::detail::owned_team(tn::threads{1}).get() == nullptr);
    CHECK(tn::detail::owned_team().get() == nullptr);
}

TEST_CASE("the first error of a job is thrown where it was given, and the team goes on", "[team]") {
    tn::detail::owned_team team(tn::threads{4});
    for (int job = 0; job < 20; ++job) {
        std::atomic<int> done = 0;
        CHECK_THROWS_WITH(team.get()->run([&](std::size_t i) {
            ++done;
            if (i > 0) throw std::runtime_error("part " + std::to_string(i));
        }),
                          "part 1");
        CHECK(done == 4);
        team.get()->run([&](std::size_t) { ++done; });
        CHECK(done == 8);
    }
}

TEST_CASE("parts cover everything once and are cut at multiples of the unit", "[team]") {
    tn::detail::owned_team team(tn::threads{3});
    for (const std::size_t count : {0U, 1U, 7U, 8U, 9U, 100U, 1000U}) {
        std::vector<int> seen(count);
        tn::detail::in_parts(team.get(), count, 8, [&](std::size_t i, std::size_t first, std::size_t last) {
            CHECK(i < 3);
            CHECK(first % 8 == 0);
            for (std::size_t k = first; k < last; ++k) ++seen[k];
        });
        CHECK(std::accumulate(seen.begin(), seen.end(), std::size_t{0}) == count);
        CHECK(std::count(seen.begin(), seen.end(), 1) == static_cast<std::ptrdiff_t>(count));
    }
}

TEST_CASE("a copy of a team's owner has a team of its own", "[team]") {
    const tn::detail::owned_team one(tn::threads{2});
    tn::detail::owned_team other = one;
    CHECK(other.get() != nullptr);
    CHECK(other.get() != one.get());
    const tn::detail::owned_team moved = std::move(other);
    CHECK(moved.get() != nullptr);
}
