#pragma once

// nystroem<D>(gamma, seed): the kernel exp(-gamma · |x - y|²) seen from D of the training rows, so that a linear model behind
// it is one of that kernel (Williams and Seeger, "Using the Nyström Method to Speed Up Kernel Machines", NIPS 2000).

#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/pipeline.hpp>
#include <tenon/core/random.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/core/text.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/features/finite.hpp>
#include <tenon/features/symmetric_eigen.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// `exp_of(v)` for v <= 0 in the C++ of a generated header: with v = n log 2 + r the series of exp(r) times a power of two.
inline constexpr const char* exp_of_source = R"(const auto exp_of = [](double v) {
    if (v != v) return v;
    if (v < -700) return 0.0;
    const double n = (v * 1.4426950408889634 + 6755399441055744.0) - 6755399441055744.0;
    const double r = (v - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10;
    double series = 0;
    for (int k = 14; k > 0; --k) series = r / k * (1 + series);
    const std::uint64_t bits = static_cast<std::uint64_t>(static_cast<std::int64_t>(n) + 1023) << 52;
    double power = 0;
    std::memcpy(&power, &bits, sizeof power);
    return power + power * series;
};
)";

} // namespace detail

/// z_k = Σ_l normalization_l,k · exp(-gamma · |x - landmark_l|²). Computed in double.
template <std::size_t W, std::size_t D, class T>
struct fitted_nystroem {
    static constexpr std::string_view name = "nystroem";
    static constexpr std::size_t in = W, out = D;
    using scalar = T;

    storage<T, multiply_widths(D, W)> landmarks; ///< one after the other
    storage<double, D * D> normalization;        ///< the landmarks' kernel matrix to the power of -1/2
    double gamma = 1;

    std::size_t width_in() const noexcept { return landmarks.size() / D; }
    static constexpr std::size_t width_out() noexcept { return D; }

    void operator()(row<W, T> x, row_out<D, T> z) const noexcept {
        std::array<double, D> sum{};
        for (std::size_t l = 0; l < D; ++l) {
            const T* const landmark = landmarks.data() + l * x.size();
            double squares = 0;
            for (std::size_t i = 0; i < x.size(); ++i) {
                const double away = static_cast<double>(x[i]) - static_cast<double>(landmark[i]);
                squares += away * away;
            }
            const double kernel = std::exp(-gamma * squares);
            const double* const share = normalization.data() + l * D;
            for (std::size_t k = 0; k < D; ++k) sum[k] += kernel * share[k];
        }
        for (std::size_t k = 0; k < D; ++k) z[k] = static_cast<T>(sum[k]);
    }

    /// nystroem0, nystroem1 …
    std::vector<column_info> describe(std::span<const column_info>) const {
        std::vector<column_info> all;
        for (std::size_t k = 0; k < D; ++k) all.push_back({detail::concat({name, k}), false, {}});
        return all;
    }

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("landmarks", self.landmarks);
        visit("normalization", self.normalization);
        visit("gamma", self.gamma);
    }
    /// Whether the landmarks are whole rows, after loading.
    bool is_consistent() const noexcept {
        return landmarks.size() > 0 && landmarks.size() % D == 0 && gamma > 0 && gamma - gamma == 0;
    }
    static std::string source() {
        return detail::concat(
            {detail::exp_of_source,
             "double sum[out] = {};\n"
             "for (int l = 0; l < out; ++l) {\n"
             "    double squares = 0;\n"
             "    for (int i = 0; i < in; ++i) {\n"
             "        const double away = static_cast<double>(x[i]) - static_cast<double>(landmarks[l * in + "
             "i]);\n"
             "        squares += away * away;\n"
             "    }\n"
             "    const double kernel = exp_of(-gamma * squares);\n"
             "    for (int k = 0; k < out; ++k) sum[k] += kernel * normalization[l * out + k];\n"
             "}\n"
             "for (int k = 0; k < out; ++k) z[k] = static_cast<scalar>(sum[k]);"});
    }
};

