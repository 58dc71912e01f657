#include "support/any_values.hpp"
#include "support/catch.hpp"
#include "support/errors.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <tenon/model/kernels.hpp>
#include <vector>

using tenon_test::any_values;
using tenon_test::WithinAbs;

namespace {

/// run(kernels, name) for each set of instructions that this machine has.
template <class Run>
void with_each_set(Run&& run) {
    namespace sets = tenon::detail;
    constexpr std::size_t unit = sets::unit_register_bytes;
    run(sets::kernels<unit>{}, std::string("unit"));
    sets::with_widest([&](auto widest) { run(widest, std::string("widest")); });
#if defined(__x86_64__) && !defined(__AVX__)
    if (sets::has_avx2()) run(sets::avx2::kernels<unit>{}, std::string("avx2"));
    if (sets::has_avx512()) run(sets::avx512::kernels<unit>{}, std::string("avx512"));
#endif
}

/// Like relu, but shifted, for one number at a time.
struct shifted_activation {
    static constexpr std::string_view name = "shifted";
    template <class T>
    static constexpr T apply(T v) noexcept {
        return v < T(-0.25) ? T(-0.25) : v;
    }
    template <class T>
    static constexpr T slope(T out) noexcept {
        return out > T(-0.25) ? T{1} : T{0};
    }
};
/// The same for vectors of the unit's registers.
struct shifted_in_vectors : shifted_activation {
    template <class V>
    static void apply_to(V& v) noexcept {
        static_assert(sizeof(V) <= tenon::detail::unit_register_bytes);
        const V least = -0.25 - V{};
        v = v < least ? least : v;
    }
};

double by_name(std::string_view activation, double v) {
    if (activation == "relu") return std::max(v, 0.0);
    if (activation == "tanh") return std::tanh(v);
    if (activation == "sigmoid") return 1 / (1 + std::exp(-v));
    if (activation == "shifted") return std::max(v, -0.25);
    return v;
}

/// A dense layer in double, and what its sums are made of.
template <class T>
std::vector<double> layer_by_definition(const T* parameters, const std::vector<double>& x, std::size_t out,
                                        std::string_view activation) {
    std::vector<double> z(out);
    for (std::size_t o = 0; o < out; ++o) {
        z[o] = static_cast<double>(parameters[x.size() * out + o]);
        for (std::size_t i = 0; i < x.size(); ++i)
            z[o] += x[i] * static_cast<double>(parameters[i * out + o]);
        z[o] = by_name(activation, z[o]);
    }
    return z;
}

/// The largest error of the network's outputs or of its layer between, over the number of inputs of both layers. Infinite
/// where something is written behind the outputs.
template <class Act, std::size_t In, std::size_t Mid, std::size_t Out, class T>
double network_error(auto k) {
    const std::vector<T> p = any_values<T>((In + 1) * Mid + (Mid + 1) * Out, In * 1000 + Mid * 10 + Out),
                         x = any_values<T>(In, 5);
    const auto between =
        layer_by_definition(p.data(), std::vector<double>(x.begin(), x.end()), Mid, Act::name);
    const auto exact = layer_by_definition(p.data() + (In + 1) * Mid, between, Out, "identity");
    std::vector<T> z(Out + 1, T{9}), hidden(Mid);
    k.template layers<Act, In, Mid, Out>(p.data(), x.data(), z.data());
    if (z[Out] != 9) return INFINITY;
    z.pop_back();
    const auto apart = [](const std::vector<T>& found, const std::vector<double>& expected) {
        return tenon_test::absolute_error(std::vector<double>(found.begin(), found.end()), expected);
    };
    k.template layer<Act, In, Mid>(p.data(), p.data() + In * Mid, x.data(), hidden.data());
    double error = tenon_test::worst({apart(z, exact), apart(hidden, between)});
    if constexpr (Out == 1) {
        const T alone = k.template to_one<Act, In, Mid, Out>(p.data(), x.data());
        error = tenon_test::worst({error, apart({alone}, exact)});
    }
    return error / static_cast<double>(In + Mid);
}

} // namespace

TEMPLATE_TEST_CASE("every set of instructions computes what a network is", "[model]", float, double) {
    constexpr double rounding = sizeof(TestType) == 4 ? 2e-7 : 4e-16;
    with_each_set([&](auto k, const std::string& name) {
        INFO(name);
        CHECK(network_error<tenon::relu_activation, 2, 64, 1, TestType>(k) <= rounding);
        CHECK(network_error<tenon::relu_activation, 1, 1, 1, TestType>(k) <= rounding);
        CHECK(network_error<tenon::relu_activation, 3, 7, 2, TestType>(k) <= rounding);
        CHECK(network_error<tenon::tanh_activation, 5, 77, 1, TestType>(k) <= rounding);
        CHECK(network_error<tenon::tanh_activation, 16, 32, 3, TestType>(k) <= rounding);
        CHECK(network_error<tenon::sigmoid_activation, 33, 130, 17, TestType>(k) <= rounding);
        CHECK(network_error<tenon::identity_activation, 9, 31, 5, TestType>(k) <= rounding);
        CHECK(network_error<shifted_activation, 4, 45, 1, TestType>(k) <= rounding);
        CHECK(network_error<shifted_in_vectors, 4, 45, 1, TestType>(k) <= rounding);
        CHECK(network_error<shifted_in_vectors, 6, 16, 20, TestType>(k) <= rounding);
    });
}

