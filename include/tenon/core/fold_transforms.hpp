#pragma once

// How transforms are fitted to rows that come again and again in blocks, and are never all there: each stage that learns
// takes one pass, on the rows that those before it make.

#include <cstddef>
#include <optional>
#include <span>
#include <tenon/core/because.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/fit_transforms.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/record.hpp>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

/// Whether fitting from chunks may hold in memory what some statistics need of each row, as a median does: numbers of
/// 8 bytes, a column and row each.
enum class memory { bounded, unbounded };

namespace detail {

/// A stage that is a fold over rows: update(state, x), merge, finish(type, state[, columns]).
template <class S>
concept FoldsRows = requires { typename S::state; };

template <class S>
struct state_or_nothing {
    using type = because::nothing;
};
template <FoldsRows S>
struct state_or_nothing<S> {
    using type = typename S::state;
};

/// Why S cannot be fitted block by block.
template <class S, memory Memory>
struct fold_objection {
    static consteval auto find() {
        if constexpr (!S::learns_nothing && !FoldsRows<S>)
            return because::this_Stage_cannot_be_fitted_in_chunks<S>{};
        else if constexpr (Memory == memory::bounded && requires { requires S::state::keeps_all_values; })
            return because::this_Stage_keeps_all_values__if_they_fit_write_fit_chunks_of_memory_unbounded<
                S>{};
        else
            return because::nothing{};
    }
    using type = decltype(find());
};

/// The objection of the first of some stages that has one.
template <memory Memory>
consteval because::nothing objection_of_folds() {
    return {};
}
template <memory Memory, class S, class... Rest>
consteval auto objection_of_folds() {
    using why = typename fold_objection<S, Memory>::type;
    if constexpr (no_objection<why>)
        return objection_of_folds<Memory, Rest...>();
    else
        return why{};
}

/// A block of rows under way: how many rows came before it, and what their columns are.
struct block_place {
    std::size_t first_row;
    std::span<const column_info> columns;
};

/// Throws for a value that no sum can take, behind stages that made it.
template <class T>
void refuse_unusable(const char* stage, matrix_view<const T> x, bool takes_gaps, block_place at) {
    for (std::size_t r = 0; r < x.rows(); ++r)
        for (std::size_t c = 0; c < x.columns(); ++c) {
            if (x(r, c) - x(r, c) == 0 || (takes_gaps && x(r, c) != x(r, c))) continue;
            fail<data_error>({stage, ": column '", at.columns[c].name, "', row ", at.first_row + r + 1,
                              x(r, c) != x(r, c) ? " is missing" : " is infinite"});
        }
}

/// One transform on its way to being fitted to F.
template <class F, class S>
class stage_fold {
public:
    /// Takes in the rows of a block, or sends them on where the stage is fitted. Returns whether they went on.
    template <class T, class Y>
    bool see(const S& stage, travelling_rows<T>& rows, vector_view<const Y> y, block_place at) {
        if constexpr (S::learns_nothing) {
            if (!is_checked_) check(stage, rows, y, at);
        } else if (!fitted_) {
            learn(stage, rows.view(), at);
            return false;
        }
        rows.pass(*fitted_);
        return true;
    }

    /// Behind the last block of a pass.
    void end_pass(const S& stage) {
        if constexpr (S::learns_nothing)
            is_checked_ = fitted_.has_value();
        else if (state_) {
            constexpr std::type_identity<F> type{};
            if constexpr (requires { stage.finish(type, *state_, std::span<const column_info>(columns_)); })
                fitted_.emplace(stage.finish(type, *state_, std::span<const column_info>(columns_)));
            else
                fitted_.emplace(stage.finish(type, *state_));
            state_.reset();
            describe();
        }
    }

    bool is_fitted() const noexcept { return fitted_.has_value(); }
    const F& fitted() const noexcept { return *fitted_; }
    /// The columns that it makes, once it is fitted.
    std::span<const column_info> columns() const noexcept { return columns_; }

private:
    /// What learns nothing is fitted by the first block; the others are only looked through.
    template <class T, class Y>
    void check(const S& stage, travelling_rows<T>& rows, vector_view<const Y> y, block_place at) {
        const bool is_first = !fitted_;
        if (is_first) columns_.assign(at.columns.begin(), at.columns.end());
#ifdef __cpp_exceptions
        try {
            fitted_.emplace(fit_stage<F>(stage, rows.view(), y, at.columns));
        } catch (const data_error& wrong) {
            if (at.first_row == 0) throw;
            fail<data_error>({wrong.what(), " (counted from row ", at.first_row + 1, " on)"});
        }
#else
        fitted_.emplace(fit_stage<F>(stage, rows.view(), y, at.columns));
#endif
        if (is_first) describe();
    }

    template <class T>
    void learn(const S& stage, matrix_view<const T> x, block_place at) {
        using state = typename S::state;
        if (!state_) {
            columns_.assign(at.columns.begin(), at.columns.end());
            if constexpr (std::is_constructible_v<state, std::span<const column_info>>)
                state_.emplace(at.columns);
            else
                state_.emplace(at.columns.size());
        }
        // A state that can say whether it is finite belongs to a stage that takes no gaps.
        refuse_unusable(
            F::name.data(), x, !requires(const state& s) { s.is_finite(); }, at);
        stage.update(*state_, x);
    }

    void describe() {
        if constexpr (requires { fitted_->describe(std::span<const column_info>(columns_)); })
            columns_ = fitted_->describe(std::span<const column_info>(columns_));
    }

    std::optional<F> fitted_;
    std::optional<typename state_or_nothing<S>::type> state_;
    std::vector<column_info> columns_; // those that come in, until it is fitted
    bool is_checked_ = false;
};

/// Transforms in order, on their way to being fitted to F….
template <class Fitted, class... Stages>
class transforms_fold;
template <class... F, class... Stages>
class transforms_fold<std::tuple<F...>, Stages...> {
public:
    explicit transforms_fold(const Stages&... stages) : stages_(stages...) {}

    /// Sends a block through the stages that are fitted, into the first that is not. Returns whether it went through all.
    template <class T, class Y>
    bool see(travelling_rows<T>& rows, vector_view<const Y> y, block_place at) {
        bool goes_on = true;
        each([&](auto& fold, const auto& stage) {
            goes_on = goes_on && fold.see(stage, rows, y, at);
            at.columns = fold.columns();
        });
        return goes_on;
    }
    void end_pass() {
        each([](auto& fold, const auto& stage) { fold.end_pass(stage); });
    }
    bool is_fitted() const {
        return std::apply([](const auto&... fold) { return (fold.is_fitted() && ...); }, folds_);
    }
    std::tuple<F...> fitted() const {
        return std::apply([](const auto&... fold) { return std::tuple<F...>(fold.fitted()...); }, folds_);
    }

private:
    template <class Each>
    void each(Each&& one) {
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (one(std::get<I>(folds_), std::get<I>(stages_)), ...);
        }(std::index_sequence_for<F...>{});
    }

    std::tuple<Stages...> stages_;
    std::tuple<stage_fold<F, Stages>...> folds_;
};

} // namespace detail

} // namespace tenon
