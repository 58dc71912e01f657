// tanh, e^v and the logistic function at every float there is, all 2^32 of them: within 2 units in the last place where
// products and sums are rounded one by one, and at a third of them where they are contracted into fused multiply-adds.
// Compiled with -O2.
#include "support/catch.hpp"
#include "support/elementary_functions.hpp"

#include <bit>
#include <cstdint>
#include <limits>
#include <tenon/model/exponential.hpp>
#include <tenon/model/hyperbolic_tangent.hpp>
#include <vector>

using tenon_test::exponential;
using tenon_test::logistic;
using tenon_test::tangent;

namespace {

// NOLINTBEGIN(modernize-use-using): an alias cannot carry the attribute
typedef float floats __attribute__((vector_size(32)));
typedef std::int32_t words __attribute__((vector_size(32)));
typedef float four_floats __attribute__((vector_size(16)));
typedef std::int32_t four_words __attribute__((vector_size(16)));
typedef double doubles __attribute__((vector_size(32)));
typedef std::int64_t long_words __attribute__((vector_size(32)));
// NOLINTEND(modernize-use-using)

#if defined(__SANITIZE_ADDRESS__)
constexpr std::uint32_t stride = 4099;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr std::uint32_t stride = 4099; // a sample: checks cost too much for all
#else
constexpr std::uint32_t stride = 1;
#endif
#else
constexpr std::uint32_t stride = 1;
#endif

/// Floats of neighbouring bits, both ends among them, and what is known of the function there.
enum class answer { itself, constant, not_a_number, computed };
struct interval {
    std::uint32_t first, last;
    answer kind;
    float value = 0;
};

/// Where F is known: how many results are something else.
template <class F>
[[gnu::always_inline]] inline std::uint64_t count_wrong(const interval& i, std::uint32_t step) {
    words lane = {0, 1, 2, 3, 4, 5, 6, 7}, wrong{};
    const words most = static_cast<std::int32_t>(i.last - i.first) - words{};
    const words constant = std::bit_cast<std::int32_t>(i.value) - words{};
    std::uint64_t count = 0;
    for (std::uint64_t from = i.first; from <= i.last; from += 8 * step) {
        const words input = lane + static_cast<std::int32_t>(static_cast<std::uint32_t>(from));
        floats v = reinterpret_cast<floats>(input);
        F::apply(v);
        const words result = reinterpret_cast<words>(v);
        const words in_range = (input - static_cast<std::int32_t>(i.first)) <= most;
        if (i.kind == answer::itself)
            wrong = wrong | ((result != input) & in_range);
        else if (i.kind == answer::constant)
            wrong = wrong | ((result != constant) & in_range);
        else
            wrong = wrong | ((v == v) & in_range);
    }
    for (int k = 0; k < 8; ++k) count += wrong[k] != 0 ? 1U : 0U;
    return count;
}

/// Elsewhere: the greatest error in units of the last place of the true value, which F in double is as far as floats
/// can tell.
template <class F>
[[gnu::always_inline]] inline double worst_error(const interval& i, std::uint32_t step) {
    const four_words lane = {0, 1, 2, 3};
    const long_words exponent = std::int64_t{0x7FF0000000000000} - long_words{};
    const doubles most = 0x1p149 - doubles{};
    doubles worst{};
    long_words fine = most == most;
    for (std::uint64_t from = i.first; from <= i.last; from += 4 * step) {
        const four_words input = lane + static_cast<std::int32_t>(static_cast<std::uint32_t>(from));
        four_floats v = reinterpret_cast<four_floats>(input);
        doubles exact = __builtin_convertvector(v, doubles);
        F::apply(v);
        F::apply(exact);
        const doubles difference = __builtin_convertvector(v, doubles) - exact;
        const doubles size = reinterpret_cast<doubles>(reinterpret_cast<long_words>(difference) &
                                                       std::int64_t{0x7FFFFFFFFFFFFFFF});
        // 2^23 over the power of two in it: one over a unit in the last place, 2^-149 at least.
        const long_words inverse =
            std::int64_t{0x7FE0000000000000} - (reinterpret_cast<long_words>(exact) & exponent);
        doubles units = reinterpret_cast<doubles>(inverse) * 0x1p23;
        units = units > most ? most : units;
        const doubles error = size * units;
        fine = fine & (error < 1e9); // not NaN
        worst = error > worst ? error : worst;
    }
    double greatest = 0;
    for (int k = 0; k < 4; ++k) greatest = worst[k] > greatest ? worst[k] : greatest;
    return (fine[0] & fine[1] & fine[2] & fine[3]) != 0 ? greatest : 1e9;
}

struct finding {
    std::uint64_t wrong = 0;
    double worst = 0; ///< above 0.49, for the reference is not the function itself
};
template <class F>
[[gnu::always_inline]] inline void scan(const interval& i, finding& f, std::uint32_t step) {
    if (i.kind == answer::computed) {
        const double worst = worst_error<F>(i, step);
        f.worst = worst > f.worst ? worst : f.worst;
    } else
        f.wrong += count_wrong<F>(i, step);
}

template <class F>
void scan_plain(const interval& i, finding& f) {
    scan<F>(i, f, stride);
}
#if defined(__x86_64__)
template <class F>
[[gnu::target("avx2")]] void scan_wide(const interval& i, finding& f) {
    scan<F>(i, f, stride);
}
template <class F>
[[gnu::target("avx2,fma")]] void scan_fused(const interval& i, finding& f) {
    scan<F>(i, f, (i.kind == answer::computed ? 3 : 61) * stride); // samples, since it is the second time
}
#endif

constexpr std::uint32_t bits(float v) {
    return std::bit_cast<std::uint32_t>(v);
}

/// What each way to compile F gives. The intervals follow each other without a gap from 0 to all ones.
template <class F, std::size_t N>
std::vector<finding> findings(const interval (&intervals)[N]) {
    std::uint64_t next = 0;
    for (const interval& i : intervals) {
        REQUIRE(i.first == next);
        next = std::uint64_t{i.last} + 1;
    }
    REQUIRE(next == std::uint64_t{1} << 32);
    const auto found = [&](auto scan) {
        finding f;
        for (const interval& i : intervals) scan(i, f);
        return f;
    };
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        // The same roundings as without, twice as fast.
        if (!__builtin_cpu_supports("fma")) return {found(scan_wide<F>)};
        return {found(scan_wide<F>), found(scan_fused<F>)};
    }
#endif
    return {found(scan_plain<F>)};
}

