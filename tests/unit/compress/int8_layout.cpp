#include "support/catch.hpp"

#include <bit>
#include <cmath>
#include <tenon/compress/int8_layout.hpp>
#include <vector>

using tenon::int8_inputs;
using tenon::int8_shape;

namespace {

constexpr std::size_t least_multiple(std::size_t n, std::size_t of) {
    std::size_t multiple = 0;
    while (multiple < n) multiple += of;
    return multiple;
}

} // namespace

TEST_CASE("the fewer the outputs, the more inputs of one lie side by side") {
    for (std::size_t outputs = 0; outputs < 300; ++outputs)
        CHECK(int8_shape{9, outputs}.depth() == (outputs <= 1 ? 64U : outputs <= 4 ? 16U : 4U));
}

TEST_CASE("both widths of a layer are padded by as little as fills blocks of 64") {
    for (std::size_t inputs = 0; inputs < 140; ++inputs)
        for (const std::size_t outputs : {0U, 1U, 2U, 3U, 4U, 5U, 15U, 16U, 17U, 64U, 65U}) {
            const int8_shape shape{inputs, outputs};
            REQUIRE(shape.padded_inputs() == least_multiple(inputs, shape.depth()));
            REQUIRE(shape.padded_outputs() == least_multiple(outputs, 64 / shape.depth()));
            REQUIRE(shape.weights() == shape.padded_inputs() * shape.padded_outputs());
        }
    STATIC_REQUIRE(int8_shape{}.weights() == 0);
    STATIC_REQUIRE(int8_shape{0, 7}.weights() == 0);
    STATIC_REQUIRE(int8_shape{7, 0}.weights() == 0);
    STATIC_REQUIRE(int8_shape{1, 1}.weights() == 64);
    STATIC_REQUIRE(int8_shape{65, 1}.weights() == 128);
    STATIC_REQUIRE(int8_shape{65536, 65536}.weights() == std::size_t{1} << 32);
}

TEST_CASE("weights lie by block of inputs, then output, then input") {
    for (const int8_shape shape : {int8_shape{1, 1}, {130, 1}, {16, 2}, {33, 4}, {4, 5}, {6, 16}, {9, 33}}) {
        std::size_t place = 0;
        for (std::size_t block = 0; block < shape.padded_inputs(); block += shape.depth())
            for (std::size_t o = 0; o < shape.padded_outputs(); ++o)
                for (std::size_t i = block; i < block + shape.depth(); ++i)
                    REQUIRE(shape.index(i, o) == place++);
        CHECK(place == shape.weights());
    }
    // Six inputs to five outputs: two blocks of 16 outputs with four inputs each.
    constexpr int8_shape shape{6, 5};
    STATIC_REQUIRE(shape.index(3, 0) == 3);
    STATIC_REQUIRE(shape.index(0, 1) == 4);
    STATIC_REQUIRE(shape.index(4, 0) == 64);
    STATIC_REQUIRE(shape.index(5, 4) == 64 + 4 * 4 + 1);
}

TEST_CASE("the widest layer leaves room for a bias in an int32") {
    constexpr std::int64_t largest = std::int64_t{int8_shape::most_inputs} * 255 * 128;
    STATIC_REQUIRE(largest < INT32_MAX);
    // Few wider ones would: the bound is not far from the end.
    CHECK(largest + largest / 64 > INT32_MAX);
}

TEST_CASE("the scale of an input is the row's, halved exactly") {
    std::vector<std::uint8_t> shifts(256);
    for (std::size_t i = 0; i < 256; ++i) shifts[i] = static_cast<std::uint8_t>(i);
    for (const double scale : {1.0, 0.3, 1e-100, 1e100, std::nextafter(1.0, 0.0)}) {
        const int8_inputs inputs{scale, shifts, {}};
        double expected = scale;
        for (std::size_t i = 0; i < 256; ++i, expected /= 2)
            REQUIRE(std::bit_cast<std::uint64_t>(inputs.scale_of(i)) ==
                    std::bit_cast<std::uint64_t>(expected));
        CHECK(std::ldexp(inputs.scale_of(255), 255) == scale);
    }
}

TEST_CASE("nothing said, a layer's bytes go from 0 to 255 and are worth 1") {
    constexpr tenon::int8_layer layer;
    STATIC_REQUIRE(int8_inputs{}.scale == 1);
    STATIC_REQUIRE(layer.rescaling.zero == 0);
    STATIC_REQUIRE(layer.rescaling.low == 0);
    STATIC_REQUIRE(layer.rescaling.high == 255);
    CHECK((layer.shape.weights() == 0 && layer.weights.empty() && layer.table.empty()));
}
