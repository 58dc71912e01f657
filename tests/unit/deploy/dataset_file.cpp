#include "support/catch.hpp"

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <limits>
#include <stdexcept>
#include <string>
#include <tenon/core/random.hpp>
#include <tenon/deploy/dataset_file.hpp>
#include <unistd.h>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;

namespace {

using bytes = std::vector<std::byte>;
struct house : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">,
                          tn::categorical<"town">, tn::label<"price", "low", "high">> {};
using any = tn::columns<tn::dynamic>;
using any_class = tn::columns<tn::dynamic, tn::classes<tn::dynamic>, float>;
using three = tn::columns<2, tn::classes<3>>;

template <class S>
tn::dataset<S> random_rows(std::size_t rows, const tn::schema_info& info) {
    tn::philox random(7);
    const auto value = [&](const tn::column_info& column, std::size_t r) {
        if (column.categorical) return static_cast<double>(random.below(column.levels.size()));
        return r == 3 ? -0.0 : r == 4 ? 1e300 : random.normal();
    };
    using Y = tn::target_value<typename S::kind>;
    tn::matrix<typename S::scalar> x(rows, info.columns.size());
    std::vector<Y> y(std::is_same_v<typename S::kind, tn::none> ? 0 : rows);
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t c = 0; c < x.columns(); ++c)
            x(r, c) = r == 2 && c < 2 ? std::numeric_limits<typename S::scalar>::quiet_NaN()
                                      : static_cast<typename S::scalar>(value(info.columns[c], r));
        if (!y.empty()) y[r] = static_cast<Y>(value(info.target, r));
    }
    return {std::move(x), std::move(y), info};
}

tn::schema_info house_info() {
    tn::schema_info info = house::info();
    info.columns[2].levels = {"York", "\"Ely\"", "Ål"};
    return info;
}

template <class S>
bool is_kept(const tn::dataset<S>& data) {
    const bytes file = tn::save_dataset_bytes(data);
    const tn::dataset<S> again = tn::load_dataset_bytes<S>(file);
    const std::size_t count = data.size() * data.x().columns();
    return again.info() == data.info() && again.size() == data.size() &&
           again.x().columns() == data.x().columns() && again.y().size() == data.y().size() &&
           (count == 0 ||
            std::memcmp(again.x().data(), data.x().data(), count * sizeof(data.x()(0, 0))) == 0) &&
           (data.y().size() == 0 ||
            std::memcmp(again.y().data(), data.y().data(), data.y().size() * sizeof(data.y()[0])) == 0) &&
           tn::fingerprint(again) == tn::fingerprint(data) && tn::save_dataset_bytes(again) == file;
}

template <class S>
std::string refused(const bytes& file) {
    try {
        tn::load_dataset_bytes<S>(file, "f.rows");
    } catch (const tn::artifact_error& e) {
        return e.what();
    }
    return {};
}

/// A file whose metadata and tensors have been changed by `change`, sealed again.
template <class Change>
bytes forged(const bytes& file, Change change) {
    const tn::safetensors_view view = tn::read_safetensors(file);
    std::vector<tn::tensor_info> tensors = view.tensors;
    tn::tensor_metadata metadata = view.metadata;
    change(tensors, metadata);
    return tn::write_safetensors(tensors, metadata);
}
std::string& entry(tn::tensor_metadata& metadata, std::string_view key) {
    for (auto& [name, text] : metadata)
        if (name == key) return text;
    throw std::runtime_error("no such entry");
}

} // namespace

