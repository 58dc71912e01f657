#pragma once

// mlp<Hidden…>(activation): a multi-layer perceptron, trained by minimize.

#include <cmath>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/random.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/model/dense_network.hpp>

namespace tenon::inline v0 {

/// A trained multi-layer perceptron.
template <class Act, class Kind, class T, class Score, std::size_t W, std::size_t... Hidden>
struct fitted_mlp : dense_network<Act, Kind, T, Score, W, Hidden...> {
    static constexpr std::string_view name = "mlp";
    using dense_network<Act, Kind, T, Score, W, Hidden...>::dense_network;
    /// What a file or report calls this type, beyond its name.
    static std::string signature() {
        std::string text;
        ((text += (text.empty() ? "" : ",") + std::to_string(Hidden)), ...);
        return text + " " + std::string(Act::name) + (sizeof(T) == 4 ? " float" : " double");
    }
};

/// Made by mlp<Hidden…>(activation).
template <Activation Act, class T, std::size_t... Hidden>
struct mlp_spec : stage<role::model> {
    static_assert(sizeof...(Hidden) > 0, "mlp<Hidden…>: name at least one hidden layer's width");
    static constexpr bool differentiable = true;
    template <class In>
    using objection = needs_numbers<In>;
    template <class In>
    using fitted = fitted_mlp<Act, typename In::kind, T, typename In::scalar, In::width, Hidden...>;

    /// Weights uniform in ±√(6 / inputs) in front of relu (He et al. 2015), in ±√(6 / (inputs + outputs)) else
    /// (Glorot and Bengio 2010); biases zero.
    template <class M>
    M start(std::type_identity<M>, model_shape shape, std::uint64_t seed) const {
        M m(shape);
        philox random(seed, initial_weights_stream);
        for (const parameter_block& block : m.blocks()) {
            if (!block.is_weight) continue;
            const bool is_hidden = block.offset + block.size() + block.columns < m.parameters().size();
            const bool he = is_hidden && std::is_same_v<Act, relu_activation>;
            const double fan = static_cast<double>(he ? block.rows : block.rows + block.columns);
            const double limit = std::sqrt(6.0 / fan);
            for (T& w : m.parameters().subspan(block.offset, block.size()))
                w = static_cast<T>((2 * random.uniform() - 1) * limit);
        }
        return m;
    }

private:
    static constexpr std::uint64_t initial_weights_stream = 1;
};

/// A multi-layer perceptron with the given hidden widths, in float: mlp<64, 32>(relu).
template <std::size_t... Hidden, Activation Act>
auto mlp(Act) {
    return pipeline{mlp_spec<Act, float, Hidden...>{}};
}

/// The same in another scalar: mlp<double, 64>(tanh).
template <class T, std::size_t... Hidden, Activation Act>
    requires std::is_floating_point_v<T>
auto mlp(Act) {
    return pipeline{mlp_spec<Act, T, Hidden...>{}};
}

} // namespace tenon
