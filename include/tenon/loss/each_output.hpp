#pragma once

// A loss of one number as the loss of several: the mean over the outputs, as PyTorch's reduction="mean" takes it over all
// elements. Training puts it around every loss that does not say what it makes of several numbers itself.

#include <array>
#include <cstddef>
#include <span>
#include <tenon/core/concepts.hpp>
#include <tenon/core/matrix.hpp>
#include <type_traits>

namespace tenon::inline v0 {

/// The mean over N outputs of the loss that L is of one number; each output may have a loss in units of its own.
template <class L, std::size_t N>
struct each_output_loss {
    std::array<L, N> losses;

    template <class Kind>
    using accepts = std::conditional_t<std::is_same_v<Kind, reals<N>>, because::nothing,
                                       typename L::template accepts<Kind>>;

    /// Checks options and the targets of each output, where L does.
    void check(vector_view<const std::array<double, N>> y, std::size_t) const {
        if constexpr (requires { losses[0].check(y.column(0), std::size_t{1}); })
            for (std::size_t k = 0; k < N; ++k) losses[k].check(y.column(k), 1);
    }

    template <class T>
    T operator()(std::span<const T> scores, const std::array<T, N>& y, std::span<T> gradient) const {
        constexpr T share = T{1} / static_cast<T>(N);
        T sum = 0;
        for (std::size_t k = 0; k < N; ++k) {
            const std::span<T> slope = gradient.subspan(k, 1);
            sum += losses[k](scores.subspan(k, 1), y[k], slope);
            slope[0] *= share;
        }
        return sum * share;
    }
};

namespace detail {

/// Whether a loss says itself what it makes of targets of this kind, seen in T.
template <class L, class Kind, class T>
concept OwnLossFor = no_objection<typename L::template accepts<Kind>> && LossFor<L, Kind, T>;

/// The kind that a loss is asked about where the target is of Kind: of several numbers a single one, unless the loss knows
/// them itself.
template <class L, class Kind, class T>
using asked_kind = std::conditional_t<is_several_numbers<Kind> && !OwnLossFor<L, Kind, T>, real, Kind>;

} // namespace detail

} // namespace tenon
