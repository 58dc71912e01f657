#include "support/catch.hpp"

#include <cmath>
#include <limits>
#include <set>
#include <tenon/tenon.hpp>

namespace tn = tenon;

namespace {

struct flat
    : tn::schema<tn::numeric<"area">, tn::categorical<"city", "Bonn", "Köln", "Ulm">, tn::target<"rent">> {};
struct trip : tn::schema<tn::categorical<"city", "Bonn", "Köln">, tn::label<"by", "bus", "car", "train">> {};
using encoded = tn::fitted_target_encode<2, 2, double>;

tn::matrix<double> cities(std::size_t rows, std::size_t levels) {
    tn::matrix<double> x(rows, 2);
    for (std::size_t r = 0; r < rows; ++r)
        x(r, 0) = static_cast<double>(r), x(r, 1) = static_cast<double>(r % levels);
    return x;
}

} // namespace

TEST_CASE("a category becomes its mean target, drawn towards the mean of all", "[target_encode]") {
    const tn::dataset<flat> data(cities(4, 2), {10, 20, 30, 40});
    const auto fitted = tn::target_encode({.smooth = 2, .folds = 2}).fit(data);
    std::array<double, 2> z;
    fitted.transform(std::array{7.0, 0.0}, z);
    CHECK(z == std::array{7.0, (10 + 30 + 2 * 25.0) / 4});
    fitted.transform(std::array{7.0, 1.0}, z);
    CHECK(z == std::array{7.0, (20 + 40 + 2 * 25.0) / 4});
    fitted.transform(std::array{7.0, 2.0}, z);
    CHECK(z == std::array{7.0, 25.0}); // no row has this level
    for (const double none : {3.0, -1.0, 0.5, std::numeric_limits<double>::quiet_NaN()}) {
        fitted.transform(std::array{7.0, none}, z);
        CHECK(std::isnan(z[1]));
    }
    CHECK(fitted.features()[1].name == "mean target of city");
}

TEST_CASE("training rows do not see their own targets", "[target_encode]") {
    // Every level has one row: out of fold it is worth the mean of the other folds, never its own target.
    tn::matrix<double> x(3, 2);
    for (std::size_t r = 0; r < 3; ++r) x(r, 1) = static_cast<double>(r);
    const std::vector<double> y{0, 10, 50};
    const std::vector<tn::column_info> columns = flat::info().columns;
    const auto [fitted, made] = tn::target_encode_spec{{}, {.smooth = 1, .folds = 3}}.fit_transform(
        std::type_identity<encoded>{}, tn::matrix_view<const double>(x),
        tn::vector_view<const double>(std::span(y)), std::span(columns));
    CHECK(made(0, 1) == 30);
    CHECK(made(1, 1) == 25);
    CHECK(made(2, 1) == 5);
    CHECK(fitted.means[2] == (50 + 20) / 2.0);

    // The model is trained on those: means of other rows fall where the targets rise. On their own it would rise.
    tn::matrix<double> again(3, 2);
    for (std::size_t r = 0; r < 3; ++r) again(r, 1) = static_cast<double>(r);
    const tn::dataset<flat> data(std::move(again), y);
    const auto model =
        (tn::on<"city">(tn::target_encode({.smooth = 1, .folds = 3})) | tn::linear_regression()).fit(data);
    CHECK(model.model().coefficients()(0, 1) < 0);
}

TEST_CASE("several classes give a share each", "[target_encode]") {
    tn::matrix<double> x(6, 1);
    for (std::size_t r = 0; r < 6; ++r) x(r, 0) = r < 4 ? 0 : 1;
    const tn::dataset<trip> data(std::move(x), {0, 1, 1, 2, 2, 2});
    const auto fitted = tn::target_encode({.smooth = 0, .folds = 2}).fit(data);
    std::array<double, 3> z;
    fitted.transform(std::array{0.0}, z);
    CHECK(z == std::array{0.25, 0.5, 0.25});
    fitted.transform(std::array{1.0}, z);
    CHECK(z == std::array{0.0, 0.0, 1.0});
}

TEST_CASE("a recipe with target_encode is compressed after the fact to the same bits, saved and loaded",
          "[target_encode]") {
    std::vector<double> y;
    for (std::size_t r = 0; r < 60; ++r)
        y.push_back(static_cast<double>(r % 3) + 0.01 * static_cast<double>(r));
    const tn::dataset<flat> data(cities(60, 3), y);
    const auto dense = tn::on<"city">(tn::target_encode()) | tn::standardize() | tn::mlp<4>(tn::relu) |
                       tn::minimize(tn::squared_error(), tn::adam(1e-2), {.epochs = 5, .batch_size = 16});
    const auto small = (dense | tn::quantize<std::int8_t>()).fit(data);
    const auto later = tn::compress(dense.fit(data), data, tn::quantize<std::int8_t>());
    const auto bytes = tn::save_bytes(small);
    CHECK(bytes == tn::save_bytes(later));
    const auto again = tn::load_bytes<std::remove_const_t<decltype(small)>>(bytes, "memory");
    CHECK(again(data.row(5)) == small(data.row(5)));
    CHECK(tn::header_text(small, "rents").find("means[first + level * n + c]") != std::string::npos);
}
