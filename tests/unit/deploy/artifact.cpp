#include "support/catch.hpp"
#include "support/random_pipelines.hpp"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <tenon/compress/prune.hpp>
#include <tenon/compress/quantize.hpp>
#include <tenon/deploy/artifact.hpp>
#include <tenon/features/polynomial.hpp>
#include <tenon/loss/cross_entropy.hpp>
#include <tenon/loss/squared_error.hpp>
#include <tenon/model/linear_regression.hpp>
#include <tenon/model/logistic_regression.hpp>
#include <tenon/model/mlp.hpp>
#include <tenon/model/ridge.hpp>
#include <tenon/optim/adam.hpp>
#include <tenon/prepare/impute.hpp>
#include <tenon/prepare/one_hot.hpp>
#include <tenon/prepare/standardize.hpp>
#include <tenon/train/minimize.hpp>
#include <unistd.h>

namespace tn = tenon;
using namespace tenon_test;

#if defined(__SANITIZE_ADDRESS__)
#define TENON_TEST_IS_SANITIZED true
#elif defined(__has_feature)
#define TENON_TEST_IS_SANITIZED __has_feature(address_sanitizer)
#else
#define TENON_TEST_IS_SANITIZED false
#endif

namespace {

#ifdef __OPTIMIZE__
constexpr bool is_slow = TENON_TEST_IS_SANITIZED;
#else
constexpr bool is_slow = true;
#endif

using bytes = std::vector<std::byte>;

struct house : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">, tn::numeric<"age">,
                          tn::target<"price">> {};
struct villa : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "villa">, tn::numeric<"age">,
                          tn::target<"price">> {};
struct garden : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">,
                           tn::numeric<"garden">, tn::target<"price">> {};
struct rent : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">, tn::numeric<"age">,
                         tn::target<"rent">> {};
struct flower : tn::schema<tn::numeric<"width", float>, tn::numeric<"height", float>,
                           tn::label<"species", "aster", "lily", "rose">> {};
struct open_flower : tn::schema<tn::numeric<"width">, tn::categorical<"colour">, tn::label<"species">> {};

using dynamic_real = tn::columns<tn::dynamic>;
using dynamic_classes = tn::columns<tn::dynamic, tn::classes<tn::dynamic>>;

const auto adam = tn::minimize(tn::squared_error(), tn::adam(1e-3), {});
const auto adam_classes = tn::minimize(tn::cross_entropy(), tn::adam(1e-3), {});
const auto prepared = tn::impute(tn::median) | tn::one_hot() | tn::standardize();
const auto expanded = prepared | tn::polynomial<2>();
const auto scaled = tn::standardize();

template <class S, class Recipe>
using fitted = tn::fitted_t<std::remove_cvref_t<Recipe>, S>;

tn::dataset<house> houses() {
    return random_dataset<house>(300, 1, house::info(), true);
}

/// The pipeline that most tests below damage.
auto house_model() {
    return random_pipeline<fitted<house, decltype(expanded | tn::mlp<8>(tn::relu) | adam)>>(expanded,
                                                                                            houses(), 3);
}

/// Widths known at run time only, from the file's columns on.
auto open_model() {
    tn::schema_info info = open_flower::info();
    info.columns[1].levels = {"red", "white", "blue"};
    info.target.levels = {"aster", "lily"};
    const auto data = random_dataset<open_flower>(100, 5, info);
    const auto before = tn::one_hot() | scaled;
    return random_pipeline<fitted<open_flower, decltype(before | tn::mlp<4>(tn::relu) | adam_classes)>>(
        before, data, 6);
}

auto int8_model() {
    return compressed_pipeline<
        fitted<house, decltype(expanded | tn::mlp<8>(tn::relu) | adam | tn::quantize<std::int8_t>())>>(
        house_model(), tn::quantize_spec<std::int8_t>{}, houses());
}

bool same_record(const tn::training_record& a, const tn::training_record& b) {
    return a.schema == b.schema && a.columns == b.columns && a.prediction == b.prediction &&
           a.rows == b.rows && a.profiled_rows == b.profiled_rows && a.seed == b.seed &&
           a.fingerprint == b.fingerprint;
}

/// Saves and loads: the same answers to the last bit, the same record, the same bytes when saved again.
template <class P, class S>
void check_round_trip(const P& model, const tn::dataset<S>& data) {
    const bytes file = tn::save_bytes(model);
    CHECK(file == tn::save_bytes(model));
    const P again = tn::load_bytes<P>(file);
    CHECK(file == tn::save_bytes(again));
    CHECK(same_record(model.record(), again.record()));
    if constexpr (P::has_model) {
        std::vector<typename P::answer> before(data.size()), after(data.size());
        model.predict(data.x(), before);
        again.predict(data.x(), after);
        CHECK(std::memcmp(before.data(), after.data(), before.size() * sizeof before[0]) == 0);
    } else {
        tn::matrix<typename P::scalar> before(data.size(), model.feature_count()), after = before;
        model.transform(data.x(), before);
        again.transform(data.x(), after);
        const std::size_t size = before.rows() * before.columns() * sizeof(typename P::scalar);
        CHECK(std::memcmp(before.data(), after.data(), size) == 0);
    }
}

/// The message of the artifact_error that loading gives, or "" where it gives none.
template <class P>
std::string refusal(const bytes& file) {
    try {
        tn::load_bytes<P>(file, "file");
    } catch (const tn::artifact_error& e) {
        return e.what();
    }
    return "";
}

/// A file taken apart, to be sealed again with something changed.
struct parts {
    explicit parts(const bytes& from) : file(from) {
        const tn::safetensors_view view = tn::read_safetensors(file);
        metadata = view.metadata;
        tensors = view.tensors;
    }
    bytes sealed() const { return tn::write_safetensors(tensors, metadata); }

