#pragma once

// Numbers between -1 and 1, the same for the same seed.

#include <cstddef>
#include <cstdint>
#include <tenon/core/random.hpp>
#include <vector>

namespace tenon_test {

template <class T>
std::vector<T> any_values(std::size_t n, std::uint64_t seed) {
    tenon::philox random(seed);
    std::vector<T> all(n);
    for (T& v : all) v = static_cast<T>(random.uniform(-1, 1));
    return all;
}

} // namespace tenon_test
