#pragma once

// The predictions of a fitted pipeline for all rows of some data, beside the truth: where outcomes come from.

#include <cmath>
#include <cstddef>
#include <string>
#include <tenon/core/because.hpp>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/core/record.hpp>
#include <tenon/evaluate/outcomes.hpp>
#include <type_traits>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// Why the model cannot predict the rows of the data.
template <class P, class D>
consteval auto objection_to_predict_all() {
    using namespace because;
    if constexpr (!Predictor<P>) {
        if constexpr (requires { typename P::fitted_stages; })
            return the_pipeline_has_no_Model__use_transform{};
        else
            return the_first_argument_is_not_fitted__call_fit_first{};
    } else if constexpr (!Dataset<D>)
        return the_argument_is_not_a_Dataset{};
    else if constexpr (!std::is_same_v<typename P::schema_type, typename D::schema_type>)
        return the_data_have_another_schema_than_the_model{};
    else
        return nothing{};
}

/// Refuses a column of the data that is not the one the model knows. The data may know fewer levels, as long as those
/// they know have the same indices.
inline void check_known_column(const column_info& known, const column_info& given) {
    if (known.name != given.name)
        fail<data_error>({"the model was fitted on column '", known.name, "', the data have '", given.name,
                          "' in its place"});
    for (std::size_t i = 0; i < given.levels.size(); ++i)
        if (i >= known.levels.size() || known.levels[i] != given.levels[i])
            fail<data_error>(
                {"column '", known.name, "': the data call level ", i, " '", given.levels[i], "', the model ",
                 (i < known.levels.size() ? "'" + known.levels[i] + "'" : "has no level of this index")});
}

inline void check_known_columns(const schema_info& known, const schema_info& given) {
    if (known.columns.size() != given.columns.size())
        fail<data_error>({"the model was fitted on ", known.columns.size(), " columns, the data have ",
                          given.columns.size()});
    for (std::size_t i = 0; i < known.columns.size(); ++i)
        check_known_column(known.columns[i], given.columns[i]);
    check_known_column(known.target, given.target);
    for (std::size_t k = 0; k < known.more_targets.size() && k < given.more_targets.size(); ++k)
        check_known_column(known.more_targets[k], given.more_targets[k]);
}

/// The true numbers; throws where one is not finite.
inline std::vector<double> checked_truth(vector_view<const double> y, const column_info& target) {
    std::vector<double> truth(y.size());
    for (std::size_t r = 0; r < y.size(); ++r) {
        if (!std::isfinite(y[r]))
            fail<data_error>(
                {"evaluate: target '", target.name, "', row ", r + 1, " is not a finite number"});
        truth[r] = y[r];
    }
    return truth;
}
inline std::vector<double> checked_truth(vector_view<const double> y, const schema_info& info) {
    return checked_truth(y, info.target);
}

/// The true classes; throws where the model knows no such class.
inline std::vector<class_index> checked_truth(vector_view<const class_index> y, const schema_info& info) {
    std::vector<class_index> truth(y.size());
    for (std::size_t r = 0; r < y.size(); ++r) {
        if (y[r] >= info.target.levels.size())
            fail<data_error>({"evaluate: label '", info.target.name, "', row ", r + 1, " is ", y[r],
                              ", the model has ", info.target.levels.size(), " classes"});
        truth[r] = y[r];
    }
    return truth;
}

/// Truth and predictions of a kind, owned.
template <class Kind>
struct predicted_rows {
    std::vector<target_value<Kind>> truth, predicted;
    matrix<double> probabilities; // filled where asked for

    std::size_t size() const noexcept { return truth.size(); }
    outcomes<Kind> seen(const schema_info& info) const {
        if constexpr (is_classification<Kind>)
            return {{truth, predicted, probabilities.view(), info.target.levels.size(), info.target.levels}};
        else
            return {truth, predicted};
    }
};

/// The same of several numbers, output by output.
template <std::size_t N>
struct predicted_rows<reals<N>> {
    std::array<std::vector<double>, N> truth, predicted;

    std::size_t size() const noexcept { return truth[0].size(); }
    outcomes<reals<N>> seen(const schema_info&) const {
        outcomes<reals<N>> all;
        for (std::size_t k = 0; k < N; ++k) all.outputs[k] = {truth[k], predicted[k]};
        return all;
    }
};

/// Predicts all rows. Throws data_error for no rows, other columns, other classes, targets that are not finite.
template <class P, class D>
predicted_rows<typename P::schema_type::kind> predict_all(const P& model, const D& data,
                                                          bool with_probabilities) {
    using kind = typename P::schema_type::kind;
    const auto x = data.x();
    if (x.rows() == 0) fail<data_error>({"evaluate: the data have no rows"});
    check_known_columns(model.record().schema, data.info());
    predicted_rows<kind> rows;
    std::vector<typename P::answer> answers(x.rows());
    model.predict(x, answers);
    if constexpr (is_several_numbers<kind>) {
        const vector_view<const target_value<kind>> y = data.y();
        for (std::size_t k = 0; k < outputs_of<kind>; ++k) {
            rows.truth[k] = checked_truth(y.column(k), model.record().schema.target_column(k));
            for (const auto& answer : answers) rows.predicted[k].push_back(static_cast<double>(answer[k]));
        }
    } else {
        rows.truth = checked_truth(data.y(), model.record().schema);
        rows.predicted.assign(answers.begin(), answers.end());
    }
    if constexpr (is_classification<kind>) {
        if (!with_probabilities) return rows;
        matrix<typename P::score> p(x.rows(), model.output_count());
        model.probabilities(x, p.view());
        rows.probabilities = matrix<double>(p.rows(), p.columns());
        for (std::size_t r = 0; r < p.rows(); ++r)
            for (std::size_t k = 0; k < p.columns(); ++k)
                rows.probabilities(r, k) = static_cast<double>(p(r, k));
    }
    return rows;
}

} // namespace detail

} // namespace tenon
