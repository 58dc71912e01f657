#pragma once

// What every specification derives from: its role in a pipeline, and defaults that mean "no objection".

#include <tenon/core/because.hpp>
#include <utility>

namespace tenon::inline v0 {

/// Where a stage may stand in a pipeline.
enum class role { preprocessor, expander, model, trainer, pruner, quantizer };

/// The base of specifications. A specification is a small copyable value that describes and runs nothing.
///
/// A stage of one's own derives from `stage<role::…>` and hides what it wants to say:
///  - `malformed`: a reason why the specification itself is wrong (a Loss that is none);
///  - `objection<In>`: a reason why it does not suit the columns In;
///  - `learns_nothing` (preprocessors): whether `fit` learns from the columns' names, levels and number alone, and only
///    checks the rows;
///  - `differentiable` (models): whether `minimize` can train it;
///  - `objection_to<M>` (pruners, quantizers): a reason why it cannot take the fitted model M.
template <role Role>
struct stage {
    static constexpr role part = Role;
    static constexpr bool learns_nothing = false;
    static constexpr bool differentiable = false;
    using malformed = because::nothing;
    template <class In>
    using objection = because::nothing;
    template <class M>
    using objection_to = because::nothing;
};

/// Whether a role maps columns to columns.
constexpr bool is_transform(role r) noexcept {
    return r == role::preprocessor || r == role::expander;
}

/// Whether a role makes a fitted Model smaller.
constexpr bool is_compressor(role r) noexcept {
    return r == role::pruner || r == role::quantizer;
}

/// Collects the fields of a fitted type. Every fitted type lists its fields once, by name, in
/// `template <class Self, class Visit> static void fields(Self& self, Visit&& visit)`;
/// the artifact, the generated header and the byte count walk that list. A field is a storage or a number.
template <class Fitted, class Visit>
constexpr void visit_fields(Fitted& fitted, Visit&& visit) {
    if constexpr (requires { std::remove_const_t<Fitted>::fields(fitted, visit); })
        std::remove_const_t<Fitted>::fields(fitted, visit);
}

} // namespace tenon
