#pragma once

// compare: several fitted pipelines on the same data, side by side: metrics, bytes, time of a prediction.

#include <cstddef>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/list_of.hpp>
#include <tenon/core/text.hpp>
#include <tenon/evaluate/evaluate.hpp>
#include <tenon/evaluate/latency.hpp>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

/// What compare finds of one model.
struct compared_model {
    std::string name;
    std::vector<double> values; ///< one a metric
    std::size_t bytes = 0;      ///< all fitted numbers: what a prediction reads
    double nanoseconds = 0;     ///< of one prediction
};

/// One number of a comparison, as an artifact keeps it.
struct compared_value {
    std::string model;
    std::string metric; ///< a metric's name, "bytes" or "nanoseconds"
    double value;
    friend bool operator==(const compared_value&, const compared_value&) = default;
};

/// A row for each model, in the order given. Names that are given twice are numbered.
class comparison {
public:
    comparison(std::size_t rows, std::vector<std::string> metrics, std::vector<compared_model> models)
        : rows_(rows), metrics_(std::move(metrics)), models_(std::move(models)) {
        for (std::size_t i = 0; i < models_.size(); ++i) make_unique(i);
    }

    /// Rows of data that were evaluated.
    std::size_t rows() const noexcept { return rows_; }
    const std::vector<std::string>& metrics() const& noexcept { return metrics_; }
    std::vector<std::string> metrics() && { return std::move(metrics_); }
    const std::vector<compared_model>& models() const& noexcept { return models_; }
    std::vector<compared_model> models() && { return std::move(models_); }

    /// A metric of a model, both by name. Throws error where there is none of this name.
    double value(std::string_view model, std::string_view metric) const {
        return models_[model_index(model)].values[metric_index(metric)];
    }
    /// The value less that of the first model.
    double change(std::string_view model, std::string_view metric) const {
        const std::size_t m = metric_index(metric);
        return models_[model_index(model)].values[m] - models_[0].values[m];
    }

    /// All numbers, model by model.
    std::vector<compared_value> values() const {
        std::vector<compared_value> all;
        for (const auto& m : models_) {
            for (std::size_t i = 0; i < metrics_.size(); ++i)
                all.push_back({m.name, metrics_[i], m.values[i]});
            all.push_back({m.name, "bytes", static_cast<double>(m.bytes)});
            all.push_back({m.name, "nanoseconds", m.nanoseconds});
        }
        return all;
    }

    /// A table of at most 80 columns; each metric with its change against the first model.
    std::string text() const {
        std::vector<std::string> names, bytes, times;
        for (const auto& m : models_) {
            names.push_back(
                m.name.size() <= longest_name
                    ? m.name
                    : detail::concat({std::string_view(m.name).substr(0, longest_name - 2), ".."}));
            bytes.push_back(detail::concat({m.bytes}));
            times.push_back(formatted("%.*f", m.nanoseconds < 1000 ? 1 : 0, m.nanoseconds));
        }
        text_table table("model", std::move(names));
        for (std::size_t i = 0; i < metrics_.size(); ++i) {
            std::vector<double> values, changes;
            for (const auto& m : models_) {
                values.push_back(m.values[i]);
                changes.push_back(m.values[i] - models_[0].values[i]);
            }
            const int decimals = decimals_for(values);
            table.add(metrics_[i], formatted(values, decimals));
            if (models_.size() == 1) continue;
            std::vector<std::string> texts = formatted(changes, decimals, true);
            texts[0].clear();
            table.add("change", std::move(texts), true);
        }
        table.add("bytes", std::move(bytes));
        table.add("ns", std::move(times));
        return table.text();
    }

private:
    static constexpr std::size_t longest_name = 24;

    std::size_t model_index(std::string_view name) const {
        std::string known;
        for (std::size_t i = 0; i < models_.size(); ++i) {
            if (models_[i].name == name) return i;
            detail::append(known, {(i == 0 ? "" : ", "), models_[i].name});
        }
        detail::fail<error>({"the comparison has no model '", name, "'; it has ", known});
    }
    std::size_t metric_index(std::string_view name) const {
        std::string known;
        for (std::size_t i = 0; i < metrics_.size(); ++i) {
            if (metrics_[i] == name) return i;
            detail::append(known, {(i == 0 ? "" : ", "), metrics_[i]});
        }
        detail::fail<error>({"the comparison has no metric '", name, "'; it has ", known});
    }

