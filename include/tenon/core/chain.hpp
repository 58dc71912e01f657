#pragma once

// How a row runs through fitted stages. Static widths: work areas on the stack, nothing allocated, noexcept.
// Dynamic widths: work areas in a workspace that the caller may keep.

#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <tenon/core/concepts.hpp>
#include <tenon/core/record.hpp>
#include <tuple>
#include <vector>

namespace tenon::inline v0::detail {

/// What stands in for the model of a pipeline that has none.
struct absent_model {
    using scalar = double;
    using score = double;
    static constexpr std::size_t in = 0;
    static constexpr std::size_t outputs = 0;
};

template <bool IsModel, class F>
struct model_or_absent {
    using type = F;
};
template <class F>
struct model_or_absent<false, F> {
    using type = absent_model;
};

/// softmax in place; any NaN makes all of them NaN.
template <class T>
void softmax(std::span<T> z) noexcept {
    T largest = z[0];
    for (T v : z) largest = v > largest ? v : largest;
    T sum = 0;
    for (T& v : z) sum += v = std::exp(v - largest);
    for (T& v : z) v /= sum;
}

/// The index of the largest score, the first of equals; no_class where one is NaN.
template <class T>
constexpr class_index largest_of(std::span<const T> z) noexcept {
    class_index best = 0;
    for (std::size_t k = 0; k < z.size(); ++k) {
        if (z[k] != z[k]) return no_class;
        if (z[k] > z[best]) best = static_cast<class_index>(k);
    }
    return best;
}

template <class F>
concept FillsMissing = requires { requires F::fills_missing; };

/// Where a raw column is behind a stage that cannot say: mixed into others.
inline constexpr std::size_t mixed = dynamic;
/// Where it is if a missing value in it does no harm: filled, or left out.
inline constexpr std::size_t settled = dynamic - 1;

/// Where column `place` is behind a fitted transform F. A stage that moves columns tells by a member follow(place).
template <class F>
constexpr std::size_t place_behind(std::size_t place) noexcept {
    if (FillsMissing<F> || place == settled) return settled;
    if constexpr (requires { F::follow(place); })
        return place == mixed ? mixed : F::follow(place);
    else if constexpr (requires(const F& f, std::span<const column_info> columns) { f.describe(columns); })
        return mixed;
    else
        return place;
}

template <class F>
std::size_t field_bytes(const F& fitted) {
    std::size_t n = 0;
    visit_fields(fitted, [&](const char*, const auto& field) {
        if constexpr (requires { field.size(); })
            n += field.size() * sizeof(*field.data());
        else
            n += sizeof(field);
    });
    return n;
}

/// The stages F... in order; the last is a model where it gives scores.
template <class T, class... F>
struct chain {
    using stages = std::tuple<F...>;
    using last = std::tuple_element_t<sizeof...(F) - 1, stages>;
    static constexpr bool has_model = FittedModel<last>;
    static constexpr std::size_t transforms = sizeof...(F) - (has_model ? 1 : 0);
    using model_type = typename model_or_absent<has_model, last>::type;
    using score = typename model_type::score;
    using feature = typename model_type::scalar; // what the model computes in
    static constexpr std::size_t outputs = model_type::outputs;

    template <class Kind>
    using answer = typename target_traits<Kind>::template answer<score>;

    template <std::size_t I>
    using at = std::tuple_element_t<I, stages>;

    template <class G>
    static consteval bool static_width() {
        if constexpr (requires { G::out; })
            return G::in != dynamic && G::out != dynamic;
        else
            return G::in != dynamic && G::outputs != dynamic;
    }
    static constexpr bool is_static = (static_width<F>() && ...);
    /// Where raw column `place` is behind the transforms.
    static constexpr std::size_t follow(std::size_t place) noexcept {
        auto one = [&]<class G>(std::type_identity<G>) {
            if constexpr (requires { G::out; }) place = place_behind<G>(place);
        };
        (one(std::type_identity<F>{}), ...);
        return place;
    }
    static constexpr bool has_inverse = [] {
        auto one = []<class G>(std::type_identity<G>) {
            if constexpr (requires { G::out; })
                return requires(const G g, row<G::out, T> z, row_out<G::in, T> x) { g.inverse(z, x); };
            else
                return false;
        };
        return (one(std::type_identity<F>{}) && ...);
    }();

    static consteval std::size_t out_or(std::size_t width) {
        if constexpr (transforms == 0)
            return width;
        else
            return at<transforms - 1>::out;
    }

    struct workspace {
        std::vector<T> front, back;
        std::vector<feature> features;
        std::vector<score> scores;
    };

    /// Hands the row that the stages from I on see to `end`, each work area on the stack.
    template <std::size_t I = 0, class Row, class End>
    static void through(const stages& f, Row x, End&& end) noexcept {
        if constexpr (I == transforms)
            end(x);
        else {
            constexpr std::size_t out = at<I>::out;
            static_assert(out * sizeof(T) <= (1u << 18),
                          "a stage's row is too wide for the stack: use tenon::dynamic");
            std::array<T, out> z;
            std::get<I>(f)(x, row_out<out, T>(z));
            through<I + 1>(f, row<out, T>(z), end);
        }
    }

