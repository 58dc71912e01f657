#pragma once

// A table whose columns nobody named beforehand: read_table finds their kinds, a program asks for them by name, and a
// dataset of columns<dynamic, …> is made of it for a recipe.
//
//     tenon::table houses = tenon::read_table("houses.csv"); // <tenon/data/read_table.hpp>
//     std::puts(tenon::summarize(houses).text().c_str());
//     auto data = tenon::to_dataset<tenon::columns<tenon::dynamic>>(houses, "price");

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/core/record.hpp>
#include <tenon/data/csv_write.hpp>
#include <tenon/data/dataset.hpp>
#include <tenon/data/expect.hpp>
#include <tenon/data/level_table.hpp>
#include <tenon/data/name_hint.hpp>
#include <tenon/data/summary.hpp>
#include <tenon/format/number.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

/// Columns by name, each of numbers or of categories. It is no Dataset: which column is the target, and what becomes of
/// categories, is said in to_dataset.
class table {
public:
    /// The rows of x under the names, and with the levels, of `columns`. A category is the index of its level, a missing value
    /// NaN.
    table(matrix<double> x, std::vector<column_info> columns)
        : data_(std::move(x), {}, schema_info{std::move(columns), {}}) {}

    std::size_t rows() const noexcept { return data_.size(); }
    std::size_t width() const noexcept { return columns().size(); }
    /// Names, kinds and levels, in order. csv_options::like takes them to read another file alike: {.columns = columns()}.
    const std::vector<column_info>& columns() const noexcept { return data_.info().columns; }
    /// All values, levels as indices: what can be checked, summarized and stored.
    const dataset<tenon::columns<dynamic, none>>& data() const noexcept { return data_; }

    /// Where the column of this name stands. Throws data_error, with the nearest name, where there is none.
    std::size_t place(std::string_view name) const {
        std::vector<std::string> names;
        for (const column_info& column : columns()) {
            if (column.name == name) return names.size();
            names.push_back(column.name);
        }
        detail::fail<data_error>({"the table has no column ", in_quotes(name), "; ", name_hint(name, names)});
    }

    /// The values of a column: numbers as double, or words as std::string_view, which the table holds; NaN, and empty text,
    /// where they are missing. Throws data_error for a column of the other kind, or a name that there is not.
    template <class T>
        requires(std::is_same_v<T, double> || std::is_same_v<T, std::string_view>)
    std::vector<T> column(std::string_view name) const {
        const std::size_t at = place(name);
        const column_info& about = columns()[at];
        constexpr bool wants_words = std::is_same_v<T, std::string_view>;
        if (about.categorical != wants_words)
            detail::fail<data_error>({"column ", in_quotes(name), " is one of ",
                                      (wants_words ? "numbers, not words" : "words, not numbers")});
        std::vector<T> values(rows());
        for (std::size_t r = 0; r < rows(); ++r) {
            const double value = data_.x()(r, at);
            if constexpr (wants_words)
                values[r] = value == value ? T(about.levels[static_cast<std::size_t>(value)]) : T();
            else
                values[r] = value;
        }
        return values;
    }

private:
    dataset<tenon::columns<dynamic, none>> data_;
};

/// What becomes of a table's categories in a dataset.
struct to_dataset_options {
    /// They may stay, as the indices of levels that info() lists: for a recipe that begins with one_hot, ordinal or the like.
    /// Any other stage would compute with the indices as if they were numbers, so nobody gets them unasked.
    bool keep_categories = false;
};

