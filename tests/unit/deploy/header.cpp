// What generated headers say. That they compile without a library and answer as the pipelines do is a matter of
// conformance/generated_header.cpp.

#include "support/catch.hpp"
#include "support/random_pipelines.hpp"

#include <cstdio>
#include <filesystem>
#include <limits>
#include <tenon/compress/prune.hpp>
#include <tenon/deploy/artifact.hpp>
#include <tenon/deploy/header.hpp>
#include <tenon/loss/squared_error.hpp>
#include <tenon/model/mlp.hpp>
#include <tenon/model/ridge.hpp>
#include <tenon/optim/adam.hpp>
#include <tenon/prepare/one_hot.hpp>
#include <tenon/prepare/standardize.hpp>
#include <tenon/train/minimize.hpp>
#include <unistd.h>

namespace tn = tenon;
using namespace tenon_test;

namespace mine {

/// A stage of the user's with a field that is infinite and one that its text does not name.
struct fitted_limit {
    static constexpr std::string_view name = "my limit";
    static constexpr std::size_t in = 2, out = 2;
    using scalar = double;
    double highest = std::numeric_limits<double>::infinity();
    std::uint8_t unused = 7;

    std::size_t width_in() const noexcept { return 2; }
    std::size_t width_out() const noexcept { return 2; }
    void operator()(tn::row<2> x, tn::row_out<2> z) const noexcept {
        for (std::size_t i = 0; i < 2; ++i) z[i] = x[i] < highest ? x[i] : highest;
    }
    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("highest", self.highest);
        visit("unused", self.unused);
    }
    static std::string source() {
        return "for (int i = 0; i < in; ++i) z[i] = x[i] < highest ? x[i] : highest;";
    }
};

/// A model of the user's.
struct fitted_product {
    static constexpr std::string_view name = "product";
    static constexpr std::size_t in = 2, outputs = 1;
    using scalar = double;
    using score = double;
    std::size_t inputs() const noexcept { return 2; }
    std::size_t width_out() const noexcept { return 1; }
    void operator()(tn::row<2> x, tn::row_out<1> z) const noexcept { z[0] = x[0] * x[1]; }
    static std::string source() { return "z[0] = x[0] * x[1];"; }
};

/// An activation of the user's, described beside it.
struct leaky {
    static constexpr std::string_view name = "leaky";
    template <class T>
    static constexpr T apply(T v) noexcept {
        return v < 0 ? v / 8 : v;
    }
    template <class T>
    static constexpr T slope(T out) noexcept {
        return out > 0 ? T{1} : T{1} / 8;
    }
};
template <class T>
std::string source_of(leaky, T) {
    return "return v < 0 ? v / 8 : v;";
}

} // namespace mine

namespace {

struct house
    : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">, tn::target<"price">> {};

const auto adam = tn::minimize(tn::squared_error(), tn::adam(1e-3), {});

template <class S, class Recipe>
using fitted = tn::fitted_t<std::remove_cvref_t<Recipe>, S>;

template <class S>
auto ridge_model(const tn::dataset<S>& data) {
    const auto before = tn::standardize();
    return random_pipeline<fitted<S, decltype(before | tn::ridge(1))>>(before, data, 4);
}

} // namespace

TEST_CASE("a header has the columns, the classes and the functions of its pipeline") {
    using S = tn::columns<3, tn::classes<2>>;
    const auto before = tn::standardize();
    const auto data = random_dataset<S>(40, 1, S::info());
    using M = tn::fitted_mlp<tn::relu_activation, tn::classes<2>, float, double, 3, 4>;
    using P = tn::fitted_pipeline<S, tn::fitted_standardize<3, double>, M>;
    const std::string text = tn::header_text(random_pipeline<P>(before, data, 2), "shop::models");
    for (const char* part :
         {"namespace shop::models {", "#ifndef TENON_HEADER_shop__models",
          "inline constexpr std::size_t columns = 3;", R"(column_names[columns] = {"x0", "x1", "x2"};)",
          "inline constexpr std::size_t classes = 2;", R"(class_names[classes] = {"0", "1"};)",
          "inline void scores(const scalar* x, score* z) noexcept {",
          "inline answer predict(const scalar (&x)[columns]) noexcept {", "static_cast<float>(",
          "} // namespace shop::models"})
        CHECK_THAT(text, ContainsSubstring(part));
    for (const char* part :
         {"std::vector", "new ", "malloc", "throw", "#include <cstring>", "Eigen", "std::array"})
        CHECK_THAT(text, !ContainsSubstring(part));
    CHECK_THAT(text, ContainsSubstring("from standardize | mlp 4 relu float.\n"));
}

