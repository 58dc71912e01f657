#pragma once

// Datasets as Arrow tables, for pyarrow, polars, DuckDB or whoever else takes Arrow's C Data and C Stream interfaces.
//
//     ArrowSchema schema; ArrowArray array;
//     tenon::to_arrow(data, &schema, &array);   // the consumer releases both

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/data/arrow_memory.hpp>
#include <tenon/data/dataset.hpp>
#include <type_traits>
#include <utility>

namespace tenon::inline v0 {

/// How to_arrow writes.
struct to_arrow_options {
    bool nan_as_null =
        true; ///< false: a missing number stays the NaN that it is; missing words are null either way
    std::size_t rows = std::size_t{1} << 16; ///< of each table of a stream; 0: all
};

namespace detail {

template <class D>
inline constexpr bool borrows_rows = false;
template <Schema S>
inline constexpr bool borrows_rows<dataset_view<S>> = true;

template <class Lazy = void>
void make_column_schema(ArrowSchema& made, const column_info& column, bool is_double) {
    const std::int64_t order = column.categorical ? ARROW_FLAG_DICTIONARY_ORDERED : 0;
    auto& memory = begin_arrow_schema(made,
                                      (column.categorical ? "i"
                                       : is_double        ? "g"
                                                          : "f"),
                                      column.name, ARROW_FLAG_NULLABLE | order);
    if (!column.categorical) return;
    made.dictionary = &memory.dictionary;
    begin_arrow_schema(memory.dictionary, "u", "", 0);
}

template <Schema S>
void make_table_schema(ArrowSchema& made, const schema_info& info) {
    constexpr bool has_target = !std::is_same_v<typename S::kind, none>;
    const std::size_t width = info.columns.size();
    auto& memory = begin_arrow_schema(made, "+s", "", 0, width + target_columns<typename S::kind>);
    for (std::size_t i = 0; i < width; ++i)
        make_column_schema(memory.children[i], info.columns[i], sizeof(typename S::scalar) == 8);
    if constexpr (has_target) {
        column_info target{info.target.name, is_classification<typename S::kind>, {}};
        make_column_schema(memory.children[width], target, true);
    }
    for (std::size_t k = 0; k < info.more_targets.size(); ++k)
        make_column_schema(memory.children[width + 1 + k], info.more_targets[k], true);
}

/// The rows first, first + 1 … first + count - 1.
template <Dataset D>
void make_table_rows(ArrowArray& made, const D& data, std::size_t first, std::size_t count,
                     const to_arrow_options& options) {
    using S = typename D::schema_type;
    using T = typename S::scalar;
    constexpr bool has_target = !std::is_same_v<typename S::kind, none>;
    constexpr bool borrows = borrows_rows<D>;
    const schema_info& info = data.info();
    const std::size_t width = info.columns.size();
    const matrix_view<const T> x = matrix_view<const T>(data.x()).middle_rows(first, count);
    auto& memory = begin_arrow_array(made, count, 1, width + target_columns<typename S::kind>);
    for (std::size_t i = 0; i < width; ++i)
        if (info.columns[i].categorical)
            make_arrow_levels<T>(memory.children[i], x.column(i), info.columns[i], first);
        else
            make_arrow_numbers<T>(memory.children[i], x.column(i), borrows, options.nan_as_null);
    if constexpr (has_target) {
        using Y = target_value<typename S::kind>;
        const vector_view<const Y> all = data.y();
        const vector_view<const Y> y = all.middle(first, count);
        if constexpr (is_several_numbers<typename S::kind>)
            for (std::size_t k = 0; k < outputs_of<typename S::kind>; ++k)
                make_arrow_numbers<double>(memory.children[width + k], y.column(k), borrows,
                                           options.nan_as_null);
        else if constexpr (is_classification<typename S::kind>)
            make_arrow_levels<Y>(memory.children[width], y, info.target, first);
        else
            make_arrow_numbers<Y>(memory.children[width], y, borrows, options.nan_as_null);
    }
}

/// A stream's own memory, and the functions that a consumer calls.
template <Dataset D>
struct arrow_stream_memory {
    D data;
    to_arrow_options options;
    std::size_t next = 0;
    bool has_begun = false;
    char error[256] = {};

