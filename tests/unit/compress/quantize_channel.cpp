#include "support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <tenon/compress/quantize_channel.hpp>
#include <tenon/core/random.hpp>
#include <vector>

using namespace tenon::detail;
using doubles = std::vector<double>;
using shifts_of = std::vector<std::uint8_t>;
using zeros_of = std::vector<std::int32_t>;
using weights_of = std::vector<std::int8_t>;

namespace {

constexpr auto step_of = [](tenon::value_range range) { return step_over(range); };

int8_channel channel_of(const doubles& weights, double bias, const byte_row& x, double output_step = 1,
                        bool sums_bias = false) {
    const tenon::dense_layer<double> layer{weights, {&bias, 1}, weights.size(), 1, "identity"};
    return quantize_channel(layer, 0, x, output_step, sums_bias);
}

} // namespace

TEST_CASE("a step is a 255th of a range, or what brings its zero point into reach") {
    CHECK(step_of({-51, 204}) == 1);
    CHECK(step_of({5.1, 5.1}) == 5.1 / 255); // a constant is covered together with zero
    CHECK(step_of({}) == 0);
    CHECK(step_of({0x1p40 - 1, 0x1p40}) == 0x1p12);             // 2^40 in 2^28 steps
    CHECK(step_of({-1.7e308, 1.7e308}) == 2 * (1.7e308 / 255)); // whose difference is no double
}

TEST_CASE("features take the widest one's scale, halved while it covers them") {
    const byte_row x = bytes_of_features({{0, 255}, {-127.5, 127.5}, {63.75, 127.5}, {0, 64}, {3, 3}, {}});
    CHECK((x.scale == 1 && x.shifts == shifts_of{0, 0, 2, 1, 6, 0})); // 3 / 255 is more than 1 / 128
    CHECK(x.zeros == zeros_of{0, 128, -255, 64, 32, 128});            // 63.5 and 31.5 go to the even one
    CHECK(bytes_of_features({}).scale == 1);
    CHECK(bytes_of_features({{-1e308, 1e308}}).scale == tenon::largest_scale);
    CHECK(bytes_of_features({{0, 1e-200}}).scale == 1); // too small for a scale of its own
    CHECK(bytes_of_features({{0, 255}, {0, 1e-200}}).shifts == shifts_of{0, 255});
}

TEST_CASE("whatever the ranges, bytes miss what is in them by half a step") {
    tenon::philox random(1);
    for (int k = 0; k < 1000; ++k) {
        std::vector<tenon::value_range> ranges(4);
        for (tenon::value_range& range : ranges)
            for (const double size : {1e-6, 1.0, 1e6}) range.include(size * random.normal());
        ranges[0] = {1e4 * random.uniform(), 1e4};
        const byte_row x = bytes_of_features(ranges);
        for (std::size_t i = 0; i < 4; ++i) {
            const double scale = x.scale_of(i), low = ranges[i].low, high = ranges[i].high;
            for (const double v : {low, 0.7 * low + 0.3 * high, high}) {
                const double byte = std::clamp(std::nearbyint(v / scale) + x.zeros[i], 0.0, 255.0);
                REQUIRE(std::abs(scale * (byte - x.zeros[i]) - v) <= scale * 0.500001);
            }
        }
    }
    CHECK(bytes_of_activations({0.25, 7}, 3).zeros == zeros_of{7, 7, 7});
}

TEST_CASE("the widest weight becomes 127, and halves go to the even byte") {
    const byte_row x = bytes_of_activations({0.5, 10}, 4);
    const int8_channel channel = channel_of({127.0 / 128, 2.5 / 128, -3.5 / 128, -0.0}, 3, x);
    CHECK(channel.weights == weights_of{127, 2, -4, 0});
    CHECK(channel.unit == 0.5 / 128);
    CHECK((channel.constant == 3 && channel.folded == 10 * (127 + 2 - 4)));
    CHECK(channel.most == 255 * (127 + 2 + 4));
    CHECK(quantize_bias(channel) == 6 * 128 - 1250);
    CHECK(channel_of({-254, 127}, 0, x).weights == weights_of{-127, 64}); // 63.5
    // One column of a layer of three.
    const std::vector<float> weights{1, -127, 5, 2, 3, 6}, biases{7, 8, 9};
    const int8_channel second = quantize_channel<float>({weights, biases, 2, 3, "relu"}, 1, x, 1, true);
    CHECK((second.weights == weights_of{-127, 3} && second.constant == 8));
}

TEST_CASE("shifts go into the weights, and zero points beyond the bytes into the constant") {
    const byte_row x{4, {0, 1}, {-100, 300}};
    CHECK((x.center(0) == 0 && x.center(1) == 255));
    const int8_channel channel = channel_of({127, 125}, 1, x);
    CHECK(channel.weights == weights_of{127, 62}); // 125 / 2
    CHECK(channel.unit == 4);
    CHECK(channel.constant == 1 + 127 * 4 * 100 + 125 * 2 * (255 - 300));
    CHECK(channel.folded == 62 * 255);
}

TEST_CASE("a channel of zeros sums in steps of its output") {
    const byte_row x = bytes_of_activations({0.5, 9}, 2);
    for (const doubles& weights : {doubles{0, -0.0}, doubles{1e-300, -1e-300}, doubles{}}) {
        const int8_channel channel = channel_of(weights, 2, x, 0.25);
        CHECK(channel.weights == weights_of(weights.size()));
        CHECK((channel.unit == 0.25 && channel.folded == 0 && channel.most == 0));
        CHECK(quantize_bias(channel) == 8);
    }
}

TEST_CASE("a bias too large for its sum saturates, or widens the scale where it is part of it") {
    const byte_row x = bytes_of_activations({1, 100}, 2);
    for (const double bias : {1e12, -1e12}) {
        const int8_channel narrow = channel_of({1, 1}, bias, x);
        CHECK(narrow.unit == 1.0 / 127);
        CHECK(quantize_bias(narrow) + narrow.folded == (bias < 0 ? -1 : 1) * (INT32_MAX - 2 * 255 * 127));
        const int8_channel wide = channel_of({1, 1}, bias, x, 1, true);
        const double summed = static_cast<double>(quantize_bias(wide) + wide.folded);
        CHECK(std::abs(summed) + static_cast<double>(wide.most) <= INT32_MAX);
        CHECK(std::abs(wide.unit * summed - bias) <= wide.unit / 2);
    }
}
