#include "support/catch.hpp"
#include "support/same_fit.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tenon/core/random.hpp>
#include <tenon/data/csv.hpp>
#include <tenon/data/csv_chunks.hpp>
#include <tenon/data/csv_write.hpp>
#include <tenon/features/polynomial.hpp>
#include <tenon/model/least_squares.hpp>
#include <tenon/prepare/impute.hpp>
#include <tenon/prepare/log1p.hpp>
#include <tenon/prepare/min_max.hpp>
#include <tenon/prepare/on.hpp>
#include <tenon/prepare/one_hot.hpp>
#include <tenon/prepare/standardize.hpp>
#include <tenon/train/fit_chunks.hpp>
#include <vector>
#ifdef __GLIBC__
#if __GLIBC_PREREQ(2, 33)
#include <malloc.h>
#define TENON_TEST_HEAP // mallinfo2 tells what the program holds
#endif
#endif

namespace tn = tenon;
using tenon_test::ContainsSubstring;
using tenon_test::difference;
using tenon_test::WithinRel;

namespace {

struct house : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house", "boat">,
                          tn::numeric<"age">, tn::numeric<"tax">, tn::target<"price">> {};

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

/// Houses with gaps, as many as are wanted, made when they are asked for. Another source for the same seed.
class made_houses {
public:
    using schema_type = house;

    explicit made_houses(std::size_t rows) : rows_(rows) {}

    bool is_collinear = false;
    bool shrinks = false; ///< behind the first pass there is a row less
    std::size_t wrong_row = static_cast<std::size_t>(-1);
    double wrong_tax = 0;

    void rewind() {
        at_ = shrinks && at_ > 0 ? 1 : 0;
        random_ = tn::philox(5);
    }
    std::optional<tn::dataset<house>> next(std::size_t most) {
#ifdef TENON_TEST_HEAP
        const auto heap = mallinfo2();
        most_held_ = std::max(most_held_, heap.uordblks + heap.hblkhd);
#endif
        const std::size_t n = std::min(most, rows_ - at_);
        if (n == 0) return std::nullopt;
        tn::matrix<double> x(n, 4);
        std::vector<double> y(n);
        for (std::size_t r = 0; r < n; ++r) {
            const double area = 40 + 100 * random_.uniform(), age = 40 * random_.uniform();
            const double kind = static_cast<double>(random_.below(3));
            x(r, 0) = random_.below(9) == 0 ? gap : area;
            x(r, 1) = random_.below(7) == 0 ? gap : kind;
            x(r, 2) = age;
            x(r, 3) = is_collinear ? 2 * age + 1 : 1e5 + random_.normal();
            if (at_ + r == wrong_row) x(r, 3) = wrong_tax;
            y[r] = 1000 * area - 200 * age + 9000 * kind + 500 * random_.normal();
        }
        at_ += n;
        return tn::dataset<house>(std::move(x), std::move(y), house::info());
    }
    std::size_t most_held() const noexcept { return most_held_; }

private:
    std::size_t rows_, at_ = 0;
    tn::philox random_{5};
    std::size_t most_held_ = 0;
};

tn::dataset<house> all_of(made_houses source, std::size_t rows) {
    source.rewind();
    return *source.next(rows);
}

auto long_recipe() {
    return tn::on<"area", "kind">(tn::impute(tn::mean) | tn::one_hot()) | tn::on<"age">(tn::min_max()) |
           tn::on<"tax">(tn::log1p()) | tn::standardize() | tn::polynomial<2>() | tn::ridge(1.0);
}
auto short_recipe(double penalty) {
    return tn::impute(tn::mean) | tn::one_hot() | tn::ridge(penalty);
}

} // namespace

