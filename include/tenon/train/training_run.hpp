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
#include <tenon/core/storage.hpp>
#include <tenon/core/team.hpp>
#include <tenon/optim/events.hpp>
#include <tenon/optim/proximal.hpp>
#include <tenon/train/frozen.hpp>
#include <tenon/train/gather_rows.hpp>
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
    const O& optimizer() const noexcept { return optimizer_; }
    const P& penalty() const noexcept { return penalty_; }
    /// From now on these threads help, where there is enough to do; what comes out is the same to the last bit.
    void use(team_maker threads) { team_ = detail::owned_team(threads); }
    /// The optimizer's rate in the next step; NaN where it has none.
    double rate() const { return detail::rate_now(optimizer_, state_); }

    /// From now on the parameters of the model's blocks of these names stay as they are, and no penalty counts them.
    /// Throws fit_error for a name that no block has.
    [[gnu::cold]] void freeze(const std::vector<std::string>& names) {
        if (names.empty()) return;
        if constexpr (requires { model_.blocks(); })
            frozen_ = detail::frozen_parts(model_.blocks(), names);
        else
            detail::fail<fit_error>({"minimize: .frozen: the parameters of this model have no names"});
        std::erase_if(penalized_,
                      [this](const detail::parameter_part& one) { return is_frozen(one.offset); });
    }

    /// Puts the frozen ones of some parameters to what they are in others.
    void keep_frozen(std::span<T> w, std::span<const T> as) const noexcept {
        for (const auto& one : frozen_)
            for (std::size_t i = one.offset; i < one.offset + one.size; ++i) w[i] = as[i];
    }

    /// visit(name, field) for all that the next epoch depends on, besides what the run was made with.
    static constexpr bool has_fields = detail::HasFields<typename O::template state<T>>;
    template <class Visit>
    void visit_fields(Visit&& visit)
        requires has_fields
    {
        visit("epoch", epoch_);
        visit("steps", steps_);
        visit("parameters", model_.parameters());
        if constexpr (requires { model_.constants(); }) visit("constants", model_.constants());
        detail::visit_state(state_, visit);
    }

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
        begin_epoch();
        const double sum = part_of_epoch(x, y, weights);
        end_epoch();
        return sum / static_cast<double>(x.rows());
    }

    /// The same for rows that come in parts: between begin_epoch and end_epoch, each part in batches of its own, shuffled in
    /// itself. Returns the sum of the rows' losses.
    void begin_epoch() {
        detail::begin_epoch(optimizer_, state_, model_.parameters());
        part_ = 0;
        steps_before_ = steps_;
    }
    template <class Y>
    double part_of_epoch(matrix_view<const T> x, std::span<const Y> y, std::span<const T> weights = {}) {
        const std::size_t rows = x.rows(), columns = x.columns();
        const std::size_t batch = batch_size_ < rows ? batch_size_ : rows;
        order_.resize(rows);
        for (std::size_t r = 0; r < rows; ++r) order_[r] = static_cast<std::uint32_t>(r);
        philox random(seed_, first_epoch_stream + static_cast<std::uint64_t>(epoch_) + (part_++ << 41));
        shuffle(std::span(order_), random);

        bool reads_places = false; // large rows are read where they lie
        if constexpr (requires { requires M::reads_places; })
            reads_places = columns * sizeof(T) >= worth_leaving && x.column_stride() == 1;
        batch_x_.resize(reads_places ? 0 : batch * columns);
        std::vector<Y> batch_y(batch);
        batch_weights_.resize(weights.empty() ? 0 : batch);
        double sum = 0;
        for (std::size_t first = 0; first < rows; first += batch) {
            const std::size_t count = rows - first < batch ? rows - first : batch;
            const std::span rows_of_batch = std::span(order_).subspan(first, count);
            if (!reads_places)
                detail::in_parts(count * columns < worth_helping ? nullptr : team_.get(), count, 1,
                                 [&](std::size_t, std::size_t from, std::size_t end) {
                                     detail::gather_rows<few_columns>(x,
                                                                      rows_of_batch.subspan(from, end - from),
                                                                      batch_x_.data() + from * columns);
                                 });
            for (std::size_t r = 0; r < count; ++r) batch_y[r] = y[order_[first + r]];
            for (std::size_t r = 0; r < count && !weights.empty(); ++r)
                batch_weights_[r] = weights[order_[first + r]];
            const double loss =
                step(reads_places ? x : matrix_view<const T>(batch_x_.data(), count, columns),
                     std::span<const Y>(batch_y).first(count),
                     std::span<const T>(batch_weights_).first(weights.empty() ? 0 : count),
                     std::span<const std::uint32_t>(rows_of_batch).first(reads_places ? count : 0));
            if (!std::isfinite(loss))
                TENON_THROW(fit_error, "training diverged in epoch " + std::to_string(epoch_ + 1) +
                                           ", step " + std::to_string(steps_ - steps_before_) +
                                           ": the loss is " + std::to_string(loss) +
                                           "; try a smaller rate, or standardize()");
            sum += loss * static_cast<double>(count);
        }
        return sum;
    }
    void end_epoch() {
        detail::end_epoch(optimizer_, state_, model_.parameters());
        keep_frozen(model_.parameters(), start_);
        ++epoch_;
    }

    /// The mean loss of rows that are not trained on.
    template <class Y>
    double loss(matrix_view<const T> x, std::span<const Y> y, std::span<const T> weights = {}) const {
        typename M::scratch room;
        if constexpr (requires { room.use(team_.get()); }) room.use(team_.get());
        return gradient(x, y, weights, std::span<T>(), room);
    }

    /// Tells an optimizer that listens what the loss of the last epoch was, on the rows that watch or that train.
    void watch(double loss) { detail::watch(optimizer_, state_, loss); }