    tn::tensor_info& tensor(const std::string& name) {
        for (auto& t : tensors)
            if (t.name == name) return t;
        throw std::runtime_error("no tensor " + name);
    }
    std::string& text(const std::string& key) {
        for (auto& [name, text] : metadata)
            if (name == key) return text;
        throw std::runtime_error("no metadata " + key);
    }
    /// Gives a tensor other values; a shape of one dimension unless said otherwise.
    template <class T>
    void set(const std::string& name, std::vector<T> values, const std::vector<std::uint64_t>& shape = {}) {
        auto& t = tensor(name);
        const auto raw = std::as_bytes(std::span(values));
        kept.emplace_back(raw.begin(), raw.end());
        t.bytes = kept.back();
        t.dtype = tn::detail::dtype_of<T>();
        t.shape = shape.empty() && !t.shape.empty() ? std::vector<std::uint64_t>{values.size()} : shape;
    }
    template <class T>
    std::vector<T> get(const std::string& name) {
        std::vector<T> values(tensor(name).bytes.size() / sizeof(T));
        std::memcpy(values.data(), tensor(name).bytes.data(), tensor(name).bytes.size());
        return values;
    }
    void replace(const std::string& key, const std::string& from, const std::string& to) {
        std::string& t = text(key);
        const std::size_t at = t.find(from);
        if (at == t.npos) throw std::runtime_error("no " + from + " in " + t);
        t.replace(at, from.size(), to);
    }

    bytes file;
    tn::tensor_metadata metadata;
    std::vector<tn::tensor_info> tensors;
    std::vector<bytes> kept;
};

/// What loading says of a file whose parts `change` has changed.
template <class P, class Change>
std::string refusal_of(const P& model, Change&& change) {
    static const bytes file = tn::save_bytes(model);
    parts p(file);
    change(p);
    return refusal<P>(p.sealed());
}

/// A path of its own, removed at the end.
struct temporary_path {
    std::string text =
        (std::filesystem::temp_directory_path() / ("tenon_artifact_" + std::to_string(::getpid()) + ".tenon"))
            .string();
    ~temporary_path() { std::remove(text.c_str()); }
};

struct fake_table {
    struct row {
        std::string model, metric;
        double value;
    };
    std::vector<row> values() const {
        return {{"mlp", "r2", 0.75}, {"mlp", "nan", std::numeric_limits<double>::quiet_NaN()}};
    }
};

} // namespace

