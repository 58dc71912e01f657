#pragma once

// What `fit` returns: fitted stages in order, the last of them a model unless the recipe had none. It predicts,
// it is const, and threads may share it.

#include <array>
#include <string>
#include <tenon/core/batch_scores.hpp>
#include <tenon/core/because.hpp>
#include <tenon/core/chain.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/fields.hpp>
#include <tenon/core/record.hpp>
#include <tenon/core/sample.hpp>
#include <tuple>
#include <vector>

namespace tenon::inline v0 {

/// Fitted stages over the columns of S. There is no empty one: it comes from `fit`, `compress` or `load`.
template <class S, class... F>
class fitted_pipeline {
    using chain = detail::chain<typename S::scalar, F...>;

public:
    using schema_type = S;
    using scalar = typename S::scalar;
    using fitted_stages = std::tuple<F...>;
    using model_type = typename chain::model_type;
    using workspace = typename chain::workspace;
    using answer =
        typename chain::template answer<typename S::kind>; ///< number, std::array of them, class_index
    using score = typename chain::score;

    static constexpr bool has_model = chain::has_model;
    static constexpr bool is_static = S::width != dynamic && chain::is_static;
    static constexpr std::size_t width = S::width;
    static constexpr std::size_t width_out = chain::out_or(S::width);
    static constexpr std::size_t outputs = chain::outputs;
    /// Whether a row may lack a value in this column: a stage fills it, or leaves the column out.
    static constexpr bool may_lack(std::size_t column) noexcept {
        return chain::follow(column) == detail::settled;
    }

    fitted_pipeline(std::tuple<F...>&& stages, training_record record)
        : stages_(std::move(stages)), record_(std::move(record)) {}

    /// One sample in the order of the schema's columns; a category as the index of its level. No allocation.
    /// Unchecked: an unparsed NaN gives NaN, no_class, or (int8) the quantized zero.
    answer operator()(row<width, scalar> x) const noexcept
        requires(is_static && has_model)
    {
        std::array<score, outputs> scores;
        scores_into(x, scores);
        return chain::template decide<typename S::kind>(std::span<const score, outputs>(scores));
    }

    /// The same where widths are known at run time only; allocates nothing once the workspace has grown.
    /// Throws data_error where the row has another width than the training data.
    answer operator()(row<dynamic, scalar> x, workspace& room) const
        requires(!is_static && has_model)
    {
        return chain::template decide<typename S::kind>(scores_with(x, room));
    }
    answer operator()(row<dynamic, scalar> x) const
        requires(!is_static && has_model)
    {
        workspace room;
        return (*this)(x, room);
    }

    template <std::size_t N>
        requires(is_static && has_model && N != width)
    refused<because::the_sample_has_the_wrong_number_of_columns<width, N>>
    operator()(const std::array<scalar, N>&) const;

    template <class Row>
        requires(is_static && has_model && !std::is_convertible_v<const Row&, row<width, scalar>> &&
                 !detail::is_std_array<Row, scalar>)
    refused<because::a_sample_is_a_std_array_or_span_of_this_width_and_scalar<width, scalar>>
    operator()(const Row&) const;

    template <class Row>
        requires(!has_model)
    refused<because::the_pipeline_has_no_Model__use_transform> operator()(const Row&) const;

    /// One score a class (or one number), into the caller's memory.
    void scores_into(row<width, scalar> x, row_out<outputs, score> z) const noexcept
        requires(is_static && has_model)
    {
        chain::run(stages_, x, z);
    }

    /// The probability of each class: the softmax of the scores. NaN where an input was NaN.
    std::array<score, outputs> probabilities(row<width, scalar> x) const noexcept
        requires(is_static && has_model && is_classification<typename S::kind>)
    {
        std::array<score, outputs> p;
        scores_into(x, p);
        detail::softmax(std::span<score>(p));
        return p;
    }
    /// The same for run-time widths; `p` has one place a class.
    void probabilities(row<dynamic, scalar> x, std::span<score> p, workspace& room) const
        requires(!is_static && has_model && is_classification<typename S::kind>)
    {
        const auto z = scores_with(x, room);
        check_width("the room for probabilities", z.size(), p.size());
        for (std::size_t k = 0; k < z.size(); ++k) p[k] = z[k];
        detail::softmax(p);
    }
    template <class Row>
        requires(has_model && !is_classification<typename S::kind>)
    refused<because::a_regression_has_no_probabilities> probabilities(const Row&) const;

