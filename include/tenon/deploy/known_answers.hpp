#pragma once

// Known answers: a few rows and what the saved pipeline answered to them. They are run at load, so that a program
// that computes something else (another compiler, another processor, a changed stage) finds out before it predicts.

#include <cstddef>
#include <string>
#include <tenon/core/error.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/core/random.hpp>
#include <tenon/core/record.hpp>
#include <tenon/core/widths.hpp>
#include <tenon/deploy/tensor_fields.hpp>
#include <tenon/format/number.hpp>
#include <tenon/model/dense_magnitude.hpp>
#include <type_traits>

namespace tenon::inline v0 {

/// Rows with known answers in an artifact.
inline constexpr std::size_t known_answer_count = 8;

namespace detail {

/// A model that promises the same bits everywhere.
template <class P>
inline constexpr bool is_exact = requires { requires P::model_type::is_quantized; };

template <class P>
struct answer_types {
    using feature = typename P::scalar;
    using answer = typename P::scalar;
};
template <class P>
    requires P::has_model
struct answer_types<P> {
    using feature = typename P::model_type::scalar;
    using answer = typename P::score;
};

/// Rows of a pipeline P, what its transforms made of them, and what it answered (scores; without a model: features).
template <class P>
struct known_answers {
    using T = typename P::scalar;
    using feature = typename answer_types<P>::feature;
    using answer = typename answer_types<P>::answer;

    matrix<T> inputs;
    matrix<feature> features; ///< what the model sees; stored where the model is exact from there on
    matrix<answer> answers;

    void add_to(tensor_list<>& tensors) const {
        add_table(tensors, "known_answers.inputs", inputs);
        if (is_exact<P>) add_table(tensors, "known_answers.features", features);
        add_table(tensors, "known_answers.answers", answers);
    }

