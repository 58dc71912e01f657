#pragma once

// What a run of train_model.hpp tells callbacks of itself: how it is recognised, and all that it needs to go on.

#include <algorithm>
#include <limits>
#include <span>
#include <tenon/core/matrix.hpp>
#include <tenon/train/training_session.hpp>
#include <vector>

namespace tenon::inline v0::detail {

/// The best epoch so far: its loss, and where they are to be kept its parameters with the constants of a network (running
/// means); and how long nothing better has come.
template <class T>
class best_parameters {
public:
    /// Whether this loss is the best so far.
    template <class M>
    bool see(double loss, const M& model, bool keeps) {
        ++waited_;
        if (!(loss < loss_)) return false;
        loss_ = loss;
        waited_ = 0;
        if (!keeps) return true;
        const std::span<const T> parameters = model.parameters();
        values_.assign(parameters.begin(), parameters.end());
        if constexpr (requires { model.constants(); })
            constants_.assign(model.constants().begin(), model.constants().end());
        return true;
    }
    int waited() const noexcept { return waited_; }

    /// Where no epoch was better than none (their losses are no numbers), the parameters stay.
    template <class M>
    void restore(M& model) const {
        if (values_.size() == model.parameters().size())
            std::copy(values_.begin(), values_.end(), model.parameters().begin());
        if constexpr (requires { model.constants(); })
            if (constants_.size() == model.constants().size())
                std::copy(constants_.begin(), constants_.end(), model.constants().begin());
    }
    template <class Visit>
    void visit_fields(Visit&& visit) {
        visit("best loss", loss_);
        visit("epochs since the best", waited_);
        visit("best parameters", values_);
        visit("best constants", constants_);
    }

private:
    double loss_ = std::numeric_limits<double>::infinity();
    std::vector<T> values_, constants_;
    int waited_ = 0;
};

/// Rows of a run, their targets as the loss sees them, their weights if any.
template <class T, class Targets>
struct run_rows {
    matrix_view<const T> x;
    Targets y;
    std::span<const T> weights;

    run_rows first(std::size_t count) const {
        count = count < x.rows() ? count : x.rows();
        return {matrix_view<const T>(x.data(), count, x.columns(), x.row_stride(), x.column_stride()),
                y.first(count), weights.first(weights.empty() ? 0 : count)};
    }
    seen_rows seen() const {
        // Several targets are an array of T.
        constexpr bool is_class = std::is_integral_v<typename Targets::value_type>;
        constexpr std::size_t target_size = is_class ? sizeof(typename Targets::value_type) : sizeof(T);
        return {{"", 'F', sizeof(T), x.data(), x.rows() * x.columns(), true},
                {"", is_class ? 'U' : 'F', target_size, y.data(),
                 y.size() * (sizeof(typename Targets::value_type) / target_size), true},
                {"", 'F', sizeof(T), weights.data(), weights.size(), true},
                x.rows(),
                x.columns(),
                x.row_stride(),
                x.column_stride()};
    }
};

template <class Run, class T, class Targets>
class run_session final : public training_session {
public:
    run_session(Run& run, best_parameters<T>& best, const run_rows<T, Targets>& training)
        : run_(run), best_(best), training_(training) {}

    [[gnu::cold]] void visit_fields(run_visitor& visitor) override {
        const run_fields visit(visitor);
        if constexpr (Run::has_fields)
            run_.visit_fields(visit);
        else
            visitor.unnamed("the state of the Optimizer");
        best_.visit_fields(visit);
    }
    [[gnu::cold]] double first_loss(std::size_t rows) override {
        const auto some = training_.first(rows);
        return run_.loss(some.x, some.y, some.weights);
    }
    [[gnu::cold]] double try_epoch(std::size_t rows) override {
        const auto some = training_.first(rows);
        const double loss = run_.epoch(some.x, some.y, some.weights);
        run_.watch(loss);
        return loss;
    }
    [[gnu::cold]] double rate() const override { return run_.rate(); }

private:
    Run& run_;
    best_parameters<T>& best_;
    run_rows<T, Targets> training_;
};

} // namespace tenon::detail
