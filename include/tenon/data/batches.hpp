#pragma once

// The rows of a dataset, so many at a time: in order, as views, or shuffled, as copies.
//
//     for (const auto& batch : tenon::batches(data, 256)) fold.update(batch.x());
//     for (const auto& batch : tenon::batches(data, 256, tenon::seed{7})) …

#include <cstddef>
#include <iterator>
#include <span>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/random.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/data/split.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// Where a batch begins; what it is, the range makes.
template <class Range>
class batch_iterator {
public:
    using value_type = typename Range::batch;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;

    batch_iterator() = default;
    batch_iterator(const Range& range, std::size_t at) : range_(&range), at_(at) {}

    value_type operator*() const { return range_->at(at_); }
    batch_iterator& operator++() {
        ++at_;
        return *this;
    }
    batch_iterator operator++(int) {
        batch_iterator before = *this;
        ++at_;
        return before;
    }
    friend bool operator==(const batch_iterator& a, const batch_iterator& b) noexcept {
        return a.at_ == b.at_;
    }

private:
    const Range* range_ = nullptr;
    std::size_t at_ = 0;
};

inline void check_batch_rows(std::size_t rows) {
    if (rows == 0) fail<data_error>({"batches: expected 1 row a batch or more, got 0"});
}

} // namespace detail

/// Batches in order; each is a dataset_view of rows that lie where they lay. Data is the dataset, or a view of it.
template <class Data>
class ordered_batches {
public:
    using batch = dataset_view<typename Data::schema_type>;
    using iterator = detail::batch_iterator<ordered_batches>;

    ordered_batches(Data data, std::size_t rows) : data_(std::move(data)), rows_(rows) {
        detail::check_batch_rows(rows);
    }

    std::size_t size() const noexcept { return (data_.size() + rows_ - 1) / rows_; }
    iterator begin() const { return {*this, 0}; }
    iterator end() const { return {*this, size()}; }
    batch at(std::size_t i) const {
        const std::size_t first = i * rows_, left = data_.size() - first;
        const std::size_t count = left < rows_ ? left : rows_;
        if constexpr (requires { data_.view(); })
            return data_.view().middle_rows(first, count);
        else
            return data_.middle_rows(first, count);
    }

private:
    Data data_;
    std::size_t rows_;
};

/// Batches of rows in random order; each is a dataset of copies.
template <class Data>
class shuffled_batches {
public:
    using batch = dataset<typename Data::schema_type>;
    using iterator = detail::batch_iterator<shuffled_batches>;

    shuffled_batches(Data data, std::size_t rows, seed key)
        : data_(std::move(data)), rows_(rows), order_(detail::shuffled_rows(data_.size(), key)) {
        detail::check_batch_rows(rows);
    }

    std::size_t size() const noexcept { return (order_.size() + rows_ - 1) / rows_; }
    iterator begin() const { return {*this, 0}; }
    iterator end() const { return {*this, size()}; }
    batch at(std::size_t i) const {
        const std::size_t first = i * rows_, left = order_.size() - first;
        return select_rows(data_, std::span(order_).subspan(first, left < rows_ ? left : rows_));
    }

private:
    Data data_;
    std::size_t rows_;
    std::vector<std::size_t> order_;
};

/// The rows of data, `rows` at a time in their order; the last batch has what is left. The batches are views: nothing of
/// the rows is copied, and the data must outlive them (a dataset that is given away lives as long as what is returned).
/// Without rows there is no batch. Throws data_error where `rows` is 0.
template <Schema S>
ordered_batches<dataset_view<S>> batches(const dataset<S>& data, std::size_t rows) {
    return {data.view(), rows};
}
template <Schema S>
ordered_batches<dataset<S>> batches(dataset<S>&& data, std::size_t rows) {
    return {std::move(data), rows};
}
template <Schema S>
ordered_batches<dataset_view<S>> batches(dataset_view<S> data, std::size_t rows) {
    return {std::move(data), rows};
}

/// The same in random order, each row once: the same for the same seed everywhere, another for another seed. The batches
/// are copies of their rows.
template <Schema S>
shuffled_batches<dataset_view<S>> batches(const dataset<S>& data, std::size_t rows, seed key) {
    return {data.view(), rows, key};
}
template <Schema S>
shuffled_batches<dataset<S>> batches(dataset<S>&& data, std::size_t rows, seed key) {
    return {std::move(data), rows, key};
}
template <Schema S>
shuffled_batches<dataset_view<S>> batches(dataset_view<S> data, std::size_t rows, seed key) {
    return {std::move(data), rows, key};
}

} // namespace tenon