namespace detail {

[[noreturn, gnu::cold]] inline void fail_target(const column_info& column, std::size_t row,
                                                std::string_view what) {
    fail<data_error>({"to_dataset: the target ", in_quotes(column.name), ", row ", row + 1, ", ", what});
}

/// The different values of a column of classes that are numbers, ascending; throws where one is not whole.
template <class Lazy = void>
std::vector<std::string> number_levels(vector_view<const double> values, const column_info& column) {
    level_table found{{}};
    for (std::size_t r = 0; r < values.size(); ++r) {
        if (values[r] != values[r]) fail_target(column, r, "is missing");
        if (!(values[r] > -9e15 && values[r] < 9e15) ||
            values[r] != static_cast<double>(static_cast<std::int64_t>(values[r])))
            fail_target(column, r,
                        concat({"is ", format_number(values[r]), "; classes are words or whole numbers"}));
        found.index(format_number(values[r] + 0.0)); // one zero
    }
    return found.sorted().levels;
}

/// The classes of a target column, whose levels are then in `column`.
template <class Lazy = void>
std::vector<class_index> classes_of(vector_view<const double> values, column_info& column) {
    std::vector<class_index> classes(values.size());
    if (!column.categorical) {
        column.levels = number_levels(values, column);
        const level_table table(column.levels);
        for (std::size_t r = 0; r < classes.size(); ++r)
            classes[r] = table.find(format_number(values[r] + 0.0));
        column.categorical = true;
        return classes;
    }
    for (std::size_t r = 0; r < classes.size(); ++r) {
        if (values[r] != values[r]) fail_target(column, r, "is missing");
        classes[r] = static_cast<class_index>(values[r]);
    }
    return classes;
}

/// The numbers of a target column.
template <class Lazy = void>
std::vector<double> numbers_of(vector_view<const double> values, const column_info& column) {
    if (column.categorical)
        fail<data_error>({"to_dataset: the target ", in_quotes(column.name),
                          " is a column of words; take columns<dynamic, classes<dynamic>>"});
    std::vector<double> numbers(values.size());
    for (std::size_t r = 0; r < numbers.size(); ++r) {
        if (values[r] != values[r]) fail_target(column, r, "is missing");
        numbers[r] = values[r];
    }
    return numbers;
}

/// All columns but `left_out` as features of S.
template <class S>
matrix<typename S::scalar> features_of(const table& from, std::size_t left_out, schema_info& info,
                                       const to_dataset_options& options) {
    std::vector<std::size_t> places;
    for (std::size_t c = 0; c < from.width(); ++c) {
        if (c == left_out) continue;
        const column_info& column = from.columns()[c];
        if (column.categorical && !options.keep_categories)
            fail<data_error>({"to_dataset: column ", in_quotes(column.name),
                              " is a category; begin the recipe with one_hot() or the like and say "
                              "{.keep_categories = true}, or leave the column out"});
        places.push_back(c);
        info.columns.push_back(column);
    }
    matrix<typename S::scalar> x(from.rows(), places.size());
    for (std::size_t r = 0; r < from.rows(); ++r)
        for (std::size_t i = 0; i < places.size(); ++i)
            x(r, i) = static_cast<typename S::scalar>(from.data().x()(r, places[i]));
    return x;
}

} // namespace detail

/// The table as a dataset of S, a columns<W, kind>: the column called `target` is the target, the others are features, in
/// order; their names and levels are in info(). For classes<…> the target is a category, or a column of whole numbers,
/// whose different values are the classes in ascending order. Throws data_error for a name that there is not, a target of
/// the other kind or with a missing value, and for a category among the features unless options keep them.
template <Schema S>
    requires(!requires { S::names; } && !std::is_same_v<typename S::kind, none> &&
             !is_several_numbers<typename S::kind>)
dataset<S> to_dataset(const table& from, std::string_view target, const to_dataset_options& options = {}) {
    const std::size_t place = from.place(target);
    schema_info info{{}, from.columns()[place]};
    const vector_view<const double> values = from.data().x().column(place);
    std::vector<target_value<typename S::kind>> y;
    if constexpr (is_classification<typename S::kind>) {
        constexpr std::size_t expected = outputs_of<typename S::kind>;
        y = detail::classes_of(values, info.target);
        if (expected != dynamic && info.target.levels.size() != expected)
            detail::fail<data_error>({"to_dataset: the target ", in_quotes(target), " has ",
                                      info.target.levels.size(), " classes, expected ", expected});
    } else
        y = detail::numbers_of(values, info.target);
    matrix<typename S::scalar> x = detail::features_of<S>(from, place, info, options);
    return dataset<S>(std::move(x), std::move(y), std::move(info));
}

template <Schema S>
    requires is_several_numbers<typename S::kind>
refused<because::this_takes_one_target__the_schema_has_several> to_dataset(const table&, std::string_view,
                                                                           const to_dataset_options& = {});

/// All columns as features.
template <Schema S>
    requires(!requires { S::names; } && std::is_same_v<typename S::kind, none>)
dataset<S> to_dataset(const table& from, const to_dataset_options& options = {}) {
    schema_info info;
    matrix<typename S::scalar> x = detail::features_of<S>(from, from.width(), info, options);
    return dataset<S>(std::move(x), {}, std::move(info));
}

/// As summarize, csv_of, write_csv, check and require of a dataset; every column counts as a feature.
template <class Lazy = void>
data_summary summarize(const table& from) {
    return summarize(from.data());
}
template <class Lazy = void>
std::string csv_of(const table& from) {
    return csv_of(from.data());
}
template <class Lazy = void>
void write_csv(const table& from, const std::string& path) {
    write_csv(from.data(), path);
}
template <fixed_string... Names>
expectation_report check(const table& from, const expectation<Names>&... rules) {
    return check(from.data(), rules...);
}
template <fixed_string... Names>
void require(const table& from, const expectation<Names>&... rules) {
    require(from.data(), rules...);
}

} // namespace tenon