    /// The tables of a file for a pipeline of these widths.
    static known_answers read(tensor_source<>& tensors, std::size_t columns, std::size_t feature_count,
                              std::size_t answer_count, const std::string& source) {
        known_answers known;
        known.inputs = tensors.take_table<T>("known_answers.inputs", columns);
        if (is_exact<P>)
            known.features = tensors.take_table<feature>("known_answers.features", feature_count);
        known.answers = tensors.take_table<answer>("known_answers.answers", answer_count);
        const std::size_t rows = known.inputs.rows();
        if (rows > 64 || rows != known.answers.rows() || (is_exact<P> && rows != known.features.rows()))
            fail<artifact_error>({source, ": the known answers are not one for each of at most 64 rows"});
        return known;
    }

private:
    template <class V>
    static void add_table(tensor_list<>& tensors, const char* name, const matrix<V>& table) {
        tensors.add(name, std::span<const V>(table.data(), table.rows() * table.columns()),
                    {table.rows(), table.columns()});
    }
};

/// A value of one column: within the fitted range, never from a training row.
template <class Lazy = void>
double draw_value(philox& random, const column_info& column, const column_profile* profile) {
    if (column.categorical) return static_cast<double>(random.below(column.levels.size()));
    if (profile == nullptr) return random.normal();
    const double u = random.uniform();
    return profile->minimum * (1 - u) + profile->maximum * u;
}

/// The rows for a pipeline: the same for the same record. Every second one lacks a value where P fills those.
template <class P>
matrix<typename P::scalar> draw_rows(const P& fitted) {
    const training_record& record = fitted.record();
    const std::size_t columns = record.schema.columns.size();
    philox random(0x6b6e6f776e);
    matrix<typename P::scalar> x(known_answer_count, columns);
    for (std::size_t r = 0; r < x.rows(); ++r) {
        for (std::size_t c = 0; c < columns; ++c)
            x(r, c) = static_cast<typename P::scalar>(draw_value(
                random, record.schema.columns[c], record.columns.empty() ? nullptr : &record.columns[c]));
        const auto lacking = static_cast<std::size_t>(random.below(columns));
        if (P::may_lack(lacking) && r % 2 == 1)
            x(r, lacking) = std::numeric_limits<typename P::scalar>::quiet_NaN();
    }
    return x;
}

template <class P>
matrix<typename answer_types<P>::feature> features_for(const P& fitted,
                                                       matrix_view<const typename P::scalar> x) {
    using feature = typename answer_types<P>::feature;
    matrix<typename P::scalar> made(x.rows(), fitted.feature_count());
    fitted.transform(x, made);
    if constexpr (std::is_same_v<feature, typename P::scalar>) {
        return made;
    } else {
        matrix<feature> features(made.rows(), made.columns());
        for (std::size_t r = 0; r < made.rows(); ++r)
            for (std::size_t c = 0; c < made.columns(); ++c)
                features(r, c) = static_cast<feature>(made(r, c));
        return features;
    }
}

template <class M, class Feature>
auto row_for(const matrix<Feature>& features, std::size_t r) {
    return row<M::in, Feature>(features.row(r).data(), features.columns());
}

template <class P>
matrix<typename answer_types<P>::answer>
answers_for(const P& fitted, const matrix<typename answer_types<P>::feature>& features) {
    if constexpr (!P::has_model) {
        return features;
    } else {
        using M = typename P::model_type;
        matrix<typename P::score> answers(features.rows(), fitted.output_count());
        for (std::size_t r = 0; r < features.rows(); ++r)
            fitted.model()(row_for<M>(features, r),
                           row_out<M::outputs, typename P::score>(answers.row(r).data(), answers.columns()));
        return answers;
    }
}

/// Rows and answers for a pipeline: the same for the same pipeline.
template <class P>
known_answers<P> make_known_answers(const P& fitted) {
    known_answers<P> known;
    known.inputs = draw_rows(fitted);
    known.features = features_for(fitted, known.inputs.view());
    known.answers = answers_for(fitted, known.features);
    return known;
}

/// How far a value may be from the one stored: relative to the sums it comes from, or to itself.
template <class... Scalars>
constexpr double known_tolerance = ((sizeof(Scalars) == 4) || ...) ? 1e-5 : 1e-9;

template <class P>
double magnitude_for(const P& fitted, const matrix<typename answer_types<P>::feature>& features,
                     std::size_t r, std::size_t k, double value) {
    double magnitude = value < 0 ? -value : value;
    if constexpr (P::has_model) {
        const auto x = row_for<typename P::model_type>(features, r);
        if constexpr (requires { magnitude_of(fitted.model(), x, k); })
            magnitude = magnitude_of(fitted.model(), x, k);
    }
    return magnitude > 1 ? magnitude : 1;
}

/// Whether a value is the one expected, up to a tolerance (0: to the bit); NaN is NaN.
template <class Lazy = void>
bool is_same_answer(double expected, double got, double tolerance) noexcept {
    if (expected == got || (expected != expected && got != got)) return true;
    const double difference = expected - got;
    return difference <= tolerance && -difference <= tolerance;
}

template <class Lazy = void>
void check_answer(double expected, double got, double tolerance, std::size_t r, const char* what,
                  std::size_t column, const std::string& source) {
    if (!is_same_answer(expected, got, tolerance))
        fail<artifact_error>({source, ": known answer ", r, ", ", what, " ", column, ": expected ",
                              format_number(expected), ", got ", format_number(got),
                              ": this program computes something else"});
}

/// Runs known answers. Throws artifact_error that names the first mismatch.
template <class P>
void check_known_answers(const P& fitted, const known_answers<P>& known, const std::string& source) {
    const matrix<typename known_answers<P>::feature> features = features_for(fitted, known.inputs.view());
    using known_type = known_answers<P>;
    if constexpr (is_exact<P>) {
        constexpr double tolerance = known_tolerance<typename known_type::T, typename known_type::feature>;
        for (std::size_t r = 0; r < features.rows(); ++r)
            for (std::size_t c = 0; c < features.columns(); ++c) {
                const double expected = static_cast<double>(known.features(r, c));
                const double size = expected < -1 ? -expected : expected > 1 ? expected : 1;
                check_answer(expected, static_cast<double>(features(r, c)), tolerance * size, r, "feature", c,
                             source);
            }
    }
    // An exact model is given the features that the other program saw: from there on every bit counts.
    const auto answers = answers_for(fitted, is_exact<P> ? known.features : features);
    constexpr double tolerance =
        known_tolerance<typename known_type::T, typename known_type::feature, typename known_type::answer>;
    for (std::size_t r = 0; r < answers.rows(); ++r)
        for (std::size_t k = 0; k < answers.columns(); ++k) {
            const double expected = static_cast<double>(known.answers(r, k));
            const double allowed =
                is_exact<P> ? 0 : tolerance * magnitude_for(fitted, features, r, k, expected);
            check_answer(expected, static_cast<double>(answers(r, k)), allowed, r,
                         P::has_model ? "score" : "feature", k, source);
        }
}

} // namespace detail

} // namespace tenon