TEST_CASE("every kind of pipeline comes back the same") {
    const auto data = houses();
    SECTION("mlp behind all kinds of stages") {
        check_round_trip(house_model(), data);
    }
    SECTION("mlp in double, tanh, several layers") {
        check_round_trip(
            random_pipeline<fitted<house, decltype(prepared | tn::mlp<double, 6, 5>(tn::tanh) | adam)>>(
                prepared, data, 4),
            data);
    }
    SECTION("pruned") {
        using pipeline = fitted<house, decltype(expanded | tn::mlp<8>(tn::relu) | adam |
                                                tn::prune(tn::by_magnitude, 0.5))>;
        check_round_trip(compressed_pipeline<pipeline>(house_model(), tn::prune_spec(0.5), data), data);
    }
    SECTION("quantized") {
        check_round_trip(int8_model(), data);
    }
    SECTION("linear_regression") {
        check_round_trip(
            random_pipeline<fitted<house, decltype(expanded | tn::linear_regression())>>(expanded, data, 5),
            data);
    }
    SECTION("logistic_regression, rows in float") {
        const auto flowers = random_dataset<flower>(50, 2, flower::info());
        check_round_trip(
            random_pipeline<fitted<flower, decltype(scaled | tn::logistic_regression())>>(scaled, flowers, 6),
            flowers);
    }
    SECTION("ridge over a width known at run time") {
        const auto rows = random_dataset<dynamic_real>(40, 3, dynamic_real::info(5));
        check_round_trip(
            random_pipeline<fitted<dynamic_real, decltype(scaled | tn::ridge(1))>>(scaled, rows, 7), rows);
    }
    SECTION("levels and classes known at run time") {
        const auto model = open_model();
        check_round_trip(model, random_dataset<open_flower>(50, 8, model.record().schema));
    }
    SECTION("without a model") {
        check_round_trip(expanded.fit(data), data);
        check_round_trip(tn::impute(tn::mean).fit(data), data);
        using unlabelled = tn::columns<2, tn::none>;
        const auto rows = random_dataset<unlabelled>(30, 4, unlabelled::info());
        check_round_trip(scaled.fit(rows), rows);
    }
    SECTION("without a profile or fingerprint") {
        const auto before = prepared.fit(data, {.profile = false, .fingerprint = false});
        CHECK(before.record().columns.empty());
        check_round_trip(before, data);
    }
}

TEST_CASE("an artifact tells what it is without its type") {
    const temporary_path path;
    const auto model = house_model();
    tn::save(model, path.text, fake_table{});
    const tn::artifact_info info = tn::inspect(path.text);
    CHECK(info.format == 1);
    CHECK(info.tenon_version == "0.1.0");
    REQUIRE(info.stages.size() == 5);
    CHECK(info.stages[3] == tn::stage_text{"polynomial", "degree 2", 4, 14});
    CHECK(info.stages[4] == tn::stage_text{"mlp", "8 relu float", 14, 1});
    CHECK(info.schema == house::info());
    CHECK(info.kind == "real");
    CHECK(info.scalar == "double");
    CHECK(info.rows == 300);
    CHECK(info.seed == 3);
    CHECK(info.fingerprint == model.record().fingerprint);
    REQUIRE(info.metrics.size() == 2);
    CHECK(info.metrics[0] == tn::stored_metric{"mlp", "r2", 0.75});
    CHECK(info.metrics[1].value != info.metrics[1].value);
    CHECK(info.seal.size() == 64);
}

TEST_CASE("files are written and read whole or not at all") {
    const temporary_path path;
    const auto model = house_model();
    tn::save(model, path.text);
    CHECK(tn::save_bytes(tn::load<decltype(model)>(path.text)) == tn::save_bytes(model));
    CHECK_THROWS_AS(tn::save(model, path.text + "/no/such/folder"), tn::artifact_error);
    CHECK_THROWS_AS(tn::load<decltype(model)>(path.text + ".missing"), tn::artifact_error);
    // The file is named in the message.
    tn::write_file(path.text, std::string_view("area,kind\n"));
    CHECK_THROWS_WITH(tn::load<decltype(model)>(path.text), ContainsSubstring(path.text));
}

TEST_CASE("save refuses what load would refuse") {
    auto model = house_model();
    tn::training_record record = model.record();
    record.schema.columns[0].name = "surface";
    model.record() = record;
    CHECK_THROWS_WITH(tn::save_bytes(model), ContainsSubstring("column 0 is 'area' here and 'surface'"));

    auto stages = house_model().stages();
    std::get<2>(stages).mean[1] = std::numeric_limits<double>::quiet_NaN();
    const decltype(model) broken(std::move(stages), house_model().record());
    CHECK_THROWS_WITH(tn::save_bytes(broken), ContainsSubstring("2.standardize.mean holds NaN"));
}

