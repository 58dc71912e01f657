// Artifacts that somebody has changed and sealed again: metadata and tensors edited one by one, then single bytes. Loading
// refuses them or gives a pipeline that predicts, describes itself and saves without leaving its memory.

#include "support/edited_file.hpp"
#include "support/random_pipelines.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <tenon/compress/prune.hpp>
#include <tenon/compress/quantize.hpp>
#include <tenon/deploy/artifact.hpp>
#include <tenon/features/polynomial.hpp>
#include <tenon/loss/cross_entropy.hpp>
#include <tenon/loss/squared_error.hpp>
#include <tenon/model/mlp.hpp>
#include <tenon/model/ridge.hpp>
#include <tenon/optim/adam.hpp>
#include <tenon/prepare/impute.hpp>
#include <tenon/prepare/one_hot.hpp>
#include <tenon/prepare/standardize.hpp>
#include <tenon/train/minimize.hpp>
#include <vector>

namespace {

namespace tn = tenon;
using bytes = std::vector<std::byte>;
using tenon_test::edits;

struct house
    : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">, tn::target<"price">> {};
struct flower : tn::schema<tn::numeric<"width">, tn::categorical<"colour">, tn::label<"species">> {};
using sensors = tn::columns<tn::dynamic>;

template <class S, class Recipe>
using fitted = tn::fitted_t<std::remove_cvref_t<Recipe>, S>;

void require(bool holds) {
    if (!holds) std::abort();
}

/// Whatever a program may do with a pipeline it has loaded.
template <class P>
void use(const P& model) {
    const tn::training_record& record = model.record();
    std::array<double, 4> special{0, -1e300, std::numeric_limits<double>::quiet_NaN(), 1};
    tn::matrix<double> x(special.size(), record.schema.columns.size());
    for (std::size_t r = 0; r < x.rows(); ++r)
        for (std::size_t c = 0; c < x.columns(); ++c) x(r, c) = special[(r + c) % special.size()];
    tn::matrix<double> z(x.rows(), model.feature_count());
    model.transform(x, z);
    require(model.features().size() == z.columns());
    if constexpr (P::has_model) {
        std::vector<typename P::answer> answers(x.rows());
        model.predict(x, answers);
    }
    for (const auto& profile : record.columns)
        for (const double v : special) require(tn::profile_bin(profile, v) < profile.counts.size());
    const bytes again = tn::save_bytes(model);
    require(tn::save_bytes(tn::load_bytes<P>(again)) == again);
}

template <class P>
void attack(const bytes& file, edits e) {
    const bytes changed = tenon_test::edited(file, e);
    if (changed.empty()) return; // not even safetensors
    try {
        use(tn::load_bytes<P>(changed));
    } catch (const tn::artifact_error&) {
    }
}

const auto adam = tn::minimize(tn::squared_error(), tn::adam(1e-3), {});
const auto adam_classes = tn::minimize(tn::cross_entropy(), tn::adam(1e-3), {});
const auto prepared = tn::impute(tn::median) | tn::one_hot() | tn::standardize() | tn::polynomial<2>();
const auto encoded = tn::one_hot() | tn::standardize();

using static_model = fitted<house, decltype(prepared | tn::mlp<4>(tn::tanh) | adam)>;
using open_model = fitted<flower, decltype(encoded | tn::mlp<4>(tn::relu) | adam_classes)>;
using int8_model =
    fitted<flower, decltype(encoded | tn::mlp<4>(tn::tanh) | adam_classes | tn::quantize<std::int8_t>())>;
using transformer = fitted<sensors, decltype(tn::standardize() | tn::polynomial<3>())>;
using pruned_model =
    fitted<sensors, decltype(tn::impute(tn::mean) | tn::ridge(1) | tn::prune(tn::by_magnitude, 0.5))>;

/// The artifacts that are changed.
struct targets {
    targets() {
        namespace tt = tenon_test;
        tn::schema_info info = flower::info();
        info.columns[1].levels = {"red", "white", "blue"};
        info.target.levels = {"aster", "lily"};
        const auto houses = tt::random_dataset<house>(60, 1, house::info(), true);
        const auto flowers = tt::random_dataset<flower>(60, 2, info);
        const auto readings = tt::random_dataset<sensors>(60, 3, sensors::info(3));
        using tanh_model = fitted<flower, decltype(encoded | tn::mlp<4>(tn::tanh) | adam_classes)>;
        using ridge_model = fitted<sensors, decltype(tn::impute(tn::mean) | tn::ridge(1))>;
        files[0] = tn::save_bytes(tt::random_pipeline<static_model>(prepared, houses, 1));
        files[1] = tn::save_bytes(tt::random_pipeline<open_model>(encoded, flowers, 2));
        files[2] = tn::save_bytes(tt::compressed_pipeline<int8_model>(
            tt::random_pipeline<tanh_model>(encoded, flowers, 3), tn::quantize_spec<std::int8_t>{}, flowers));
        files[3] = tn::save_bytes((tn::standardize() | tn::polynomial<3>()).fit(readings));
        files[4] = tn::save_bytes(tt::compressed_pipeline<pruned_model>(
            tt::random_pipeline<ridge_model>(tn::impute(tn::mean), readings, 4), tn::prune_spec(0.5),
            readings));
    }
    std::array<bytes, 5> files;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const targets all;
    if (size == 0) return 0;
    const edits e(std::span(data, size).subspan(1));
    switch (data[0] % 5) {
    case 0:
        attack<static_model>(all.files[0], e);
        break;
    case 1:
        attack<open_model>(all.files[1], e);
        break;
    case 2:
        attack<int8_model>(all.files[2], e);
        break;
    case 3:
        attack<transformer>(all.files[3], e);
        break;
    default:
        attack<pruned_model>(all.files[4], e);
        break;
    }
    return 0;
}
