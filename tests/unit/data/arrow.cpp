#include "support/arrow_table.hpp"
#include "support/catch.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <tenon/data/arrow.hpp>
#include <tenon/data/fingerprint.hpp>
#include <vector>

namespace tn = tenon;
using tenon_test::coded;
using tenon_test::ContainsSubstring;
using tenon_test::hand_made_column;
using tenon_test::hand_made_table;
using tenon_test::numbers;
using tenon_test::words;

namespace {

using any = tn::columns<tn::dynamic, tn::none>;
using any_class = tn::columns<tn::dynamic, tn::classes<tn::dynamic>>;
struct house : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">,
                          tn::categorical<"town">, tn::target<"price">> {};

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

/// One column's values; 1e99 for one that is missing.
std::vector<double> read(hand_made_column column) {
    hand_made_table table({std::move(column)});
    table.link();
    const auto data = tn::from_arrow<any>(&table.schema, &table.array);
    CHECK(table.released_schemas == 1);
    CHECK(table.released_arrays == 1);
    std::vector<double> values;
    for (std::size_t r = 0; r < data.size(); ++r)
        values.push_back(data.x()(r, 0) == data.x()(r, 0) ? data.x()(r, 0) : 1e99);
    return values;
}

/// The first column's levels, and the last one's words row by row.
template <class S>
std::string classes_of(const hand_made_column& column, const tn::arrow_options& options = {}) {
    hand_made_table table(
        {numbers<double>("g", "x", std::vector<double>(std::size_t(column.length))), column});
    table.link();
    const auto data = tn::from_arrow<S>(&table.schema, &table.array, options);
    std::string text;
    for (const std::string& level : data.info().target.levels) text += level + ",";
    text += "|";
    for (std::size_t r = 0; r < data.size(); ++r) text += data.info().target.levels[data.target(r)] + ",";
    return text;
}

template <class S>
std::string refused(std::vector<hand_made_column> columns) {
    hand_made_table table(std::move(columns));
    table.link();
    std::string message;
    try {
        tn::from_arrow<S>(&table.schema, &table.array, {.like = {}, .source = "t"});
    } catch (const tn::data_error& e) {
        message = e.what();
    }
    CHECK(table.released_schemas == 1);
    CHECK(table.released_arrays == 1);
    return message;
}

tn::dataset<house> houses(std::size_t rows) {
    tn::schema_info info = house::info();
    info.columns[2].levels = {"York", "Ely", "no one lives here"}; // neither sorted nor all in use
    tn::matrix<double> x(rows, 3);
    std::vector<double> y;
    for (std::size_t r = 0; r < rows; ++r) {
        x(r, 0) = r % 7 == 3 ? gap : -0.1 * static_cast<double>(r);
        x(r, 1) = r % 5 == 4 ? gap : static_cast<double>(r % 2);
        x(r, 2) = static_cast<double>(r % 2);
        y.push_back(static_cast<double>(r) / 3);
    }
    return {std::move(x), std::move(y), std::move(info)};
}

template <class S>
bool is_same(const tn::dataset<S>& a, const tn::dataset<S>& b) {
    const std::size_t count = a.size() * a.x().columns();
    return a.info() == b.info() && a.size() == b.size() &&
           (count == 0 || std::memcmp(a.x().data(), b.x().data(), count * sizeof(typename S::scalar)) == 0) &&
           std::equal(a.y().data(), a.y().data() + a.y().size(), b.y().data()) &&
           tn::fingerprint(a) == tn::fingerprint(b);
}

template <class S>
bool is_kept(const tn::dataset<S>& data, const tn::to_arrow_options& options = {}) {
    ArrowSchema schema;
    ArrowArray array;
    tn::to_arrow(data, &schema, &array, options);
    const bool as_table = is_same(tn::from_arrow<S>(&schema, &array), data);
    CHECK(schema.release == nullptr);
    CHECK(array.release == nullptr);
    ArrowArrayStream stream;
    tn::to_arrow(data, &stream, options);
    const bool as_stream = is_same(tn::from_arrow<S>(&stream), data);
    CHECK(stream.release == nullptr);
    return as_table && as_stream;
}

} // namespace

