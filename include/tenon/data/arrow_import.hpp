#pragma once

// Arrow tables into datasets: columns by name, missing values, categories, and one clear error with column and row for
// what cannot be taken.
//
//     auto data = tenon::from_arrow<house>(&schema, &array);   // or of an ArrowArrayStream

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/fields.hpp>
#include <tenon/data/arrow_batch.hpp>
#include <tenon/data/arrow_memory.hpp>
#include <tenon/data/arrow_words.hpp>
#include <tenon/data/dataset.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

/// How from_arrow reads.
struct arrow_options {
    /// `training.info()` of the data a model was trained on: where the schema leaves levels or classes open, they are
    /// those of that data, in that order, instead of those that occur.
    schema_info like = {};
    std::string source = "the Arrow data"; ///< begins the messages
};

namespace detail {

/// Tables of one Arrow schema, one behind the other, into a dataset of S.
template <Schema S>
class arrow_reader {
    using T = typename S::scalar;
    using kind = typename S::kind;
    static constexpr bool has_target = !std::is_same_v<kind, none>;
    static constexpr bool has_classes = is_classification<kind>;

public:
    /// Finds the columns.
    arrow_reader(const ArrowSchema& schema, const arrow_options& options) : options_(options) {
        check_arrow_table(schema, options.source);
        if constexpr (requires { S::names; })
            find_names(schema);
        else
            take_all(schema);
        take_levels();
        x_ = matrix<T>(0, info_.columns.size());
    }

    /// Appends the rows of a table.
    void take(const ArrowSchema& schema, const ArrowArray& array) {
        const std::size_t count = check_arrow_rows(schema, array, options_.source);
        const std::size_t width = info_.columns.size(), begin = rows_;
        std::vector<arrow_source> sources; // all are checked before there is room for the rows
        for (const std::size_t& place : places_) {
            if (&place != places_.data() && place == *(&place - 1)) { // of the same text
                sources.push_back(sources.back());
                continue;
            }
            const std::string name = arrow_place(options_.source, arrow_name(*schema.children[place]));
            sources.push_back(arrow_source_of(*schema.children[place], *array.children[place],
                                              static_cast<std::size_t>(array.offset), count, name));
            sources.back().first_row = begin;
        }
        x_.resize_rows(begin + count);
        for (std::size_t i = 0; i < width; ++i)
            if (info_.columns[i].categorical)
                take_words(sources[i], info_.columns[i], tables_[i], [&](std::size_t r, std::uint32_t level) {
                    x_(begin + r, i) = level == level_table::unknown ? std::numeric_limits<T>::quiet_NaN()
                                                                     : static_cast<T>(level);
                });
            else if (text_places<S>(i) == 1 && count > 0)
                take_arrow_numbers(sources[i], &x_(begin, i), width);
        if constexpr (has_texts<S>)
            for (const field_places& field : schema_fields<S>)
                if (field.is_text() && count > 0)
                    take_arrow_texts(sources[field.first], &x_(begin, field.first), width, field.count);
        if constexpr (has_target) take_targets(std::span(sources).last(target_columns<kind>), begin, count);
        rows_ += count;
    }

    /// All rows taken.
    dataset<S> all() {
        for (std::size_t i = 0; i < info_.columns.size(); ++i) {
            if (!info_.columns[i].categorical || !tables_[i].finds()) continue;
            auto found = tables_[i].sorted();
            for (std::size_t r = 0; r < rows_; ++r)
                if (x_(r, i) == x_(r, i))
                    x_(r, i) = static_cast<T>(found.final_index[static_cast<std::size_t>(x_(r, i))]);
            info_.columns[i].levels = std::move(found.levels);
        }
        if constexpr (has_classes)
            if (tables_.back().finds()) {
                auto found = tables_.back().sorted();
                for (class_index& y : y_) y = found.final_index[y];
                info_.target.levels = std::move(found.levels);
            }
        return dataset<S>(std::move(x_), std::move(y_), std::move(info_));
    }

private:
    void find_names(const ArrowSchema& schema) {
        info_ = S::info();
        for (const field_places& field : schema_fields<S>)
            places_.insert(places_.end(), field.count,
                           arrow_place_of(schema, std::string(S::names[field.first]), options_.source));
        for (std::size_t k = 0; k < target_columns<kind>; ++k)
            places_.push_back(arrow_place_of(schema, info_.target_column(k).name, options_.source));
    }