/// Made by nystroem<D>(gamma, seed).
template <std::size_t D>
struct nystroem_spec : stage<role::expander> {
    static_assert(D > 0, "nystroem<D>: ask for at least one landmark");
    double gamma;
    tenon::seed seed;
    nystroem_spec(double g, tenon::seed s) : gamma(g), seed(s) {}

    template <class In>
    using objection = needs_numbers<In>;
    template <class In>
    using out = columns<D, typename In::kind, typename In::scalar>;
    template <class In>
    using fitted = fitted_nystroem<In::width, D, typename In::scalar>;

    template <class F, class T, class Y>
    F fit(std::type_identity<F> type, matrix_view<const T> x, vector_view<const Y>,
          std::span<const column_info> columns) const {
        if (!(gamma > 0 && gamma - gamma == 0))
            detail::fail<fit_error>({F::name, ": gamma is a positive number, not ", gamma});
        if (x.rows() < D)
            detail::fail<data_error>(
                {F::name, ": asked for ", D, " landmarks, the data have ", x.rows(), " rows"});
        for (std::size_t r = 0; r < x.rows(); ++r)
            for (std::size_t c = 0; c < x.columns(); ++c)
                if (x(r, c) - x(r, c) != 0) detail::fail_not_finite(F::name, x, columns);
        std::vector<std::size_t> rows(x.rows());
        for (std::size_t r = 0; r < rows.size(); ++r) rows[r] = r;
        philox random(seed);
        matrix<T> landmarks(D, x.columns());
        for (std::size_t l = 0; l < D; ++l) {
            std::swap(rows[l], rows[l + static_cast<std::size_t>(random.below(rows.size() - l))]);
            for (std::size_t c = 0; c < x.columns(); ++c) landmarks(l, c) = x(rows[l], c);
        }
        return finish(type, landmarks);
    }

    /// With these D rows as landmarks.
    template <class F, class T>
    F finish(std::type_identity<F>, const matrix<T>& landmarks) const {
        F f{storage<T, multiply_widths(D, F::in)>(landmarks.columns() * D), storage<double, D * D>(D * D),
            gamma};
        for (std::size_t i = 0; i < f.landmarks.size(); ++i) f.landmarks[i] = landmarks.data()[i];
        matrix<double> kernel(D, D);
        for (std::size_t a = 0; a < D; ++a)
            for (std::size_t b = 0; b < D; ++b) {
                double squares = 0;
                for (std::size_t c = 0; c < landmarks.columns(); ++c) {
                    const double away =
                        static_cast<double>(landmarks(a, c)) - static_cast<double>(landmarks(b, c));
                    squares += away * away;
                }
                kernel(a, b) = std::exp(-gamma * squares);
            }
        const eigen_pairs pairs = symmetric_eigen(std::move(kernel));
        for (std::size_t k = 0; k < D; ++k) {
            const double share = 1 / std::sqrt(pairs.values[k] > 1e-12 ? pairs.values[k] : 1e-12);
            const std::span<const double> v = pairs.vectors.row(k);
            for (std::size_t a = 0; a < D; ++a)
                for (std::size_t b = 0; b < D; ++b) f.normalization[a * D + b] += v[a] * share * v[b];
        }
        return f;
    }
};

/// The rows become D columns whose inner products are those of the kernel exp(-gamma · |x - y|²) exactly for D training rows,
/// the landmarks, and nearly for rows close to them: kernel(x, landmarks) times the landmarks' kernel matrix to the power of
/// -1/2, eigenvalues below 1e-12 counting as that much, as scikit-learn's Nystroem with the kernel rbf (where it says that
/// there are too few rows and takes fewer columns, this throws). The landmarks are drawn without replacement by the seed.
///
/// Columns are not scaled: put standardize() before it where units differ. Missing values make all D columns NaN. The
/// landmarks are stored with the model. Throws fit_error for a gamma that is not positive, data_error for training values that
/// are missing or infinite and for fewer rows than D.
///
///     standardize() | nystroem<100>(0.1, tenon::seed{7})
template <std::size_t D>
auto nystroem(double gamma, seed of = {}) {
    return pipeline{nystroem_spec<D>(gamma, of)};
}

} // namespace tenon
