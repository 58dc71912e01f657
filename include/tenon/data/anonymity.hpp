#pragma once

// k_anonymity<"age", "city">(data): how many people at least share each combination of the columns that could tell who
// somebody is (Sweeney 2002).

#include <cstddef>
#include <tenon/core/because.hpp>
#include <tenon/core/concepts.hpp>
#include <tenon/data/duplicates.hpp>
#include <tenon/data/named_columns.hpp>
#include <vector>

namespace tenon::inline v0 {

/// Rows that cannot be told apart by some columns, in groups.
struct anonymity {
    std::size_t smallest = 0; ///< rows of the smallest group: the k of k-anonymity; 0 where there are no rows
    std::size_t groups = 0;   ///< different combinations of values
    std::vector<std::size_t> counts; ///< for each row how many share its combination, itself included

    /// How many rows share theirs with fewer than k - 1 others.
    std::size_t rows_below(std::size_t k) const noexcept {
        std::size_t rows = 0;
        for (const std::size_t count : counts) rows += count < k ? 1 : 0;
        return rows;
    }
};

/// Groups the rows by the named feature columns; missing values are equal. A misspelt name does not compile.
template <fixed_string... Names, Dataset D>
    requires no_objection<decltype(detail::objection_to_names<typename D::schema_type, Names...>())>
anonymity k_anonymity(const D& data) {
    using S = typename D::schema_type;
    constexpr auto places = []<std::size_t... I>(std::index_sequence<I...>) {
        return std::array<std::size_t, sizeof...(I)>{I...};
    }(detail::places_of_names<S, Names...>{});
    matrix<typename S::scalar> chosen(data.x().rows(), places.size());
    for (std::size_t r = 0; r < chosen.rows(); ++r)
        for (std::size_t i = 0; i < chosen.columns(); ++i) chosen(r, i) = data.x()(r, places[i]);
    const matrix_view<const typename S::scalar> view = chosen;
    const std::vector<std::size_t> firsts = first_equal_rows(view, vector_view<const double>());

    anonymity all;
    std::vector<std::size_t> sizes(firsts.size());
    for (const std::size_t first : firsts) ++sizes[first];
    for (const std::size_t first : firsts) all.counts.push_back(sizes[first]);
    for (const std::size_t size : sizes) {
        if (size == 0) continue;
        ++all.groups;
        all.smallest = all.smallest == 0 || size < all.smallest ? size : all.smallest;
    }
    return all;
}

template <fixed_string... Names, Dataset D,
          class Why = decltype(detail::objection_to_names<typename D::schema_type, Names...>())>
    requires(!no_objection<Why>)
refused<Why> k_anonymity(const D&);

} // namespace tenon
