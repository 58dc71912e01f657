#include "support/catch.hpp"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <tenon/format/raw_values.hpp>
#include <vector>

namespace tn = tenon;
using namespace std::string_view_literals;
using tn::raw_kind;
using tn::raw_type;

static_assert(tn::raw_type_of<float>() ==
              raw_type{raw_kind::real, 4, std::endian::native == std::endian::big});
static_assert(tn::raw_type_of<std::int8_t>() == raw_type{raw_kind::whole, 1, false});
static_assert(tn::raw_type_of<std::uint64_t>().kind == raw_kind::natural);
static_assert(tn::RawValue<char> && !tn::RawValue<bool> && !tn::RawValue<long double>);

namespace {

/// The numbers in the bytes, up to the first that a T cannot hold.
template <class T>
std::vector<T> read(std::string_view bytes, raw_type type) {
    std::vector<T> to(bytes.size() / type.size);
    to.resize(tn::convert_raw(std::as_bytes(std::span(bytes)).data(), to.size(), type, to.data()));
    return to;
}

/// The numbers as this machine stores them, to every `step`th place.
template <class From, std::size_t N, class T>
std::size_t convert(const From (&from)[N], T* to, std::size_t step = 1) {
    return tn::convert_raw(std::as_bytes(std::span(from)).data(), N, tn::raw_type_of<From>(), to, step);
}
template <class T, class From>
bool becomes(From from, T expected) {
    T to = 0;
    return convert({from}, &to) == 1 && to == expected;
}
template <class T, class From>
bool is_refused(From from) {
    T to = 0;
    return convert({from}, &to) == 0;
}

} // namespace

TEST_CASE("numbers of both byte orders are the same numbers", "[raw]") {
    using numbers = std::vector<double>;
    CHECK(read<double>("\x01\x02\xff\xfe"sv, {raw_kind::whole, 2, true}) == numbers{258, -2});
    CHECK(read<double>("\x02\x01\xfe\xff"sv, {raw_kind::whole, 2, false}) == numbers{258, -2});
    CHECK(read<double>("\xff\xfe"sv, {raw_kind::natural, 2, true}) == numbers{65534});
    CHECK(read<double>("\xff\x7f"sv, {raw_kind::whole, 1, false}) == numbers{-1, 127});
    CHECK(read<float>("\xbf\x80\0\0"sv, {raw_kind::real, 4, true}) == std::vector<float>{-1});
    CHECK(read<float>("\0\0\0\0\0\0\xf8\x3f"sv, {raw_kind::real, 8, false}) == std::vector<float>{1.5F});
    CHECK(read<int>("\0\1\1\2\1"sv, {raw_kind::logical, 1, false}) == std::vector<int>{0, 1, 1});
    CHECK(read<int>("", {raw_kind::real, 8, false}).empty());
}

TEST_CASE("the first number that does not fit is told, and all before it are there", "[raw]") {
    std::vector<std::int8_t> to(8, 9);
    std::vector<std::int32_t> same(6, 9), truths(4, 9);
    CHECK(convert<std::int32_t>({1, -2, 300, 4}, to.data(), 2) == 2);
    CHECK(to == std::vector<std::int8_t>{1, 9, -2, 9, 9, 9, 9, 9});
    CHECK(convert<std::int32_t>({1, -2, 300}, same.data(), 2) == 3);
    CHECK(same == std::vector<std::int32_t>{1, 9, -2, 9, 300, 9});
    const std::byte bits[] = {std::byte{1}, std::byte{0}};
    CHECK(tn::convert_raw(bits, 2, {raw_kind::logical, 1, false}, truths.data(), 2) == 2);
    CHECK(truths == std::vector<std::int32_t>{1, 9, 0, 9});
    CHECK(tn::convert_raw<double>(nullptr, 0, raw_type{}, nullptr) == 0);
}

TEST_CASE("integers become only what holds them exactly", "[raw]") {
    using signed_limits = std::numeric_limits<std::int64_t>;
    CHECK(becomes<std::int64_t>(signed_limits::min(), signed_limits::min()));
    CHECK(becomes<double>(signed_limits::min(), -0x1p63));
    CHECK(is_refused<double>(signed_limits::max()));
    CHECK(becomes<double>(std::uint64_t{1} << 63, 0x1p63));
    CHECK(is_refused<std::int64_t>(std::uint64_t{1} << 63));
    CHECK(becomes<float>(std::int32_t{16777216}, 16777216.0F));
    CHECK(is_refused<float>(std::int32_t{16777217}));
    CHECK(becomes<std::int8_t>(std::int16_t{-128}, std::int8_t{-128}));
    CHECK(is_refused<std::int8_t>(std::int16_t{-129}));
    CHECK(is_refused<std::int8_t>(std::int16_t{128}));
    CHECK(is_refused<std::uint64_t>(std::int8_t{-1}));
}

TEST_CASE("reals become integers only where they are some", "[raw]") {
    CHECK(becomes<std::int64_t>(-0x1p63, std::numeric_limits<std::int64_t>::min()));
    CHECK(is_refused<std::int64_t>(0x1p63));
    CHECK(becomes<std::uint64_t>(0x1p63, std::uint64_t{1} << 63));
    CHECK(is_refused<std::uint64_t>(0x1p64));
    CHECK(becomes<std::uint8_t>(255.0F, std::uint8_t{255}));
    CHECK(becomes<std::uint8_t>(-0.0, std::uint8_t{0}));
    CHECK(is_refused<std::uint8_t>(256.0F));
    CHECK(is_refused<int>(0.5));
    CHECK(is_refused<int>(std::numeric_limits<double>::infinity()));
    CHECK(is_refused<int>(std::numeric_limits<float>::quiet_NaN()));
}

TEST_CASE("doubles are rounded to floats, but not to infinity", "[raw]") {
    using wide = std::numeric_limits<double>;
    using narrow = std::numeric_limits<float>;
    CHECK(becomes<float>(1.0 / 3, 1.0F / 3));
    CHECK(becomes<float>(static_cast<double>(narrow::max()), narrow::max()));
    const double half_way = static_cast<double>(narrow::max()) + 0x1p103;
    CHECK(becomes<float>(std::nextafter(half_way, 0.0), narrow::max()));
    CHECK(becomes<float>(-std::nextafter(half_way, 0.0), narrow::lowest()));
    CHECK(is_refused<float>(half_way));
    CHECK(is_refused<float>(-half_way));
    CHECK(is_refused<float>(1e39));
    CHECK(becomes<float>(-wide::infinity(), -narrow::infinity()));
    CHECK(becomes<double>(narrow::infinity(), wide::infinity()));
    float to = 0;
    CHECK(convert({wide::quiet_NaN()}, &to) == 1);
    CHECK(std::isnan(to));
}
