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
#include <tenon/data/summary_text.hpp>
#include <vector>

namespace tenon::inline v0 {

/// A dataset in short: the features in order, and the target (an empty name where there is none).
struct data_summary {
    std::size_t rows = 0;
    std::vector<column_summary> columns;
    column_summary target;

    /// Tables of at most 80 columns, one of numbers (to 4 significant digits) and one of categories, the target last.
    /// Long words are cut; where numbers need the room, first the count of distinct values is left out, then the
    /// quartiles.
    std::string text() const;
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
        else
            summary.target = summarize_numbers(y, info.target.name);
    }
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
        detail::append(all, {(target.categorical ? ", label '" : ", target '"),
                             detail::short_word(target.name, 40), "'"});
        (target.categorical ? categories : numbers).push_back(&target);
    }
    all += '\n';
    if (!numbers.empty()) all += '\n' + detail::numbers_text(numbers);
    if (!categories.empty()) all += '\n' + detail::levels_text(categories);
    return all;
}

} // namespace tenon
