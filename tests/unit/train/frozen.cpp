#include "support/catch.hpp"

#include <cstddef>
#include <string>
#include <tenon/model/parameters.hpp>
#include <tenon/train/frozen.hpp>
#include <utility>
#include <vector>

using tenon::detail::frozen_parts;
using tenon::detail::is_named;
using tenon::detail::parameter_part;

namespace {

/// Of a network of two layers; the second one has a number of two digits.
const std::vector<tenon::parameter_block> blocks = {{"layer 1 weights", 0, 3, 2, true},
                                                    {"layer 1 biases", 6, 2, 1, false},
                                                    {"layer 10 weights", 8, 2, 1, true}};

/// Offsets and sizes of what these names freeze.
std::vector<std::pair<std::size_t, std::size_t>> parts(const std::vector<std::string>& names) {
    std::vector<std::pair<std::size_t, std::size_t>> all;
    for (const parameter_part& one : frozen_parts(blocks, names)) all.emplace_back(one.offset, one.size);
    return all;
}

} // namespace

TEST_CASE("a block is named by its name and by whole words at its beginning", "[train]") {
    CHECK(is_named("layer 1 weights", "layer 1 weights"));
    CHECK(is_named("layer 1 weights", "layer 1"));
    CHECK(is_named("layer 1 weights", "layer"));
    for (const char* name : {"", "l", "layer ", "layer 1 ", "layer 1 weight", "layer 1 weights ", "1 weights",
                             "layer 1 weights more", "Layer 1"}) {
        INFO(name);
        CHECK_FALSE(is_named("layer 1 weights", name));
    }
    CHECK_FALSE(is_named("layer 10 weights", "layer 1"));
    CHECK_FALSE(is_named("", ""));
}

TEST_CASE("a part holds its own parameters and none beside them", "[train]") {
    const parameter_part part{3, 2}, nothing{3, 0};
    CHECK((!part.holds(2) && part.holds(3) && part.holds(4) && !part.holds(5)));
    CHECK((!part.holds(0) && !part.holds(static_cast<std::size_t>(-1))));
    CHECK((!nothing.holds(2) && !nothing.holds(3)));
}

TEST_CASE("every name freezes the blocks that it means, in the order of the names", "[train]") {
    using list = std::vector<std::pair<std::size_t, std::size_t>>;
    CHECK(parts({}).empty());
    CHECK(parts({"layer 1"}) == list{{0, 6}, {6, 2}});
    CHECK(parts({"layer 10", "layer 1 biases"}) == list{{8, 2}, {6, 2}});
    CHECK(parts({"layer"}) == list{{0, 6}, {6, 2}, {8, 2}});
}

TEST_CASE("a name that means nothing is an error, whatever the others mean", "[train]") {
    const std::string known =
        "; there are layer 1 weights, layer 1 biases, layer 10 weights, and the first words "
        "of these names";
    CHECK_THROWS_AS(parts({"layer 2"}), tenon::fit_error);
    CHECK_THROWS_WITH(parts({"layer", "layer 2"}),
                      "minimize: .frozen: no parameters are called 'layer 2'" + known);
    CHECK_THROWS_WITH(parts({""}), "minimize: .frozen: no parameters are called ''" + known);
}