TEST_CASE("an artifact of another recipe or schema is refused by name") {
    const bytes file = tn::save_bytes(house_model());
    const auto relu = tn::mlp<8>(tn::relu) | adam;
    CHECK_THAT((refusal<fitted<house, decltype(prepared | scaled | relu)>>(file)),
               ContainsSubstring("stage 3 is standardize in this program, polynomial in the file"));
    CHECK_THAT(
        (refusal<fitted<house, decltype(expanded | tn::mlp<9>(tn::relu) | adam)>>(file)),
        ContainsSubstring("stage 4 is mlp 9 relu float in this program, mlp 8 relu float in the file"));
    CHECK_THAT((refusal<fitted<house, decltype(expanded | tn::linear_regression())>>(file)),
               ContainsSubstring("stage 4 is linear_regression in this program, mlp in the file"));
    CHECK_THAT(
        (refusal<fitted<house, decltype(expanded)>>(file)),
        ContainsSubstring("this program has 4 stages, the file 5: stage 4 (mlp 8 relu float) is only in "
                          "the file"));
    CHECK_THAT(
        (refusal<fitted<villa, decltype(expanded | relu)>>(file)),
        ContainsSubstring("column 1 'kind' has other levels: flat, villa here, flat, house in the file"));
    CHECK_THAT((refusal<fitted<garden, decltype(expanded | relu)>>(file)),
               ContainsSubstring("column 2 is 'garden' here and 'age' in the file"));
    CHECK_THAT((refusal<fitted<rent, decltype(expanded | relu)>>(file)),
               ContainsSubstring("the target is 'rent' here and 'price' in the file"));
    CHECK(refusal<fitted<house, decltype(expanded | relu)>>(file) == "");
}

TEST_CASE("what a type leaves open is checked as well") {
    const auto rows = random_dataset<dynamic_real>(40, 3, dynamic_real::info(5));
    const bytes file = tn::save_bytes(
        random_pipeline<fitted<dynamic_real, decltype(scaled | tn::polynomial<2>() | tn::ridge(1))>>(
            scaled | tn::polynomial<2>(), rows, 7));
    CHECK_THAT(
        (refusal<fitted<dynamic_real, decltype(scaled | tn::polynomial<3>() | tn::ridge(1))>>(file)),
        ContainsSubstring("stage 1 is polynomial degree 3 in this program, polynomial degree 2 in the"));
    const auto recipe = scaled | tn::polynomial<2>() | tn::ridge(1);
    CHECK_THAT((refusal<fitted<tn::columns<4>, decltype(recipe)>>(file)),
               ContainsSubstring("takes 4 columns in this program, 5 in the file"));
    CHECK_THAT((refusal<fitted<tn::columns<tn::dynamic, tn::real, float>, decltype(recipe)>>(file)),
               ContainsSubstring("rows are float in this program, double in the file"));
    const auto classify = scaled | tn::polynomial<2>() | tn::logistic_regression();
    CHECK_THAT((refusal<fitted<dynamic_classes, decltype(classify)>>(file)),
               ContainsSubstring("logistic_regression in this program, ridge in the file"));
    const bytes transformer = tn::save_bytes(scaled.fit(rows));
    CHECK_THAT((refusal<fitted<dynamic_classes, decltype(scaled)>>(transformer)),
               ContainsSubstring("the target is of the kind classes here, real in the file"));
}

TEST_CASE("every single-bit flip is refused") {
    const auto recipe = tn::standardize() | tn::mlp<230>(tn::relu) | adam;
    using pipeline = fitted<tn::columns<16>, decltype(recipe)>;
    const auto data = random_dataset<tn::columns<16>>(50, 1, tn::columns<16>::info());
    bytes file = tn::save_bytes(random_pipeline<pipeline>(scaled, data, 2));
    REQUIRE(file.size() >= 20000);
    REQUIRE(refusal<pipeline>(file) == "");
    const std::size_t step = is_slow ? 17 : 1;
    std::size_t accepted = 0;
    for (std::size_t bit = 0; bit < 8 * file.size(); bit += step) {
        const auto flip = std::byte(1 << bit % 8);
        file[bit / 8] ^= flip;
        try {
            tn::load_bytes<pipeline>(file);
            ++accepted;
        } catch (const tn::artifact_error&) {
        }
        file[bit / 8] ^= flip;
    }
    CHECK(accepted == 0);
    CHECK(refusal<pipeline>(file) == "");
}

