#pragma once

// The loss of counts: Poisson's likelihood, with a log link.

#include <cmath>
#include <cstddef>
#include <span>
#include <tenon/core/because.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/target.hpp>
#include <type_traits>

namespace tenon::inline v0 {

/// exp(score) - y · score: minus the log of the likelihood of y, without what depends on y alone. As PyTorch's
/// PoissonNLLLoss(log_input=True). The target stays in its units: a scaled count is no count.
struct poisson_loss {
    template <class Kind>
    using accepts = std::conditional_t<std::is_same_v<Kind, real>, because::nothing,
                                       because::a_regression_loss_cannot_fit_class_labels>;
    static constexpr bool target_may_be_scaled = false;
    static constexpr const char* name = "poisson";

    /// Throws data_error for a target below 0.
    template <class Targets>
    void check(const Targets& y, std::size_t) const {
        for (std::size_t i = 0; i < y.size(); ++i)
            if (y[i] < 0)
                detail::fail<data_error>({"poisson: a target is ", static_cast<double>(y[i]),
                                          "; it needs counts, which are 0 or more"});
    }

    template <class T>
    T operator()(std::span<const T> scores, T y, std::span<T> gradient) const noexcept {
        const T expected = std::exp(scores[0]);
        gradient[0] = expected - y;
        return expected - y * scores[0];
    }
};

/// Poisson's loss of counts. The model predicts the log of the expected count: its exp is the count.
constexpr poisson_loss poisson() noexcept {
    return {};
}

} // namespace tenon
