#pragma once

// prune(by_magnitude, fraction): the smallest weights become zero, and stay zero.

#include <cmath>
#include <cstdint>
#include <string>
#include <tenon/core/ascending.hpp>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/core/text.hpp>
#include <vector>

namespace tenon::inline v0 {

/// A model with a mask over its parameters: what was pruned stays zero under further training. It answers as M does.
template <class M>
struct pruned : M {
    static constexpr std::string_view name = "pruned";
    storage<std::uint8_t, M::parameter_count> kept; ///< 1 where the parameter lives

    pruned() = default;
    explicit pruned(const M& m) : M(m), kept(this->parameters().size()) {
        for (std::uint8_t& k : kept) k = 1;
    }

    /// Zero at every pruned place of a vector as long as the parameters.
    void keep_zeros(std::span<typename M::scalar> v) const noexcept {
        for (std::size_t i = 0; i < v.size(); ++i)
            if (kept[i] == 0) v[i] = 0;
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        M::fields(self, visit);
        visit("kept", self.kept);
    }
    bool is_consistent() const noexcept {
        return M::is_consistent() && kept.size() == this->parameters().size();
    }
    /// What a file or report calls this type, beyond its name.
    static std::string signature() {
        if constexpr (requires { M::signature(); })
            return detail::concat({M::name, " ", M::signature()});
        else
            return std::string(M::name);
    }
};

template <class M>
inline constexpr bool is_pruned = false;
template <class M>
inline constexpr bool is_pruned<pruned<M>> = true;

/// Which weights go first: those of the smallest magnitude in their layer. Over all layers at once the last one, whose
/// weights are the smallest of all after Glorot's start, would go first, and the model with it.
struct magnitude_criterion {};
inline constexpr magnitude_criterion by_magnitude{};

/// A model whose parameters tell weights from biases.
template <class M>
concept Prunable = requires(M m) {
    m.blocks();
    m.parameters();
    M::parameter_count;
};

/// Made by prune(by_magnitude, fraction).
struct prune_spec : stage<role::pruner> {
    double fraction;

    explicit prune_spec(double f) : fraction(f) {}
    template <class M>
    using result =
        std::conditional_t<is_pruned<M>, std::type_identity<M>, std::type_identity<pruned<M>>>::type;
    template <class M>
    using objection_to =
        std::conditional_t<Prunable<M>, because::nothing, because::this_Model_has_no_weights_to_prune>;

    template <class M>
    result<M> operator()(const M& m, matrix_view<const typename M::scalar>) const {
        if (!(fraction >= 0 && fraction <= 1))
            detail::fail<fit_error>({"prune: the fraction is from 0 to 1, not ", fraction});
        result<M> smaller(m);
        const auto p = smaller.parameters();
        for (const auto& block : m.blocks()) {
            if (!block.is_weight) continue;
            // Equal magnitudes go in the order of their places, so that the result is one and the same everywhere.
            const std::vector<std::size_t> smallest_first = detail::ascending_places(
                block.size(), [&](std::size_t i) { return std::abs(p[block.offset + i]); });
            const auto count = std::lround(fraction * static_cast<double>(block.size()));
            for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
                smaller.kept[block.offset + smallest_first[i]] = 0;
        }
        smaller.keep_zeros(p);
        return smaller;
    }
};

/// Sets the given fraction of each layer's weights, those of the smallest magnitude, to zero. Biases stay.
/// Unstructured zeros save neither bytes nor time by themselves; they are kept through fine_tune and quantize.
inline auto prune(magnitude_criterion, double fraction) {
    return pipeline{prune_spec(fraction)};
}

} // namespace tenon
