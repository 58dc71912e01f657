// A pipeline of several outputs leaves the process: smaller, saved, watched, written as a header.

#include "support/arm.hpp"
#include "support/catch.hpp"
#include "support/freestanding.hpp"

#include <array>
#include <cstddef>
#include <tenon/tenon.hpp>
#include <utility>
#include <vector>

namespace tn = tenon;
using tenon_test::arm;
using tenon_test::moves;
using tenon_test::WithinAbs;
using tenon_test::WithinRel;

namespace {

const auto recipe = tn::standardize() | tn::mlp<16>(tn::tanh) |
                    tn::minimize(tn::squared_error(), tn::adam(1e-2), {.epochs = 40, .seed = 7});
using fitted = tn::fitted_t<decltype(recipe), arm>;

template <class P>
bool same_answers(const P& a, const P& b, const tn::dataset<arm>& data) {
    bool same = true;
    for (std::size_t r = 0; r < data.size(); ++r) same &= a(data.row(r)) == b(data.row(r));
    return same;
}

} // namespace

TEST_CASE("a pipeline of several outputs is pruned, quantized, saved, watched and written as a header",
          "[deploy]") {
    const auto data = moves(1e5, 3e6);
    const fitted model = recipe.fit(data);
    const auto small =
        tn::compress(model, data, tn::prune(tn::by_magnitude, 0.2) | tn::quantize<std::int8_t>());
    CHECK(tn::evaluate(small, data, tn::r2())["r2"] > 0.8);
    CHECK(same_answers(tn::load_bytes<std::remove_const_t<decltype(small)>>(tn::save_bytes(small)), small,
                       data));

    const auto file = tn::save_bytes(model);
    const fitted again = tn::load_bytes<fitted>(file);
    CHECK(same_answers(again, model, data));
    CHECK(again.record().schema == arm::info());
    CHECK(again.record().more_predictions == model.record().more_predictions);
    std::vector<std::byte> damaged = file;
    for (std::size_t bit = 5; bit < 8 * file.size(); bit += 97) {
        damaged[bit / 8] ^= std::byte(1 << bit % 8);
        CHECK_THROWS_AS(tn::load_bytes<fitted>(damaged), tn::artifact_error);
        damaged[bit / 8] ^= std::byte(1 << bit % 8);
    }

    tn::drift_monitor watch(again);
    watch.observe(data.x());
    const auto report = watch.report();
    REQUIRE(report.columns.size() == 4);
    CHECK(report.columns[2].name == "prediction of x");
    CHECK(report.columns[3].name == "prediction of y");
    CHECK_FALSE(report.is_alarm());

    const tenon_test::temporary_folder folder;
    const std::string driver = tn::header_text(model, "arm") +
                               "extern \"C\" void predict(const double* x, double* z) {\n"
                               "    const double row[arm::columns] = {x[0], x[1]};\n"
                               "    const arm::answer all = arm::predict(row);\n"
                               "    for (std::size_t k = 0; k < arm::targets; ++k) z[k] = all[k];\n"
                               "}\n";
    const tenon_test::freestanding_library built(folder, driver, "-O1");
    CHECK(built.output().empty());
    REQUIRE(built.is_open());
    for (std::size_t r = 0; r < 20; ++r) {
        fitted::answer got{};
        built.find<void(const double*, double*)>("predict")(data.row(r).data(), got.data());
        const fitted::answer expected = model(data.row(r));
        CHECK_THAT(got[0], WithinRel(expected[0], 1e-4) || WithinAbs(expected[0], 1e-5));
        CHECK_THAT(got[1], WithinRel(expected[1], 1e-6));
    }
}