TEST_CASE("levels are listed, and a category that is none gives not_a_number") {
    const auto data = random_dataset<house>(40, 1, house::info());
    const std::string text = tn::header_text(tn::one_hot().fit(data), "h");
    CHECK_THAT(text, ContainsSubstring(R"(levels_of_column_1[2] = {"flat", "house"};)"));
    CHECK_THAT(text, ContainsSubstring(R"(feature_names[features] = {"area", "kind=flat", "kind=house"};)"));
    CHECK_THAT(text, ContainsSubstring("inline void transform(const scalar* x, scalar* z) noexcept {"));
    CHECK_THAT(text, ContainsSubstring("#include <cstring>\n"));
    CHECK_THAT(text, ContainsSubstring("inline double quiet_nan() noexcept {"));
}

TEST_CASE("the same pipeline gives the same header, whether its widths are static and where it comes from") {
    using fixed = tn::columns<4>;
    using open = tn::columns<tn::dynamic>;
    const auto model = ridge_model(random_dataset<fixed>(40, 1, fixed::info()));
    const std::string text = tn::header_text(model, "h");
    CHECK(text == tn::header_text(ridge_model(random_dataset<open>(40, 1, open::info(4))), "h"));
    CHECK(text == tn::header_text(tn::load_bytes<decltype(model)>(tn::save_bytes(model)), "h"));
}

TEST_CASE("a mask of pruned weights stays behind") {
    const auto before = tn::standardize();
    const auto data = random_dataset<tn::columns<2>>(40, 1, tn::columns<2>::info());
    const auto dense =
        random_pipeline<fitted<tn::columns<2>, decltype(before | tn::mlp<4>(tn::relu) | adam)>>(before, data,
                                                                                                2);
    const auto small =
        compressed_pipeline<fitted<tn::columns<2>, decltype(before | tn::mlp<4>(tn::relu) | adam |
                                                            tn::prune(tn::by_magnitude, 0.5))>>(
            dense, tn::prune_spec(0.5), data);
    const std::string text = tn::header_text(small, "h");
    CHECK_THAT(text, ContainsSubstring("struct stage_1_pruned {"));
    CHECK_THAT(text, !ContainsSubstring("kept"));
}

TEST_CASE("stages, models and activations of one's own describe themselves") {
    using S = tn::columns<2>;
    tn::training_record record;
    record.schema = S::info();
    const tn::fitted_pipeline<S, mine::fitted_limit, mine::fitted_product> model({}, record);
    const std::string text = tn::header_text(model, "h");
    CHECK_THAT(text, ContainsSubstring("struct stage_0_my_limit {"));
    CHECK_THAT(text, ContainsSubstring("static constexpr double highest = __builtin_huge_val();"));
    CHECK_THAT(text, !ContainsSubstring("unused"));
    CHECK_THAT(text, ContainsSubstring("z[0] = x[0] * x[1];"));

    using M = tn::fitted_mlp<mine::leaky, tn::real, float, double, 2, 3>;
    const tn::fitted_pipeline<S, M> bent(std::tuple<M>{}, record);
    CHECK_THAT(tn::header_text(bent, "h"), ContainsSubstring("return v < 0 ? v / 8 : v;"));
}

TEST_CASE("what cannot be written is refused") {
    const auto model = ridge_model(random_dataset<tn::columns<4>>(40, 1, tn::columns<4>::info()));
    for (const char* name : {"", "my houses", "3rd", "a::", "x;"})
        CHECK_THROWS_AS(tn::header_text(model, name), tn::artifact_error);
    CHECK_THROWS_WITH(tn::header_text(model, "my houses"), ContainsSubstring("'my houses' is no C++ name"));
    CHECK_THROWS_AS(tn::write_header(model, "/no/such/folder/houses.hpp", "houses"), tn::artifact_error);

    const std::string path =
        (std::filesystem::temp_directory_path() / ("tenon_header_" + std::to_string(::getpid()) + ".hpp"))
            .string();
    tn::write_header(model, path, "houses");
    CHECK(tn::read_text(path) == tn::header_text(model, "houses"));
    std::remove(path.c_str());
}
