#pragma once

// What a user expects of columns, checked against data: every value that is not as expected is reported with its row.
//
//     auto report = tenon::check(data, tenon::expect<"bill_length_mm">().not_missing().between(20, 70),
//                                tenon::expect<"species">().one_of("Adelie", "Gentoo"));
//     std::puts(report.text().c_str());

#include <cstddef>
#include <string>
#include <string_view>
#include <tenon/core/because.hpp>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/fields.hpp>
#include <tenon/core/fixed_string.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/data/column_rules.hpp>
#include <tenon/data/name_hint.hpp>
#include <tenon/data/named_columns.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

/// Rules for the feature or target called Name, made by expect<Name>(). Each rule but not_missing passes over missing
/// values (NaN, or what is the index of no level).
template <fixed_string Name>
struct expectation {
    std::vector<column_rule> rules;

    /// No value is missing.
    expectation not_missing() const { return with({column_rule::kinds::not_missing, 0, 0, {}, {}}); }
    /// Numbers from low to high, both included.
    expectation between(double low, double high) const {
        return with({column_rule::kinds::between, low, high, {}, {}});
    }
    /// No value occurs twice; the first row that has it is not to blame.
    expectation unique() const { return with({column_rule::kinds::unique, 0, 0, {}, {}}); }
    /// Whole numbers.
    expectation integer() const { return with({column_rule::kinds::integer, 0, 0, {}, {}}); }
    /// A column of numbers, whatever they are. One of words is reported once, as row 0, and none of the rules behind this
    /// one is tried: first of all for a table whose kinds nobody wrote down.
    expectation numeric() const { return with({column_rule::kinds::numeric, 0, 0, {}, {}}); }
    /// A column of words: a category or label. As numeric.
    expectation categorical() const { return with({column_rule::kinds::categorical, 0, 0, {}, {}}); }
    /// One of these numbers: one_of(1, 2, 5).
    template <class... Numbers>
        requires(sizeof...(Numbers) > 0 && (std::is_arithmetic_v<Numbers> && ...))
    expectation one_of(Numbers... numbers) const {
        return with({column_rule::kinds::one_of_numbers, 0, 0, {static_cast<double>(numbers)...}, {}});
    }
    /// One of these words, for a category or label: one_of("Adelie", "Gentoo").
    template <class... Words>
        requires(sizeof...(Words) > 0 && (std::is_convertible_v<const Words&, std::string> && ...))
    expectation one_of(const Words&... words) const {
        return with({column_rule::kinds::one_of_words, 0, 0, {}, {std::string(words)...}});
    }

private:
    expectation with(column_rule rule) const {
        expectation more = *this;
        more.rules.push_back(std::move(rule));
        return more;
    }
};

/// No rules yet for the column called Name; a schema that has none of that name does not compile with it.
template <fixed_string Name>
expectation<Name> expect() {
    return {};
}

namespace detail {

/// Whether this is the name of a target among the columns of a schema.
consteval bool is_target_name(const void*, std::string_view) {
    return false;
}
template <class... Columns>
consteval bool is_target_name(const schema<Columns...>*, std::string_view name) {
    return ((Columns::is_target && Columns::name == name) || ...);
}

/// Why a column of this name cannot be checked in data of schema S.
template <class S, fixed_string Name>
consteval auto objection_to_expect() {
    if constexpr (!requires { S::names; } || is_target_name(static_cast<const S*>(nullptr), Name.view()))
        return because::nothing{};
    else
        return typename find_missing<S, Name>::type{};
}

/// The first reason that is not because::nothing.
template <class... Reasons>
struct first_objection {
    using type = because::nothing;
};
template <class First, class... Rest>
struct first_objection<First, Rest...> {
    using type = First;
};
template <class... Rest>
struct first_objection<because::nothing, Rest...> : first_objection<Rest...> {};

template <class D, fixed_string... Names>
using objection_to_check =
    typename first_objection<decltype(objection_to_expect<typename D::schema_type, Names>())...>::type;

/// The values of a column as numbers, levels as their indices.
template <class Values>
std::vector<double> values_to_check(Values values) {
    std::vector<double> all(values.size());
    for (std::size_t r = 0; r < all.size(); ++r) all[r] = static_cast<double>(values[r]);
    return all;
}

template <class D>
void check_column(const D& data, std::string_view name, const std::vector<column_rule>& rules,
                  expectation_report& report) {
    const schema_info& info = data.info();
    using S = typename D::schema_type;
    if constexpr (has_texts<S>)
        for (const field_places field : schema_fields<S>)
            if (field.is_text() && S::names[field.first] == name) {
                for (std::size_t c = field.first; c < field.first + field.count; ++c)
                    check_rules(values_to_check(data.x().column(c)), info.columns[c], rules, report);
                return;
            }
    for (std::size_t c = 0; c < info.columns.size(); ++c)
        if (info.columns[c].name == name)
            return check_rules(values_to_check(data.x().column(c)), info.columns[c], rules, report);
    using kind = typename S::kind;
    if constexpr (is_several_numbers<kind>) {
        const vector_view<const target_value<kind>> y = data.y();
        for (std::size_t k = 0; k < outputs_of<kind>; ++k)
            if (info.target_column(k).name == name)
                return check_rules(values_to_check(y.column(k)), info.target_column(k), rules, report);
    } else if (info.target.name == name && !name.empty())
        return check_rules(values_to_check(data.y()), info.target, rules, report);
    std::vector<std::string> names;
    names.reserve(info.columns.size() + 1);
    for (const column_info& column : info.columns) names.push_back(column.name);
    if (!info.target.name.empty()) names.push_back(info.target.name);
    for (const column_info& column : info.more_targets) names.push_back(column.name);
    fail<data_error>({"expect: the data have no column ", in_quotes(name), ", ", name_hint(name, names)});
}

} // namespace detail

/// Checks the rows of any dataset; nothing is thrown for a value, however wrong. Columns are features or the target,
/// in a schema with names checked by the compiler. Throws data_error for what cannot be checked: a column that data
/// without a schema's names do not have, between or numbers for a category, words for a number.
template <Dataset D, fixed_string First, fixed_string... Rest>
    requires no_objection<detail::objection_to_check<D, First, Rest...>>
expectation_report check(const D& data, const expectation<First>& first, const expectation<Rest>&... rest) {
    expectation_report report;
    report.rows = data.x().rows();
    detail::check_column(data, First.view(), first.rules, report);
    (detail::check_column(data, Rest.view(), rest.rules, report), ...);
    return report;
}

template <Dataset D, fixed_string First, fixed_string... Rest>
    requires(!no_objection<detail::objection_to_check<D, First, Rest...>>)
refused<detail::objection_to_check<D, First, Rest...>> check(const D&, const expectation<First>&,
                                                             const expectation<Rest>&...);

/// The same check, for programs that cannot go on otherwise: throws data_error with the first violation and the number
/// of the others.
template <Dataset D, fixed_string First, fixed_string... Rest>
    requires no_objection<detail::objection_to_check<D, First, Rest...>>
void require(const D& data, const expectation<First>& first, const expectation<Rest>&... rest) {
    check(data, first, rest...).require();
}

template <Dataset D, fixed_string First, fixed_string... Rest>
    requires(!no_objection<detail::objection_to_check<D, First, Rest...>>)
refused<detail::objection_to_check<D, First, Rest...>> require(const D&, const expectation<First>&,
                                                               const expectation<Rest>&...);

} // namespace tenon
