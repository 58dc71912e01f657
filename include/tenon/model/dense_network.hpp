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
#include <tenon/model/dense_batch.hpp>
#include <tenon/model/kernels.hpp>
#include <tenon/model/output_units.hpp>
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

/// Whether training keeps the whole network in registers: model/small_gradient.hpp.
constexpr bool has_small_gradient(std::size_t in, std::size_t hidden_layers, std::size_t outputs) noexcept {
    return in <= 8 && hidden_layers == 1 && outputs == 1;
}

template <std::size_t Layers>
constexpr std::size_t dense_offset(const std::array<std::size_t, Layers + 1>& sizes,
                                   std::size_t layer) noexcept {
    std::size_t n = 0;
    for (std::size_t l = 0; l < layer; ++l) n += (sizes[l] + 1) * sizes[l + 1];
    return n;
}

} // namespace detail

/// Layers W → Hidden… → scores, Act behind every hidden one. Computes in T and answers in Score; a real answer is
/// output_shift + output_scale · (the last layer), which keeps the parameters in units of a standardized target. Of
/// several numbers each has a shift and a scale of its own.
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
    using output_unit = detail::output_unit<Kind>; ///< double, or std::array of one an output
    static constexpr shape static_sizes{W, Hidden..., outputs};
    static constexpr std::size_t parameter_count =
        is_static ? detail::dense_offset<layers>(static_sizes, layers) : dynamic;

    static constexpr std::size_t widest_hidden = [] {
        std::size_t widest = 1;
        for (std::size_t l = 1; l < layers; ++l) widest = static_sizes[l] > widest ? static_sizes[l] : widest;
        return widest;
    }();

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
        const T* const p = parameters_.data();
        if constexpr (outputs == 1)
            z[0] = answer(detail::with_widest([&](auto k) __attribute__((always_inline)) {
                              return k.template to_one<Act, W, Hidden..., 1>(p, x.data());
                          }),
                          0);
        else {
            alignas(64) std::array<T, outputs> out;
            detail::with_widest([&](auto k) __attribute__((always_inline)) {
                k.template layers<Act, W, Hidden..., outputs>(p, x.data(), out.data());
            });
            for (std::size_t o = 0; o < outputs; ++o) z[o] = answer(out[o], o);
        }
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
        for (std::size_t o = 0; o < d.outputs; ++o) z[o] = answer(dense_output(d, from, o), o);
    }

    /// Scores of up to batch_rows samples, row after row without gaps; everything on the stack.
    static constexpr std::size_t batch_rows = [] {
        if constexpr (is_static && layers > 1)
            return detail::rows_at_a_time<T>(parameter_count * sizeof(T),
                                             widest_hidden > outputs ? widest_hidden : outputs);
        else
            return std::size_t{0};
    }();
    void scores_of_rows(const T* x, std::size_t rows, Score* z) const noexcept
        requires(is_static && layers > 1)
    {
        rows_from<0>(x, rows, z);
    }

    /// Mean loss of a batch; its gradient with respect to the parameters goes into g, unless g is empty. The loss
    /// sees the last layer's outputs, before output_shift and output_scale, and counts a row by its weight where there are
    /// weights. Where there are places the batch's row r is x's row places[r]: large networks read it where it lies. Defined in
    /// model/dense_gradient.hpp.
    struct scratch;
    static constexpr bool reads_places =
        layers > 1 && static_sizes[1] > 1 && !detail::has_small_gradient(W, sizeof...(Hidden), outputs);
    template <class L, class Y>
    double gradient(const L& loss, matrix_view<const T> x, std::span<const Y> y, std::span<T> g,
                    scratch& room, std::span<const T> weights = {},
                    std::span<const std::uint32_t> places = {}) const;

    /// run(first, count) for the parameters that part i of so many threads changes: those whose slopes it finds. Defined in
    /// model/dense_gradient.hpp.
    template <class Run>
    void parameters_of_part(std::size_t i, std::size_t parts, Run&& run) const;

    /// Training works in units of a standardized target, (y - shift) / scale, and the network keeps them. What is
    /// learned already is carried over to the new units.
    void enter_target_units(const output_unit& shift, const output_unit& scale, bool is_fresh) noexcept {
        if (!is_fresh)
            detail::carry_over_units(parameters().subspan(offset(layers - 1)), width_out(), output_shift_,
                                     output_scale_, shift, scale);
        output_shift_ = shift;
        output_scale_ = scale;
    }
    void leave_target_units(const output_unit&, const output_unit&) noexcept {}
    static constexpr bool keeps_target_units = true;
    output_unit output_shift() const noexcept { return output_shift_; }
    output_unit output_scale() const noexcept { return output_scale_; }

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
    static constexpr bool has_small_gradient = detail::has_small_gradient(W, sizeof...(Hidden), outputs);
    static shape with_ends(model_shape ends) noexcept {
        shape sizes = static_sizes;
        sizes[0] = ends.inputs;
        if constexpr (outputs == dynamic) sizes[layers] = ends.outputs;
        return sizes;
    }

    template <std::size_t L>
    void rows_from(const T* x, std::size_t rows, Score* z) const noexcept {
        constexpr std::size_t n = static_sizes[L], m = static_sizes[L + 1];
        const T* const w = parameters_.data() + detail::dense_offset<layers>(static_sizes, L);
        alignas(64) std::array<T, m * batch_rows> out;
        if constexpr (L + 1 < layers) {
            detail::batch_forward<Act, n, m, batch_rows>(w, w + n * m, x, rows, out.data());
            rows_from<L + 1>(out.data(), rows, z);
        } else {
            detail::batch_forward<identity_activation, n, m, batch_rows>(w, w + n * m, x, rows, out.data());
            for (std::size_t i = 0; i < rows * m; ++i) z[i] = answer(out[i], i % m);
        }
    }

    Score answer(T z, std::size_t o) const noexcept {
        if constexpr (is_classification<Kind>)
            return static_cast<Score>(z);
        else
            return static_cast<Score>(detail::of_output(output_shift_, o)) +
                   static_cast<Score>(detail::of_output(output_scale_, o)) * static_cast<Score>(z);
    }

    static T dense_output(const dense_layer<T>& d, const T* x, std::size_t o) noexcept {
        T sum = d.biases[o];
        for (std::size_t i = 0; i < d.inputs; ++i) sum += x[i] * d.weights[i * d.outputs + o];
        return sum;
    }

    shape sizes_;
    storage<T, parameter_count> parameters_;
    output_unit output_shift_ = detail::same_unit<Kind>(0);
    output_unit output_scale_ = detail::same_unit<Kind>(1);
};

} // namespace tenon
