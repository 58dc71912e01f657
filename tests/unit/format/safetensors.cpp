#include "support/catch.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <tenon/format/safetensors.hpp>
#include <vector>

using tenon::read_safetensors;
using tenon::tensor_info;
using tenon::write_safetensors;

namespace {

using bytes = std::vector<std::byte>;

/// What the artifact_error says that f throws; empty where it throws none.
template <class F>
std::string refusal(F f) {
    try {
        f();
    } catch (const tenon::artifact_error& e) {
        return e.what();
    }
    return {};
}

std::string refusal_of(const bytes& file) {
    return refusal([&] { read_safetensors(file, "a.tenon"); });
}

template <class T>
tensor_info tensor(const char* name, const char* dtype, std::vector<std::uint64_t> shape,
                   const std::vector<T>& values) {
    return {name, dtype, std::move(shape), std::as_bytes(std::span(values))};
}

template <class T>
std::vector<T> values_of(const tensor_info* tensor) {
    REQUIRE(tensor != nullptr);
    std::vector<T> values(tensor->bytes.size() / sizeof(T));
    if (!values.empty()) std::memcpy(values.data(), tensor->bytes.data(), tensor->bytes.size());
    return values;
}

const std::vector<std::int8_t> small{-128, -1, 0, 1, 127};
const std::vector<float> medium{1.5F, -2.0F, 3.25F};
const std::vector<double> large{1.0, -0.5, 1e300, 5e-324, 0.0, 42.0};
const std::vector<std::uint64_t> one{~std::uint64_t{0}};

/// A file with a bit of everything, the narrow values first.
bytes sample() {
    const std::vector<tensor_info> tensors{tensor("q", "I8", {5}, small),
                                           tensor("w \"é\"", "F32", {3, 1}, medium),
                                           tensor("d", "F64", {2, 3}, large), tensor("s", "U64", {}, one),
                                           tensor("none", "I32", {0, 7}, std::vector<std::int32_t>{})};
    return write_safetensors(tensors, {{"recipe", "mlp<64>"}, {"schema", "{\"a\":1}"}, {"empty", ""}});
}

/// A file as another program could make it: this header, this many bytes of data, and a seal that fits.
bytes sealed(const std::string& header, std::size_t data, std::uint64_t length) {
    bytes file(8 + header.size() + data);
    std::memcpy(file.data(), &length, 8);
    std::memcpy(file.data() + 8, header.data(), header.size());
    const std::string seal = tenon::detail::seal_of(file);
    std::memcpy(file.data() + tenon::detail::seal_begin, seal.data(), seal.size());
    return file;
}
bytes sealed(const std::string& header, std::size_t data) {
    return sealed(header, data, header.size());
}

/// A header whose tensors (and more metadata) are these.
std::string header(const std::string& tensors, const std::string& metadata = "") {
    return "{\"__metadata__\":{\"sha256\":\"" + std::string(64, '0') + "\"" + metadata + "}" + tensors + "}";
}

std::string entry(const std::string& name, const std::string& dtype, const std::string& shape,
                  const std::string& offsets) {
    return ",\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape +
           ",\"data_offsets\":" + offsets + "}";
}

} // namespace

TEST_CASE("safetensors come back as they were written", "[safetensors]") {
    const bytes file = sample();
    const auto view = read_safetensors(file);
    CHECK(view.metadata ==
          tenon::tensor_metadata{{"recipe", "mlp<64>"}, {"schema", "{\"a\":1}"}, {"empty", ""}});
    REQUIRE(view.tensors.size() == 5);
    CHECK(values_of<std::int8_t>(view.find("q")) == small);
    CHECK(values_of<float>(view.find("w \"é\"")) == medium);
    CHECK(values_of<double>(view.find("d")) == large);
    CHECK(values_of<std::uint64_t>(view.find("s")) == one);
    CHECK(view.find("none")->bytes.empty());
    CHECK(view.find("none")->shape == std::vector<std::uint64_t>{0, 7});
    CHECK(view.find("none")->dtype == "I32");
    CHECK(view.find("d")->shape == std::vector<std::uint64_t>{2, 3});
    CHECK(view.find("s")->shape.empty());
    CHECK(view.find("nothing") == nullptr);
}

