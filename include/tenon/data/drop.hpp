#pragma once

// drop<"name">(data): the data without some columns, under a schema without them. Nothing of what is dropped, not even
// its name, reaches a model, a fingerprint or an artifact.

#include <array>
#include <string>
#include <string_view>
#include <tenon/core/because.hpp>
#include <tenon/core/concepts.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/data/named_columns.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

template <class S, class Places>
struct kept_selection;
template <class S, std::size_t... I>
struct kept_selection<S, std::index_sequence<I...>> {
    template <class Left>
    using of = selection<S, Left::of_others[I]...>;
};

template <class S, class Places>
struct places_left_of;
template <class S, std::size_t... I>
struct places_left_of<S, std::index_sequence<I...>> {
    using type = column_places<S::width, I...>;
};

template <class S, fixed_string... Names>
struct without_columns {
    using left = typename places_left_of<S, places_of_names<S, Names...>>::type;
    using type = typename kept_selection<S, std::make_index_sequence<left::others>>::template of<left>;
};

} // namespace detail

/// The schema S without the feature columns Names: what drop gives. `without<person, "name">`
template <Schema S, fixed_string... Names>
using without = typename detail::without_columns<S, Names...>::type;

/// A copy of the data without the named feature columns. A name that the schema does not have does not compile.
template <fixed_string... Names, Dataset D>
    requires no_objection<decltype(detail::objection_to_names<typename D::schema_type, Names...>())>
auto drop(const D& data) {
    using S = typename D::schema_type;
    using kept = without<S, Names...>;
    constexpr auto& places = detail::without_columns<S, Names...>::left::of_others;
    matrix<typename S::scalar> x(data.x().rows(), places.size());
    for (std::size_t r = 0; r < x.rows(); ++r)
        for (std::size_t i = 0; i < places.size(); ++i) x(r, i) = data.x()(r, places[i]);
    schema_info info;
    for (const std::size_t place : places) info.columns.push_back(data.info().columns[place]);
    info.target = data.info().target;
    info.more_targets = data.info().more_targets;
    std::vector<target_value<typename S::kind>> y;
    for (std::size_t r = 0; r < data.y().size(); ++r) y.push_back(data.y()[r]);
    std::vector<double> weights;
    const vector_view<const double> all = detail::weights_of(data);
    for (std::size_t r = 0; r < all.size(); ++r) weights.push_back(all[r]);
    return dataset<kept>(std::move(x), std::move(y), std::move(info), std::move(weights));
}

template <fixed_string... Names, Dataset D,
          class Why = decltype(detail::objection_to_names<typename D::schema_type, Names...>())>
    requires(!no_objection<Why>)
refused<Why> drop(const D&);

} // namespace tenon
