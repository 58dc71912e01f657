#pragma once

// Rules for one column, the values that break them, and the report that lists those. What users write is in expect.hpp.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <tenon/core/error.hpp>
#include <tenon/core/record.hpp>
#include <tenon/core/text.hpp>
#include <tenon/data/name_hint.hpp>
#include <tenon/format/number.hpp>
#include <vector>

namespace tenon::inline v0 {

/// One rule as a value; which members count depends on its kind.
struct column_rule {
    enum class kinds : unsigned char {
        not_missing,
        between,
        unique,
        one_of_numbers,
        one_of_words,
        integer,
        numeric,
        categorical,
    };

    kinds kind = kinds::not_missing;
    double low = 0, high = 0;
    std::vector<double> numbers;
    std::vector<std::string> words;
};

/// One value that is not as expected.
struct violation {
    std::string column;
    std::size_t row = 0; ///< counted from 1; 0: the column as a whole
    std::string
        value; ///< as text: a number, a level in quotes, or "missing"; "a column of words" or "numbers"
    std::string rule; ///< what was expected: "between 20 and 70"
};

/// All violations in the order of the rules as they were given, and of the rows under each rule.
struct expectation_report {
    std::size_t rows = 0; ///< how many were checked
    std::vector<violation> violations;

    /// Whether all is as expected.
    bool holds() const noexcept { return violations.empty(); }

    /// A line for each violation, and one before them that counts them.
    std::string text() const {
        std::string all = detail::concat({rows, " rows, ", violations.size(), " violations\n"});
        for (const violation& v : violations) detail::append(all, {"  ", line(v), "\n"});
        return all;
    }

    /// Throws data_error with the first violation and the number of the others, if there are any.
    void require() const {
        if (violations.empty()) return;
        const std::size_t others = violations.size() - 1;
        detail::fail<data_error>({line(violations[0]), (others > 0 ? " (and " : ""),
                                  (others > 0 ? detail::concat({others, " more)"}) : "")});
    }

private:
    static std::string line(const violation& v) {
        return detail::concat({(v.row > 0 ? detail::concat({"row ", v.row, ": "}) : ""), in_quotes(v.column),
                               " is ", v.value, ", expected ", v.rule});
    }
};

namespace detail {

inline bool is_level(double value, const column_info& column) noexcept {
    return value >= 0 && value < static_cast<double>(column.levels.size()) &&
           value == static_cast<double>(static_cast<std::size_t>(value));
}

inline bool is_missing(double value, const column_info& column) noexcept {
    return column.categorical ? !is_level(value, column) : value != value;
}

inline std::string rule_text(const column_rule& rule) {
    using kinds = column_rule::kinds;
    if (rule.kind == kinds::not_missing) return "a value";
    if (rule.kind == kinds::unique) return "no value twice";
    if (rule.kind == kinds::integer) return "a whole number";
    if (rule.kind == kinds::numeric) return "a column of numbers";
    if (rule.kind == kinds::categorical) return "a column of words";
    if (rule.kind == kinds::between)
        return concat({"between ", format_number(rule.low), " and ", format_number(rule.high)});
    std::string text = "one of ";
    for (const double number : rule.numbers)
        append(text, {(text.back() == ' ' ? "" : ", "), format_number(number)});
    for (const std::string& word : rule.words)
        append(text, {(text.back() == ' ' ? "" : ", "), in_quotes(word)});
    return text;
}

/// Throws where a rule for numbers is given to a category or the other way round.
inline void check_rule(const column_rule& rule, const column_info& column) {
    using kinds = column_rule::kinds;
    const bool is_for_numbers =
        rule.kind == kinds::between || rule.kind == kinds::one_of_numbers || rule.kind == kinds::integer;
    if (column.categorical ? is_for_numbers : rule.kind == kinds::one_of_words)
        fail<data_error>({"expect: ", in_quotes(column.name), " is a column of ",
                          (column.categorical ? "words" : "numbers"), ", it cannot be expected to be ",
                          rule_text(rule)});
    if (rule.kind == kinds::between && !(rule.low <= rule.high))
        fail<data_error>({"expect: ", in_quotes(column.name), " cannot be ", rule_text(rule)});
}

/// Whether each value that is there occurs in a row above.
template <class Lazy = void>
std::vector<bool> are_repeated(const std::vector<double>& values, const column_info& column) {
    std::vector<std::size_t> order;
    for (std::size_t r = 0; r < values.size(); ++r)
        if (!is_missing(values[r], column)) order.push_back(r);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return values[a] < values[b] || (values[a] == values[b] && a < b);
    });
    std::vector<bool> repeated(values.size());
    for (std::size_t i = 1; i < order.size(); ++i)
        repeated[order[i]] = values[order[i]] == values[order[i - 1]];
    return repeated;
}

/// Whether a value that is there is as a rule about single values expects.
inline bool obeys(double value, const column_rule& rule, const column_info& column) {
    using kinds = column_rule::kinds;
    if (rule.kind == kinds::between) return value >= rule.low && value <= rule.high;
    if (rule.kind == kinds::integer) return value == std::floor(value) && value - value == 0;
    for (const double number : rule.numbers)
        if (value == number) return true;
    for (const std::string& word : rule.words)
        if (column.levels[static_cast<std::size_t>(value)] == word) return true;
    return false;
}

/// Adds the values that break the rules to the report.
template <class Lazy = void>
void check_rules(const std::vector<double>& values, const column_info& column,
                 const std::vector<column_rule>& rules, expectation_report& report) {
    using kinds = column_rule::kinds;
    for (const column_rule& rule : rules) {
        check_rule(rule, column);
        const std::string expected = rule_text(rule);
        if (rule.kind == kinds::numeric || rule.kind == kinds::categorical) {
            if (column.categorical == (rule.kind == kinds::categorical)) continue;
            const char* const kind = column.categorical ? "a column of words" : "a column of numbers";
            report.violations.push_back({column.name, 0, kind, expected});
            return; // what follows is meant for another kind of column
        }
        const std::vector<bool> repeated =
            rule.kind == kinds::unique ? are_repeated(values, column) : std::vector<bool>(values.size());
        for (std::size_t r = 0; r < values.size(); ++r) {
            const bool missing = is_missing(values[r], column);
            const bool holds = rule.kind == kinds::not_missing ? !missing
                               : rule.kind == kinds::unique    ? !repeated[r]
                                                               : missing || obeys(values[r], rule, column);
            if (holds) continue;
            const std::string value = missing ? "missing"
                                      : column.categorical
                                          ? in_quotes(column.levels[static_cast<std::size_t>(values[r])])
                                          : format_number(values[r]);
            report.violations.push_back({column.name, r + 1, value, expected});
        }
    }
}

} // namespace detail

} // namespace tenon