TEST_CASE("safetensors know all the dtypes", "[safetensors]") {
    const bytes data(16);
    for (const char* dtype : {"F64", "I64", "U64", "F32", "I32", "U32", "I8", "U8"}) {
        const std::size_t size = tenon::detail::dtype_size(dtype);
        const std::vector<tensor_info> tensors{{"a", dtype, {16 / size}, data}};
        const bytes file = write_safetensors(tensors);
        CHECK(read_safetensors(file).find("a")->dtype == dtype);
    }
}

TEST_CASE("safetensors without tensors or texts are files too", "[safetensors]") {
    const bytes file = write_safetensors({});
    const auto view = read_safetensors(file);
    CHECK(view.tensors.empty());
    CHECK(view.metadata.empty());
    CHECK(file.size() % 64 == 0);
}

TEST_CASE("safetensors lay every value at a multiple of its size", "[safetensors]") {
    const bytes file = sample();
    std::uint64_t length = 0;
    std::memcpy(&length, file.data(), 8);
    CHECK((8 + length) % 64 == 0);
    const auto view = read_safetensors(file);
    const std::byte* end = file.data() + 8 + length;
    std::vector<std::string> names;
    for (const tensor_info& t : view.tensors) {
        CHECK(t.bytes.data() == end);
        CHECK(static_cast<std::size_t>(t.bytes.data() - file.data()) % tenon::detail::dtype_size(t.dtype) ==
              0);
        end = t.bytes.data() + t.bytes.size();
        names.push_back(t.name);
    }
    CHECK(end == file.data() + file.size());
    // The widest first, otherwise in the order given.
    CHECK(names == std::vector<std::string>{"d", "s", "w \"é\"", "none", "q"});
}

TEST_CASE("safetensors are the same bytes for the same content", "[safetensors]") {
    CHECK(sample() == sample());
    // Reference: read by Python's safetensors 0.8, and the seal recomputed with hashlib.
    CHECK(read_safetensors(sample()).seal ==
          "a9c625ae4cf8d72539e26a572498a144b333005e62484d25069525f5c0298759");
}

TEST_CASE("safetensors begin with their seal", "[safetensors]") {
    bytes file = sample();
    const std::string seal = read_safetensors(file).seal;
    const std::string expected = "{\"__metadata__\":{\"sha256\":\"" + seal + "\"";
    CHECK(std::memcmp(file.data() + 8, expected.data(), expected.size()) == 0);
    std::memcpy(file.data() + 35, std::string(64, '0').data(), 64);
    CHECK(tenon::sha256_hex(file) == seal);
}