constexpr std::uint32_t sign = 0x80000000, infinite = 0x7F800000, none = 0x7FFFFFFF;

} // namespace

TEST_CASE("tanh is within 2 units in the last place at every float") {
    const interval intervals[] = {
        {0, bits(0x1p-13F) - 1, answer::itself},
        {bits(0x1p-13F), bits(10) - 1, answer::computed},
        {bits(10), infinite, answer::constant, 1},
        {infinite + 1, none, answer::not_a_number},
        {sign, bits(-0x1p-13F) - 1, answer::itself},
        {bits(-0x1p-13F), bits(-10) - 1, answer::computed},
        {bits(-10), sign + infinite, answer::constant, -1},
        {sign + infinite + 1, sign + none, answer::not_a_number},
    };
    for (const finding& f : findings<tangent>(intervals)) {
        CHECK(f.wrong == 0);
        CHECK(f.worst <= 2.0);
        CHECK(f.worst > 0.49);
    }
}

TEST_CASE("the exponential is within 2 units in the last place at every float") {
    constexpr float most = 0x1.62e42ep6F; // the last whose exponential is no greater than the greatest float
    const interval intervals[] = {
        {0, bits(0x1p-26F) - 1, answer::constant, 1},
        {bits(0x1p-26F), bits(most), answer::computed},
        {bits(most) + 1, infinite, answer::constant, std::numeric_limits<float>::infinity()},
        {infinite + 1, none, answer::not_a_number},
        {sign, bits(-0x1p-26F) - 1, answer::constant, 1},
        {bits(-0x1p-26F), bits(-104), answer::computed},
        {bits(-104) + 1, sign + infinite, answer::constant, 0},
        {sign + infinite + 1, sign + none, answer::not_a_number},
    };
    for (const finding& f : findings<exponential>(intervals)) {
        CHECK(f.wrong == 0);
        CHECK(f.worst <= 2.0);
        CHECK(f.worst > 0.49);
    }
}

TEST_CASE("the logistic function is within 2 units in the last place at every float") {
    const interval intervals[] = {
        {0, bits(0x1p-25F) - 1, answer::constant, 0.5F},
        {bits(0x1p-25F), bits(20) - 1, answer::computed},
        {bits(20), infinite, answer::constant, 1},
        {infinite + 1, none, answer::not_a_number},
        {sign, bits(-0x1p-25F) - 1, answer::constant, 0.5F},
        {bits(-0x1p-25F), bits(-104), answer::computed},
        {bits(-104) + 1, sign + infinite, answer::constant, 0},
        {sign + infinite + 1, sign + none, answer::not_a_number},
    };
    for (const finding& f : findings<logistic>(intervals)) {
        CHECK(f.wrong == 0);
        CHECK(f.worst <= 2.0);
        CHECK(f.worst > 0.49);
    }
}
