#pragma once

// tf_idf: counts of words to weights; a word that most texts have says little (Spärck Jones, "A Statistical Interpretation of
// Term Specificity and its Application in Retrieval", 1972).

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/core/text.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/prepare/normalize.hpp>
#include <vector>

namespace tenon::inline v0 {

/// z = x · weight, divided by the length of that row; a row of zeros stays one. Missing values count as absent and stay missing.
template <std::size_t W, class T>
struct fitted_tf_idf {
    static constexpr std::string_view name = "tf_idf";
    static constexpr std::size_t in = W, out = W;
    using scalar = T;

    storage<T, W> weight; ///< log((1 + rows) / (1 + rows in which the column is not 0)) + 1

    std::size_t width_in() const noexcept { return weight.size(); }
    std::size_t width_out() const noexcept { return weight.size(); }

    void operator()(row<W, T> x, row_out<W, T> z) const noexcept {
        T largest = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
            z[i] = x[i] * weight[i];
            const T size = z[i] < 0 ? -z[i] : z[i];
            largest = size > largest ? size : largest;
        }
        if (largest == 0) return;
        for (T& v : z) v /= largest; // so that no square overflows or vanishes
        const T norm = row_norm::l2_rule::of(std::span<const T>(z));
        for (T& v : z) v /= norm;
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("weight", self.weight);
    }
    static std::string source() {
        return detail::concat({"scalar largest = 0;\n"
                               "for (int i = 0; i < in; ++i) {\n"
                               "    z[i] = x[i] * weight[i];\n"
                               "    const scalar size = z[i] < 0 ? -z[i] : z[i];\n"
                               "    largest = size > largest ? size : largest;\n"
                               "}\n"
                               "if (!(largest > 0)) return;\n"
                               "for (int i = 0; i < in; ++i) z[i] /= largest;\n",
                               row_norm::l2_rule::source, "for (int i = 0; i < in; ++i) z[i] /= norm;"});
    }
};

/// In how many rows each column is not 0.
struct document_counts {
    explicit document_counts(std::size_t width) : with(width) {}
    double rows = 0;
    std::vector<double> with;

    /// Counts are. (What has this member takes no rows with gaps.)
    static constexpr bool is_finite() noexcept { return true; }
};

/// Made by tf_idf().
struct tf_idf_spec : stage<role::preprocessor> {
    template <class In>
    using objection = needs_numbers<In>;
    template <class In>
    using out = In;
    template <class In>
    using fitted = fitted_tf_idf<In::width, typename In::scalar>;

    /// A mergeable fold of counts, to the last bit. Missing values are in no row.
    using state = document_counts;
    template <class T>
    static void update(state& s, matrix_view<const T> x) {
        s.rows += static_cast<double>(x.rows());
        for (std::size_t r = 0; r < x.rows(); ++r)
            for (std::size_t c = 0; c < x.columns(); ++c) s.with[c] += x(r, c) < 0 || x(r, c) > 0 ? 1 : 0;
    }
    static void merge(state& into, const state& other) {
        into.rows += other.rows;
        for (std::size_t c = 0; c < into.with.size(); ++c) into.with[c] += other.with[c];
    }
    template <class F>
    static F finish(std::type_identity<F>, const state& s) {
        using T = typename F::scalar;
        F f{storage<T, F::in>(s.with.size())};
        for (std::size_t c = 0; c < s.with.size(); ++c)
            f.weight[c] = static_cast<T>(std::log((1 + s.rows) / (1 + s.with[c])) + 1);
        return f;
    }

    template <class F, class T, class Y>
    F fit(std::type_identity<F> type, matrix_view<const T> x, vector_view<const Y>,
          std::span<const column_info> columns) const {
        for (std::size_t r = 0; r < x.rows(); ++r)
            for (std::size_t c = 0; c < x.columns(); ++c)
                if (x(r, c) - x(r, c) != 0)
                    detail::fail<data_error>({"tf_idf: column '", columns[c].name, "', row ", r + 1, " is ",
                                              x(r, c) != x(r, c) ? "missing" : "infinite",
                                              "; it takes counts of words, as hashed_counts gives them"});
        state s(x.columns());
        update(s, x);
        return finish(type, s);
    }
};

/// Counts of words times the weight log((1 + n) / (1 + rows with that word)) + 1 of the n training rows, then every row divided
/// by its length: scikit-learn's TfidfTransformer with its defaults. A column of zeros gets the largest weight, one that no row
/// lacks the weight 1. Throws data_error for training values that are missing or infinite.
///
///     tf_idf() | logistic_regression()     on columns made by hashed_counts<N>
inline auto tf_idf() {
    return pipeline{tf_idf_spec{}};
}

} // namespace tenon