    /// Every row of x, any layout, into `out` (one place a row). Throws data_error where sizes differ.
    /// Networks of more than 16 KiB take many rows at a time, which may change the last bits of their scores. Static
    /// widths allocate nothing.
    void predict(matrix_view<const scalar> x, std::span<answer> out) const
        requires has_model
    {
        check_width("the output", x.rows(), out.size());
        for_each_scores(x, [&](std::size_t r, auto scores) {
            out[r] = chain::template decide<typename S::kind>(scores);
        });
    }

    /// The same where the target is several numbers, one column each: into `out` (rows × outputs), any layout.
    void predict(matrix_view<const scalar> x, matrix_view<score> out) const
        requires(has_model && is_several_numbers<typename S::kind>)
    {
        check_width("the output", x.rows(), out.rows());
        check_width("a row of the output", outputs, out.columns());
        for_each_scores(x, [&](std::size_t r, auto scores) {
            for (std::size_t k = 0; k < outputs; ++k) out(r, k) = scores[k];
        });
    }

    /// The probabilities of every row, into `out` (rows × classes).
    void probabilities(matrix_view<const scalar> x, matrix_view<score> out) const
        requires(has_model && is_classification<typename S::kind>)
    {
        check_width("the output", x.rows(), out.rows());
        check_width("a row of the output", output_count(), out.columns());
        auto p = detail::make_sample<outputs, score>(output_count());
        for_each_scores(x, [&](std::size_t r, auto scores) {
            for (std::size_t k = 0; k < p.size(); ++k) p[k] = scores[k];
            detail::softmax(std::span<score>(p.data(), p.size()));
            for (std::size_t k = 0; k < p.size(); ++k) out(r, k) = p[k];
        });
    }

    /// One sample through the transforms alone: what the model sees, or all there is where there is no model.
    void transform(row<width, scalar> x, row_out<width_out, scalar> z) const noexcept
        requires(is_static)
    {
        chain::transform(stages_, x, z);
    }

    /// Every row of x through the transforms into `z` (rows × feature_count()), any layout.
    void transform(matrix_view<const scalar> x, matrix_view<scalar> z) const {
        check_width("the output", x.rows(), z.rows());
        check_width("a row of the output", feature_count(), z.columns());
        for_each_row(x, [&](std::size_t r, std::span<const scalar> sample, workspace& room) {
            chain::transform_row(stages_, sample, z, r, room);
        });
    }

    /// Back from transformed values to columns of the schema, where every stage has an inverse.
    void inverse(row<width_out, scalar> z, row_out<width, scalar> x) const noexcept
        requires(is_static && !has_model && chain::has_inverse)
    {
        chain::inverse(stages_, z, x);
    }
    template <class Row, class Out>
        requires(!has_model && !chain::has_inverse)
    refused<because::a_stage_of_this_pipeline_has_no_inverse> inverse(const Row&, Out&&) const;

    /// A raw row for this pipeline from one value a column: numbers, or words for categories ("" and "NA" are
    /// missing), or a text for the N columns of a text<"name", N>, where its words are counted. Throws data_error for what
    /// the pipeline cannot take: an unknown level, text that is no number, a number that is no text, an infinity, a
    /// missing value where no stage fills it.
    template <class... Values>
        requires(width == dynamic || sizeof...(Values) == detail::field_count<S>)
    sample<width, scalar> parse(const Values&... values) const {
        if constexpr (!detail::has_texts<S>)
            check_width("the row", record_.schema.columns.size(), sizeof...(Values));
        auto x = detail::make_sample<width, scalar>(record_.schema.columns.size());
        std::size_t i = 0;
        if constexpr (detail::has_texts<S>)
            ((parse_field(detail::schema_fields<S>[i], values, x), ++i), ...);
        else
            ((x[i] = detail::parse_value<scalar>(record_.schema.columns[i], values, may_lack(i)), ++i), ...);
        return x;
    }
    template <class... Values>
        requires(width != dynamic && sizeof...(Values) != detail::field_count<S>)
    refused<because::the_sample_has_the_wrong_number_of_columns<detail::field_count<S>, sizeof...(Values)>>
    parse(const Values&...) const;

