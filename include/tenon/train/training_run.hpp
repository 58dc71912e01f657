#pragma once

// One training run: a model, the state of its optimizer, and how far it has come. A run is a value: copied in the
// middle it goes on to the same bits.

#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/random.hpp>
#include <tenon/optim/events.hpp>
#include <tenon/optim/proximal.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

/// The order of rows in an epoch depends on the seed and the epoch alone.
template <class M, class L, class O, class P>
class training_run {
    using T = typename M::scalar;

public:
    training_run(M&& model, L loss, O optimizer, P penalty, std::uint64_t seed, std::size_t batch_size)
        : model_(std::move(model)), loss_(loss), optimizer_(optimizer), penalty_(penalty), seed_(seed),
          batch_size_(batch_size), start_(model_.parameters().begin(), model_.parameters().end()),
          state_(start_.size()), gradient_(start_.size()) {
        if constexpr (requires { model_.blocks(); }) {
            for (const auto& block : model_.blocks())
                if (block.is_weight) add_penalized(block.offset, block.size(), block.columns);
        } else
            add_penalized(0, start_.size(), start_.size());
    }

    const M& model() const noexcept { return model_; }
    M& model() noexcept { return model_; }
    int epochs_done() const noexcept { return epoch_; }

    /// Whether the model's gradient weighs rows: it has a last parameter for a weight a row, std::span<const T>, which is empty
    /// where all count alike, and multiplies each row's loss and slopes with its own.
    static constexpr bool takes_weights =
        requires(const M& m, const L& l, std::span<const T> v, std::span<T> g, typename M::scratch& room) {
            m.gradient(l, matrix_view<const T>(), v, g, room, v);
        };

    /// One pass over all rows in batches; returns their mean loss. With weights, one a row and 1 in the mean, a row's loss
    /// counts so often. Throws fit_error where it is not finite.
    template <class Y>
    double epoch(matrix_view<const T> x, std::span<const Y> y, std::span<const T> weights = {}) {
        const std::size_t rows = x.rows(), columns = x.columns();
        const std::size_t batch = batch_size_ < rows ? batch_size_ : rows;
        order_.resize(rows);
        for (std::size_t r = 0; r < rows; ++r) order_[r] = static_cast<std::uint32_t>(r);
        philox random(seed_, first_epoch_stream + static_cast<std::uint64_t>(epoch_));
        shuffle(std::span(order_), random);

        detail::begin_epoch(optimizer_, state_, model_.parameters());
        batch_x_.resize(batch * columns);
        std::vector<Y> batch_y(batch);
        batch_weights_.resize(weights.empty() ? 0 : batch);
        double sum = 0;
        for (std::size_t first = 0; first < rows; first += batch) {
            const std::size_t count = rows - first < batch ? rows - first : batch;
            T* to = batch_x_.data();
            for (std::size_t r = 0; r < count; ++r) {
                const std::size_t from = order_[first + r];
                for (std::size_t c = 0; c < columns; ++c) *to++ = x(from, c);
                batch_y[r] = y[from];
            }
            for (std::size_t r = 0; r < count && !weights.empty(); ++r)
                batch_weights_[r] = weights[order_[first + r]];
            const double loss = step(matrix_view<const T>(batch_x_.data(), count, columns),
                                     std::span<const Y>(batch_y).first(count),
                                     std::span<const T>(batch_weights_).first(weights.empty() ? 0 : count));
            if (!std::isfinite(loss))
                TENON_THROW(fit_error, "training diverged in epoch " + std::to_string(epoch_ + 1) +
                                           ", step " + std::to_string(first / batch + 1) + ": the loss is " +
                                           std::to_string(loss) + "; try a smaller rate, or standardize()");
            sum += loss * static_cast<double>(count);
        }
        detail::end_epoch(optimizer_, state_, model_.parameters());
        ++epoch_;
        return sum / static_cast<double>(rows);
    }

    /// The mean loss of rows that are not trained on.
    template <class Y>
    double loss(matrix_view<const T> x, std::span<const Y> y, std::span<const T> weights = {}) const {
        typename M::scratch room;
        return gradient(x, y, weights, std::span<T>(), room);
    }

    /// Tells an optimizer that listens what the loss of the last epoch was, on the rows that watch or that train.
    void watch(double loss) { detail::watch(optimizer_, state_, loss); }

private:
    template <class Y>
    double gradient(matrix_view<const T> x, std::span<const Y> y, std::span<const T> weights, std::span<T> g,
                    typename M::scratch& room) const {
        if constexpr (takes_weights)
            return model_.gradient(loss_, x, y, g, room, weights);
        else
            return model_.gradient(loss_, x, y, g, room);
    }

    template <class Y>
    double step(matrix_view<const T> x, std::span<const Y> y, std::span<const T> weights) {
        const std::span<T> g = gradient_;
        // What a layer draws depends on the seed and the step alone, so that a resumed run draws the same.
        if constexpr (requires { room_.begin_step(seed_, steps_); }) room_.begin_step(seed_, steps_);
        ++steps_;
        double value = gradient(x, y, weights, g, room_);
        value += penalize(g);
        const std::span<T> w = model_.parameters();
        if constexpr (requires { model_.keep_zeros(g); }) model_.keep_zeros(g);
        optimizer_.step(state_, w, std::span<const T>(g));
        if constexpr (detail::ProximalPenalty<P, T>) shrink(w);
        if constexpr (requires { model_.keep_zeros(w); }) model_.keep_zeros(w);
        detail::after_step(optimizer_, state_, std::span<const T>(w));
        if constexpr (requires { model_.keep_statistics(room_); }) model_.keep_statistics(room_);
        return value;
    }

    /// Penalties act on weights, not on biases; on all parameters of a model that does not tell them apart.
    double penalize(std::span<T> g) const {
        const std::span<const T> w = model_.parameters(), start = start_;
        double sum = 0;
        for (const part& one : penalized_)
            sum += penalty_(w.subspan(one.offset, one.size), start.subspan(one.offset, one.size),
                            g.subspan(one.offset, one.size));
        return sum;
    }

    /// The proximal steps of a penalty that has them.
    void shrink(std::span<T> w) const {
        const auto reach = optimizer_.reach(state_);
        for (const part& one : penalized_)
            penalty_.proximal(w.subspan(one.offset, one.size),
                              [&](std::size_t i) { return reach(one.offset + i); });
    }

    /// A block of weights is penalized as a whole, or row by row where the penalty wants that.
    void add_penalized(std::size_t offset, std::size_t size, std::size_t columns) {
        const std::size_t length = detail::ActsOnRows<P> ? columns : size;
        for (std::size_t at = 0; at < size; at += length) penalized_.push_back({offset + at, length});
    }

    struct part {
        std::size_t offset, size;
    };
    static constexpr std::uint64_t first_epoch_stream = 1u << 16;

    M model_;
    L loss_;
    O optimizer_;
    P penalty_;
    std::uint64_t seed_;
    std::size_t batch_size_;
    std::vector<T> start_;
    typename O::template state<T> state_;
    int epoch_ = 0;
    std::uint64_t steps_ = 0;
    std::vector<part> penalized_;
    // Work areas: they keep their memory from step to step, and nothing else.
    std::vector<std::uint32_t> order_;
    std::vector<T> gradient_, batch_x_, batch_weights_;
    typename M::scratch room_;
};

} // namespace tenon
