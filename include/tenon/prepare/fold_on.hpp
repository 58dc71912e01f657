#pragma once

// on<…> where rows come in blocks: its stages see the named columns, and each that learns takes a pass.

#include <cstddef>
#include <optional>
#include <tenon/core/fold_transforms.hpp>
#include <tenon/prepare/on.hpp>
#include <tuple>
#include <vector>

namespace tenon::inline v0 {

template <class... Stages, fixed_string... Names>
struct detail::fold_objection<on_spec<pipeline<Stages...>, Names...>, memory::bounded> {
    using type = decltype(objection_of_folds<memory::bounded, Stages...>());
};
template <class... Stages, fixed_string... Names>
struct detail::fold_objection<on_spec<pipeline<Stages...>, Names...>, memory::unbounded> {
    using type = decltype(objection_of_folds<memory::unbounded, Stages...>());
};

template <class F, class... Stages, fixed_string... Names>
class detail::stage_fold<F, on_spec<pipeline<Stages...>, Names...>> {
    using spec = on_spec<pipeline<Stages...>, Names...>;
    static constexpr auto& places = F::places::of_named;

public:
    template <class T, class Y>
    bool see(const spec& stage, travelling_rows<T>& rows, vector_view<const Y> y, block_place at) {
        if (!is_checked_) {
            if (!fold_) begin(stage, at);
            matrix<T> chosen(rows.view().rows(), places.size());
            for (std::size_t i = 0; i < places.size(); ++i)
                for (std::size_t r = 0; r < chosen.rows(); ++r) chosen(r, i) = rows.view()(r, places[i]);
            travelling_rows<T> named(chosen.view());
            if (!fold_->see(named, y, {at.first_row, named_columns_})) return false;
            if (!fitted_) take(fold_->fitted());
        }
        rows.pass(*fitted_);
        return true;
    }

    void end_pass(const spec&) {
        if (!fold_) return;
        is_checked_ = fitted_.has_value();
        fold_->end_pass();
        if (!fitted_ && fold_->is_fitted()) take(fold_->fitted());
    }

    bool is_fitted() const noexcept { return fitted_.has_value(); }
    const F& fitted() const noexcept { return *fitted_; }
    std::span<const column_info> columns() const noexcept { return columns_; }

private:
    using fragment_fold = transforms_fold<decltype(F::stages), Stages...>;

    void begin(const spec& stage, block_place at) {
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            fold_.emplace(stage.fragment.template stage<I>()...);
        }(std::index_sequence_for<Stages...>{});
        columns_.assign(at.columns.begin(), at.columns.end());
        for (const std::size_t place : places) named_columns_.push_back(columns_[place]);
    }
    void take(decltype(F::stages)&& stages) {
        fitted_.emplace(F{std::move(stages)});
        columns_ = fitted_->describe(columns_);
    }

    std::optional<fragment_fold> fold_;
    std::optional<F> fitted_;
    std::vector<column_info> columns_, named_columns_;
    bool is_checked_ = false;
};

} // namespace tenon