    /// Checks a raw row that is numbers already (categories as level indices). Throws as parse does.
    void check(std::span<const scalar> x) const {
        check_width("the row", record_.schema.columns.size(), x.size());
        for (std::size_t i = 0; i < x.size(); ++i)
            detail::check_value(record_.schema.columns[i], static_cast<double>(x[i]), may_lack(i));
    }

    /// What the pipeline remembers of its training.
    const training_record& record() const noexcept { return record_; }
    training_record& record() noexcept { return record_; }
    const fitted_stages& stages() const noexcept { return stages_; }

    /// The I-th fitted stage.
    template <std::size_t I>
    const auto& stage() const noexcept {
        return std::get<I>(stages_);
    }
    const model_type& model() const noexcept
        requires has_model
    {
        return std::get<sizeof...(F) - 1>(stages_);
    }

    /// How many columns the transforms make, and which.
    std::size_t feature_count() const { return chain::feature_count(stages_, record_.schema.columns.size()); }
    std::vector<column_info> features() const { return chain::columns(stages_, record_.schema.columns); }
    /// Scores a sample gives: 1, or the number of outputs or classes.
    std::size_t output_count() const noexcept
        requires has_model
    {
        return model().width_out();
    }
    /// The word for a class that this model answers. Throws data_error where there is none of this index.
    const std::string& class_name(class_index k) const
        requires(is_classification<typename S::kind>)
    {
        if (k >= record_.schema.target.levels.size())
            detail::fail<data_error>({"class ", k, " is not one of the ", record_.schema.target.levels.size(),
                                      " classes of '", record_.schema.target.name, "'"});
        return record_.schema.target.levels[k];
    }

    /// Bytes of all fitted numbers: what a prediction reads.
    std::size_t bytes() const { return chain::bytes(stages_); }

private:
    static void check_width(const char* what, std::size_t expected, std::size_t given) {
        if (expected != given)
            detail::fail<data_error>({what, " has ", given, " values, expected ", expected});
    }

    template <class Value>
    void parse_field(detail::field_places field, const Value& value, sample<width, scalar>& x) const {
        const column_info& column = record_.schema.columns[field.first];
        if (field.is_text())
            detail::parse_text(std::span<scalar>(x).subspan(field.first, field.count), column, value);
        else
            x[field.first] = detail::parse_value<scalar>(column, value, may_lack(field.first));
    }

    std::span<const score> scores_with(row<dynamic, scalar> x, workspace& room) const
        requires(!is_static && has_model)
    {
        check_width("the row", record_.schema.columns.size(), x.size());
        return chain::run(stages_, x, room);
    }

    /// each(r, scores) for every row: one by one, or many at a time where the model is large.
    template <class Each>
    void for_each_scores(matrix_view<const scalar> x, Each&& each) const {
        if constexpr (is_static && detail::PredictsBatches<model_type>) {
            check_width("a row", record_.schema.columns.size(), x.columns());
            detail::batch_scores(stages_, x, each);
        } else
            for_each_row(x, [&](std::size_t r, std::span<const scalar> sample, workspace& room) {
                if constexpr (is_static) {
                    std::array<score, outputs> scores;
                    scores_into(sample.template first<width>(), scores);
                    each(r, std::span<const score, outputs>(scores));
                } else
                    each(r, scores_with(sample, room));
            });
    }

    template <class Each>
    void for_each_row(matrix_view<const scalar> x, Each&& each) const {
        check_width("a row", record_.schema.columns.size(), x.columns());
        workspace room;
        auto gathered = detail::make_sample<width, scalar>(x.columns());
        for (std::size_t r = 0; r < x.rows(); ++r)
            each(r, contiguous_row(x, r, std::span<scalar>(gathered.data(), gathered.size())), room);
    }

    std::tuple<F...> stages_;
    training_record record_;
};

} // namespace tenon