TEST_CASE("a damaged artifact is refused", "[safetensors]") {
    const bytes file = sample();
    const std::string seal = read_safetensors(file).seal;

    SECTION("any flipped bit") {
        bytes damaged = file;
        for (std::size_t bit = 0; bit < 8 * file.size(); ++bit) {
            const std::size_t at = bit / 8;
            damaged[at] ^= static_cast<std::byte>(1U << (bit % 8));
            const std::string message = refusal_of(damaged);
            damaged[at] = file[at];
            const bool in_prefix = (at >= 8 && at < 35) || at == 99;
            INFO("bit " << bit << ": " << message);
            if (in_prefix)
                REQUIRE(message.starts_with("a.tenon is not a tenon artifact: it does not begin with "));
            else
                REQUIRE(message.starts_with("a.tenon is damaged: its SHA-256 is "));
        }
        CHECK(damaged == file);
    }
    SECTION("any truncation") {
        for (std::size_t n = 0; n < file.size(); ++n) {
            const std::string message =
                refusal_of(bytes(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(n)));
            INFO(n << " bytes: " << message);
            if (n <= 99)
                REQUIRE(message ==
                        "a.tenon is not a tenon artifact: it has only " + std::to_string(n) + " bytes");
            else
                REQUIRE(message.starts_with("a.tenon is damaged: its SHA-256 is "));
        }
    }
    SECTION("any byte more") {
        for (int b = 0; b < 256; ++b) {
            bytes longer = file;
            longer.push_back(static_cast<std::byte>(b));
            REQUIRE(refusal_of(longer).starts_with("a.tenon is damaged: its SHA-256 is "));
        }
    }
    SECTION("two bytes changed round") {
        bytes damaged = file;
        std::swap(damaged[file.size() - 1], damaged[file.size() - 2]);
        REQUIRE(damaged != file);
        CHECK(refusal_of(damaged).ends_with(", the file says " + seal));
    }
    SECTION("a seal in capitals") {
        bytes damaged = file;
        for (std::size_t i = 35; i < 99; ++i)
            if (damaged[i] >= std::byte{'a'}) damaged[i] ^= std::byte{0x20};
        CHECK(refusal_of(damaged).starts_with("a.tenon is damaged: its SHA-256 is " + seal +
                                              ", the file says "));
    }
    SECTION("a seal that would upset a terminal") {
        bytes damaged = file;
        damaged[35] = std::byte{0x1b};
        CHECK(refusal_of(damaged).ends_with(", the file says ?" + seal.substr(1)));
    }
}

TEST_CASE("files of another kind are not taken for artifacts", "[safetensors]") {
    const std::string text(500, 'x');
    const auto other = std::as_bytes(std::span(text));
    CHECK(refusal_of(bytes(other.begin(), other.end())) ==
          "a.tenon is not a tenon artifact: it does not begin with a header length and "
          "{\"__metadata__\":{\"sha256\":\"...\"");
    CHECK(refusal_of({}) == "a.tenon is not a tenon artifact: it has only 0 bytes");
}

