// Generated headers of stages that make features, compiled for a chip without a library, against the stages; and their
// artifacts, read again.

#include "support/catch.hpp"
#include "support/freestanding.hpp"
#include "support/random_pipelines.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <tenon/deploy/artifact.hpp>
#include <tenon/deploy/header.hpp>
#include <tenon/features/fourier.hpp>
#include <tenon/features/nystroem.hpp>
#include <tenon/features/random_fourier_features.hpp>
#include <tenon/features/randomised_pca.hpp>
#include <tenon/prepare/standardize.hpp>
#include <tenon/prepare/tf_idf.hpp>

namespace tn = tenon;
using namespace tenon_test;

namespace {

using five = tn::columns<5, tn::none>;
using narrow = tn::columns<3, tn::none, float>;

/// Rows near the data, far from them, huge, and with missing values.
template <class T>
tn::matrix<T> rows_to_compare(std::size_t columns) {
    tn::philox random(99);
    tn::matrix<T> x(400, columns);
    for (std::size_t r = 0; r < x.rows(); ++r)
        for (T& v : x.row(r)) {
            v = static_cast<T>(10 + (r % 8 == 7 ? 300 : 3) * random.normal());
            if (r % 16 == 15 && random.below(4) == 0) v = std::numeric_limits<T>::quiet_NaN();
            if (r % 64 == 63) v = static_cast<T>(1e30);
        }
    return x;
}

/// The largest difference of two transforms over these rows; infinite where only one of them gives a number.
template <class P, class Transform>
double largest_difference(const P& fitted, const Transform& other) {
    using T = typename P::scalar;
    const auto x = rows_to_compare<T>(P::width);
    std::vector<T> expected(fitted.feature_count()), got(expected.size());
    double worst = 0;
    for (std::size_t r = 0; r < x.rows(); ++r) {
        const tn::matrix<T> one = [&] {
            tn::matrix<T> row(1, P::width);
            std::copy(x.row(r).begin(), x.row(r).end(), row.row(0).begin());
            return row;
        }();
        fitted.transform(one.view(), tn::matrix_view<T>(expected.data(), 1, expected.size()));
        other(one, got);
        for (std::size_t i = 0; i < got.size(); ++i) {
            const auto a = static_cast<double>(expected[i]), b = static_cast<double>(got[i]);
            if (a != a && b != b) continue;
            const double away = std::abs(a - b) / std::max(1.0, std::abs(a));
            worst = away <= worst ? worst : away != away ? INFINITY : away;
        }
    }
    return worst;
}

} // namespace

TEST_CASE("generated headers and artifacts give what the stages give", "[header]") {
    const auto doubles = random_dataset<five>(200, 11, five::info());
    const auto floats = random_dataset<narrow>(200, 12, narrow::info());
    const auto waves =
        (tn::fourier<3>(24) | tn::standardize() | tn::random_fourier_features<16>(0.3, tn::seed{1}))
            .fit(doubles);
    const auto kernels = (tn::fourier<2>(24, 12, 7) | tn::nystroem<12>(0.3, tn::seed{1})).fit(floats);
    const auto components = (tn::tf_idf() | tn::randomised_pca<2>()).fit(doubles);

    const temporary_folder folder;
    std::string driver;
    auto each = [&](auto&& visit) {
        visit(waves, "waves"), visit(kernels, "kernels"), visit(components, "components");
    };
    each([&](const auto& fitted, const std::string& name) {
        tn::write_header(fitted, folder / (name + ".hpp"), name);
        driver += "#include \"" + name + ".hpp\"\nextern \"C\" void " + name + "_of(const " + name +
                  "::scalar* x, " + name + "::scalar* z) { " + name + "::transform(x, z); }\n";
    });
    const freestanding_library built(folder, driver, "-O2");
    REQUIRE(built.output() == "");
    REQUIRE(built.is_open());
    each([&](const auto& fitted, const std::string& name) {
        INFO(name);
        using P = std::remove_cvref_t<decltype(fitted)>;
        using T = typename P::scalar;
        const auto transform = built.find<void(const T*, T*)>(name + "_of");
        REQUIRE(transform != nullptr);
        const double tolerance = sizeof(T) == 8 ? 1e-11 : 1e-5;
        CHECK(largest_difference(fitted, [&](const tn::matrix<T>& x, std::vector<T>& z) {
                  transform(x.data(), z.data());
              }) <= tolerance);
    });

    const auto check_artifact = [&](const auto& fitted) {
        using P = std::remove_cvref_t<decltype(fitted)>;
        using T = typename P::scalar;
        tn::save(fitted, folder / "saved.tenon");
        const auto again = tn::load<P>(folder / "saved.tenon");
        CHECK(largest_difference(fitted, [&](const tn::matrix<T>& x, std::vector<T>& z) {
                  again.transform(x.view(), tn::matrix_view<T>(z.data(), 1, z.size()));
              }) == 0);
    };
    check_artifact(waves), check_artifact(kernels);
}
