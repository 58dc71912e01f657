#pragma once

// How transforms are fitted: each on the rows that those before it made, in order.

#include <cstddef>
#include <span>
#include <tenon/core/concepts.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/core/record.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace tenon::inline v0::detail {

/// Rows on their way through the stages: borrowed from the user at first, then owned.
template <class T>
class travelling_rows {
public:
    explicit travelling_rows(matrix_view<const T> x) : view_(x) {}
    travelling_rows(const travelling_rows&) = delete;
    travelling_rows& operator=(const travelling_rows&) = delete;

    matrix_view<const T> view() const noexcept { return view_; }

    template <Transformer F>
    void pass(const F& stage) {
        matrix<T> next(view_.rows(), stage.width_out());
        std::vector<T> room(view_.columns());
        for (std::size_t r = 0; r < view_.rows(); ++r) {
            const std::span<const T> x = contiguous_row(view_, r, std::span<T>(room));
            stage(row<F::in, T>(x.data(), x.size()), row_out<F::out, T>(next.row(r).data(), next.columns()));
        }
        pass_as(std::move(next));
    }

    /// Goes on with rows that a stage made itself.
    void pass_as(matrix<T>&& made) {
        owned_ = std::move(made);
        view_ = owned_.view();
    }

private:
    matrix_view<const T> view_;
    matrix<T> owned_;
};

template <class F, class S, class T, class Y>
F fit_stage(const S& stage, matrix_view<const T> x, vector_view<const Y> y,
            std::span<const column_info> columns) {
    if constexpr (requires { stage.fit(std::type_identity<F>{}, x, y, columns); })
        return stage.fit(std::type_identity<F>{}, x, y, columns);
    else
        return stage.fit(std::type_identity<F>{}, x, y);
}

/// A stage that makes the rows it is fitted on itself, so that they do not see their own targets.
template <class S, class F, class T, class Y>
concept FitsAndTransforms = requires(const S s, matrix_view<const T> x, vector_view<const Y> y,
                                     std::span<const column_info> columns) {
    { s.fit_transform(std::type_identity<F>{}, x, y, columns) } -> std::same_as<std::pair<F, matrix<T>>>;
};

/// Fits the transform `stage`, and sends all rows through it where another stage wants them.
template <class F, class S, class T, class Y>
F fit_and_pass(const S& stage, travelling_rows<T>& rows, travelling_rows<T>& held_out, vector_view<const Y> y,
               std::vector<column_info>& columns, bool goes_on = true) {
    F fitted = [&] {
        if constexpr (FitsAndTransforms<S, F, T, Y>) {
            auto [f, made] = stage.fit_transform(std::type_identity<F>{}, rows.view(), y,
                                                 std::span<const column_info>(columns));
            rows.pass_as(std::move(made));
            return std::move(f);
        } else {
            F f = fit_stage<F>(stage, rows.view(), y, columns);
            if (goes_on) rows.pass(f);
            return f;
        }
    }();
    if (!goes_on) return fitted;
    held_out.pass(fitted);
    if constexpr (requires { fitted.describe(columns); }) columns = fitted.describe(columns);
    return fitted;
}

} // namespace tenon::detail