    /// Every column in order, the last as the target; the table's names.
    void take_all(const ArrowSchema& schema) {
        const auto count = static_cast<std::size_t>(schema.n_children);
        constexpr std::size_t targets = target_columns<kind>;
        if (S::width == dynamic ? count <= targets : count != S::width + targets)
            fail<data_error>({options_.source, ": expected ",
                              (S::width == dynamic ? std::string("1 or more") : std::to_string(S::width)),
                              " feature columns",
                              (targets > 1  ? " and the targets"
                               : has_target ? " and a target"
                                            : ""),
                              ", found ", count, " columns"});
        info_ = S::info(count - targets);
        for (std::size_t i = 0; i < count; ++i) {
            places_.push_back(i);
            const std::size_t k = i + targets - count; // of a target
            column_info& column = i + targets < count ? info_.columns[i]
                                  : k == 0            ? info_.target
                                                      : info_.more_targets[k - 1];
            if (std::string name = arrow_name(*schema.children[i]); !name.empty())
                column.name = std::move(name);
        }
    }

    void take_levels() {
        const schema_info& like = options_.like;
        if (!like.columns.empty() && like.columns.size() != info_.columns.size())
            fail<data_error>({options_.source, ": arrow_options::like has ", like.columns.size(),
                              " feature columns, the schema has ", info_.columns.size()});
        for (std::size_t i = 0; i < info_.columns.size(); ++i) {
            if (info_.columns[i].levels.empty() && !like.columns.empty())
                info_.columns[i].levels = like.columns[i].levels;
            tables_.emplace_back(info_.columns[i].levels);
        }
        if (info_.target.levels.empty()) info_.target.levels = like.target.levels;
        tables_.emplace_back(info_.target.levels);
    }

    /// Calls put with every row and its level.
    template <class Put>
    void take_words(const arrow_source& source, column_info& column, level_table& table, Put put) {
        if (source.is_ordered && rows_ == 0 && table.finds() && source.dictionary.count > 0) {
            column.levels = ordered_words(source);
            table = level_table(column.levels);
        }
        arrow_levels levels(source, table, column.levels);
        for (std::size_t r = 0; r < source.rows.count; ++r) put(r, levels.level(r));
    }

    void take_targets(std::span<const arrow_source> sources, std::size_t begin, std::size_t count) {
        y_.resize(begin + count);
        if constexpr (has_classes) {
            take_words(sources[0], info_.target, tables_.back(), [&](std::size_t r, std::uint32_t level) {
                if (level == level_table::unknown) sources[0].refuse(r, {"the target is missing"});
                y_[begin + r] = level;
            });
        } else
            for (std::size_t k = 0; k < sources.size() && count > 0; ++k) {
                double* to = nullptr;
                if constexpr (is_several_numbers<kind>)
                    to = &y_[begin][k];
                else
                    to = &y_[begin];
                take_arrow_numbers(sources[k], to, sources.size());
                for (std::size_t r = 0; r < count; ++r)
                    if (const double y = to[r * sources.size()]; y != y)
                        sources[k].refuse(r, {"the target is missing"});
            }
    }

    const arrow_options& options_;
    schema_info info_;
    std::vector<std::size_t> places_; ///< of the features and the target among the table's columns
    std::vector<level_table> tables_; ///< one a feature, and the target's
    std::size_t rows_ = 0;
    matrix<T> x_;
    std::vector<target_value<kind>> y_;
};

} // namespace detail

/// The rows of an Arrow table as a dataset of S.
///  - A schema with names finds its columns by them, in any order; columns it does not know are ignored.
///    columns<W, kind> takes every column in order and the last as the target, and their names.
///  - A number may be of any integer or real type of 8 to 64 bits (16-bit reals too), or a truth value, 0 or 1. An integer
///    that the scalar does not hold exactly, as 2^53 + 1 in a double, is an error; a real is rounded to float where the
///    schema says so.
///  - A category or label may be text, a dictionary of text, integers or truth values ("false" and "true"; 0 and 1 where
///    those are the levels). Where the schema names no levels, they are those that occur, sorted as by read_csv, or, of a
///    dictionary that is marked as ordered, all of it in its order.
///  - A text of the schema is text or a dictionary of text, whose words are counted; null has none.
///  - What else is null becomes NaN; an infinite number stays one. No rows are a dataset without rows.
///
/// Throws data_error for the first thing that is wrong: a missing or doubled column, a type that is not read, an unknown
/// level, a missing target, counts, offsets or indices that contradict each other. The data are copied.
template <Schema S>
dataset<S> from_arrow(const arrow_batch& batch, arrow_options options = {}) {
    if (options.source == arrow_options{}.source) options.source = batch.source();
    detail::arrow_reader<S> reader(batch.schema(), options);
    reader.take(batch.schema(), batch.array());
    return reader.all();
}