TEMPLATE_TEST_CASE("every set of instructions multiplies matrices of any shape", "[model]", float, double) {
    using T = TestType;
    const std::array<std::size_t, 3> shapes[] = {
        {1, 1, 1},  {1, 300, 16}, {2, 9, 64}, {3, 5, 7},    {4, 64, 64},  {5, 9, 70},   {6, 9, 70},
        {7, 9, 70}, {8, 9, 70},   {9, 9, 64}, {17, 33, 65}, {40, 257, 3}, {64, 20, 130}};
    for (const auto& [rows, inner, columns] : shapes) {
        const std::vector<T> a = any_values<T>(rows * inner, rows), b = any_values<T>(inner * columns, inner),
                             start = any_values<T>(columns, columns);
        std::vector<double> exact(rows * columns);
        for (std::size_t r = 0; r < rows; ++r)
            for (std::size_t c = 0; c < columns; ++c) {
                exact[r * columns + c] = static_cast<double>(start[c]);
                for (std::size_t i = 0; i < inner; ++i)
                    exact[r * columns + c] +=
                        static_cast<double>(a[r * inner + i]) * static_cast<double>(b[i * columns + c]);
            }
        const double tolerance = static_cast<double>(inner + 1) * (sizeof(T) == 4 ? 1e-7 : 2e-16);
        with_each_set([&](auto k, const std::string& name) {
            INFO(name << ": " << rows << " x " << inner << " x " << columns);
            std::vector<T> c(rows * columns);
            tenon::detail::aligned_vector<T> room;
            k.product({a.data(), static_cast<std::ptrdiff_t>(inner), 1}, rows, inner,
                      {b.data(), static_cast<std::ptrdiff_t>(columns), 1}, columns, start.data(), c.data(),
                      room);
            for (std::size_t i = 0; i < c.size(); ++i) CHECK_THAT(c[i], WithinAbs(exact[i], tolerance));
        });
    }
}

TEST_CASE("tiles of six rows and of four repeat one row at most", "[model]") {
    constexpr std::size_t six = tenon::detail::tall_tile_rows, four = tenon::detail::tile_rows;
    STATIC_REQUIRE(tenon::detail::rows_of_tall_tiles(2) == 0);
    for (std::size_t rows = 3; rows < 100; ++rows) {
        const std::size_t tall = tenon::detail::rows_of_tall_tiles(rows);
        REQUIRE(tall <= rows);
        const std::size_t repeated = (six - tall % six) % six + (four - (rows - tall) % four) % four;
        INFO(rows << " rows, " << tall << " of them in tiles of six");
        CHECK(repeated <= 1);
    }
}

TEMPLATE_TEST_CASE("what lies behind the last column does not reach it", "[model]", float, double) {
    using T = TestType;
    // Columns that fill no vector, beside others that overflow.
    constexpr std::size_t inner = 40, columns = 10, wide = 23;
    std::vector<T> b(inner * wide, std::numeric_limits<T>::infinity());
    for (std::size_t i = 0; i < inner; ++i)
        for (std::size_t c = 0; c < columns; ++c) b[i * wide + c] = static_cast<T>(c);
    const std::vector<T> a(6 * inner, T{1});
    with_each_set([&](auto k, const std::string& name) {
        INFO(name);
        std::vector<T> c(6 * columns + 1, T{-1});
        tenon::detail::aligned_vector<T> room;
        k.template product<T>({a.data(), inner, 1}, 6, inner, {b.data(), wide, 1}, columns, nullptr, c.data(),
                              room);
        for (std::size_t i = 0; i < 6 * columns; ++i) CHECK(c[i] == static_cast<T>(inner * (i % columns)));
        CHECK(c.back() == -1);
    });
}

TEMPLATE_TEST_CASE("every set of instructions takes rows at a time", "[model]", float, double) {
    using T = TestType;
    constexpr std::size_t in = 37, out = 21, count = 11;
    const std::vector<T> p = any_values<T>((in + 1) * out, 1), x = any_values<T>(count * in, 2);
    with_each_set([&](auto k, const std::string& name) {
        INFO(name);
        std::vector<T> z(count * out);
        k.template rows<tenon::tanh_activation, in, out, count>(p.data(), p.data() + in * out, x.data(),
                                                                count, z.data());
        std::vector<T> dots(count);
        k.dots(x.data(), count, in, p.data(), T(0.5), dots.data());
        for (std::size_t r = 0; r < count; ++r) {
            const std::vector<double> row(x.begin() + static_cast<std::ptrdiff_t>(r * in),
                                          x.begin() + static_cast<std::ptrdiff_t>((r + 1) * in));
            const auto exact = layer_by_definition(p.data(), row, out, "tanh");
            for (std::size_t o = 0; o < out; ++o)
                CHECK_THAT(z[r * out + o], WithinAbs(exact[o], sizeof(T) == 4 ? 1e-5 : 1e-14));
            double dot = 0.5;
            for (std::size_t i = 0; i < in; ++i) dot += row[i] * static_cast<double>(p[i]);
            CHECK_THAT(dots[r], WithinAbs(dot, sizeof(T) == 4 ? 1e-5 : 1e-14));
        }
    });
}

TEMPLATE_TEST_CASE("every set of instructions lets NaN through its activations", "[model]", float, double) {
    using T = TestType;
    with_each_set([&](auto k, const std::string& name) {
        INFO(name);
        const auto check = [&]<class Act>(Act) {
            std::array<T, 19> z{};
            z[3] = z[17] = std::numeric_limits<T>::quiet_NaN();
            k.template activate_all<Act>(z.data(), z.size());
            for (std::size_t i = 0; i < z.size(); ++i) CHECK(std::isnan(z[i]) == (i == 3 || i == 17));
        };
        check(tenon::relu_activation{});
        check(tenon::tanh_activation{});
        check(tenon::sigmoid_activation{});
        check(shifted_activation{});
    });
}