    template <class Row>
    static void run(const stages& f, Row x, row_out<outputs, score> z) noexcept {
        through(f, x, [&](auto features) {
            const auto& model = std::get<transforms>(f);
            if constexpr (std::is_same_v<T, feature>)
                model(features, z);
            else {
                std::array<feature, model_type::in> converted;
                for (std::size_t i = 0; i < converted.size(); ++i)
                    converted[i] = static_cast<feature>(features[i]);
                model(row<model_type::in, feature>(converted), z);
            }
        });
    }

    template <std::size_t I = 0, class Row, class Out>
    static void transform(const stages& f, Row x, Out z) noexcept {
        if constexpr (transforms == 0) {
            for (std::size_t i = 0; i < x.size(); ++i) z[i] = x[i];
        } else if constexpr (I + 1 == transforms) {
            std::get<I>(f)(x, z);
        } else {
            constexpr std::size_t out = at<I>::out;
            std::array<T, out> room;
            std::get<I>(f)(x, row_out<out, T>(room));
            transform<I + 1>(f, row<out, T>(room), z);
        }
    }

    template <std::size_t I = transforms, class Row, class Out>
    static void inverse(const stages& f, Row z, Out x) noexcept {
        const auto& stage = std::get<I - 1>(f);
        if constexpr (I == 1)
            stage.inverse(z, x);
        else {
            constexpr std::size_t in = at<I - 1>::in;
            std::array<T, in> room;
            stage.inverse(z, row_out<in, T>(room));
            inverse<I - 1>(f, row<in, T>(room), x);
        }
    }

    /// Run-time widths: the features end in room.front (or stay in x where there is no transform).
    static std::span<const T> transform(const stages& f, std::span<const T> x, workspace& room) {
        auto one = [&](const auto& stage) {
            using G = std::remove_cvref_t<decltype(stage)>;
            room.back.resize(stage.width_out());
            stage(row<G::in, T>(x.data(), x.size()), row_out<G::out, T>(room.back.data(), room.back.size()));
            room.front.swap(room.back);
            x = room.front;
        };
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (one(std::get<I>(f)), ...);
        }(std::make_index_sequence<transforms>{});
        return x;
    }

    static std::span<const score> run(const stages& f, std::span<const T> x, workspace& room) {
        const auto& model = std::get<transforms>(f);
        const std::span<const T> features = transform(f, x, room);
        room.scores.resize(model.width_out());
        const row_out<outputs, score> z(room.scores.data(), room.scores.size());
        if constexpr (std::is_same_v<T, feature>)
            model(row<model_type::in, feature>(features.data(), features.size()), z);
        else {
            room.features.assign(features.begin(), features.end());
            model(row<model_type::in, feature>(room.features.data(), room.features.size()), z);
        }
        return room.scores;
    }

    /// Row r of z from x, straight into z where z's rows are contiguous.
    static void transform_row(const stages& f, std::span<const T> x, matrix_view<T> z, std::size_t r,
                              workspace& room) {
        if constexpr (is_static && transforms > 0) {
            constexpr std::size_t in = at<0>::in;
            constexpr std::size_t out = at<transforms - 1>::out;
            if (z.has_contiguous_rows())
                return transform(f, x.template first<in>(), z.row(r).template first<out>());
            std::array<T, out> values;
            transform(f, x.template first<in>(), row_out<out, T>(values));
            for (std::size_t c = 0; c < out; ++c) z(r, c) = values[c];
        } else {
            const auto values = transform(f, x, room);
            for (std::size_t c = 0; c < values.size(); ++c) z(r, c) = values[c];
        }
    }

    template <class Kind, class Scores>
    static constexpr answer<Kind> decide(Scores z) noexcept {
        if constexpr (is_classification<Kind>)
            return largest_of(std::span<const score>(z));
        else if constexpr (is_several_numbers<Kind>) {
            answer<Kind> all{};
            for (std::size_t k = 0; k < all.size(); ++k) all[k] = z[k];
            return all;
        } else
            return z[0];
    }

    static std::size_t feature_count(const stages& f, std::size_t width) {
        if constexpr (transforms == 0)
            return width;
        else
            return std::get<transforms - 1>(f).width_out();
    }

    /// The columns that the transforms make: a stage that changes columns describes them, others pass them on.
    static std::vector<column_info> columns(const stages& f, std::vector<column_info> current) {
        auto one = [&](const auto& stage) {
            if constexpr (requires { stage.describe(std::span<const column_info>(current)); })
                current = stage.describe(std::span<const column_info>(current));
        };
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (one(std::get<I>(f)), ...);
        }(std::make_index_sequence<transforms>{});
        return current;
    }

    static std::size_t bytes(const stages& f) {
        return std::apply([](const auto&... stage) { return (field_bytes(stage) + ... + std::size_t{0}); },
                          f);
    }
};

} // namespace tenon::detail