/// The same; both structs are taken over and released, also where this throws.
template <Schema S>
dataset<S> from_arrow(ArrowSchema* schema, ArrowArray* array, const arrow_options& options = {}) {
    return from_arrow<S>(arrow_batch(schema, array, options.source), options);
}

/// The same for all tables of a stream, which is taken over and released.
template <Schema S>
dataset<S> from_arrow(ArrowArrayStream* stream, const arrow_options& options = {}) {
    detail::arrow_owner<ArrowArrayStream> owner(stream);
    ArrowArrayStream& tables = owner.get();
    if (owner.is_empty() || tables.get_schema == nullptr || tables.get_next == nullptr)
        detail::fail<data_error>({options.source, ": the stream has been released already"});
    detail::arrow_owner<ArrowSchema> schema;
    if (const int code = tables.get_schema(&tables, schema.slot()); code != 0)
        detail::refuse_arrow_stream(tables, code, options.source);
    detail::arrow_reader<S> reader(schema.get(), options);
    for (detail::arrow_owner<ArrowArray> array;;) {
        if (const int code = tables.get_next(&tables, array.slot()); code != 0)
            detail::refuse_arrow_stream(tables, code, options.source);
        if (array.is_empty()) return reader.all();
        reader.take(schema.get(), array.get());
    }
}

/// A table's columns as a dataset of S without a copy, to be used while the batch lives: possible where every feature is
/// stored as S's scalar without missing values, all of them at equal distances in memory (columns of one matrix stored
/// column behind column; one column; two), and the target as double, or as uint32 for classes whose number the schema
/// knows. Throws data_error, naming the column, where it is not; from_arrow copies then.
template <Schema S>
    requires(!is_several_numbers<typename S::kind>)
dataset_view<S> view_arrow(const arrow_batch& batch) {
    using T = typename S::scalar;
    using kind = typename S::kind;
    constexpr bool has_target = !std::is_same_v<kind, none>;
    std::vector<std::string> names = batch.names();
    schema_info info;
    if constexpr (requires { S::names; })
        info = S::info();
    else
        info = S::info(names.size() > 0 ? names.size() - (has_target ? 1 : 0) : 0);
    const T* begin = nullptr;
    std::ptrdiff_t distance = 0;
    for (std::size_t i = 0; i < info.columns.size(); ++i) {
        if constexpr (!requires { S::names; }) info.columns[i].name = names[i];
        const std::string& name = info.columns[i].name;
        if (info.columns[i].categorical)
            detail::fail<data_error>(
                {batch.source(), ", column ", in_quotes(name), ": a category cannot be seen without a copy"});
        const T* const column = batch.template column<T>(name).data();
        if (i == 0) begin = column;
        const auto bytes = static_cast<std::ptrdiff_t>(reinterpret_cast<std::uintptr_t>(column) -
                                                       reinterpret_cast<std::uintptr_t>(begin));
        constexpr auto size = static_cast<std::ptrdiff_t>(sizeof(T));
        if (i == 1) distance = bytes / size;
        if (bytes != static_cast<std::ptrdiff_t>(i) * distance * size)
            detail::fail<data_error>({batch.source(), ", column ", in_quotes(name),
                                      ": it does not lie at the distance of the columns before it, so that "
                                      "they cannot be seen as one matrix without a copy"});
    }
    const matrix_view<const T> x(begin, batch.rows(), info.columns.size(), 1, distance);
    if constexpr (!has_target)
        return dataset_view<S>(x, {}, std::move(info));
    else {
        if constexpr (!requires { S::names; }) info.target.name = names.empty() ? "y" : names.back();
        const auto y = batch.template column<target_value<kind>>(info.target.name);
        for (std::size_t r = 0; r < y.size(); ++r)
            if (y[r] != y[r] || (is_classification<kind> &&
                                 y[r] >= static_cast<target_value<kind>>(info.target.levels.size())))
                detail::fail<data_error>({batch.source(), ", column ", in_quotes(info.target.name), ", row ",
                                          r + 1, ": the target is missing or no class of the schema"});
        return dataset_view<S>(x, y, std::move(info));
    }
}

template <Schema S>
    requires is_several_numbers<typename S::kind>
refused<because::this_takes_one_target__the_schema_has_several> view_arrow(const arrow_batch&);

} // namespace tenon