TEST_CASE("a recipe fitted from chunks is the one fitted to the rows at once, to the last bit",
          "[fit_chunks]") {
    const auto recipe = long_recipe();
    for (const std::size_t rows : {std::size_t{100}, std::size_t{4096}, std::size_t{9001}}) {
        const auto data = all_of(made_houses(rows), rows);
        const auto whole = recipe.fit(data);
        for (const std::size_t chunk : {1u, 7u, 1000u, 100000u}) {
            INFO(rows << " rows in chunks of " << chunk);
            made_houses source(rows);
            CHECK(difference(tn::fit_chunks(recipe, source, {.rows = chunk}), whole, data) == "");
        }
    }
}

TEST_CASE("collinear columns take a pass more, and the same bits come out", "[fit_chunks]") {
    made_houses source(5000);
    source.is_collinear = true;
    const auto data = all_of(source, 5000);
    const auto whole = short_recipe(0).fit(data);
    CHECK_THAT(whole.model().coefficients()(5, 0), WithinRel(2 * whole.model().coefficients()(4, 0), 1e-9));
    for (const std::size_t chunk : {7u, 1000u})
        CHECK(difference(tn::fit_chunks(short_recipe(0), source, {.rows = chunk}), whole, data) == "");
}

TEST_CASE("a file in chunks", "[fit_chunks]") {
    const char* const path = "fit_chunks.csv";
    const auto data = all_of(made_houses(700), 700);
    tn::write_csv(data, path);
    const auto recipe = short_recipe(0.5);
    const auto whole = recipe.fit(tn::read_csv<house>(path));
    for (const std::size_t chunk : {7u, 1000u})
        CHECK(difference(tn::fit_chunks(recipe, tn::csv_chunks<house>(path), {.rows = chunk}), whole, data) ==
              "");

    const auto plain = tn::fit_chunks(recipe, tn::csv_chunks<house>(path),
                                      {.rows = 7, .profile = false, .fingerprint = false});
    CHECK(plain.record().columns.empty());
    CHECK(plain.record().fingerprint.empty());
    CHECK(plain(data.row(3)) == whole(data.row(3)));

    // Row 25 of the third chunk is on line 26, behind the header.
    std::FILE* const file = std::fopen(path, "w");
    std::fputs("area,kind,age,tax,price\n", file);
    for (int r = 1; r <= 40; ++r) std::fprintf(file, "%d,flat,%s,5,%d\n", 90 + r, r == 25 ? "old" : "7", r);
    std::fclose(file);
    CHECK_THROWS_WITH(tn::fit_chunks(recipe, tn::csv_chunks<house>(path), {.rows = 10}),
                      ContainsSubstring("fit_chunks.csv") && ContainsSubstring("line 26") &&
                          ContainsSubstring("age"));
    std::vector<std::string> skipped;
    const auto model =
        tn::fit_chunks(recipe, tn::csv_chunks<house>(path, {.skipped = &skipped}), {.rows = 10});
    CHECK(model.record().rows == 39);
    CHECK(skipped.size() == 1); // once, in however many passes
    std::remove(path);
}

TEST_CASE("what is wrong with rows is said with their number in the source", "[fit_chunks]") {
    const auto fit_with = [](std::size_t row, double tax) {
        made_houses source(9000);
        source.wrong_row = row;
        source.wrong_tax = tax;
        return tn::fit_chunks(long_recipe(), source, {.rows = 1000});
    };
    CHECK_THROWS_WITH(fit_with(8000, std::numeric_limits<double>::infinity()),
                      ContainsSubstring("column 'tax', row 8001 is infinite"));
    CHECK_THROWS_WITH(fit_with(4100, gap), ContainsSubstring("column 'tax', row 4101 is missing"));
    CHECK_THROWS_WITH(fit_with(4100, -7), ContainsSubstring("log1p: column 'tax', row 5 is -7") &&
                                              ContainsSubstring("counted from row 4097 on"));
    CHECK(fit_with(4100, 7).record().rows == 9000);
}