TEST_CASE("numbers of every type are taken, with what is missing", "[arrow]") {
    using all = std::vector<double>;
    CHECK(read(numbers<std::int8_t>("c", "x", {-128, 127})) == all{-128, 127});
    CHECK(read(numbers<std::uint8_t>("C", "x", {0, 255})) == all{0, 255});
    CHECK(read(numbers<std::int16_t>("s", "x", {-32768, 7})) == all{-32768, 7});
    CHECK(read(numbers<std::uint16_t>("S", "x", {65535})) == all{65535});
    CHECK(read(numbers<std::int32_t>("i", "x", {-7})) == all{-7});
    CHECK(read(numbers<std::uint32_t>("I", "x", {4294967295})) == all{4294967295});
    CHECK(read(numbers<std::int64_t>("l", "x", {-9007199254740992, 5}, "10")) ==
          all{-9007199254740992, 1e99});
    CHECK(read(numbers<std::uint64_t>("L", "x", {0xFFFFFFFFFFFFF800})) == all{18446744073709549568.0});
    CHECK(read(numbers<float>("f", "x", {0.5F, 1}, "01")) == all{1e99, 1});
    CHECK(read(numbers<double>("g", "x", {1, gap, 3}, "110")) == all{1, 1e99, 1e99});
    CHECK(read(numbers<std::uint16_t>("e", "x", {0x3C00, 0xC500, 0x0001, 0x03FF, 0x7BFF, 0x7E00})) ==
          all{1, -5, 0x1p-24, 1023 * 0x1p-24, 65504, 1e99});
    CHECK(tn::detail::half_value(0xFC00) == -std::numeric_limits<double>::infinity());
    hand_made_column bits = numbers<std::byte>("b", "x", tenon_test::bits_of("1010"), "1101");
    bits.length = 4;
    CHECK(read(bits) == all{1, 0, 1e99, 0});
    hand_made_column nothing{"n", "x", 3, 3, 0, ARROW_FLAG_NULLABLE, {}};
    CHECK(read(nothing) == all{1e99, 1e99, 1e99});
    CHECK(read(numbers<double>("g", "x", {})) == all{});
    // What lies where a value is missing is not looked at.
    CHECK(read(numbers<std::int64_t>("l", "x", {9007199254740993, 2}, "01")) == all{1e99, 2});
}

TEST_CASE("a slice of a table has its rows", "[arrow]") {
    hand_made_table table({numbers<double>("g", "area", {9, 9, 1, 2, gap, 9}, "110111"),
                           words("kind", {"-", "flat", "house", "flat", "-"}, "11101"),
                           coded<std::int8_t>("c", "town", {9, 1, 0, 1}, {"b", "a"}),
                           numbers<std::uint8_t>("C", "price", {9, 10, 20, 30})});
    table.columns[0].offset = 1, table.columns[0].length = 4;
    table.columns[1].length = 4;
    table.offset = 1, table.length = 2;
    table.link();
    const auto data = tn::from_arrow<house>(&table.schema, &table.array);
    REQUIRE(data.size() == 2);
    CHECK(data.x()(0, 0) != data.x()(0, 0));
    CHECK(data.x()(1, 0) == 2);
    CHECK(data.x()(0, 1) == 0);
    CHECK(data.x()(1, 1) == 1);
    CHECK(data.info().columns[2].levels == std::vector<std::string>{"a", "b"});
    CHECK(data.x()(0, 2) == 0);
    CHECK(data.x()(1, 2) == 1);
    CHECK(data.target(0) == 10);
    CHECK(data.target(1) == 20);
}

