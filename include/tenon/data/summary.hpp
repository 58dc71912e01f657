#pragma once

// What a dataset looks like, as a value and as text.
//
//     std::puts(tenon::summarize(data).text().c_str());

#include <cstddef>
#include <string>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/core/text.hpp>
#include <tenon/data/column_summary.hpp>
#include <tenon/data/duplicates.hpp>
#include <tenon/data/summary_json.hpp>
#include <tenon/data/summary_text.hpp>
#include <vector>

namespace tenon::inline v0 {

/// A dataset in short: the features in order, and the target (an empty name where there is none).
struct data_summary {
    std::size_t rows = 0;
    std::size_t duplicate_rows = 0; ///< rows that repeat an earlier one, target included
    std::vector<column_summary> columns;
    column_summary target;
    std::vector<column_summary> more_targets = {}; ///< those behind the first, where there are several

    /// What there is to look at (rows and features that repeat others, features with one value), then tables of at most 80 columns, one of numbers (to 4 significant digits) and one of categories, the target last.
    /// Long words are cut; where numbers need the room, first the count of distinct values is left out, then the
    /// quartiles.
    std::string text() const;
    /// The same as one JSON object: rows, duplicate_rows, columns, target.
    std::string json() const;
};

/// The summary of any dataset.
template <Dataset D>
data_summary summarize(const D& data) {
    using S = typename D::schema_type;
    const matrix_view<const typename S::scalar> x = data.x();
    const schema_info& info = data.info();
    data_summary summary;
    summary.rows = x.rows();
    for (std::size_t c = 0; c < x.columns(); ++c)
        summary.columns.push_back(info.columns[c].categorical
                                      ? summarize_levels(x.column(c), info.columns[c])
                                      : summarize_numbers(x.column(c), info.columns[c].name));
    if constexpr (!std::is_same_v<typename S::kind, none>) {
        const vector_view<const target_value<typename S::kind>> y = data.y();
        if constexpr (is_classification<typename S::kind>)
            summary.target = summarize_levels(y, info.target);
        else if constexpr (is_several_numbers<typename S::kind>) {
            summary.target = summarize_numbers(y.column(0), info.target.name);
            for (std::size_t k = 1; k < outputs_of<typename S::kind>; ++k)
                summary.more_targets.push_back(summarize_numbers(y.column(k), info.target_column(k).name));
        } else
            summary.target = summarize_numbers(y, info.target.name);
    }
    const auto count_repeats = [&](auto targets) {
        const std::vector<std::size_t> firsts = first_equal_rows(x, targets);
        for (std::size_t r = 0; r < firsts.size(); ++r) summary.duplicate_rows += firsts[r] != r ? 1 : 0;
    };
    if constexpr (!std::is_same_v<typename S::kind, none>)
        count_repeats(data.y());
    else
        count_repeats(vector_view<const double>());
    const std::vector<std::size_t> firsts = first_equal_columns(x);
    for (std::size_t c = 0; c < firsts.size() && x.rows() > 0; ++c)
        if (firsts[c] != c) summary.columns[c].same_as = info.columns[firsts[c]].name;
    return summary;
}

/// Writes the text to any stream.
template <class Stream>
    requires requires(Stream& stream, const std::string& text) { stream << text; }
Stream& operator<<(Stream& stream, const data_summary& summary) {
    stream << summary.text();
    return stream;
}

inline std::string data_summary::text() const {
    std::vector<const column_summary*> numbers, categories;
    for (const column_summary& column : columns)
        (column.categorical ? categories : numbers).push_back(&column);
    std::string all =
        detail::concat({rows, " rows, ", columns.size(), (columns.size() == 1 ? " feature" : " features")});
    if (!target.name.empty()) {
        detail::append(all, {(target.categorical     ? ", label '"
                              : more_targets.empty() ? ", target '"
                                                     : ", targets '"),
                             detail::short_word(target.name, 40), "'"});
        (target.categorical ? categories : numbers).push_back(&target);
    }
    for (const column_summary& column : more_targets) {
        detail::append(all, {", '", detail::short_word(column.name, 40), "'"});
        numbers.push_back(&column);
    }
    all += '\n';
    if (duplicate_rows > 0)
        detail::append(all, {duplicate_rows, (duplicate_rows == 1 ? " row repeats" : " rows repeat"),
                             " an earlier one\n"});
    for (const column_summary& column : columns) {
        const std::string name = detail::short_word(column.name, detail::longest_word);
        if (column.is_constant() && rows > 0)
            detail::append(all,
                           {"'", name, (column.count == 0 ? "' has no value\n" : "' has one value only\n")});
        else if (!column.same_as.empty())
            detail::append(all, {"'", name, "' repeats '",
                                 detail::short_word(column.same_as, detail::longest_word), "'\n"});
    }
    if (!numbers.empty()) all += '\n' + detail::numbers_text(numbers);
    if (!categories.empty()) all += '\n' + detail::levels_text(categories);
    return all;
}

inline std::string data_summary::json() const {
    std::string all =
        detail::concat({"{\"rows\":", rows, ",\"duplicate_rows\":", duplicate_rows, ",\"columns\":["});
    for (std::size_t c = 0; c < columns.size(); ++c)
        detail::append(all, {(c == 0 ? "" : ","), detail::column_json(columns[c])});
    all += ']';
    if (!target.name.empty()) detail::append(all, {",\"target\":", detail::column_json(target)});
    for (const column_summary& column : more_targets)
        detail::append(all, {(&column == more_targets.data() ? ",\"more_targets\":[" : ","),
                             detail::column_json(column)});
    if (!more_targets.empty()) all += ']';
    return all += '}';
}

} // namespace tenon