TEST_CASE("no rows, other rows in a later pass, and chunks of nothing are errors", "[fit_chunks]") {
    CHECK_THROWS_WITH(tn::fit_chunks(short_recipe(1), made_houses(0)), ContainsSubstring("gives no rows"));
    CHECK_THROWS_WITH(tn::fit_chunks(short_recipe(1), made_houses(10), {.rows = 0}),
                      ContainsSubstring(".rows"));
    made_houses source(30);
    source.shrinks = true;
    CHECK_THROWS_WITH(tn::fit_chunks(short_recipe(1), source),
                      ContainsSubstring("gave 30 rows at first, and now 29"));
}

TEST_CASE("memory does not grow with the rows, but where the user allows it", "[fit_chunks]") {
    made_houses few(20000), many(200000);
    tn::fit_chunks(short_recipe(1), few, {.rows = 5000});
    const auto model = tn::fit_chunks(short_recipe(1), many, {.rows = 5000});
    CHECK(model.record().rows == 200000);
    CHECK(many.most_held() <= few.most_held() + 100'000); // all rows are 8 MB

    const auto medians = tn::impute(tn::median) | tn::one_hot() | tn::ridge(1);
    const auto data = all_of(made_houses(5000), 5000);
    CHECK(difference(tn::fit_chunks<tn::memory::unbounded>(medians, made_houses(5000), {.rows = 999}),
                     medians.fit(data), data) == "");
}

namespace {

struct letter : tn::schema<tn::numeric<"width">, tn::label<"letter", "a", "b", "c">> {};

/// Answers the class that most rows have: a fold of counts.
struct fitted_majority {
    static constexpr std::string_view name = "majority";
    static constexpr std::size_t in = 1, outputs = 3;
    using scalar = double;
    using score = double;
    std::array<double, 3> counts{};
    static std::size_t inputs() noexcept { return 1; }
    static std::size_t width_out() noexcept { return 3; }
    void operator()(tn::row<1>, tn::row_out<3> z) const noexcept {
        std::copy(counts.begin(), counts.end(), z.begin());
    }
};
struct majority_spec : tn::stage<tn::role::model> {
    template <class In>
    using fitted = fitted_majority;
    struct fold {
        std::array<double, 3> counts{};
        void update(tn::matrix_view<const double>, tn::vector_view<const tn::class_index> y) {
            for (std::size_t r = 0; r < y.size(); ++r) counts[y[r]] += 1;
        }
        static bool wants_another_pass() noexcept { return false; }
    };
    template <class M>
    M fit(std::type_identity<M> type, tn::matrix_view<const double> x,
          tn::vector_view<const tn::class_index> y, tn::model_shape shape) const {
        fold all = begin(type, shape);
        all.update(x, y);
        return finish(type, all, shape);
    }
    template <class M>
    fold begin(std::type_identity<M>, tn::model_shape) const {
        return {};
    }
    template <class M>
    M finish(std::type_identity<M>, const fold& all, tn::model_shape) const {
        return M{all.counts};
    }
};

} // namespace

TEST_CASE("a user's own Model is fitted from chunks through the same three functions", "[fit_chunks]") {
    struct source {
        using schema_type = letter;
        std::size_t at = 0;
        tn::class_index first = 0;
        void rewind() { at = 0; }
        std::optional<tn::dataset<letter>> next(std::size_t most) {
            const std::size_t n = std::min<std::size_t>(most, 10 - at);
            if (n == 0) return std::nullopt;
            tn::matrix<double> x(n, 1);
            std::vector<tn::class_index> y(n);
            for (std::size_t r = 0; r < n; ++r) y[r] = at + r < 4 ? first : 2;
            at += n;
            return tn::dataset<letter>(std::move(x), std::move(y));
        }
    };
    const auto recipe = tn::pipeline{majority_spec{}};
    const auto model = tn::fit_chunks(recipe, source{}, {.rows = 3});
    CHECK(model.model().counts == std::array<double, 3>{4, 0, 6});
    CHECK(model(std::array<double, 1>{1}) == 2);
    source same;
    same.first = 2;
    CHECK_THROWS_WITH(tn::fit_chunks(recipe, same, {.rows = 3}), ContainsSubstring("one class only"));
}
