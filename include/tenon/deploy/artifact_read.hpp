#pragma once

// load: a fitted pipeline from a file that save wrote. The file is read as if somebody wished us ill: its seal first,
// then that it is of this recipe and schema, then every size and field, at last its known answers.
//
// A fitted stage whose fields could contradict each other (two storages of a dynamic width, an index into another
// field) says so in `bool is_consistent() const`, or `is_consistent(columns)` where it depends on the columns before it.

#include <span>
#include <string>
#include <tenon/core/because.hpp>
#include <tenon/core/error.hpp>
#include <tenon/core/fitted_pipeline.hpp>
#include <tenon/core/stage.hpp>
#include <tenon/deploy/artifact_info.hpp>
#include <tenon/deploy/known_answers.hpp>
#include <tenon/deploy/profile_tensors.hpp>
#include <tenon/deploy/recipe_text.hpp>
#include <tenon/deploy/tensor_fields.hpp>
#include <tenon/format/file.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

template <class... F>
void read_stages(tensor_source<>& tensors, std::tuple<F...>& stages) {
    std::size_t i = 0;
    auto one = [&]<class G>(G& stage) {
        visit_fields(stage, [&](const char* field, auto& value) {
            tensors.take_field(field_name(i, G::name, field), value);
        });
        ++i;
    };
    std::apply([&](F&... stage) { (one(stage), ...); }, stages);
}

/// Each stage takes what the one before it gives, the last gives one score a class or one number.
template <class Lazy = void>
void check_widths(std::span<const stage_text> stages, const schema_info& schema, std::size_t scores,
                  const std::string& source) {
    std::size_t width = schema.columns.size();
    for (std::size_t i = 0; i < stages.size(); ++i) {
        if (stages[i].in != width)
            fail<artifact_error>({source, ": ", stage_place(i, stages[i].name), " takes ", stages[i].in,
                                  " columns, but ",
                                  (i == 0 ? "the schema has " : "the stage before it gives "), width});
        width = stages[i].out;
    }
    if (scores != 0 && width != scores)
        fail<artifact_error>({source, ": the model gives ", width, " scores, but the target needs ", scores});
}

template <class F>
concept ChecksItself = requires(const F& stage) {
    { stage.is_consistent() } -> std::same_as<bool>;
};
template <class F>
concept ChecksColumns = requires(const F& stage, std::span<const column_info> columns) {
    { stage.is_consistent(columns) } -> std::same_as<bool>;
};

/// Asks each stage whether its fields agree. Columns are described only as far as a stage asks for them.
template <class... F>
void check_consistency(const std::tuple<F...>& stages, std::vector<column_info> columns,
                       const std::string& source) {
    const auto require = [&](bool is_consistent, std::size_t i, std::string_view name) {
        if (!is_consistent)
            fail<artifact_error>(
                {source, ": the fields of ", stage_place(i, std::string(name)), " contradict each other"});
    };
    std::size_t i = 0;
    auto alone = [&]<class G>(const G& stage) {
        if constexpr (ChecksItself<G>) require(stage.is_consistent(), i, G::name);
        ++i;
    };
    std::apply([&](const F&... stage) { (alone(stage), ...); }, stages);

    std::size_t asking = (std::size_t{0} + ... + std::size_t{ChecksColumns<F>});
    i = 0;
    auto with_columns = [&]<class G>(const G& stage) {
        if constexpr (ChecksColumns<G>) {
            require(stage.is_consistent(std::span<const column_info>(columns)), i, G::name);
            --asking;
        }
        if constexpr (requires { stage.describe(std::span<const column_info>(columns)); })
            if (asking > 0) columns = stage.describe(std::span<const column_info>(columns));
        ++i;
    };
    if (asking > 0) std::apply([&](const F&... stage) { (with_columns(stage), ...); }, stages);
}

template <class Lazy = void>
void check_scalar(const char* program, const std::string& file, const std::string& source) {
    if (program != file)
        fail<artifact_error>({source, ": rows are ", program, " in this program, ", file, " in the file"});
}

/// Everything but the stages that a file tells of the training.
template <class Lazy = void>
training_record record_of_file(const artifact_info& info) {
    return {.schema = info.schema,
            .rows = info.rows,
            .profiled_rows = info.profiled_rows,
            .seed = info.seed,
            .fingerprint = info.fingerprint};
}

template <class P>
P load_pipeline(std::span<const std::byte> bytes, const std::string& source) {
    using S = typename P::schema_type;
    using stages_type = typename P::fitted_stages;
    static_assert(std::is_default_constructible_v<stages_type>,
                  "load fills the fields of each fitted stage, which needs a default constructor for that");
    const safetensors_view file = read_safetensors(bytes, source);
    const artifact_info info = info_of(file, source);
    check_stages(stage_types<stages_type>::texts(), info.stages, source);
    check_schema<S>(info.schema, info.kind, source);
    check_scalar(scalar_text<typename P::scalar>(), info.scalar, source);

    tensor_source<> tensors(file, source);
    stages_type stages;
    read_stages(tensors, stages);
    const std::vector<stage_text> texts = texts_of(stages);
    std::size_t scores = 0;
    if (P::has_model)
        scores = is_classification<typename S::kind> ? info.schema.target.levels.size()
                                                     : outputs_of<typename S::kind>;
    check_widths(texts, info.schema, scores, source);
    check_consistency(stages, info.schema.columns, source);
    check_stages(texts, info.stages, source);

    training_record record = record_of_file(info);
    read_profiles(tensors, record, P::has_model, source);
    const auto known =
        known_answers<P>::read(tensors, info.schema.columns.size(),
                               P::has_model ? texts.back().in : texts.back().out, texts.back().out, source);
    tensors.check_all_taken();
    P fitted(std::move(stages), std::move(record));
    check_known_answers(fitted, known, source);
    return fitted;
}

template <class P>
concept Loadable = requires { typename std::remove_cv_t<P>::fitted_stages; };

} // namespace detail

/// Reads what save wrote. Throws artifact_error for a file that is damaged, of a newer format, of another recipe or
/// schema (the message names the first difference), or whose known answers this program does not give.
///
///     auto model = load<fitted_t<decltype(recipe), house>>("houses.tenon");
template <class P>
    requires detail::Loadable<P>
std::remove_cv_t<P> load(const std::string& path) {
    return detail::load_pipeline<std::remove_cv_t<P>>(read_bytes<artifact_error>(path), path);
}

/// The same from memory; `source` begins the messages.
template <class P>
    requires detail::Loadable<P>
std::remove_cv_t<P> load_bytes(std::span<const std::byte> bytes, const std::string& source = "the artifact") {
    return detail::load_pipeline<std::remove_cv_t<P>>(bytes, source);
}

template <class P>
    requires(!detail::Loadable<P>)
refused<because::load_needs_a_fitted_type__write_load_of_fitted_t> load(const std::string&);
template <class P>
    requires(!detail::Loadable<P>)
refused<because::load_needs_a_fitted_type__write_load_of_fitted_t> load_bytes(std::span<const std::byte>,
                                                                              const std::string& = {});

} // namespace tenon
