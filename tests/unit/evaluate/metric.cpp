#include "support/catch.hpp"

#include <string_view>
#include <tenon/evaluate/classification.hpp>
#include <tenon/evaluate/log_loss.hpp>
#include <tenon/evaluate/metric.hpp>
#include <tenon/evaluate/regression.hpp>
#include <tenon/evaluate/roc_auc.hpp>
#include <type_traits>
#include <vector>

namespace {

/// A metric of one's own, for regressions.
struct bias_metric {
    static constexpr std::string_view name = "bias";
    template <class Kind>
    using accepts = tenon::only_real_targets<bias_metric, Kind>;
    double operator()(const tenon::outcomes<tenon::real>& o) const {
        double sum = 0;
        for (std::size_t i = 0; i < o.truth.size(); ++i) sum += o.predicted[i] - o.truth[i];
        return sum / static_cast<double>(o.truth.size());
    }
};

/// One for any target, with a name and an option that only the value knows.
struct rows_metric {
    std::string_view name;
    double factor;
    template <class Kind>
    using accepts = tenon::because::nothing;
    template <class Kind>
    double operator()(const tenon::outcomes<Kind>& o) const {
        return factor * static_cast<double>(o.truth.size());
    }
};

struct without_name {
    template <class Kind>
    using accepts = tenon::because::nothing;
    double operator()(const tenon::outcomes<tenon::real>&) const { return 0; }
};

struct without_accepts {
    static constexpr std::string_view name = "careless";
    double operator()(const tenon::outcomes<tenon::real>&) const { return 0; }
};

/// Accepts everything but can be called with classes only.
struct promises_too_much {
    static constexpr std::string_view name = "promises";
    template <class Kind>
    using accepts = tenon::because::nothing;
    double operator()(const tenon::class_outcomes&) const { return 0; }
};

static_assert(tenon::Metric<bias_metric>);
static_assert(tenon::MetricFor<bias_metric, tenon::real>);
static_assert(!tenon::MetricFor<bias_metric, tenon::classes<2>>);
static_assert(tenon::MetricFor<rows_metric, tenon::real> && tenon::MetricFor<rows_metric, tenon::classes<2>>);
static_assert(!tenon::Metric<without_name>);
static_assert(!tenon::Metric<without_accepts>);
static_assert(!tenon::Metric<int>);
static_assert(!tenon::Metric<decltype(tenon::r2)>);
static_assert(tenon::MetricFor<promises_too_much, tenon::classes<2>>);
static_assert(!tenon::MetricFor<promises_too_much, tenon::real>);

template <class Argument, class Kind>
using objection = decltype(tenon::detail::metric_list<Argument>::template objection<Kind>());

static_assert(std::is_same_v<objection<bias_metric, tenon::real>, tenon::because::nothing>);
static_assert(std::is_same_v<objection<bias_metric, tenon::classes<3>>,
                             tenon::because::this_Metric_does_not_suit_the_target<bias_metric>>);
static_assert(std::is_same_v<objection<promises_too_much, tenon::real>,
                             tenon::because::this_Metric_does_not_suit_the_target<promises_too_much>>);
static_assert(
    std::is_same_v<objection<tenon::metric_set<tenon::r2_metric, tenon::accuracy_metric>, tenon::real>,
                   tenon::because::this_Metric_does_not_suit_the_target<tenon::accuracy_metric>>);

static_assert(tenon::detail::metric_list<
              tenon::metric_set<tenon::accuracy_metric, tenon::roc_auc_metric>>::needs_probabilities);
static_assert(tenon::detail::metric_list<tenon::log_loss_metric>::needs_probabilities);
static_assert(!tenon::detail::metric_list<
              tenon::metric_set<tenon::accuracy_metric, tenon::f1_metric>>::needs_probabilities);

template <class... M>
concept CanList = requires(M... m) { tenon::metrics(m...); };
static_assert(CanList<tenon::r2_metric, bias_metric>);
static_assert(!CanList<tenon::r2_metric, int>);
static_assert(!CanList<>);

} // namespace

TEST_CASE("a list of metrics keeps them, their order and their options", "[evaluate]") {
    const auto set = tenon::metrics(bias_metric{}, rows_metric{"twice", 2}, rows_metric{"thrice", 3});
    const std::vector<double> truth{1, 2, 4}, predicted{2, 3, 5};
    const tenon::outcomes<tenon::real> o{truth, predicted};
    std::vector<std::string_view> names;
    std::vector<double> values;
    tenon::detail::metric_list<std::remove_const_t<decltype(set)>>::visit(set, [&](const auto& m) {
        names.push_back(m.name);
        values.push_back(m(o));
    });
    CHECK(names == std::vector<std::string_view>{"bias", "twice", "thrice"});
    CHECK(values == std::vector<double>{1, 6, 9});
}
