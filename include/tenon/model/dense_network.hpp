#pragma once

// Dense layers in sequence: what linear models and multi-layer perceptrons both are. Parameters are one vector, layer
// by layer: in × out weights (row i holds what input i gives to each output), then out biases.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <tenon/core/concepts.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/model/activation.hpp>
#include <tenon/model/dense_forward.hpp>
#include <tenon/model/parameters.hpp>
#include <vector>

namespace tenon::inline v0 {

/// One dense layer as others see it: weights in × out, biases, and what is applied to the outputs.
template <class T>
struct dense_layer {
    std::span<const T> weights;
    std::span<const T> biases;
    std::size_t inputs;
    std::size_t outputs;
    std::string_view activation;
};

namespace detail {

template <std::size_t Layers>
constexpr std::size_t dense_offset(const std::array<std::size_t, Layers + 1>& sizes,
                                   std::size_t layer) noexcept {
    std::size_t n = 0;
    for (std::size_t l = 0; l < layer; ++l) n += (sizes[l] + 1) * sizes[l + 1];
    return n;
}

} // namespace detail

/// Layers W → Hidden… → scores, Act behind every hidden one. Computes in T and answers in Score; a real answer is
/// output_shift + output_scale · (the last layer), which keeps the parameters in units of a standardized target.
template <class Act, class Kind, class T, class Score, std::size_t W, std::size_t... Hidden>
class dense_network {
public:
    static constexpr std::size_t layers = sizeof...(Hidden) + 1;
    static constexpr std::size_t in = W, outputs = outputs_of<Kind>;
    static constexpr bool is_static = W != dynamic && outputs != dynamic;
    using kind = Kind;
    using scalar = T;
    using score = Score;
    using activation = Act;
    using shape = std::array<std::size_t, layers + 1>;
    static constexpr shape static_sizes{W, Hidden..., outputs};
    static constexpr std::size_t parameter_count =
        is_static ? detail::dense_offset<layers>(static_sizes, layers) : dynamic;

    dense_network() : dense_network(model_shape{W == dynamic ? 0 : W, outputs == dynamic ? 0 : outputs}) {}
    explicit dense_network(model_shape ends)
        : sizes_(with_ends(ends)), parameters_(detail::dense_offset<layers>(sizes_, layers)) {}

    const shape& sizes() const noexcept { return sizes_; }
    std::size_t inputs() const noexcept { return sizes_[0]; }
    std::size_t width_out() const noexcept { return sizes_[layers]; }

    /// All parameters, contiguous.
    std::span<T> parameters() noexcept { return {parameters_.data(), parameters_.size()}; }
    std::span<const T> parameters() const noexcept { return {parameters_.data(), parameters_.size()}; }

    /// Their parts by name: layer 0 weights, layer 0 biases, layer 1 weights …
    std::vector<parameter_block> blocks() const {
        std::vector<parameter_block> all;
        for (std::size_t l = 0; l < layers; ++l) {
            const std::string name = "layer " + std::to_string(l);
            all.push_back({name + " weights", offset(l), sizes_[l], sizes_[l + 1], true});
            all.push_back({name + " biases", offset(l) + sizes_[l] * sizes_[l + 1], 1, sizes_[l + 1], false});
        }
        return all;
    }

    dense_layer<T> layer(std::size_t l) const noexcept {
        const T* const w = parameters_.data() + offset(l);
        const std::size_t n = sizes_[l] * sizes_[l + 1];
        return {{w, n},
                {w + n, sizes_[l + 1]},
                sizes_[l],
                sizes_[l + 1],
                l + 1 < layers ? Act::name : "identity"};
    }

    /// Scores of one sample, static sizes: everything on the stack.
    [[gnu::always_inline]] void operator()(row<W, T> x, row_out<outputs, Score> z) const noexcept
        requires is_static
    {
        forward_from<0>(x.data(), z);
    }
    /// Scores of one sample, run-time sizes.
    void operator()(row<W, T> x, row_out<outputs, Score> z) const noexcept
        requires(!is_static)
    {
        std::array<T, widest_hidden> front, back;
        const T* from = x.data();
        for (std::size_t l = 0; l + 1 < layers; ++l) {
            const dense_layer<T> d = layer(l);
            T* const to = l % 2 == 0 ? front.data() : back.data();
            for (std::size_t o = 0; o < d.outputs; ++o) to[o] = Act::apply(dense_output(d, from, o));
            from = to;
        }
        const dense_layer<T> d = layer(layers - 1);
        for (std::size_t o = 0; o < d.outputs; ++o) z[o] = answer(dense_output(d, from, o));
    }

