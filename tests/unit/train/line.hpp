// A trainable model without matrices: a weight for each of W inputs and a bias, in double. Small enough that a test can
// say what training must do to it, and cheap to compile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/model/parameters.hpp>
#include <tuple>
#include <type_traits>
#include <vector>

namespace tenon_test {

template <std::size_t W>
struct fitted_line {
    static constexpr std::string_view name = "line";
    static constexpr std::size_t in = W, outputs = 1, parameter_count = W + 1;
    using scalar = double;
    using score = double;

    tenon::storage<double, parameter_count> values;

    std::size_t inputs() const noexcept { return W; }
    std::size_t width_out() const noexcept { return 1; }
    std::span<double> parameters() noexcept { return {values.data(), values.size()}; }
    std::span<const double> parameters() const noexcept { return {values.data(), values.size()}; }
    std::vector<tenon::parameter_block> blocks() const {
        return {{"weights", 0, W, 1, true}, {"bias", W, 1, 1, false}};
    }
    void operator()(tenon::row<W> x, tenon::row_out<1> z) const noexcept {
        z[0] = values[W];
        for (std::size_t i = 0; i < W; ++i) z[0] += values[i] * x[i];
    }
    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("values", self.values);
    }

    struct scratch {};
    template <class L, class Y>
    double gradient(const L& loss, tenon::matrix_view<const double> x, std::span<const Y> y,
                    std::span<double> g, scratch&) const {
        double sum = 0;
        const double share = 1 / static_cast<double>(x.rows());
        for (double& v : g) v = 0;
        for (std::size_t r = 0; r < x.rows(); ++r) {
            double z = values[W], slope = 0;
            for (std::size_t i = 0; i < W; ++i) z += values[i] * x(r, i);
            sum += loss(std::span<const double>(&z, 1), y[r], std::span(&slope, 1)) * share;
            if (g.empty()) continue;
            for (std::size_t i = 0; i < W; ++i) g[i] += slope * x(r, i) * share;
            g[W] += slope * share;
        }
        return sum;
    }
};

/// Starts at zero. Takes the rows as they come.
struct line_spec : tenon::stage<tenon::role::model> {
    static constexpr bool differentiable = true;
    template <class In>
    using fitted = fitted_line<In::width>;
    template <class M>
    static M start(std::type_identity<M>, tenon::model_shape, std::uint64_t) {
        return {};
    }
};

inline auto line() {
    return tenon::pipeline{line_spec{}};
}

} // namespace tenon_test
