#pragma once

// A network of any layers, fitted: its parameters and constants, one sample forwards, a batch's gradient.

#include <array>
#include <cstdint>
#include <string>
#include <tenon/core/concepts.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/core/random.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/core/target.hpp>
#include <tenon/core/text.hpp>
#include <tenon/model/layer_sequence.hpp>
#include <tenon/model/output_units.hpp>
#include <tenon/model/parameters.hpp>
#include <vector>

namespace tenon::inline v0 {

/// A network that can be trained and predicts. Computes in T and answers in Score; a real answer is
/// output_shift + output_scale · (the last layer), which keeps the parameters in units of a standardized target. Of several
/// numbers each has a shift and a scale of its own.
template <class Kind, class T, class Score, std::size_t W, Layer... Layers>
class fitted_network {
    using sequence = detail::layer_sequence<Layers...>;
    using last_layer = typename sequence::template at<sizeof...(Layers) - 1>;

public:
    static constexpr std::string_view name = "network";
    static constexpr std::size_t in = W, outputs = outputs_of<Kind>, layer_count = sizeof...(Layers);
    static constexpr bool is_static = W != dynamic;
    using kind = Kind;
    using output_unit = detail::output_unit<Kind>; ///< double, or std::array of one an output
    using scalar = T;
    using score = Score;
    static constexpr std::size_t parameter_count = is_static ? sequence::parameter_count(W) : dynamic;
    static constexpr std::size_t constant_count = is_static ? sequence::constant_count(W) : dynamic;

    fitted_network() : fitted_network(model_shape{is_static ? W : 0, last_width}) {}
    explicit fitted_network(model_shape ends)
        : inputs_(ends.inputs), parameters_(sequence::parameter_count(ends.inputs)),
          constants_(sequence::constant_count(ends.inputs)) {}

    std::size_t inputs() const noexcept { return is_static ? W : static_cast<std::size_t>(inputs_); }
    static constexpr std::size_t width_out() noexcept { return last_width; }

    /// All that training changes, layer by layer.
    std::span<T> parameters() noexcept { return {parameters_.data(), parameters_.size()}; }
    std::span<const T> parameters() const noexcept { return {parameters_.data(), parameters_.size()}; }
    /// What layers were given or have counted: rates, running means.
    std::span<T> constants() noexcept { return {constants_.data(), constants_.size()}; }
    std::span<const T> constants() const noexcept { return {constants_.data(), constants_.size()}; }

    /// Parts of the parameters by name: layer 0 weights, layer 0 biases, layer 1 parameters …
    std::vector<parameter_block> blocks() const {
        std::vector<parameter_block> all;
        sequence::each([&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
            using L = typename sequence::template at<I>;
            const auto o = sequence::offset(inputs(), I);
            const std::size_t count = detail::parameter_count<L>(o.width), out = L::width_out(o.width);
            const std::string layer = detail::concat({"layer ", I});
            if (count == 0) return;
            if constexpr (detail::IsDense<L>) {
                all.push_back({layer + " weights", o.parameters, o.width, out, true});
                all.push_back({layer + " biases", o.parameters + o.width * out, 1, out, false});
            } else
                all.push_back({layer + " parameters", o.parameters, 1, count, false});
        });
        return all;
    }

    /// A table of the layers: name, width, parameters.
    std::string summary() const {
        const auto line = [](std::string_view layer, const std::string& width, std::size_t parameters) {
            const std::string count = std::to_string(parameters);
            std::string text(layer);
            text.resize(text.size() < 24 ? 24 : text.size() + 1, ' ');
            text += width;
            text.resize(
                text.size() + (width.size() + count.size() < 24 ? 24 - width.size() - count.size() : 1), ' ');
            return text + count + "\n";
        };
        std::string text = "layer                   width         parameters\n";
        sequence::each([&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
            using L = typename sequence::template at<I>;
            const std::size_t width = sequence::offset(inputs(), I).width;
            text += line(detail::layer_title<L>(), detail::concat({width, " -> ", L::width_out(width)}),
                         detail::parameter_count<L>(width));
        });
        return text + line("together", "", parameters().size());
    }
    static std::string signature() { return sequence::title() + (sizeof(T) == 4 ? " float" : " double"); }

    /// Scores of one sample; everything on the stack.
    [[gnu::always_inline]] void operator()(row<W, T> x, row_out<outputs, Score> z) const noexcept {
        alignas(64) std::array<T, last_width> last;
        sequence::template forward_from<0, W>(values(), inputs(), x.data(), last.data());
        for (std::size_t o = 0; o < last_width; ++o) z[o] = answer(last[o], o);
    }