    /// Mean loss of a batch; its gradient with respect to the parameters goes into g, unless g is empty. The loss
    /// sees the last layer's outputs, before output_shift and output_scale, and counts a row by its weight where there are
    /// weights. Defined in model/dense_gradient.hpp.
    struct scratch;
    template <class L, class Y>
    double gradient(const L& loss, matrix_view<const T> x, std::span<const Y> y, std::span<T> g,
                    scratch& room, std::span<const T> weights = {}) const;

    /// Training works in units of a standardized target, (y - shift) / scale, and the network keeps them. What is
    /// learned already is carried over to the new units.
    void enter_target_units(double shift, double scale, bool is_fresh) noexcept {
        if (!is_fresh) {
            const T factor = static_cast<T>(output_scale_ / scale);
            const std::size_t last = offset(layers - 1);
            for (T& p : parameters().subspan(last)) p *= factor;
            for (T& b : parameters().last(width_out())) b += static_cast<T>((output_shift_ - shift) / scale);
        }
        output_shift_ = shift;
        output_scale_ = scale;
    }
    void leave_target_units(double, double) noexcept {}
    static constexpr bool keeps_target_units = true;
    double output_shift() const noexcept { return output_shift_; }
    double output_scale() const noexcept { return output_scale_; }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        if constexpr (W == dynamic) visit("inputs", self.sizes_[0]);
        if constexpr (outputs == dynamic) visit("outputs", self.sizes_[layers]);
        visit("parameters", self.parameters_);
        if constexpr (!is_classification<Kind>) {
            visit("output_shift", self.output_shift_);
            visit("output_scale", self.output_scale_);
        }
    }

    /// Whether the fields agree after loading.
    bool is_consistent() const noexcept {
        return parameters_.size() == detail::dense_offset<layers>(sizes_, layers);
    }

protected:
    std::size_t offset(std::size_t l) const noexcept { return detail::dense_offset<layers>(sizes_, l); }

private:
    static constexpr std::size_t widest_hidden = [] {
        std::size_t widest = 1;
        for (std::size_t l = 1; l < layers; ++l) widest = static_sizes[l] > widest ? static_sizes[l] : widest;
        return widest;
    }();

    static shape with_ends(model_shape ends) noexcept {
        shape sizes = static_sizes;
        sizes[0] = ends.inputs;
        sizes[layers] = ends.outputs;
        return sizes;
    }

    Score answer(T z) const noexcept {
        if constexpr (is_classification<Kind>)
            return static_cast<Score>(z);
        else
            return static_cast<Score>(output_shift_) +
                   static_cast<Score>(output_scale_) * static_cast<Score>(z);
    }

    static T dense_output(const dense_layer<T>& d, const T* x, std::size_t o) noexcept {
        T sum = d.biases[o];
        for (std::size_t i = 0; i < d.inputs; ++i) sum += x[i] * d.weights[i * d.outputs + o];
        return sum;
    }

    template <std::size_t L>
    [[gnu::always_inline]] void forward_from(const T* x, row_out<outputs, Score> z) const noexcept {
        constexpr std::size_t n = static_sizes[L], m = static_sizes[L + 1];
        const T* const w = parameters_.data() + detail::dense_offset<layers>(static_sizes, L);
        if constexpr (L + 2 == layers && outputs == 1)
            z[0] = answer(dense_forward_single<Act, n, m>(w, w + n * m, x, w + (n + 1) * m));
        else {
            alignas(64) std::array<T, m> out;
            if constexpr (L + 1 < layers) {
                dense_forward<Act, n, m>(w, w + n * m, x, out.data());
                forward_from<L + 1>(out.data(), z);
            } else {
                dense_forward<identity_activation, n, m>(w, w + n * m, x, out.data());
                for (std::size_t o = 0; o < m; ++o) z[o] = answer(out[o]);
            }
        }
    }

    shape sizes_;
    storage<T, parameter_count> parameters_;
    double output_shift_ = 0;
    double output_scale_ = 1;
};

} // namespace tenon