TEST_CASE("words of every kind become levels", "[arrow]") {
    CHECK(classes_of<any_class>(words("y", {"10", "9", "10"})) == "9,10,|10,9,10,");
    CHECK(classes_of<any_class>(words<std::int64_t>("y", {"b", "", "a"})) == ",a,b,|b,,a,");
    CHECK(classes_of<any_class>(numbers<std::int16_t>("s", "y", {-3, 20, 3})) == "-3,3,20,|-3,20,3,");
    CHECK(classes_of<any_class>(numbers<std::uint64_t>("L", "y", {18446744073709551615U})) ==
          "18446744073709551615,|18446744073709551615,");
    CHECK(classes_of<any_class>(coded<std::uint32_t>("I", "y", {2, 0, 2}, {"b", "x", "a"})) == "a,b,|a,b,a,");
    CHECK(
        classes_of<any_class>(tenon_test::word_views("y", {"b", "a word of more than 12 bytes", "", "b"})) ==
        ",a word of more than 12 bytes,b,|b,a word of more than 12 bytes,,b,");
    hand_made_column of_views = coded<std::uint32_t>("I", "y", {1, 0, 1}, {});
    of_views.words.front() = tenon_test::word_views("", {"x", "a word of more than 12 bytes"});
    CHECK(classes_of<any_class>(of_views) ==
          "a word of more than 12 bytes,x,|a word of more than 12 bytes,x,a word of more than 12 bytes,");
    hand_made_column ordered = coded<std::int64_t>("l", "y", {2, 0}, {"b", "x", "a"});
    ordered.flags |= ARROW_FLAG_DICTIONARY_ORDERED;
    CHECK(classes_of<any_class>(ordered) == "b,x,a,|a,b,");

    hand_made_column bits = numbers<std::byte>("b", "y", tenon_test::bits_of("100"));
    bits.length = 3;
    CHECK(classes_of<any_class>(bits) == "false,true,|true,false,false,");
    using two = tn::columns<1, tn::classes<2>>;
    CHECK(classes_of<two>(bits) == "0,1,|1,0,0,");
    CHECK(classes_of<two>(numbers<std::int8_t>("c", "y", {1, 0})) == "0,1,|1,0,");
    CHECK(classes_of<two>(words("y", {"1"})) == "0,1,|1,");

    tn::arrow_options options;
    options.like = two::info();
    options.like.target.levels = {"lily", "aster"};
    CHECK(classes_of<any_class>(words("y", {"aster", "lily"}), options) == "lily,aster,|aster,lily,");
    CHECK_THROWS_WITH(classes_of<any_class>(words("y", {"astre"}), options),
                      ContainsSubstring("column 'y', row 1: unknown level 'astre'; did you mean 'aster'?"));
    options.like.columns.resize(3);
    CHECK_THROWS_WITH(classes_of<any_class>(words("y", {"aster"}), options),
                      ContainsSubstring("arrow_options::like has 3 feature columns, the schema has 1"));
}

TEST_CASE("what a table cannot say is refused with column and row", "[arrow]") {
    const auto area = numbers<double>("g", "area", {1, 2});
    const auto kind = words("kind", {"flat", "house"}), town = words("town", {"a", "b"});
    const auto price = numbers<double>("g", "price", {1, 2});
    CHECK(refused<house>({area, kind, town, price}).empty());
    CHECK(refused<house>({area, kind, town}) == "t has no column 'price'; there are 'area', 'kind', 'town'");
    CHECK(refused<house>({area, kind, town, price, area}) == "t has two columns 'area'");
    CHECK(refused<house>({area, words("kind", {"flat", "hose"}), town, price}) ==
          "t, column 'kind', row 2: unknown level 'hose'; did you mean 'house'?");
    CHECK(refused<house>({area, kind, price, price, numbers<double>("g", "town", {1, 2})}) ==
          "t has two columns 'price'");
    CHECK_THAT(refused<house>({area, kind, numbers<double>("g", "town", {1, 2}), price}),
               ContainsSubstring("t, column 'town' has the Arrow format 'g', real numbers, expected words"));
    CHECK(refused<house>({words("area", {"1", "2"}), kind, town, price}) ==
          "t, column 'area' is text, expected numbers");
    CHECK(refused<house>({coded<std::int8_t>("c", "area", {0, 0}, {"1"}), kind, town, price}) ==
          "t, column 'area' is a dictionary of words, expected numbers");
    CHECK(refused<house>({numbers<std::int64_t>("l", "area", {1, -9007199254740993}), kind, town, price}) ==
          "t, column 'area', row 2: -9007199254740993 is no double exactly");
    CHECK(refused<house>({numbers<std::uint64_t>("L", "area", {1, 18446744073709551615U}), kind, town,
                          price}) == "t, column 'area', row 2: 18446744073709551615 is no double exactly");
    CHECK(refused<house>({area, kind, town, numbers<double>("g", "price", {1, gap})}) ==
          "t, column 'price', row 2: the target is missing");
    CHECK(refused<any_class>({area, words("y", {"a", ""}, "10")}) ==
          "t, column 'y', row 2: the target is missing");
    CHECK_THAT(refused<house>({numbers<double>("tsu:", "area", {1, 2}), kind, town, price}),
               ContainsSubstring("t, column 'area' has the Arrow format 'tsu:', expected numbers"));
    CHECK_THAT(refused<house>({coded<double>("g", "area", {0, 0}, {"1"}), kind, town, price}),
               ContainsSubstring("the indices of its dictionary have the Arrow format 'g'"));
    CHECK(refused<house>({area, coded<std::int8_t>("c", "kind", {0, 2}, {"flat", "house"}), town, price}) ==
          "t, column 'kind', row 2: index 2 of a dictionary of 2 words");
    CHECK(refused<house>({area, coded<std::int8_t>("c", "kind", {-1, 0}, {"flat", "house"}), town, price}) ==
          "t, column 'kind', row 1: index -1 of a dictionary of 2 words");
    using narrow = tn::columns<2, tn::real, float>;
    CHECK(refused<narrow>({area, price}) == "t: expected 2 feature columns and a target, found 2 columns");
    CHECK(refused<narrow>({area, numbers<double>("g", "x", {1, 1e300}), price}) ==
          "t, column 'x', row 2: the value is too large for a float");
    CHECK(refused<narrow>({area, numbers<std::int32_t>("i", "x", {16777217, 1}), price}) ==
          "t, column 'x', row 1: 16777217 is no float exactly");

    auto backwards = words("kind", {"flat", "house"});
    std::int32_t offset = 5;
    std::memcpy(backwards.buffers[1].data() + 4, &offset, 4);
    offset = 4;
    std::memcpy(backwards.buffers[1].data() + 8, &offset, 4);
    CHECK(refused<house>({area, backwards, town, price}) ==
          "t, column 'kind', row 2: its text goes from offset 5 to 4");
    auto beyond = tenon_test::word_views("kind", {"flat", "a word of 13 b"});
    for (const std::int32_t size : {15, -1, -5}) {
        std::memcpy(beyond.buffers[1].data() + 16, &size, 4);
        CHECK_THAT(refused<house>({area, beyond, town, price}),
                   ContainsSubstring("t, column 'kind', row 2: its text of " + std::to_string(size) +
                                     " bytes at 0 is not in buffer 0 of 1"));
    }
    auto twice = coded<std::int8_t>("c", "town", {0, 1}, {"a", "a"});
    CHECK(refused<house>({area, kind, twice, price}).empty()); // two ways to write one level
    twice.flags |= ARROW_FLAG_DICTIONARY_ORDERED;
    CHECK(refused<house>({area, kind, twice, price}) ==
          "t, column 'town': word 2 of its ordered dictionary, 'a', is there twice");
    auto short_one = price;
    short_one.length = 1;
    CHECK(refused<house>({area, kind, town, short_one}) == "t, column 'price' has 1 rows, the table 2");
    auto no_bits = price;
    no_bits.null_count = 1;
    CHECK(refused<house>({area, kind, town, no_bits}) ==
          "t, column 'price' says that 1 values are missing, but not which");

    ArrowSchema schema{};
    ArrowArray array{};
    CHECK_THROWS_WITH(tn::from_arrow<any>(&schema, &array), ContainsSubstring("has been released already"));
    CHECK_THROWS_AS(tn::from_arrow<any>(static_cast<ArrowArrayStream*>(nullptr)), tn::data_error);
}