    /// Scores of up to batch_rows samples, row after row without gaps; everything on the stack.
    static constexpr std::size_t batch_rows = [] {
        if constexpr (is_static)
            return detail::rows_at_a_time<T>(parameter_count * sizeof(T), sequence::widest(W));
        else
            return std::size_t{0};
    }();
    void scores_of_rows(const T* x, std::size_t rows, Score* z) const noexcept
        requires is_static
    {
        alignas(64) std::array<T, last_width * batch_rows> last;
        sequence::template rows_from<0, W, batch_rows>(values(), x, rows, last.data());
        for (std::size_t i = 0; i < rows * last_width; ++i) z[i] = answer(last[i], i % last_width);
    }

    /// Work areas of one thread's gradient; they grow to the largest batch and are reused.
    struct scratch {
        typename sequence::template training<T> layers;
        detail::aligned_vector<T> input, delta;
        philox random{0};

        /// Who helps with large products.
        void use(team* helpers) noexcept { layers.use(helpers); }
        /// What dropout draws depends on the seed and the step alone.
        void begin_step(std::uint64_t seed, std::uint64_t step) noexcept {
            constexpr auto first_stream = std::uint64_t{1} << 40; // apart from those of weights and of epochs
            random = philox(seed, first_stream + step);
        }
    };
    /// Mean loss of a batch; its gradient with respect to the parameters goes into g. Where g is empty nothing is
    /// trained: no dropout, and batch_norm by its running statistics. The loss sees the last layer's outputs and counts
    /// a row by its weight where there are weights.
    template <class L, class Y>
    double gradient(const L& loss, matrix_view<const T> x, std::span<const Y> y, std::span<T> g,
                    scratch& room, std::span<const T> weights = {}) const {
        const std::size_t rows = x.rows(), scores = rows * last_width;
        const T* const input = detail::packed_rows(x, x.rows(), {}, room.input);
        const T* const z = sequence::forward_rows(values(), input, rows, inputs(), room.layers,
                                                  g.empty() ? nullptr : &room.random);
        T* const delta = detail::room_for(room.delta, scores);
        const double value = detail::loss_of_rows<T>(loss, std::span<const T>(z, scores), y, last_width,
                                                     std::span<T>(delta, scores), weights);
        if (!g.empty())
            sequence::backward_rows(values(), input, rows, inputs(), static_cast<const T*>(delta),
                                    static_cast<T*>(nullptr), g, room.layers);
        return value;
    }
    void keep_statistics(const scratch& room) {
        sequence::keep_statistics(constants(), inputs(), room.layers);
    }

    /// Training works in units of a standardized target, (y - shift) / scale, and the network keeps them; only where the
    /// last layer can give any number. What is learned already is carried over to the new units.
    void enter_target_units(const output_unit& shift, const output_unit& scale, bool is_fresh) noexcept
        requires detail::IsDense<last_layer>
    {
        if (!is_fresh)
            detail::carry_over_units(parameters().last(detail::parameter_count<last_layer>(
                                         sequence::offset(inputs(), layer_count - 1).width)),
                                     last_width, output_shift_, output_scale_, shift, scale);
        output_shift_ = shift;
        output_scale_ = scale;
    }
    void leave_target_units(const output_unit&, const output_unit&) noexcept {}
    static constexpr bool keeps_target_units = true;
    output_unit output_shift() const noexcept { return output_shift_; }
    output_unit output_scale() const noexcept { return output_scale_; }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        if constexpr (!is_static) visit("inputs", self.inputs_);
        visit("parameters", self.parameters_);
        if constexpr (constant_count != 0) visit("constants", self.constants_);
        if constexpr (!is_classification<Kind>) {
            visit("output_shift", self.output_shift_);
            visit("output_scale", self.output_scale_);
        }
    }
    /// Whether the fields agree after loading.
    bool is_consistent() const noexcept {
        return parameters_.size() == sequence::parameter_count(inputs()) &&
               constants_.size() == sequence::constant_count(inputs());
    }

private:
    static constexpr std::size_t last_width = sequence::width_out(W == dynamic ? 1 : W);

    layer_values<const T> values() const noexcept { return {parameters(), constants()}; }
    Score answer(T z, std::size_t o) const noexcept {
        if constexpr (is_classification<Kind>)
            return static_cast<Score>(z);
        else
            return static_cast<Score>(detail::of_output(output_shift_, o)) +
                   static_cast<Score>(detail::of_output(output_scale_, o)) * static_cast<Score>(z);
    }

    std::uint64_t inputs_;
    storage<T, parameter_count> parameters_;
    storage<T, constant_count> constants_;
    output_unit output_shift_ = detail::same_unit<Kind>(0);
    output_unit output_scale_ = detail::same_unit<Kind>(1);
};

} // namespace tenon
