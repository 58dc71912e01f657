// Artifacts that somebody has changed and sealed again: metadata and tensors edited one by one, then single bytes. Loading
// refuses them or gives a pipeline that predicts, describes itself and saves without leaving its memory.

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

struct house
    : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">, tn::target<"price">> {};
struct flower : tn::schema<tn::numeric<"width">, tn::categorical<"colour">, tn::label<"species">> {};
using sensors = tn::columns<tn::dynamic>;

template <class S, class Recipe>
using fitted = tn::fitted_t<std::remove_cvref_t<Recipe>, S>;

/// The edits, drawn from the input; zeros when it has ended.
class edits {
public:
    explicit edits(std::span<const std::uint8_t> input) : input_(input) {}
    bool is_over() const { return at_ >= input_.size(); }
    std::uint64_t number(std::size_t size) {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < size; ++i)
            value |= std::uint64_t{is_over() ? std::uint8_t{0} : input_[at_++]} << (8 * i);
        return value;
    }
    std::size_t below(std::size_t n) { return n == 0 ? 0 : static_cast<std::size_t>(number(2)) % n; }

private:
    std::span<const std::uint8_t> input_;
    std::size_t at_ = 0;
};

/// A file taken apart.
struct parts {
    explicit parts(const bytes& file) {
        const tn::safetensors_view view = tn::read_safetensors(file);
        metadata = view.metadata;
        tensors = view.tensors;
        for (const auto& t : tensors) values.emplace_back(t.bytes.begin(), t.bytes.end());
    }
    bytes sealed() {
        for (std::size_t i = 0; i < tensors.size(); ++i) tensors[i].bytes = values[i];
        return tn::write_safetensors(tensors, metadata);
    }

    void edit_text(edits& e) {
        std::string& text = metadata[e.below(metadata.size())].second;
        const std::size_t at = e.below(text.size() + 1);
        switch (e.below(3)) {
        case 0:
            text.insert(at, 1, static_cast<char>(e.number(1) % 95 + 32));
            break;
        case 1:
            text.erase(at, e.below(16));
            break;
        default:
            text.replace(at, e.below(4), std::to_string(e.number(e.below(9))));
            break;
        }
    }
    void edit_tensor(edits& e) {
        constexpr const char* dtypes[] = {"F64", "F32", "I64", "U64", "I32", "U32", "I8", "U8"};
        const std::size_t i = e.below(tensors.size());
        switch (e.below(6)) {
        case 0:
            tensors[i].dtype = dtypes[e.below(8)];
            break;
        case 1:
            tensors[i].shape.push_back(1);
            break;
        case 2:
            tensors[i].shape.assign(1, e.below(64));
            values[i].resize(tensors[i].shape[0] * tn::detail::dtype_size(tensors[i].dtype));
            break;
        case 3: {
            const std::size_t j = e.below(tensors.size());
            std::swap(tensors[i].name, tensors[j].name);
            break;
        }
        case 4:
            tensors[i].name += 'x';
            break;
        default: {
            const std::size_t size = tn::detail::dtype_size(tensors[i].dtype);
            const std::uint64_t value = e.number(size);
            if (values[i].size() >= size)
                std::memcpy(values[i].data() + e.below(values[i].size() / size) * size, &value, size);
        }
        }
    }

    tn::tensor_metadata metadata;
    std::vector<tn::tensor_info> tensors;
    std::vector<bytes> values;
};

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
    parts p(file);
    for (std::size_t n = e.below(6); n > 0; --n) e.below(2) == 0 ? p.edit_text(e) : p.edit_tensor(e);
    bytes changed;
    try {
        changed = p.sealed();
    } catch (const tn::artifact_error&) {
        return; // not even safetensors
    }
    while (!e.is_over()) {
        const std::size_t at = e.below(changed.size());
        changed[at] ^= static_cast<std::byte>(e.number(1));
    }
    const std::string seal = tn::detail::seal_of(changed);
    std::memcpy(changed.data() + tn::detail::seal_begin, seal.data(), seal.size());
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