TEST_CASE("columns are seen where they lie", "[arrow]") {
    hand_made_table table({numbers<double>("g", "area", {1, 2, 3}), numbers<double>("g", "old", {4, 5, 6}),
                           numbers<std::int32_t>("i", "n", {7, 8, 9}),
                           numbers<double>("g", "gaps", {1, 2, 3}, "101"),
                           numbers<double>("g", "price", {10, 20, 30})});
    table.offset = 1, table.length = 2;
    table.link();
    {
        tn::arrow_batch batch(&table.schema, &table.array);
        CHECK(table.schema.release == nullptr);
        CHECK(table.released_arrays == 0);
        CHECK(batch.rows() == 2);
        CHECK(batch.names() == std::vector<std::string>{"area", "old", "n", "gaps", "price"});
        const tn::vector_view<const double> area = batch.column<double>("area");
        CHECK(static_cast<const void*>(area.data()) == table.columns[0].buffers[1].data() + 8);
        CHECK(area.size() == 2);
        CHECK(area[1] == 3);
        CHECK(batch.column<std::int32_t>("n")[0] == 8);
        CHECK_THROWS_WITH(batch.column<float>("area"),
                          ContainsSubstring("cannot be seen as the type asked for"));
        CHECK_THROWS_WITH(batch.column<double>("gaps"),
                          ContainsSubstring("'gaps', row 1: the value is missing"));
        CHECK_THROWS_WITH(batch.column<double>("aera"), ContainsSubstring("did you mean 'area'?"));

        struct two : tn::schema<tn::numeric<"old">, tn::numeric<"area">, tn::target<"price">> {};
        const tn::dataset_view<two> seen = tn::view_arrow<two>(batch);
        CHECK(&seen.x()(1, 1) == area.data() + 1);
        CHECK(static_cast<const void*>(&seen.x()(0, 0)) == table.columns[1].buffers[1].data() + 8);
        CHECK(seen.y()[1] == 30);
        CHECK_THROWS_WITH(tn::view_arrow<house>(batch), ContainsSubstring("column 'kind': a category"));
    }
    CHECK(table.released_schemas == 1);
    CHECK(table.released_arrays == 1);
}

