#pragma once

// Rows that come in pieces of any size, handed on in blocks of one size: what is folded block by block then has the same
// bits whatever the pieces were.

#include <cstddef>
#include <tenon/core/matrix.hpp>
#include <vector>

namespace tenon::inline v0::detail {

/// Rows of features, with a target and a weight each where there are any. A block lies where it came from where one piece
/// holds all of it; only rows left over are copied.
template <class T, class Y, class W = double>
class row_blocks {
public:
    explicit row_blocks(std::size_t rows) : size_(rows == 0 ? 1 : rows) {}

    /// Rows not handed on yet.
    std::size_t held() const noexcept { return held_; }

    /// Takes rows in, and calls each(x, y, weights) for each block that is full. Targets and weights may be empty.
    template <class Each>
    void add(matrix_view<const T> x, vector_view<const Y> y, vector_view<const W> weights, Each&& each) {
        std::size_t at = 0;
        while (held_ > 0 && at < x.rows()) {
            hold(x, y, weights, at++);
            if (held_ == size_) flush(each);
        }
        for (; x.rows() - at >= size_; at += size_)
            each(x.middle_rows(at, size_), middle(y, at), middle(weights, at));
        while (at < x.rows()) hold(x, y, weights, at++);
    }

    /// Hands on what is left: the last block, which may be a shorter one.
    template <class Each>
    void flush(Each&& each) {
        if (held_ == 0) return;
        const std::size_t rows = held_;
        held_ = 0;
        each(matrix_view<const T>(x_.data(), rows, x_.columns()), vector_view<const Y>(y_.data(), y_.size()),
             vector_view<const W>(weights_.data(), weights_.size()));
    }

private:
    template <class V>
    vector_view<const V> middle(vector_view<const V> all, std::size_t at) const noexcept {
        if (all.size() == 0) return {};
        return all.middle(at, size_);
    }
    void hold(matrix_view<const T> x, vector_view<const Y> y, vector_view<const W> weights, std::size_t r) {
        if (held_ == 0) { // here, so that nothing is left where a block's `each` has thrown
            y_.clear();
            weights_.clear();
        }
        if (x_.columns() != x.columns()) x_ = matrix<T>(size_, x.columns());
        for (std::size_t c = 0; c < x.columns(); ++c) x_(held_, c) = x(r, c);
        if (y.size() != 0) y_.push_back(y[r]);
        if (weights.size() != 0) weights_.push_back(weights[r]);
        ++held_;
    }

    std::size_t size_, held_ = 0;
    matrix<T> x_;
    std::vector<Y> y_;
    std::vector<W> weights_;
};

} // namespace tenon::detail
