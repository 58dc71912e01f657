#pragma once

// Many samples through a pipeline whose model is large: their features side by side, then the model on all of them at a time,
// so that weights are read once for a batch and not once for a row.

#include <array>
#include <cstddef>
#include <span>
#include <tenon/core/chain.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/core/sample.hpp>
#include <tuple>
#include <type_traits>

namespace tenon::inline v0::detail {

/// A fitted model that takes up to batch_rows rows at a time: scores_of_rows(x, rows, z), rows without gaps. Scores may
/// differ from those of single samples in the last bits, since sums are taken in another order.
template <class M>
concept PredictsBatches =
    (M::batch_rows > 0) && requires(const M m, const typename M::scalar* x, typename M::score* z) {
        m.scores_of_rows(x, std::size_t{}, z);
    };

/// each(r, scores) for every row of x, in order. Static widths only; everything on the stack.
template <class T, class... F, class Each>
void batch_scores(const std::tuple<F...>& stages, matrix_view<const T> x, Each&& each) {
    using stages_of = chain<T, F...>;
    using M = typename stages_of::model_type;
    using feature = typename M::scalar;
    using score = typename M::score;
    constexpr std::size_t width = stages_of::template at<0>::in, features = M::in, outputs = M::outputs;
    constexpr std::size_t copied = [] { // as many rows of features as 32 KiB hold
        const std::size_t rows = 32768 / (features * sizeof(feature)) / 4 * 4;
        return rows < 4 ? 4 : rows < M::batch_rows ? rows : M::batch_rows;
    }();
    const M& model = std::get<stages_of::transforms>(stages);
    const auto give = [&](const feature* from, std::size_t first, std::size_t rows) {
        std::array<score, outputs * M::batch_rows> scores;
        model.scores_of_rows(from, rows, scores.data());
        for (std::size_t r = 0; r < rows; ++r)
            each(first + r, std::span<const score, outputs>(scores.data() + r * outputs, outputs));
    };
    if constexpr (stages_of::transforms == 0 && std::is_same_v<T, feature>)
        if (x.column_stride() == 1 && x.row_stride() == static_cast<std::ptrdiff_t>(width)) {
            for (std::size_t first = 0; first < x.rows(); first += M::batch_rows)
                give(&x(first, 0), first,
                     x.rows() - first < M::batch_rows ? x.rows() - first : M::batch_rows);
            return;
        }
    std::array<T, width> gathered;
    alignas(64) std::array<feature, features * copied> batch;
    for (std::size_t first = 0; first < x.rows(); first += copied) {
        const std::size_t rows = x.rows() - first < copied ? x.rows() - first : copied;
        for (std::size_t r = 0; r < rows; ++r) {
            const std::span<const T> sample = contiguous_row(x, first + r, std::span<T>(gathered));
            stages_of::through(stages, row<width, T>(sample.template first<width>()), [&](const auto& made) {
                for (std::size_t c = 0; c < features; ++c)
                    batch[r * features + c] = static_cast<feature>(made[c]);
            });
        }
        give(batch.data(), first, rows);
    }
}

} // namespace tenon::detail