TEST_CASE("a matrix stored column behind column goes out and in without a copy", "[arrow]") {
    const std::vector<double> values{1, 2, 3, 10, 20, 30, 100, 200, 300}, y{7, 8, 9};
    const std::vector<tn::class_index> classes{1, 0, 1};
    const tn::matrix_view<const double> x(values.data(), 3, 3, 1, 3);
    using three = tn::columns<3>;
    const tn::dataset_view<three> data(x, std::span<const double>(y));
    ArrowSchema schema;
    ArrowArray array;
    tn::to_arrow(data, &schema, &array);
    CHECK(array.children[2]->buffers[1] == values.data() + 6);
    CHECK(array.children[3]->buffers[1] == y.data());
    const tn::arrow_batch batch(&schema, &array);
    const tn::dataset_view<three> again = tn::view_arrow<three>(batch);
    CHECK(again.x().data() == values.data());
    CHECK(again.x().column_stride() == 3);
    CHECK(again.x()(2, 1) == 30);
    CHECK(again.y().data() == y.data());

    // A row-major one is copied, and so is what a dataset owns.
    const tn::matrix_view<const double> by_row(values.data(), 3, 3);
    tn::to_arrow(tn::dataset_view<three>(by_row, std::span<const double>(y)), &schema, &array);
    const tn::arrow_batch copied(&schema, &array);
    CHECK(copied.array().children[0]->buffers[1] != values.data());
    CHECK(copied.column<double>("x1")[2] == 200);
}

TEST_CASE("a dataset comes back to the same bits, as a table and as a stream", "[arrow]") {
    CHECK(is_kept(houses(100)));
    CHECK(is_kept(houses(100), {.nan_as_null = false, .rows = 7}));
    CHECK(is_kept(houses(1), {.nan_as_null = true, .rows = 0}));
    CHECK(is_kept(houses(0)));
    tn::matrix<float> x(3, 2);
    x(0, 0) = 1e-45F, x(1, 1) = -0.0F, x(2, 0) = std::numeric_limits<float>::infinity();
    CHECK(is_kept(tn::dataset<tn::columns<tn::dynamic, tn::classes<3>, float>>(x, {2, 0, 2}), {.rows = 2}));
    CHECK(is_kept(tn::dataset<tn::columns<2, tn::none, float>>(x, {})));
}

TEST_CASE("what is made is released piece by piece", "[arrow]") {
    ArrowSchema schema;
    ArrowArray array;
    tn::to_arrow(houses(5), &schema, &array);
    CHECK(std::string_view(schema.children[1]->format) == "i");
    CHECK(std::string_view(schema.children[1]->dictionary->format) == "u");
    CHECK(array.children[0]->null_count == 1);
    ArrowArray kept = *array.children[1]; // a consumer takes one column out
    array.children[1]->release = nullptr;
    array.release(&array);
    CHECK(array.release == nullptr);
    CHECK(kept.dictionary->length == 2);
    std::int32_t index = 0;
    std::memcpy(&index, static_cast<const std::byte*>(kept.buffers[1]) + 4, 4);
    CHECK(index == 1);
    kept.release(&kept);
    CHECK(kept.release == nullptr);
    schema.release(&schema);
    CHECK(schema.release == nullptr);
}

TEST_CASE("a stream that fails says why", "[arrow]") {
    tn::dataset<house> wrong = houses(5);
    wrong.values()(3, 1) = 2;
    ArrowSchema schema{};
    ArrowArray array{};
    CHECK_THROWS_WITH(tn::to_arrow(wrong, &schema, &array),
                      ContainsSubstring("column 'kind', row 4: 2 is the index of none of its 2 levels"));
    CHECK(schema.release == nullptr);
    CHECK(array.release == nullptr);
    ArrowArrayStream stream;
    tn::to_arrow(wrong, &stream, {.rows = 2});
    CHECK_THROWS_WITH(tn::from_arrow<house>(&stream, {.like = {}, .source = "s"}),
                      ContainsSubstring("s: the stream ended with error 22: to_arrow: column 'kind', row 4"));
    CHECK(stream.release == nullptr);
    CHECK_THROWS_WITH(tn::from_arrow<house>(&stream), ContainsSubstring("has been released already"));

    // Rows are counted over all tables.
    tn::dataset<house> two = houses(5);
    two.targets()[4] = gap;
    tn::to_arrow(two, &stream, {.rows = 2});
    CHECK_THROWS_WITH(tn::from_arrow<house>(&stream),
                      ContainsSubstring("'price', row 5: the target is missing"));
}