TEST_CASE("a sealed file with a wrong header is refused", "[safetensors]") {
    const std::string w = "a.tenon: tensor \"w\"";
    // The twin without a mistake is taken.
    REQUIRE(
        refusal_of(sealed(header(entry("w", "F32", "[2]", "[0,8]") + entry("v", "U8", "[3]", "[8,11]")), 11))
            .empty());

    SECTION("the header's length") {
        const std::string text = header("");
        CHECK(refusal_of(sealed(text, 0)).empty());
        const std::string all = std::to_string(text.size());
        for (const std::uint64_t length : {std::uint64_t{text.size() + 1}, std::uint64_t{100'000'001},
                                           std::uint64_t{1} << 63, ~std::uint64_t{0}, ~std::uint64_t{0} - 7})
            CHECK(refusal_of(sealed(text, 0, length)) == "a.tenon: the header has " + std::to_string(length) +
                                                             " bytes, but the file has " + all +
                                                             " and at most 100000000 are allowed");
        CHECK(refusal_of(sealed(text, 0, 0)) ==
              "a.tenon: the header: expected a value at byte 0, found the end of the text");
        CHECK(refusal_of(sealed(text, 0, text.size() - 1)) ==
              "a.tenon: the header: expected ',' or '}' at byte " + std::to_string(text.size() - 1) +
                  ", found the end of the text");
    }
    SECTION("JSON") {
        CHECK(refusal_of(sealed(header("") + "x", 0))
                  .starts_with("a.tenon: the header: expected the end of the text"));
        CHECK(refusal_of(
                  sealed(header(entry("w", "U8", "[1]", "[0,1]") + entry("w", "U8", "[1]", "[1,2]")), 2)) ==
              "a.tenon: the header: the key \"w\" stands twice in the object at byte 0");
        CHECK(refusal_of(sealed(header("", ",\"sha256\":\"x\""), 0)) ==
              "a.tenon: the header: the key \"sha256\" stands twice in the object at byte 16");
        CHECK(refusal_of(sealed(header("", ",\"a\":1"), 0)) ==
              "a.tenon: metadata \"a\" must be a string, found a number");
        CHECK(refusal_of(sealed(header(",\"w\":[]"), 0)) == w + " must be an object, found an array");
    }
    SECTION("missing and foreign fields") {
        CHECK(refusal_of(sealed(header(",\"w\":{}"), 0)) == w + " has no \"dtype\" in the header");
        CHECK(refusal_of(sealed(header(",\"w\":{\"dtype\":\"U8\"}"), 0)) ==
              w + " has no \"shape\" in the header");
        CHECK(refusal_of(sealed(header(",\"w\":{\"dtype\":\"U8\",\"shape\":[1]}"), 1)) ==
              w + " has no \"data_offsets\" in the header");
        CHECK(refusal_of(sealed(
                  header(",\"w\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1],\"x\":1}"), 1)) ==
              w + " has more in the header than dtype, shape and data_offsets");
        CHECK(refusal_of(sealed(header(",\"w\":{\"dtype\":8,\"shape\":[1],\"data_offsets\":[0,1]}"), 1)) ==
              w + ": dtype must be a string, found a number");
        CHECK(refusal_of(sealed(header(entry("w", "U8", "1", "[0,1]")), 1)) ==
              w + ": shape must be an array, found a number");
        CHECK(refusal_of(sealed(header(entry("w", "U8", "[1]", "{}")), 1)) ==
              w + ": data_offsets must be an array, found an object");
        CHECK(refusal_of(sealed(header(entry("w", "U8", "[1]", "[0]")), 1)) ==
              w + ": data_offsets must be two numbers");
        CHECK(refusal_of(sealed(header(entry("w", "U8", "[1]", "[0,1,1]")), 1)) ==
              w + ": data_offsets must be two numbers");
    }
    SECTION("dtype and shape") {
        for (const char* dtype : {"F16", "BF16", "BOOL", "f32", "F3", "", "I16", "F8"})
            CHECK(refusal_of(sealed(header(entry("w", dtype, "[1]", "[0,1]")), 1)) ==
                  w + " has the dtype \"" + dtype + "\", expected F64, F32, I64, U64, I32, U32, I8 or U8");
        CHECK(refusal_of(sealed(header(entry("w", "F32", "[3]", "[0,8]")), 8)) ==
              w + " has 8 bytes, but its shape and F32 make 12");
        CHECK(refusal_of(sealed(header(entry("w", "F64", "[]", "[0,0]")), 0)) ==
              w + " has 0 bytes, but its shape and F64 make 8");
        for (const char* extent : {"-1", "1.5", "9007199254740992", "1e300"})
            CHECK(refusal_of(sealed(header(entry("w", "U8", "[" + std::string(extent) + "]", "[0,1]")), 1))
                      .starts_with(
                          w + ": an extent of the shape must be a whole number from 0 to 2^53 - 1, found "));
        CHECK(refusal_of(sealed(header(entry("w", "U8", "[\"1\"]", "[0,1]")), 1)) ==
              w + ": an extent of the shape must be a number, found a string");
        // 2^32 * 2^32 and 8 * 2^61 are 0 in 64 bits, and the last would be without its overflow.
        for (const char* shape :
             {"[4294967296,4294967296]", "[2147483648,1073741824]", "[4294967296,4294967296,0]"})
            CHECK(refusal_of(sealed(header(entry("w", "F64", shape, "[0,0]")), 0)) ==
                  w + " has a shape of more bytes than 64 bits can count");
        CHECK(refusal_of(sealed(header(entry("w", "F64", "[0,4294967296,4294967296]", "[0,0]")), 0)).empty());
    }
    SECTION("offsets") {
        const auto two = [](const char* a, const char* b) {
            return header(entry("w", "F32", "[2]", a) + entry("v", "F32", "[1]", b));
        };
        const std::string v = "a.tenon: tensor \"v\"";
        REQUIRE(refusal_of(sealed(two("[0,8]", "[8,12]"), 12)).empty());
        // A gap, an overlap, the order changed, a gap in front.
        CHECK(refusal_of(sealed(two("[0,8]", "[9,13]"), 13)) ==
              v + " begins at byte 9 of the data, expected 8: tensors follow each other without gap or "
                  "overlap");
        CHECK(refusal_of(sealed(two("[0,8]", "[4,8]"), 8)) ==
              v + " begins at byte 4 of the data, expected 8: tensors follow each other without gap or "
                  "overlap");
        CHECK(refusal_of(sealed(two("[4,12]", "[0,4]"), 12)) ==
              w + " begins at byte 4 of the data, expected 0: tensors follow each other without gap or "
                  "overlap");
        CHECK(refusal_of(sealed(two("[1,9]", "[9,13]"), 13)).starts_with(w + " begins at byte 1 "));
        // Beyond the end, backwards, bytes left over, not a count.
        CHECK(refusal_of(sealed(two("[0,8]", "[8,12]"), 11)) ==
              v + " ends at byte 12 of the data, which has only 11");
        CHECK(refusal_of(sealed(two("[0,8]", "[8,4]"), 12)) ==
              v + " ends at byte 4 of the data, before it begins at 8");
        CHECK(refusal_of(sealed(two("[0,8]", "[8,12]"), 13)) ==
              "a.tenon: the tensors have 12 bytes, but the data 13");
        CHECK(refusal_of(sealed(header(""), 1)) == "a.tenon: the tensors have 0 bytes, but the data 1");
        CHECK(refusal_of(sealed(two("[0,-8]", "[8,12]"), 12))
                  .starts_with(w + ": data_offsets must be a whole number "));
        CHECK(refusal_of(sealed(two("[0,9007199254740991]", "[8,12]"), 12))
                  .starts_with(w + " ends at byte 9007199254740991 of the data, which has only 12"));
    }
}

