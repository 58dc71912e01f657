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
                if (block.is_weight) penalized_.push_back({block.offset, block.size()});
        } else
            penalized_.push_back({0, start_.size()});
    }

    const M& model() const noexcept { return model_; }
    M& model() noexcept { return model_; }
    int epochs_done() const noexcept { return epoch_; }

    /// One pass over all rows in batches; returns their mean loss. Throws fit_error where it is not finite.
    template <class Y>
    double epoch(matrix_view<const T> x, std::span<const Y> y) {
        const std::size_t rows = x.rows(), columns = x.columns();
        const std::size_t batch = batch_size_ < rows ? batch_size_ : rows;
        order_.resize(rows);
        for (std::size_t r = 0; r < rows; ++r) order_[r] = static_cast<std::uint32_t>(r);
        philox random(seed_, first_epoch_stream + static_cast<std::uint64_t>(epoch_));
        shuffle(std::span(order_), random);

        batch_x_.resize(batch * columns);
        std::vector<Y> batch_y(batch);
        double sum = 0;
        for (std::size_t first = 0; first < rows; first += batch) {
            const std::size_t count = rows - first < batch ? rows - first : batch;
            T* to = batch_x_.data();
            for (std::size_t r = 0; r < count; ++r) {
                const std::size_t from = order_[first + r];
                for (std::size_t c = 0; c < columns; ++c) *to++ = x(from, c);
                batch_y[r] = y[from];
            }
            const double loss = step(matrix_view<const T>(batch_x_.data(), count, columns),
                                     std::span<const Y>(batch_y).first(count));
            if (!std::isfinite(loss))
                TENON_THROW(fit_error, "training diverged in epoch " + std::to_string(epoch_ + 1) +
                                           ", step " + std::to_string(first / batch + 1) + ": the loss is " +
                                           std::to_string(loss) + "; try a smaller rate, or standardize()");
            sum += loss * static_cast<double>(count);
        }
        ++epoch_;
        return sum / static_cast<double>(rows);
    }

    /// The mean loss of rows that are not trained on.
    template <class Y>
    double loss(matrix_view<const T> x, std::span<const Y> y) const {
        typename M::scratch room;
        return model_.gradient(loss_, x, y, std::span<T>(), room);
    }

private:
    template <class Y>
    double step(matrix_view<const T> x, std::span<const Y> y) {
        const std::span<T> g = gradient_;
        double value = model_.gradient(loss_, x, y, g, room_);
        value += penalize(g);
        const std::span<T> w = model_.parameters();
        if constexpr (requires { model_.keep_zeros(g); }) model_.keep_zeros(g);
        optimizer_.step(state_, w, std::span<const T>(g));
        if constexpr (requires { model_.keep_zeros(w); }) model_.keep_zeros(w);
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
    std::vector<part> penalized_;
    // Work areas: they keep their memory from step to step, and nothing else.
    std::vector<std::uint32_t> order_;
    std::vector<T> gradient_, batch_x_;
    typename M::scratch room_;
};

} // namespace tenon