TEST_CASE("truncated and lengthened artifacts are refused") {
    const bytes file = tn::save_bytes(house_model());
    using pipeline = decltype(house_model());
    std::size_t accepted = 0;
    for (std::size_t size = 0; size < file.size(); size += size < 200 ? 1 : 97)
        accepted +=
            refusal<pipeline>(bytes(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size))) == "";
    for (const std::size_t more : {1u, 7u, 64u, 100000u}) {
        bytes longer = file;
        longer.resize(file.size() + more);
        accepted += refusal<pipeline>(longer) == "";
    }
    bytes twice = file;
    twice.insert(twice.end(), file.begin(), file.end());
    accepted += refusal<pipeline>(twice) == "";
    CHECK(accepted == 0);
}

TEST_CASE("a file with a right seal and a wrong description is refused") {
    const auto model = house_model();
    const auto says = [&](auto&& change) { return refusal_of(model, change); };
    CHECK(says([](parts&) {}) == "");
    CHECK_THAT(says([](parts& p) { p.text("artifact_version") = "2"; }),
               ContainsSubstring("artifact version 2; this is tenon 0.1.0, which reads up to 1"));
    CHECK_THAT(says([](parts& p) { p.text("artifact_version") = "-1"; }),
               ContainsSubstring("artifact_version is no whole number"));
    CHECK_THAT(says([](parts& p) { p.metadata.erase(p.metadata.begin() + 2); }),
               ContainsSubstring("says nothing of its stages"));
    CHECK_THAT(says([](parts& p) { p.text("stages") = "[1]"; }),
               ContainsSubstring("file: stages must be an object, found a number"));
    CHECK_THAT(says([](parts& p) { p.text("stages") = "[{}]"; }),
               ContainsSubstring("file: stages lacks \"name\""));
    CHECK_THAT(says([](parts& p) { p.text("stages") = "["; }), ContainsSubstring("stages"));
    CHECK_THAT(says([](parts& p) { p.replace("stages", "\"in\":14", "\"in\":15"); }),
               ContainsSubstring("stage 4 (mlp) takes 14 columns in this program, 15 in the file"));
    CHECK_THAT(says([](parts& p) { p.replace("schema", "\"age\"", "\"age\",\"levels\":[\"old\"]"); }),
               ContainsSubstring("column 2 'age' is a number here and a category in the file"));
    CHECK_THAT(says([](parts& p) { p.replace("schema", ",{\"name\":\"age\"}", ""); }),
               ContainsSubstring("3 feature columns here, 2 in the file"));
    CHECK_THAT(says([](parts& p) { p.text("scalar") = "float"; }), ContainsSubstring("rows are double"));
    CHECK_THAT(says([](parts& p) { p.text("seed") = "18446744073709551616"; }),
               ContainsSubstring("its seed is no whole number"));
    CHECK_THAT(says([](parts& p) { p.text("metrics") = "{}"; }), ContainsSubstring("metrics"));
}

TEST_CASE("a file with a right seal and wrong tensors is refused") {
    const auto model = house_model();
    const auto says = [&](auto&& change) { return refusal_of(model, change); };
    const auto nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_THAT(says([](parts& p) { p.tensors.erase(p.tensors.begin()); }), ContainsSubstring("is missing"));
    CHECK_THAT(says([](parts& p) {
                   p.tensors.push_back(p.tensors[0]);
                   p.tensors.back().name = "9.extra.field";
               }),
               ContainsSubstring("tensor '9.extra.field' belongs to nothing in this program"));
    CHECK_THAT(says([](parts& p) {
                   p.set<float>("2.standardize.mean", {1, 2, 3, 4});
               }),
               ContainsSubstring("tensor '2.standardize.mean' is F64 in this program, F32 in the file"));
    CHECK_THAT(says([](parts& p) {
                   p.set<double>("2.standardize.mean", {1, 2, 3});
               }),
               ContainsSubstring("has 3 values in the file, 4 in this program"));
    CHECK_THAT(says([](parts& p) {
                   p.set<double>("2.standardize.mean", {1, 2, 3, 4}, {4, 1});
               }),
               ContainsSubstring("has 2 dimensions, expected 1"));
    CHECK_THAT(says([&](parts& p) {
                   p.set<double>("2.standardize.inverse_scale", {1, nan, 1, 1});
               }),
               ContainsSubstring("2.standardize.inverse_scale' holds NaN"));
    CHECK_THAT(says([&](parts& p) { p.set<double>("4.mlp.output_scale", {nan}); }), ContainsSubstring("NaN"));
    // Levels decide where one_hot writes.
    CHECK_THAT(says([](parts& p) {
                   p.set<std::uint32_t>("1.one_hot.levels", {0, 200, 0});
               }),
               ContainsSubstring("the fields of stage 1 (one_hot) contradict each other"));
    CHECK_THAT(says([](parts& p) {
                   p.set<std::uint32_t>("1.one_hot.levels", {2, 0, 0});
               }),
               ContainsSubstring("contradict"));
}