private:
    template <class Y>
    double gradient(matrix_view<const T> x, std::span<const Y> y, std::span<const T> weights, std::span<T> g,
                    typename M::scratch& room, std::span<const std::uint32_t> places = {}) const {
        if constexpr (requires { requires M::reads_places; })
            return model_.gradient(loss_, x, y, g, room, weights, places);
        else if constexpr (takes_weights)
            return model_.gradient(loss_, x, y, g, room, weights);
        else
            return model_.gradient(loss_, x, y, g, room);
    }

    template <class Y>
    double step(matrix_view<const T> x, std::span<const Y> y, std::span<const T> weights,
                std::span<const std::uint32_t> places) {
        const std::span<T> g = gradient_;
        // What a layer draws depends on the seed and the step alone, so that a resumed run draws the same.
        if constexpr (requires { room_.use(team_.get()); }) room_.use(team_.get());
        if constexpr (requires { room_.begin_step(seed_, steps_); }) room_.begin_step(seed_, steps_);
        ++steps_;
        double value = gradient(x, y, weights, g, room_, places);
        value += penalize(g);
        const std::span<T> w = model_.parameters();
        if constexpr (requires { model_.keep_zeros(g); }) model_.keep_zeros(g);
        for (const auto& one : frozen_)
            for (T& slope : g.subspan(one.offset, one.size)) slope = 0;
        take_step(w, g);
        if constexpr (detail::ProximalPenalty<P, T>) shrink(w);
        if constexpr (requires { model_.keep_zeros(w); }) model_.keep_zeros(w);
        keep_frozen(w, start_);
        detail::after_step(optimizer_, state_, std::span<const T>(w));
        if constexpr (requires { model_.keep_statistics(room_); }) model_.keep_statistics(room_);
        return value;
    }

    /// The optimizer's step, in parts where it can do each weight for itself.
    void take_step(std::span<T> w, std::span<const T> g) {
        if constexpr (requires { optimizer_.stepper(state_)(w, g, std::size_t{}); }) {
            const auto stepper = optimizer_.stepper(state_);
            const auto part = [&](std::size_t first, std::size_t count) {
                stepper(w.subspan(first, count), g.subspan(first, count), first);
            };
            team* const helpers = w.size() < worth_helping ? nullptr : team_.get();
            if constexpr (requires { model_.parameters_of_part(std::size_t{}, std::size_t{}, part); })
                if (helpers != nullptr)
                    return helpers->run(
                        [&](std::size_t i) { model_.parameters_of_part(i, helpers->size(), part); });
            detail::in_parts(
                helpers, w.size(), 64 / sizeof(T),
                [&](std::size_t, std::size_t first, std::size_t end) { part(first, end - first); });
        } else
            optimizer_.step(state_, w, g);
    }

    /// Penalties act on weights, not on biases; on all parameters of a model that does not tell them apart.
    double penalize(std::span<T> g) const {
        const std::span<const T> w = model_.parameters(), start = start_;
        double sum = 0;
        for (const detail::parameter_part& one : penalized_)
            sum += penalty_(w.subspan(one.offset, one.size), start.subspan(one.offset, one.size),
                            g.subspan(one.offset, one.size));
        return sum;
    }

    /// The proximal steps of a penalty that has them.
    void shrink(std::span<T> w) const {
        const auto reach = optimizer_.reach(state_);
        for (const detail::parameter_part& one : penalized_)
            penalty_.proximal(w.subspan(one.offset, one.size),
                              [&](std::size_t i) { return reach(one.offset + i); });
    }

    bool is_frozen(std::size_t place) const noexcept {
        for (const auto& one : frozen_)
            if (one.holds(place)) return true;
        return false;
    }

    /// A block of weights is penalized as a whole, or row by row where the penalty wants that.
    void add_penalized(std::size_t offset, std::size_t size, std::size_t columns) {
        const std::size_t length = detail::ActsOnRows<P> ? columns : size;
        for (std::size_t at = 0; at < size; at += length) penalized_.push_back({offset + at, length});
    }

    static constexpr std::size_t few_columns = [] {
        if constexpr (requires { requires M::in <= 16; })
            return std::size_t{M::in};
        else
            return dynamic;
    }();
    static constexpr std::uint64_t first_epoch_stream = 1u << 16;
    static constexpr std::size_t worth_helping = 16384; // numbers to go through: some microseconds
    static constexpr std::size_t worth_leaving = 512;   // bytes of a row: short ones are copied in a moment

    M model_;
    L loss_;
    O optimizer_;
    P penalty_;
    std::uint64_t seed_;
    std::size_t batch_size_;
    std::vector<T> start_;
    typename O::template state<T> state_;
    int epoch_ = 0;
    std::uint64_t part_ = 0;                     // of this epoch's parts, how many are begun
    std::uint64_t steps_ = 0, steps_before_ = 0; // all, and those before this epoch
    std::vector<detail::parameter_part> penalized_;
    std::vector<detail::parameter_part> frozen_;
    // Work areas: they keep their memory from step to step, and nothing else.
    std::vector<std::uint32_t> order_;
    detail::aligned_vector<T> gradient_,
        batch_x_; // vectors that lie across two cache lines take twice as long
    std::vector<T> batch_weights_;
    typename M::scratch room_;
    detail::owned_team team_;
};

} // namespace tenon
