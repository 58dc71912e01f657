#pragma once

// A table in Arrow's C Data interface, taken over from pyarrow, polars, DuckDB or whoever else made it, and its columns as
// they lie in memory.
//
//     tenon::arrow_batch batch(&schema, &array);           // released when batch ends
//     tenon::vector_view<const double> area = batch.column<double>("area");

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/data/arrow_column.hpp>
#include <tenon/data/name_hint.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

template <class Lazy = void>
std::string arrow_name(const ArrowSchema& schema) {
    return schema.name == nullptr ? std::string() : std::string(schema.name);
}

template <class Lazy = void>
std::string arrow_place(const std::string& source, const std::string& name) {
    return concat({source, ", column ", in_quotes(name)});
}

/// Throws where the schema is not that of a table, which is a struct of columns.
template <class Lazy = void>
void check_arrow_table(const ArrowSchema& schema, const std::string& source) {
    if (schema.release == nullptr || schema.format == nullptr)
        fail<data_error>({source, ": its schema has been released already"});
    if (std::string_view(schema.format) != "+s")
        fail<data_error>({source, " has the Arrow format ", quoted_bytes(schema.format),
                          ", expected a table, which is a struct of columns (+s)"});
    if (schema.n_children < 0 || (schema.n_children > 0 && schema.children == nullptr))
        fail<data_error>({source, ": the columns of its schema are missing"});
    for (std::int64_t i = 0; i < schema.n_children; ++i)
        if (schema.children[i] == nullptr)
            fail<data_error>({source, ": column ", i + 1, " of its schema is missing"});
}

/// The same for its rows; how many there are.
template <class Lazy = void>
std::size_t check_arrow_rows(const ArrowSchema& schema, const ArrowArray& array, const std::string& source) {
    check_arrow_pair(schema, array, source);
    if (array.n_children > 0 && array.children == nullptr)
        fail<data_error>({source, ": the columns of its array are missing"});
    for (std::int64_t i = 0; i < array.n_children; ++i)
        if (array.children[i] == nullptr)
            fail<data_error>({source, ": column ", i + 1, " of its array is missing"});
    if (array.n_buffers != 1)
        fail<data_error>({source, ": a struct has 1 buffer, this one ", array.n_buffers});
    const auto rows = static_cast<std::size_t>(array.length), first = static_cast<std::size_t>(array.offset);
    if (const auto* const bits = static_cast<const std::byte*>(array.buffers[0]))
        for (std::size_t r = 0; r < rows; ++r)
            if (!arrow_values::bit(bits, first + r))
                fail<data_error>({source, ", row ", r + 1, ": the row as a whole is null"});
    return rows;
}

/// Column i of a table that has been checked.
template <class Lazy = void>
arrow_values arrow_column(const ArrowSchema& schema, const ArrowArray& array, std::size_t i,
                          const std::string& place) {
    return arrow_values_of(*schema.children[i], *array.children[i], static_cast<std::size_t>(array.offset),
                           static_cast<std::size_t>(array.length), place);
}

/// The place of the column of that name; throws where there is none, or more than one.
template <class Lazy = void>
std::size_t arrow_place_of(const ArrowSchema& schema, std::string_view name, const std::string& source) {
    std::vector<std::string> names;
    const auto count = static_cast<std::size_t>(schema.n_children);
    std::size_t place = count;
    for (std::size_t i = 0; i < count; ++i) {
        names.push_back(arrow_name(*schema.children[i]));
        if (names.back() != name) continue;
        if (place != count) fail<data_error>({source, " has two columns ", in_quotes(name)});
        place = i;
    }
    if (place == count)
        fail<data_error>({source, " has no column ", in_quotes(name), "; ", name_hint(name, names)});
    return place;
}

/// A column as it lies in memory; throws where it is of another type than T, has missing values, or lies at an address
/// where no T can.
template <RawValue T>
vector_view<const T> arrow_view(const arrow_values& column, const ArrowSchema& schema,
                                const std::string& place) {
    const bool is_plain = schema.dictionary == nullptr && column.type.layout == arrow_layout::numbers &&
                          column.type.raw == raw_type_of<T>();
    if (!is_plain)
        fail<data_error>({place, " has the Arrow format ", quoted_bytes(schema.format),
                          (schema.dictionary == nullptr ? "" : " (a dictionary)"),
                          ", which cannot be seen as the type asked for without a copy"});
    for (std::size_t row = 0; row < column.count; ++row)
        if (column.is_missing(row))
            fail<data_error>({place, ", row ", row + 1,
                              ": the value is missing, so that the column cannot be seen without a copy"});
    const std::byte* const begin = column.count == 0 ? nullptr : column.begin();
    if (reinterpret_cast<std::uintptr_t>(begin) % alignof(T) != 0)
        fail<data_error>({place, ": its values are not aligned, so that they cannot be seen without a copy"});
    return {reinterpret_cast<const T*>(begin), column.count, 1};
}

} // namespace detail

/// A struct array of Arrow's C Data interface: a record batch, a table of one chunk. It owns what it was given, and what
/// it gives out is to be used while it lives. The structs' numbers are checked, the memory they point to is believed.
class arrow_batch {
public:
    /// Takes both structs over: theirs are marked as released, also where this throws data_error because they are no
    /// table. `source` is for messages.
    template <class Lazy = void>
    arrow_batch(ArrowSchema* schema, ArrowArray* array, std::string source = "the Arrow data")
        : schema_(schema), array_(array), source_(std::move(source)) {
        detail::check_arrow_pair(schema_.get(), array_.get(), source_); // as many columns in both
        detail::check_arrow_table(schema_.get(), source_);
        rows_ = detail::check_arrow_rows(schema_.get(), array_.get(), source_);
    }
    arrow_batch(const arrow_batch&) = delete;
    arrow_batch& operator=(const arrow_batch&) = delete;

    std::size_t rows() const noexcept { return rows_; }
    std::size_t columns() const noexcept { return static_cast<std::size_t>(array_.get().n_children); }
    std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (std::size_t i = 0; i < columns(); ++i)
            all.push_back(detail::arrow_name(*schema_.get().children[i]));
        return all;
    }

    /// The column of that name where it lies, without a copy. Throws data_error where there is none, where it is stored
    /// as another type than T (double, float or an integer), and where a value is missing.
    template <RawValue T>
    vector_view<const T> column(std::string_view name) const {
        const std::size_t i = detail::arrow_place_of(schema_.get(), name, source_);
        const std::string place = detail::arrow_place(source_, std::string(name));
        return detail::arrow_view<T>(detail::arrow_column(schema_.get(), array_.get(), i, place),
                                     *schema_.get().children[i], place);
    }

    const ArrowSchema& schema() const noexcept { return schema_.get(); }
    const ArrowArray& array() const noexcept { return array_.get(); }
    const std::string& source() const noexcept { return source_; }

private:
    detail::arrow_owner<ArrowSchema> schema_;
    detail::arrow_owner<ArrowArray> array_;
    std::string source_;
    std::size_t rows_ = 0;
};

} // namespace tenon
