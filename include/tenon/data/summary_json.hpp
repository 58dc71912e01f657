#pragma once

// A column's summary as JSON, for programs that watch data.

#include <string>
#include <string_view>
#include <tenon/core/text.hpp>
#include <tenon/data/column_summary.hpp>
#include <tenon/format/json_text.hpp>

namespace tenon::inline v0::detail {

/// One object: name, count, missing, distinct, what it repeats, and either levels with their counts or the statistics;
/// a statistic that there is not is left out.
inline std::string column_json(const column_summary& column) {
    std::string text = concat({"{\"name\":", json_quoted(column.name), ",\"count\":", column.count,
                               ",\"missing\":", column.missing, ",\"distinct\":", column.distinct});
    if (!column.same_as.empty()) append(text, {",\"same_as\":", json_quoted(column.same_as)});
    if (column.categorical) {
        text += ",\"levels\":{";
        for (std::size_t i = 0; i < column.levels.size(); ++i)
            append(text,
                   {(i == 0 ? "" : ","), json_quoted(column.levels[i].level), ":", column.levels[i].count});
        text += '}';
    } else {
        const auto add = [&](std::string_view name, double value) {
            if (value == value) append(text, {",\"", name, "\":", json_number(value)});
        };
        add("minimum", column.minimum);
        add("lower_quartile", column.lower_quartile);
        add("median", column.median);
        add("upper_quartile", column.upper_quartile);
        add("maximum", column.maximum);
        add("mean", column.mean);
        add("deviation", column.deviation);
    }
    return text += '}';
}

} // namespace tenon::detail