TEST_CASE("known answers are run at load") {
    const auto model = house_model();
    const auto says = [&](auto&& change) { return refusal_of(model, change); };
    const auto scaled_answers = [&](double factor) {
        return says([&](parts& p) {
            auto answers = p.get<double>("known_answers.answers");
            answers[3] *= factor;
            p.set("known_answers.answers", answers, {8, 1});
        });
    };
    CHECK(scaled_answers(1 + 1e-9) == "");
    CHECK_THAT(scaled_answers(1.1), ContainsSubstring("known answer 3, score 0: expected"));
    CHECK_THAT(says([](parts& p) {
                   auto mean = p.get<double>("2.standardize.mean");
                   mean[0] += 1;
                   p.set("2.standardize.mean", mean);
               }),
               ContainsSubstring("known answer 0"));
    CHECK_THAT(says([](parts& p) { p.tensor("known_answers.answers").name = "x"; }),
               ContainsSubstring("missing"));
    CHECK_THAT(says([](parts& p) {
                   p.set<double>("known_answers.inputs", {1, 0, 2}, {1, 3});
               }),
               ContainsSubstring("the known answers are not one for each"));
    CHECK_THAT(says([](parts& p) {
                   p.set<double>("known_answers.inputs", {}, {0, 3});
               }),
               ContainsSubstring("0 x 3"));
    CHECK_THAT(says([](parts& p) {
                   p.set<double>("known_answers.answers", std::vector<double>(16), {8, 2});
               }),
               ContainsSubstring("expected 1 values a row"));
    // Drawn from the fitted ranges, never training rows; where missing values are filled, some are missing.
    parts p(tn::save_bytes(model));
    const auto inputs = p.get<double>("known_answers.inputs");
    const auto data = houses();
    std::size_t missing = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const auto& profile = model.record().columns[i % 3];
        missing += inputs[i] != inputs[i];
        CHECK((inputs[i] != inputs[i] || (inputs[i] >= profile.minimum && inputs[i] <= profile.maximum)));
        for (std::size_t r = 0; r < data.size() && i % 3 != 1; ++r) CHECK(inputs[i] != data.x()(r, i % 3));
    }
    CHECK(missing == 4);
}

TEST_CASE("known answers of int8 count to the last bit, from the features on") {
    const auto model = int8_model();
    const auto says = [&](auto&& change) { return refusal_of(model, change); };
    CHECK(says([](parts&) {}) == "");
    CHECK_THAT(says([](parts& p) {
                   auto answers = p.get<double>("known_answers.answers");
                   answers[5] = std::nextafter(answers[5], 1e9);
                   p.set("known_answers.answers", answers, {8, 1});
               }),
               ContainsSubstring("known answer 5, score 0: expected"));
    // Features may differ by rounding errors, not by more.
    const auto with_feature = [&](double factor) {
        return says([&](parts& p) {
            auto features = p.get<double>("known_answers.features");
            features[3] *= factor;
            p.set("known_answers.features", features, {8, 14});
        });
    };
    CHECK(with_feature(1 + 1e-15) == "");
    CHECK_THAT(with_feature(1.001), ContainsSubstring("known answer 0, feature 3: expected"));
    CHECK_THAT(says([](parts& p) { p.set<double>("4.quantized.input_scale", {0}); }),
               ContainsSubstring("the fields of stage 4 (quantized) contradict each other"));
    CHECK_THAT(says([](parts& p) {
                   p.set<std::uint8_t>("4.quantized.right_shifts", std::vector<std::uint8_t>(16, 63));
               }),
               ContainsSubstring("contradict"));
}