    void make_unique(std::size_t i) {
        auto is_taken = [&](const std::string& name) {
            for (std::size_t j = 0; j < i; ++j)
                if (models_[j].name == name) return true;
            return false;
        };
        const std::string given = models_[i].name;
        for (int n = 2; is_taken(models_[i].name); ++n) models_[i].name = detail::concat({given, " ", n});
    }

    std::size_t rows_;
    std::vector<std::string> metrics_;
    std::vector<compared_model> models_;
};

/// A model under a name of its own. Made by named(…).
template <class P>
struct named_model {
    std::string name;
    P model; ///< a reference where a variable was given
};

/// Names a model for compare: `compare(test, metrics(r2()), named("before", dense), named("after", tuned))`.
template <class P>
named_model<P> named(std::string name, P&& model) {
    return {std::move(name), std::forward<P>(model)};
}

namespace detail {

template <class P>
struct model_argument {
    using type = P;
    static const P& model(const P& m) { return m; }
    static std::string name(const P&) {
        using stages = typename P::fitted_stages;
        return std::string(std::tuple_element_t<std::tuple_size_v<stages> - 1, stages>::name);
    }
};
template <class P>
struct model_argument<named_model<P>> {
    using type = std::remove_cvref_t<P>;
    static const type& model(const named_model<P>& m) { return m.model; }
    static std::string name(const named_model<P>& m) { return m.name; }
};

template <class D, class M, class First, class... Rest>
consteval auto objection_to_compare() {
    using why = decltype(objection_to_evaluate<typename model_argument<First>::type, D, M>());
    if constexpr (std::is_same_v<why, because::the_first_argument_is_not_fitted__call_fit_first>)
        return because::this_pipeline_is_not_fitted__call_fit_first{};
    else if constexpr (!no_objection<why> || sizeof...(Rest) == 0)
        return why{};
    else
        return objection_to_compare<D, M, Rest...>();
}

template <class A, class D, class M>
compared_model compare_one(const A& argument, const D& data, const M& wanted) {
    const auto& model = model_argument<A>::model(argument);
    compared_model found{model_argument<A>::name(argument), {}, model.bytes(), 0};
    const report all = evaluate(model, data, wanted);
    for (const auto& v : all.values()) found.values.push_back(v.value);
    return found;
}

/// Times of all models, taken in turns.
template <class... P, class X>
std::vector<double> times_of(X x, const P&... models) {
    std::tuple<timed_model<P>...> timed(timed_model<P>(models, x)...);
    return std::apply(
        [](auto&... t) {
            const repeated_work works[] = {t.work()...};
            return median_nanoseconds(works);
        },
        timed);
}

} // namespace detail

/// Evaluates each model on the same data and measures it: `compare(test, metrics(r2(), rmse()), dense, small)`. A model
/// is called what its last stage is ("mlp", "pruned", "quantized"), or by `named`. Time is measured on this machine as
/// it is now. Throws as evaluate does.
template <class D, class M, class... Models>
    requires(sizeof...(Models) > 0 && no_objection<decltype(detail::objection_to_compare<D, M, Models...>())>)
comparison compare(const D& data, const M& wanted, const Models&... models) {
    std::vector<std::string> names;
    detail::metric_list<M>::visit(wanted, [&](const auto& m) { names.push_back(std::string(m.name)); });
    auto rows = detail::list_of<compared_model>(detail::compare_one(models, data, wanted)...);
    const auto times = detail::times_of(data.x(), detail::model_argument<Models>::model(models)...);
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].nanoseconds = times[i];
    return {data.x().rows(), std::move(names), std::move(rows)};
}

template <class D, class M, class... Models,
          class Why = decltype(detail::objection_to_compare<D, M, Models...>())>
    requires(!no_objection<Why>)
refused<Why> compare(const D&, const M&, const Models&...);

/// Writes the text.
template <class Stream>
    requires requires(Stream& out, const std::string& text) { out << text; }
Stream& operator<<(Stream& out, const comparison& c) {
    out << c.text();
    return out;
}

} // namespace tenon