    static arrow_stream_memory& of(ArrowArrayStream* stream) noexcept {
        return *static_cast<arrow_stream_memory*>(stream->private_data);
    }

    /// Gives a struct away once it is whole; a code as errno has where that fails.
    template <class Struct, class Make>
    int give(Struct* out, Make make) noexcept {
#ifdef __cpp_exceptions
        try {
            give_or_throw(out, make);
            return 0;
        } catch (const std::bad_alloc&) {
            std::snprintf(error, sizeof error, "no memory is left");
            return ENOMEM;
        } catch (const std::exception& wrong) {
            std::snprintf(error, sizeof error, "%s", wrong.what());
            return EINVAL;
        }
#else
        give_or_throw(out, make);
        return 0;
#endif
    }
    template <class Struct, class Make>
    static void give_or_throw(Struct* out, Make make) {
        arrow_owner<Struct> made;
        make(*made.slot());
        *out = std::exchange(made.get(), Struct{});
    }

    static int get_schema(ArrowArrayStream* stream, ArrowSchema* out) noexcept {
        arrow_stream_memory& own = of(stream);
        return own.give(out, [&](ArrowSchema& made) {
            make_table_schema<typename D::schema_type>(made, own.data.info());
        });
    }
    /// The first table is there even where there are no rows: it brings the levels.
    static int get_next(ArrowArrayStream* stream, ArrowArray* out) noexcept {
        arrow_stream_memory& own = of(stream);
        const std::size_t left = own.data.x().rows() - own.next;
        if (left == 0 && own.has_begun) {
            *out = {};
            return 0;
        }
        const std::size_t most = own.options.rows, count = most == 0 || left < most ? left : most;
        const int code = own.give(
            out, [&](ArrowArray& made) { make_table_rows(made, own.data, own.next, count, own.options); });
        if (code != 0) return code;
        own.next += count;
        own.has_begun = true;
        return 0;
    }
    static const char* get_last_error(ArrowArrayStream* stream) noexcept {
        const char* const text = of(stream).error;
        return text[0] == '\0' ? nullptr : text;
    }
    static void release(ArrowArrayStream* stream) noexcept {
        delete &of(stream);
        stream->release = nullptr;
    }
};

} // namespace detail

/// Makes an Arrow table of a dataset: features in order, the target last. Numbers are float64, or float32 where the
/// schema's scalar is float; a category or label is a dictionary of all its levels with int32 indices, marked as ordered,
/// so that from_arrow gives the same dataset again. A missing value is null. Weights do not go out.
///
/// A dataset is copied. Of a dataset_view, numbers that follow each other in memory (the columns of a matrix stored
/// column behind column, a contiguous target) are not: that memory must outlive what was made. The consumer calls the
/// release of both structs. Throws data_error for a value that is the index of no level; nothing is made then.
template <Dataset D>
void to_arrow(const D& data, ArrowSchema* schema, ArrowArray* array, const to_arrow_options& options = {}) {
    detail::arrow_owner<ArrowSchema> made_schema;
    detail::arrow_owner<ArrowArray> made_array;
    detail::make_table_schema<typename D::schema_type>(*made_schema.slot(), data.info());
    detail::make_table_rows(*made_array.slot(), data, 0, data.x().rows(), options);
    *schema = std::exchange(made_schema.get(), ArrowSchema{});
    *array = std::exchange(made_array.get(), ArrowArray{});
}

/// Makes an Arrow stream of a dataset: tables of options.rows rows, made when they are asked for. The stream keeps the
/// dataset (move it in, or it is copied) or the view, whose memory must outlive the stream and its tables. The consumer
/// calls release. A value that is the index of no level ends the stream with EINVAL and a reason.
template <Dataset D>
void to_arrow(D data, ArrowArrayStream* stream, const to_arrow_options& options = {}) {
    using memory = detail::arrow_stream_memory<D>;
    auto* const own = new memory{std::move(data), options}; // NOLINT(cppcoreguidelines-owning-memory)
    *stream = {&memory::get_schema, &memory::get_next, &memory::get_last_error, &memory::release, own};
}

} // namespace tenon