TEST_CASE("wrong profiles are refused") {
    const auto model = house_model();
    const auto says = [&](auto&& change) { return refusal_of(model, change); };
    CHECK_THAT(says([](parts& p) {
                   auto edges = p.get<double>("profile.edges");
                   std::swap(edges[0], edges[1]);
                   p.set("profile.edges", edges);
               }),
               ContainsSubstring("the profile of column 0 is not one of such a column"));
    CHECK_THAT(says([](parts& p) {
                   auto bins = p.get<std::uint32_t>("profile.bin_counts");
                   bins[1] += 1;
                   bins[2] -= 1;
                   p.set("profile.bin_counts", bins);
               }),
               ContainsSubstring("the profile of column 1 is not one"));
    CHECK_THAT(says([](parts& p) {
                   auto bins = p.get<std::uint32_t>("profile.bin_counts");
                   bins[3] = 0xffffffff;
                   p.set("profile.bin_counts", bins);
               }),
               ContainsSubstring("the profile of the predictions is cut off"));
    CHECK_THAT(says([](parts& p) {
                   p.set<double>("profile.ranges", {0, 1}, {1, 2});
               }),
               ContainsSubstring("not one a column and one more"));
    CHECK_THAT(says([](parts& p) {
                   auto ranges = p.get<double>("profile.ranges");
                   ranges[0] = std::numeric_limits<double>::quiet_NaN();
                   p.set("profile.ranges", ranges, {4, 2});
               }),
               ContainsSubstring("the profile of column 0"));
}

TEST_CASE("sizes that a file claims are not believed") {
    const auto model = open_model();
    const auto says = [&](auto&& change) { return refusal_of(model, change); };
    CHECK(says([](parts&) {}) == "");
    for (const std::uint64_t huge : {std::uint64_t{1} << 40, ~std::uint64_t{0}, std::uint64_t{0}}) {
        CHECK_THAT(says([&](parts& p) { p.set<std::uint64_t>("0.one_hot.width", {huge}); }),
                   ContainsSubstring("but the stage before it gives"));
        CHECK_THAT(says([&](parts& p) { p.set<std::uint64_t>("2.mlp.inputs", {huge}); }),
                   ContainsSubstring("stage 2 (mlp) takes"));
        CHECK_THAT(says([&](parts& p) { p.set<std::uint64_t>("2.mlp.outputs", {huge}); }),
                   ContainsSubstring("but the target needs 2"));
    }
    CHECK_THAT(says([](parts& p) {
                   p.set<std::uint32_t>("0.one_hot.levels", {0, 4});
               }),
               ContainsSubstring("the fields of stage 0 (one_hot) contradict each other"));
    CHECK_THAT(says([](parts& p) {
                   p.set<std::uint32_t>("0.one_hot.levels", {0, 3, 0});
               }),
               ContainsSubstring("has 3 values in the file, 2 in this program"));
    CHECK_THAT(says([](parts& p) {
                   p.set<double>("1.standardize.inverse_scale", {1, 1, 1});
               }),
               ContainsSubstring("the fields of stage 1 (standardize) contradict each other"));
    CHECK_THAT(says([](parts& p) { p.set<float>("2.mlp.parameters", std::vector<float>(25)); }),
               ContainsSubstring("the fields of stage 2 (mlp) contradict each other"));
    CHECK_THAT(says([](parts& p) { p.replace("schema", "\"aster\",\"lily\"", ""); }),
               ContainsSubstring("the target has classes here, 0 in the file"));
    CHECK_THAT(says([](parts& p) { p.replace("schema", "\"aster\",", ""); }),
               ContainsSubstring("target needs 1"));
    CHECK_THAT(says([](parts& p) { p.replace("stages", "\"out\":2}", "\"out\":3}"); }),
               ContainsSubstring("stage 2 (mlp) gives 2 columns in this program, 3 in the file"));
}

TEST_CASE("products of sizes that overflow are refused") {
    // 1.8e5 columns to the fourth power pass 2^64.
    const auto rows = random_dataset<dynamic_real>(10, 3, dynamic_real::info(3));
    const auto transform = tn::polynomial<4>().fit(rows, {.profile = false});
    std::string columns;
    for (int i = 0; i < 180000; ++i) columns += (i == 0 ? "" : ",") + std::string(R"({"name":"x"})");
    CHECK_THAT(refusal_of(transform,
                          [&](parts& p) {
                              p.text("schema") =
                                  R"({"kind":"real","columns":[)" + columns + R"(],"target":{"name":"y"}})";
                              p.replace("stages", "\"in\":3", "\"in\":180000");
                              p.set<std::uint64_t>("0.polynomial.width", {180000});
                          }),
               ContainsSubstring("the fields of stage 0 (polynomial) contradict each other"));
}