TEST_CASE("a dataset is loaded to the same bits", "[dataset_file]") {
    CHECK(is_kept(random_rows<house>(40, house_info())));
    CHECK(is_kept(random_rows<any>(9, any::info(3))));
    CHECK(is_kept(random_rows<any_class>(20, any_class::info(5, 4))));
    CHECK(is_kept(random_rows<three>(20, three::info())));
    CHECK(is_kept(random_rows<tn::columns<1, tn::none>>(5, tn::columns<1, tn::none>::info())));
    CHECK(is_kept(random_rows<three>(0, three::info())));
    const std::vector<double> weights{1, 0, 0.1, 3, 4};
    const auto weighted = random_rows<any>(5, any::info(3)).with_weights(weights);
    CHECK(is_kept(weighted));
    CHECK(tn::load_dataset_bytes<any>(tn::save_dataset_bytes(weighted)).weights()[2] == 0.1);
    const std::vector<std::size_t> nothing{1};
    CHECK(is_kept(tn::select_rows(weighted, nothing)));
    // A view in another layout makes the same file.
    const auto data = random_rows<three>(10, three::info());
    std::vector<double> by_column;
    for (std::size_t c = 0; c < 2; ++c)
        for (std::size_t r = 0; r < 10; ++r) by_column.push_back(data.x()(r, c));
    const tn::dataset_view<three> view(tn::matrix_view<const double>(by_column.data(), 10, 2, 1, 10),
                                       data.y());
    CHECK(tn::save_dataset_bytes(view) == tn::save_dataset_bytes(data));
}

TEST_CASE("a dataset goes through a file", "[dataset_file]") {
    const auto path =
        (std::filesystem::temp_directory_path() / ("tenon_rows_" + std::to_string(getpid()))).string();
    const auto data = random_rows<house>(10, house_info());
    tn::save_dataset(data, path);
    CHECK(tn::fingerprint(tn::load_dataset<house>(path)) == tn::fingerprint(data));
    CHECK_THROWS_WITH(tn::load_dataset<any>(path), ContainsSubstring(path));
    std::remove(path.c_str());
    CHECK_THROWS_AS(tn::load_dataset<house>(path), tn::artifact_error);
    CHECK_THROWS_AS(tn::save_dataset(data, path + "/no/such/folder"), tn::artifact_error);
}

TEST_CASE("every byte of a dataset file counts", "[dataset_file]") {
    const bytes good = tn::save_dataset_bytes(random_rows<house>(6, house_info()));
    REQUIRE(refused<house>(good).empty());
    int taken = 0;
    for (std::size_t i = 0; i < good.size(); ++i)
        for (const std::byte change : {std::byte{1}, std::byte{0x80}, std::byte{0xFF}}) {
            bytes file = good;
            file[i] ^= change;
            taken += refused<house>(file).empty() ? 1 : 0;
        }
    for (std::size_t size = 0; size < good.size(); size += 7)
        taken += refused<house>(bytes(good.begin(), good.begin() + std::ptrdiff_t(size))).empty() ? 1 : 0;
    bytes longer = good;
    longer.push_back(std::byte{0});
    taken += refused<house>(longer).empty() ? 1 : 0;
    CHECK(taken == 0);
}

TEST_CASE("a dataset of another schema is refused by name", "[dataset_file]") {
    const bytes file = tn::save_dataset_bytes(random_rows<house>(6, house_info()));
    struct renamed : tn::schema<tn::numeric<"area">, tn::categorical<"sort", "flat", "house">,
                                tn::categorical<"town">, tn::label<"price", "low", "high">> {};
    CHECK(refused<renamed>(file) == "f.rows: column 1 is 'sort' here and 'kind' in the file");
    struct more : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house", "boat">,
                             tn::categorical<"town">, tn::label<"price", "low", "high">> {};
    CHECK_THAT(refused<more>(file),
               ContainsSubstring("column 1 'kind' has other levels: flat, house, boat here"));
    struct fewer : tn::schema<tn::numeric<"area">, tn::label<"price", "low", "high">> {};
    CHECK(refused<fewer>(file) == "f.rows: 1 feature columns here, 3 in the file");
    struct numbers : tn::schema<tn::numeric<"area">, tn::numeric<"kind">, tn::categorical<"town">,
                                tn::label<"price", "low", "high">> {};
    CHECK_THAT(refused<numbers>(file),
               ContainsSubstring("'kind' is a number here and a category in the file"));
    CHECK_THAT(refused<any>(file),
               ContainsSubstring("the target is of the kind real here, classes in the file"));
    CHECK_THAT((refused<tn::columns<3, tn::classes<2>>>(file)),
               ContainsSubstring("column 'kind' is a number here and a category in the file"));
    CHECK_THAT((refused<tn::columns<tn::dynamic, tn::none>>(
                   tn::save_dataset_bytes(random_rows<any>(3, any::info(2))))),
               ContainsSubstring("kind none here, real in the file"));
    CHECK_THAT(
        (refused<tn::columns<2, tn::real, float>>(tn::save_dataset_bytes(random_rows<any>(3, any::info(2))))),
        ContainsSubstring("values are float in this program, double in the file"));
}

