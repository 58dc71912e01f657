// Metrics of models that are written out here; those of real ones are in callback.cpp.

#include "support/catch.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <tenon/evaluate/outcomes.hpp>
#include <tenon/train/metric_value.hpp>
#include <vector>

namespace tn = tenon;
using tn::detail::metric_of_classes;
using tn::detail::metric_of_numbers;

namespace {

/// Scores x0, x1, … of as many inputs.
template <std::size_t N>
struct passing_model {
    static constexpr std::size_t in = N, outputs = N;
    using scalar = float;
    using score = double;
    std::size_t width_out() const { return N; }
    void operator()(tn::row<N, float> x, tn::row_out<N, double> z) const {
        for (std::size_t i = 0; i < N; ++i) z[i] = static_cast<double>(x[i]);
    }
};

template <std::size_t N>
struct units {
    std::array<double, N> shift, scale;
};

/// Notes truth and prediction of every row; its value is how often it was asked.
struct noting_metric {
    template <class Kind>
    using accepts = tn::because::nothing;
    std::vector<double>* seen;
    double operator()(const tn::outcomes<tn::real>& o) const {
        for (std::size_t r = 0; r < o.truth.size(); ++r) {
            seen->push_back(o.truth[r]);
            seen->push_back(o.predicted[r]);
        }
        return static_cast<double>(seen->size());
    }
};
/// Knows two numbers at once.
struct pair_metric {
    template <class Kind>
    using accepts = tn::because::nothing;
    double operator()(const tn::outcomes<tn::real>&) const { return -1; }
    double operator()(const tn::outcomes<tn::reals<2>>& o) const {
        return o.outputs[0].predicted[1] + 10 * o.outputs[1].truth[0];
    }
};

/// Hands on what it is shown, as text.
template <bool Needs>
struct telling_metric {
    static constexpr bool needs_probabilities = Needs;
    std::string* text;
    double operator()(const tn::outcomes<tn::classes<2>>& o) const {
        for (std::size_t r = 0; r < o.truth.size(); ++r) {
            *text += std::to_string(o.truth[r]);
            *text += o.predicted[r] == tn::no_class ? "?" : o.class_names[o.predicted[r]];
        }
        *text += ' ' + std::to_string(o.class_count) + ' ' + std::to_string(o.probabilities.rows());
        return Needs ? o.probabilities(1, 1) : 0.5;
    }
};

} // namespace

TEST_CASE("a metric of numbers sees them in the units of the target", "[train]") {
    const std::vector<float> x{1, 2, 3};
    const std::vector<double> y{5, 6, 7};
    std::vector<double> seen;
    CHECK(metric_of_numbers(noting_metric{&seen}, passing_model<1>{}, {x.data(), 3, 1},
                            tn::vector_view<const double>(y), units<1>{{10}, {0.5}}) == 6);
    CHECK(seen == std::vector<double>{5, 10.5, 6, 11, 7, 11.5});
}

TEST_CASE("of several numbers it is the mean over them, unless the metric knows better", "[train]") {
    const std::vector<float> x{1, 2, 3, 4}; // by columns
    const std::vector<std::array<double, 2>> y{{5, 6}, {7, 8}};
    const tn::matrix_view<const float> columns(x.data(), 2, 2, 1, 2);
    const tn::vector_view<const std::array<double, 2>> targets(y);
    const units<2> both{{0, 100}, {1, 2}};
    std::vector<double> seen;
    CHECK(metric_of_numbers(noting_metric{&seen}, passing_model<2>{}, columns, targets, both) ==
          (4 + 8) / 2.0);
    CHECK(seen == std::vector<double>{5, 1, 7, 2, 6, 106, 8, 108});
    CHECK(metric_of_numbers(pair_metric{}, passing_model<2>{}, columns, targets, both) == 2 + 60);
}

TEST_CASE("a metric of classes sees answers, and probabilities only where it needs them", "[train]") {
    const float missing = std::numeric_limits<float>::quiet_NaN();
    const std::vector<float> x{2, 1, 0, 1, 3, 3, 1, missing};
    const std::vector<tn::class_index> y{0, 1, 1, 0};
    const std::vector<std::string> names{"a", "b"};
    const tn::matrix_view<const float> rows(x.data(), 4, 2);
    const auto value = [&](const auto& metric) {
        return metric_of_classes(metric, passing_model<2>{}, rows, tn::vector_view<const tn::class_index>(y),
                                 names);
    };
    std::string plain, full;
    CHECK(value(telling_metric<false>{&plain}) == 0.5);
    CHECK(plain == "0a1b1a0? 2 0"); // the first of equals, and no class where a score is NaN
    CHECK_THAT(value(telling_metric<true>{&full}), tenon_test::WithinRel(1 / (1 + std::exp(-1.0)), 1e-14));
    CHECK(full == "0a1b1a0? 2 4");
}
