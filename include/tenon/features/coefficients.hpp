#pragma once

// What the selectors by a model share: the model fitted to some columns, and the sizes of its coefficients.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <tenon/core/because.hpp>
#include <tenon/core/concepts.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/core/record.hpp>
#include <tenon/core/storage.hpp>
#include <tenon/core/widths.hpp>
#include <tenon/data/schema.hpp>
#include <tenon/features/enough_columns.hpp>
#include <tenon/features/finite.hpp>
#include <type_traits>
#include <vector>

namespace tenon::inline v0 {

/// A Model with a solver of its own, whose fitted type has coefficients, inputs × scores.
template <class M, class In>
concept ModelWithCoefficients =
    Model<M> && SolverFor<M, In> && requires(const typename M::template fitted<In> fitted) {
        { fitted.coefficients() } -> std::convertible_to<matrix_view<const double>>;
    };

namespace detail {

/// Columns as the trial models see them: as many as are left, whatever the schema.
template <class Y>
using trial_columns =
    columns<dynamic, std::conditional_t<std::is_same_v<Y, class_index>, classes<dynamic>, real>>;

template <class In, std::size_t K, class M>
consteval auto objection_to_selection() {
    using trial = trial_columns<target_value<typename In::kind>>;
    if constexpr (!no_objection<enough_numbers<In, K>>)
        return enough_numbers<In, K>{};
    else if constexpr (std::is_same_v<typename In::kind, none>)
        return because::a_Model_needs_a_target_but_the_schema_has_none{};
    else if constexpr (is_several_numbers<typename In::kind>)
        return because::this_takes_one_target__the_schema_has_several{};
    else if constexpr (!no_objection<typename M::template objection<trial>>)
        return typename M::template objection<trial>{};
    else if constexpr (!ModelWithCoefficients<M, trial>)
        return because::this_Model_has_no_coefficients_to_select_columns_by{};
    else
        return because::nothing{};
}

/// Classes counted from 0 without those that no row has.
template <class Lazy = void>
std::vector<class_index> present_classes(vector_view<const class_index> y, std::size_t& count) {
    std::vector<class_index> number;
    for (std::size_t r = 0; r < y.size(); ++r) {
        if (y[r] >= number.size()) number.resize(y[r] + std::size_t{1});
        number[y[r]] = 1;
    }
    count = 0;
    for (class_index& n : number) n = n == 1 ? static_cast<class_index>(count++) : no_class;
    std::vector<class_index> all;
    for (std::size_t r = 0; r < y.size(); ++r) all.push_back(number[y[r]]);
    return all;
}

/// The training rows as the trial models see them, and the models themselves.
template <class M, class Y>
class trial_fits {
public:
    template <class T>
    trial_fits(std::string_view stage, const M& model, matrix_view<const T> x, vector_view<const Y> y,
               std::span<const column_info> columns)
        : stage_(stage), model_(model), columns_(columns), x_(x.rows(), x.columns()) {
        if (x.rows() == 0) fail<data_error>({stage, ": the data have no rows"});
        for (std::size_t r = 0; r < x.rows(); ++r)
            for (std::size_t c = 0; c < x.columns(); ++c) {
                if (x(r, c) - x(r, c) != 0) fail_not_finite(stage, x, columns);
                x_(r, c) = static_cast<double>(x(r, c));
            }
        if constexpr (std::is_same_v<Y, class_index>) {
            y_ = present_classes(y, outputs_);
            if (outputs_ < 2) fail<data_error>({stage, ": the target has one class only in these rows"});
        } else
            for (std::size_t r = 0; r < y.size(); ++r) y_.push_back(y[r]);
    }

    /// For each of these columns the sum over the scores of |coefficient|^power in a model of them alone, the largest
    /// coefficient being 1.
    std::vector<double> sizes(std::span<const std::size_t> places, int power) const {
        using fitted = typename M::template fitted<trial_columns<Y>>;
        matrix<double> x(x_.rows(), places.size());
        for (std::size_t r = 0; r < x.rows(); ++r)
            for (std::size_t c = 0; c < places.size(); ++c) x(r, c) = x_(r, places[c]);
        const fitted model =
            model_.fit(std::type_identity<fitted>{}, matrix_view<const double>(x),
                       vector_view<const Y>(std::span<const Y>(y_)), model_shape{places.size(), outputs_});
        const matrix_view<const double> coefficients = model.coefficients();
        double largest = 0; // becomes 1, so that no square overflows or vanishes
        for (std::size_t c = 0; c < places.size(); ++c)
            for (std::size_t k = 0; k < coefficients.columns(); ++k) {
                const double size = std::abs(coefficients(c, k));
                if (!is_finite(size))
                    fail<fit_error>({stage_, ": the coefficient of column '", columns_[places[c]].name,
                                     "' is no finite number; put standardize() before it"});
                largest = size > largest ? size : largest;
            }
        std::vector<double> all(places.size());
        for (std::size_t c = 0; c < places.size() && largest > 0; ++c)
            for (std::size_t k = 0; k < coefficients.columns(); ++k) {
                const double size = std::abs(coefficients(c, k)) / largest;
                all[c] += power == 1 ? size : size * size;
            }
        return all;
    }

private:
    std::string_view stage_;
    const M& model_;
    std::span<const column_info> columns_;
    matrix<double> x_;
    std::vector<Y> y_;
    std::size_t outputs_ = 1;
};

/// The kept places of a fitted selector.
template <class F>
F kept_places(std::size_t width, std::span<const std::size_t> ascending) {
    F f{held_width<F::in>(width), storage<std::uint32_t, F::out>(ascending.size())};
    for (std::size_t i = 0; i < ascending.size(); ++i) f.places[i] = static_cast<std::uint32_t>(ascending[i]);
    return f;
}

} // namespace detail

} // namespace tenon