TEST_CASE("a file that somebody sealed again is checked", "[dataset_file]") {
    const bytes good = tn::save_dataset_bytes(random_rows<house>(6, house_info()));
    const auto with_text = [&](const char* key, const char* text) {
        return refused<house>(forged(good, [&](auto&, auto& metadata) { entry(metadata, key) = text; }));
    };
    CHECK(with_text("fingerprint", "0") == "f.rows: its rows are not those whose fingerprint it holds");
    CHECK_THAT(with_text("rows", "7"), ContainsSubstring("its tensor 'x' is missing, or not F64"));
    CHECK_THAT(with_text("rows", "-1"), ContainsSubstring("its rows is no whole number"));
    CHECK(with_text("dataset_version", "2") == "f.rows is a dataset of version 2, this tenon reads up to 1");
    CHECK_THAT(with_text("schema", "{}"), ContainsSubstring("f.rows: schema lacks \"columns\""));
    CHECK_THAT(with_text("scalar", "float"), ContainsSubstring("values are double in this program"));

    double level = 3;
    std::uint32_t label = 2;
    const auto with_value = [&](const char* name, const void* value, std::size_t at, std::size_t size) {
        bytes changed;
        return refused<house>(forged(good, [&](auto& tensors, auto&) {
            for (tn::tensor_info& tensor : tensors) {
                if (tensor.name != name) continue;
                changed.assign(tensor.bytes.begin(), tensor.bytes.end());
                std::memcpy(changed.data() + at, value, size);
                tensor.bytes = changed;
            }
        }));
    };
    CHECK(with_value("x", &level, 16, 8) ==
          "f.rows: column 'town', row 1: 3 is the index of none of its 3 levels");
    CHECK(with_value("y", &label, 4, 4) ==
          "f.rows: column 'price', row 2: 2 is the index of none of its 2 levels");
    CHECK_THAT(with_value("x", &level, 24, 8), ContainsSubstring("fingerprint"));
    CHECK_THAT(refused<house>(forged(good, [](auto& tensors, auto&) { tensors.pop_back(); })),
               ContainsSubstring("has 1 tensors, expected x and y and perhaps weights"));
    CHECK_THAT(refused<house>(forged(
                   good, [](auto&, auto& metadata) { metadata.emplace_back("artifact_version", "1"); })),
               ContainsSubstring("holds a fitted pipeline, not a dataset"));

    const double negative[] = {1, 1, -1, 1, 1, 1};
    CHECK(refused<house>(forged(good, [&](auto& tensors, auto&) {
              tensors.push_back({"weights", "F64", {6}, std::as_bytes(std::span(negative))});
          })) == "f.rows: the weight of row 3 is -1, expected a finite number, 0 or more");
    auto wrong = random_rows<house>(6, house_info());
    wrong.values()(5, 1) = 0.5;
    CHECK_THROWS_WITH(
        tn::save_dataset_bytes(wrong),
        ContainsSubstring("cannot save the dataset: column 'kind', row 6: 0.5 is the index of none"));
}
