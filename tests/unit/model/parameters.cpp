#include "support/catch.hpp"

#include <tenon/model/dense_network.hpp>
#include <tenon/model/parameters.hpp>

TEST_CASE("a parameter block has as many values as its rows and columns say", "[model]") {
    const tenon::parameter_block block{"layer 0 weights", 7, 3, 5, true};
    CHECK(block.size() == 15);
}

TEST_CASE("the blocks of a model lie one behind the other and cover its parameters", "[model]") {
    const tenon::dense_network<tenon::relu_activation, tenon::classes<4>, float, double, 3, 5, 2> m;
    std::size_t next = 0, weights = 0;
    for (const auto& block : m.blocks()) {
        CHECK(block.offset == next);
        CHECK(block.is_weight == (block.name.find("weights") != std::string::npos));
        if (!block.is_weight) CHECK(block.rows == 1);
        weights += block.is_weight ? block.size() : 0;
        next += block.size();
    }
    CHECK(next == m.parameters().size());
    CHECK(weights == 3 * 5 + 5 * 2 + 2 * 4);
    REQUIRE(m.blocks().size() == 6);
    CHECK(m.blocks()[3].name == "layer 1 biases");
}