TEST_CASE("what would be a wrong file is not written", "[safetensors]") {
    const bytes data(8);
    const auto written = [&](const std::vector<tensor_info>& tensors,
                             const tenon::tensor_metadata& texts = {}) {
        return refusal([&] { write_safetensors(tensors, texts); });
    };
    REQUIRE(written({{"a", "F64", {1}, data}, {"b", "U8", {2, 4}, data}}, {{"k", "v"}}).empty());
    CHECK(written({{"a", "F64", {1}, data}, {"a", "U8", {8}, data}}) ==
          "cannot write an artifact: the tensor name \"a\" is there twice");
    CHECK(written({{"__metadata__", "F64", {1}, data}}) ==
          "cannot write an artifact: the tensor name \"__metadata__\" is the format's own");
    CHECK(written({}, {{"k", "1"}, {"k", "2"}}) ==
          "cannot write an artifact: the metadata \"k\" is there twice");
    CHECK(written({}, {{"sha256", "1"}}) ==
          "cannot write an artifact: the metadata \"sha256\" is the format's own");
    CHECK(written({{"a", "F16", {4}, data}}) ==
          "cannot write an artifact: tensor \"a\" has the dtype \"F16\", expected "
          "F64, F32, I64, U64, I32, U32, I8 or U8");
    CHECK(written({{"a", "F32", {3}, data}}) ==
          "cannot write an artifact: tensor \"a\" has 8 bytes, but its shape and F32 make 12");
    CHECK(written({{"a", "F32", {std::uint64_t{1} << 40, std::uint64_t{1} << 40}, data}}) ==
          "cannot write an artifact: tensor \"a\" has a shape of more bytes than 64 bits can count");
    CHECK(written({{"a", "F32", {0, std::uint64_t{1} << 53}, {}}}) ==
          "cannot write an artifact: tensor \"a\" has an extent of 2^53 or more");
    CHECK(written({{"\xff", "F64", {1}, data}}).starts_with("JSON: text to be written is not UTF-8"));
    CHECK(written({}, {{"k", "\xff"}}).starts_with("JSON: text to be written is not UTF-8"));
}
