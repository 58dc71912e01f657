// The pieces of an int8 network's generated code, compiled and called. Whole headers: conformance/generated_header.cpp.

#include "support/catch.hpp"

#include "support/freestanding.hpp"
#include "support/int8_rule.hpp"
#include <tenon/compress/int8_network.hpp>
#include <tenon/compress/int8_source.hpp>
#include <vector>

using namespace tenon::detail;
using namespace tenon_test;
using bytes = std::vector<std::uint8_t>;
using ints = std::vector<std::int32_t>;

namespace {

/// A function around a generated piece that gives n values of `result`.
std::string function_of(const char* head, const std::string& piece, const char* result, std::size_t n) {
    return concat(
        {"#include <cstdint>\nusing ints = const std::int32_t*;\nusing bytes = const std::uint8_t*;\n",
         "extern \"C\" void ", head, " {\n", piece, "for (int i = 0; i < ", n, "; ++i) out[i] = ", result,
         "[i];\n}\n"});
}

} // namespace

TEST_CASE("generated code makes bytes of real values by the rule") {
    std::vector<double> scales, x;
    ints zeros;
    bytes expected;
    for (const double scale : {0.5, 0.3, 1e-100, 1e100})
        for (const std::int32_t zero : {0, 128, 255, 1 << 29, -(1 << 29)})
            for (const double step : many_steps())
                for (const double v : {step * scale, (step - zero) * scale}) {
                    scales.push_back(scale), zeros.push_back(zero), x.push_back(v);
                    expected.push_back(byte_by_rule(v, scale, zero));
                }
    const std::size_t n = x.size(), padded = n + 3;
    expected.resize(padded); // with zeros
    const std::string piece = concat({"constexpr int in = ", n, ";\n", int8_inputs_source(scales, padded)});
    const temporary_folder folder;
    const freestanding_library built(
        folder,
        function_of("call(const double* x, ints input_zeros, std::uint8_t* out)", piece, "bytes_0", padded),
        "-O1");
    INFO(built.output());
    REQUIRE(built.is_open());
    bytes out(padded, 77);
    built.find<void(const double*, const std::int32_t*, std::uint8_t*)>("call")(x.data(), zeros.data(),
                                                                                out.data());
    CHECK(out == expected);
}

TEST_CASE("generated code sums bytes modulo 2^32, makes bytes of the sums and looks them up") {
    // A second layer of 17 inputs to 3 outputs: two blocks of 16 inputs to 4 outputs, behind 8 weights and 2 outputs.
    bytes table(512, 77), x(32, 255);
    for (std::size_t b = 0; b < 256; ++b) table[256 + b] = static_cast<std::uint8_t>(255 - b);
    const tenon::int8_layer layer{{17, 3}, {}, {}, {{}, {}, 100, 90}, table, {}, {}};
    const temporary_folder folder;
    const freestanding_library built(
        folder,
        function_of("sum(bytes bytes_1, const std::int8_t* weights, ints biases, std::uint32_t* out)",
                    int8_sums_source(1, layer.shape, 8, 2), "sums_1", 4) +
            function_of(
                "look_up(ints sums_1, ints multipliers, bytes right_shifts, bytes tables, std::uint8_t* out)",
                int8_bytes_source(1, layer, 9, 2), "bytes_2", 9),
        "-O1");
    INFO(built.output());
    REQUIRE(built.is_open());
    std::vector<std::int8_t> weights(8 + 128, -128);
    weights[8] = 127, weights[8 + 64 + 2 * 16] = 1; // from input 0 to output 0, and from 16 to 2
    const ints biases{7, 7, INT32_MAX, INT32_MIN, 0, 5};
    std::vector<std::uint32_t> sums(4);
    built.find<void(const std::uint8_t*, const std::int8_t*, const std::int32_t*, std::uint32_t*)>("sum")(
        x.data(), weights.data(), biases.data(), sums.data());
    const std::uint32_t all = 32U * 255 * 128;
    CHECK(sums == std::vector<std::uint32_t>{INT32_MAX - all + 255 * 255, (1U << 31) - all, 255 * 129 - all,
                                             5 - all});

    const auto look_up = built.find<void(const std::int32_t*, const std::int32_t*, const std::uint8_t*,
                                         const std::uint8_t*, std::uint8_t*)>("look_up");
    const ints three{INT32_MIN, -3, 3};
    for (const std::uint8_t shift : bytes{1, 30, 31, 32, 38, 62})
        for (const std::int32_t multiplier : {0, 1 << 30, INT32_MAX}) {
            bytes expected(9), out(9, 77);
            for (std::size_t o = 0; o < 3; ++o) {
                const std::int64_t y = quotient_by_rule(three[o], multiplier, shift) + 100;
                expected[o] = static_cast<std::uint8_t>(255 - std::clamp<std::int64_t>(y, 90, 255));
            }
            look_up(three.data(), ints(5, multiplier).data(), bytes(5, shift).data(), table.data(),
                    out.data());
            CHECK(out == expected);
        }
}

TEST_CASE("the code of a network takes each layer's numbers from where they lie") {
    // 6 to 5 to 3 to 1: blocks of 4 inputs to 16 outputs, of 16 to 4, and of 64 to 1.
    const std::string text =
        source_of(tenon::int8_network<tenon::tanh_activation, tenon::real, double, 6, 5, 3>());
    for (const char* part :
         {"scales[6] = {1.0, 1.0, 1.0, 1.0, 1.0, 1.0}", "bytes_0[8]", "weights[0 + (b * 16 + o) * 4 + k]",
          "biases[0 + o]", "bytes_1[16]", "tables[0 + byte]", "weights[128 + (b * 4 + o) * 16 + k]",
          "biases[16 + o]", "bytes_2[64]", "multipliers[16 + o]", "tables[256 + byte]",
          "weights[192 + (b * 1 + o) * 64 + k]", "biases[20 + o]", "static_cast<std::int32_t>(sums_2[o])"})
        CHECK_THAT(text, ContainsSubstring(part));
    CHECK(text.find('$') == text.npos);
    const tenon::int8_network<tenon::relu_activation, tenon::real, double, 6, 5> without_tables;
    CHECK_THAT(source_of(without_tables), ContainsSubstring("bytes_1[o] = static_cast<std::uint8_t>(byte);"));
}
