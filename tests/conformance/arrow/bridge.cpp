// tenon behind C functions, for check.py: Arrow tables in, and out again, through the C interfaces alone.

#include <cstdio>
#include <string>
#include <tenon/data/arrow.hpp>
#include <tenon/data/csv_write.hpp>

namespace tn = tenon;

namespace {

struct house : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">,
                          tn::categorical<"town">, tn::target<"price">> {};
using any = tn::columns<tn::dynamic, tn::none>;

std::string text; // the last answer or error

template <class F>
int answer(F f) noexcept {
    try {
        f();
        return 0;
    } catch (const std::exception& e) {
        text = e.what();
        return 1;
    }
}

} // namespace

extern "C" {

const char* last_text() {
    return text.c_str();
}

/// The table as CSV, in last_text.
int houses_to_csv(ArrowSchema* schema, ArrowArray* array) {
    return answer([&] { text = tn::csv_of(tn::from_arrow<house>(schema, array)); });
}
int stream_to_csv(ArrowArrayStream* stream) {
    return answer([&] { text = tn::csv_of(tn::from_arrow<house>(stream)); });
}
int any_to_csv(ArrowSchema* schema, ArrowArray* array) {
    return answer([&] { text = tn::csv_of(tn::from_arrow<any>(schema, array)); });
}

/// In and out again.
int house_table(ArrowSchema* schema, ArrowArray* array, ArrowSchema* schema_out, ArrowArray* array_out) {
    return answer([&] { tn::to_arrow(tn::from_arrow<house>(schema, array), schema_out, array_out); });
}
int house_stream(ArrowArrayStream* stream, ArrowArrayStream* out) {
    return answer(
        [&] { tn::to_arrow(tn::from_arrow<house>(stream), out, {.nan_as_null = true, .rows = 3}); });
}

/// Where the first value of a column of doubles lies, as a number; the table is released before this returns.
int address_of(ArrowSchema* schema, ArrowArray* array, const char* name) {
    return answer([&] {
        const tn::arrow_batch batch(schema, array);
        char digits[32];
        std::snprintf(digits, sizeof digits, "%zu",
                      reinterpret_cast<std::size_t>(batch.column<double>(name).data()));
        text = digits;
    });
}

/// 3 x 2 numbers, column behind column, in the caller's memory.
int borrowed_table(const double* values, ArrowSchema* schema, ArrowArray* array) {
    return answer([&] {
        const tn::matrix_view<const double> x(values, 3, 2, 1, 3);
        tn::to_arrow(tn::dataset_view<tn::columns<2, tn::none>>(x), schema, array);
    });
}
}
