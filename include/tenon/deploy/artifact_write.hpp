#pragma once

// save: a fitted pipeline as one file that holds all of it. A safetensors file (Python opens it), sealed by SHA-256:
// every stage's fields as tensors "<stage>.<name>.<field>", known answers, reference profiles, and what artifact_info
// lists. The same pipeline always gives the same bytes.

#include <string>
#include <string_view>
#include <tenon/core/because.hpp>
#include <tenon/core/fitted_pipeline.hpp>
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

namespace because {
struct a_fitted_Stage_with_members_must_list_them_in_fields {};
} // namespace because

/// Numbers to keep beside a model: what compare or evaluate gave, or anything whose values() are rows of model, metric
/// and value.
template <class C>
concept Measured = requires(const C& measured) { measured.values().begin()->value; };

namespace detail {

template <class F>
inline constexpr bool lists_fields =
    std::is_empty_v<F> || requires(F& f) { F::fields(f, [](const char*, auto&) {}); };

/// Why a pipeline cannot be saved.
template <class S, class... F>
consteval auto objection_to_save(std::type_identity<fitted_pipeline<S, F...>>) {
    if constexpr ((lists_fields<F> && ...))
        return because::nothing{};
    else
        return because::a_fitted_Stage_with_members_must_list_them_in_fields{};
}
template <class P>
consteval auto objection_to_save(std::type_identity<P>) {
    return because::the_first_argument_is_not_fitted__call_fit_first{};
}
template <class P>
using save_objection = decltype(objection_to_save(std::type_identity<P>{}));
template <class P>
concept Saveable = no_objection<save_objection<P>>;

template <class... F>
void add_stages(tensor_list<>& tensors, const std::tuple<F...>& stages) {
    std::size_t i = 0;
    auto one = [&]<class G>(const G& stage) {
        for (const field_view& field : fields_of(stage))
            tensors.add_field(field_name(i, G::name, field.name), field);
        ++i;
    };
    std::apply([&](const F&... stage) { (one(stage), ...); }, stages);
}

template <class C>
std::vector<stored_metric> metrics_of(const C& measured) {
    std::vector<stored_metric> metrics;
    for (const auto& row : measured.values()) {
        if constexpr (requires { row.model; })
            metrics.push_back({row.model, row.metric, row.value});
        else
            metrics.push_back({{}, row.name, row.value});
    }
    return metrics;
}

template <class P>
std::vector<std::byte> artifact_bytes(const P& fitted, std::vector<stored_metric> metrics) {
    using S = typename P::schema_type;
    const training_record& record = fitted.record();
    const artifact_info info{artifact_version,
                             library_version(),
                             texts_of(fitted.stages()),
                             record.schema,
                             kind_text<typename S::kind>(),
                             scalar_text<typename P::scalar>(),
                             record.rows,
                             record.profiled_rows,
                             record.seed,
                             record.fingerprint,
                             std::move(metrics),
                             {}};
    check_schema<S>(info.schema, info.kind, "cannot save");

    tensor_list<> tensors;
    add_stages(tensors, fitted.stages());
    const profile_tensors<> profiles(record);
    profiles.add_to(tensors);
    const known_answers<P> known = make_known_answers(fitted);
    known.add_to(tensors);
    return write_safetensors(tensors.all(), metadata_of(info));
}

} // namespace detail

/// The bytes of the file that save writes.
template <class P>
    requires detail::Saveable<P>
std::vector<std::byte> save_bytes(const P& fitted) {
    return detail::artifact_bytes(fitted, {});
}
template <class P, Measured C>
    requires detail::Saveable<P>
std::vector<std::byte> save_bytes(const P& fitted, const C& measured) {
    return detail::artifact_bytes(fitted, detail::metrics_of(measured));
}

/// Writes a fitted pipeline to a file; what was there is replaced only when the new file is complete. Throws
/// artifact_error where the file cannot be written.
///
///     save(model, "houses.tenon");
template <class P>
    requires detail::Saveable<P>
void save(const P& fitted, const std::string& path) {
    write_file<artifact_error>(path, save_bytes(fitted));
}

/// The same, with the numbers of a comparison or report kept in the file: save(model, "houses.tenon", table).
template <class P, Measured C>
    requires detail::Saveable<P>
void save(const P& fitted, const std::string& path, const C& measured) {
    write_file<artifact_error>(path, save_bytes(fitted, measured));
}

template <class P, class... C, class Why = detail::save_objection<P>>
    requires(!no_objection<Why>)
refused<Why> save(const P&, const std::string&, const C&...);
template <class P, class... C, class Why = detail::save_objection<P>>
    requires(!no_objection<Why>)
refused<Why> save_bytes(const P&, const C&...);

} // namespace tenon::inline v0
