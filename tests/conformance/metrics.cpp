// Metrics against scikit-learn (1e-12), the population stability index against NumPy (1e-12) and quantiles of the
// chi-squared distribution against SciPy (1e-10, or what the distance of a probability to 1 leaves of it).

#include "conformance/reference.hpp"
#include "support/catch.hpp"

#include <tenon/data/profile.hpp>
#include <tenon/evaluate/classification.hpp>
#include <tenon/evaluate/log_loss.hpp>
#include <tenon/evaluate/regression.hpp>
#include <tenon/evaluate/roc_auc.hpp>
#include <tenon/monitor/chi_squared.hpp>
#include <tenon/monitor/psi.hpp>

namespace tn = tenon;
using namespace tenon_test;

namespace {

/// A classification that a fixture holds, as metrics see it.
class classified {
public:
    explicit classified(const tn::json_value& of)
        : truth_(class_indices(of["truth"])), predicted_(class_indices(of["predicted"])) {
        if (of.find("probabilities") != nullptr) probabilities_ = table(of["probabilities"]);
    }
    tn::class_outcomes outcomes(std::size_t classes) const {
        return {truth_, predicted_, probabilities_.view(), classes, names_};
    }

private:
    std::vector<tn::class_index> truth_, predicted_;
    tn::matrix<double> probabilities_;
    std::vector<std::string> names_{"a", "b", "c"};
};

/// Within 1e-12 of it, or 1e-15 where it is nearly 0.
auto near(const tn::json_value& expected) {
    return WithinAbs(expected.as_number(), std::max(1e-12 * std::abs(expected.as_number()), 1e-15));
}

/// Of precision, recall and F1.
double averages_error(const tn::class_outcomes& seen, tn::average how, const tn::json_value& expected) {
    return worst({relative_error(tn::precision({.average = how})(seen), expected["precision"].as_number()),
                  relative_error(tn::recall({.average = how})(seen), expected["recall"].as_number()),
                  relative_error(tn::f1({.average = how})(seen), expected["f1"].as_number())});
}

} // namespace

TEST_CASE("metrics of regressions are scikit-learn's", "[metrics]") {
    const tn::json_value all = fixture("metrics");
    const tn::json_value& expected = all["regression"];
    const std::vector<double> truth = numbers(expected["truth"]), predicted = numbers(expected["predicted"]);
    const tn::outcomes<tn::real> seen{truth, predicted};
    CHECK_THAT(tn::mse()(seen), near(expected["mse"]));
    CHECK_THAT(tn::rmse()(seen), near(expected["rmse"]));
    CHECK_THAT(tn::mae()(seen), near(expected["mae"]));
    CHECK_THAT(tn::r2()(seen), near(expected["r2"]));
}

TEST_CASE("metrics of classifications are scikit-learn's", "[metrics]") {
    const tn::json_value all = fixture("metrics");
    const std::vector<std::string> names{"a", "b", "c"};
    for (const auto& [name, classes] : {std::pair<const char*, std::size_t>{"three", 3}, {"two", 2}}) {
        INFO(name);
        const tn::json_value& expected = all[name];
        const classified rows(expected);
        const tn::class_outcomes seen = rows.outcomes(classes);
        CHECK_THAT(tn::accuracy()(seen), near(expected["accuracy"]));
        CHECK_THAT(tn::log_loss()(seen), near(expected["log_loss"]));
        CHECK_THAT(tn::roc_auc()(seen), near(expected["roc_auc"]));
        CHECK(averages_error(seen, tn::average::macro, expected["macro"]) <= 1e-12);
        CHECK(averages_error(seen, tn::average::micro, expected["micro"]) <= 1e-12);
        CHECK(averages_error(seen, tn::average::weighted, expected["weighted"]) <= 1e-12);

        const tn::confusion_matrix confusion(seen);
        const tn::matrix<double> counts = table(expected["confusion"]);
        const tn::json_value& each = expected["each"];
        for (std::size_t k = 0; k < classes; ++k) {
            for (std::size_t p = 0; p < classes; ++p)
                CHECK(static_cast<double>(confusion.counts()(k, p)) == counts(k, p));
            CHECK_THAT(confusion.precision(k), near(each["precision"].as_array().at(k)));
            CHECK_THAT(tn::recall({.positive = names[k]})(seen), near(each["recall"].as_array().at(k)));
            CHECK_THAT(tn::f1({.positive = names[k]})(seen), near(each["f1"].as_array().at(k)));
        }
    }
}

TEST_CASE("a class that is predicted but never true counts as in scikit-learn", "[metrics]") {
    const tn::json_value all = fixture("metrics");
    const classified rows(all["rare"]);
    CHECK(averages_error(rows.outcomes(3), tn::average::macro, all["rare"]["macro"]) <= 1e-12);
}

TEST_CASE("chi-squared quantiles are SciPy's", "[chi_squared]") {
    const tn::json_value expected = fixture("drift");
    const std::vector<double> probabilities = numbers(expected["probabilities"]);
    const std::vector<double> degrees = numbers(expected["degrees"]);
    const tn::matrix<double> quantiles = table(expected["chi_squared"]);
    for (std::size_t d = 0; d < degrees.size(); ++d)
        for (std::size_t p = 0; p < probabilities.size(); ++p) {
            INFO(degrees[d] << " degrees, probability " << probabilities[p]);
            CHECK_THAT(tn::chi_squared_quantile(probabilities[p], degrees[d]),
                       WithinRel(quantiles(d, p), 1e-10));
        }
}

TEST_CASE("the population stability index is what NumPy computes", "[psi]") {
    const tn::json_value expected = fixture("drift");
    const std::vector<double> reference = numbers(expected["reference"]), now = numbers(expected["current"]);
    const tn::column_profile profile = tn::profile_numbers(reference);
    CHECK(profile.edges == numbers(expected["edges"]));
    std::vector<double> counts(profile.counts.size());
    for (double v : now) ++counts[tn::profile_bin(profile, v)];
    CHECK_THAT(tn::psi(profile.counts, counts), near(expected["psi"]));
    CHECK_THAT(tn::psi_threshold(profile.counts, counts, expected["alpha"].as_number()),
               near(expected["threshold"]));

    const tn::matrix<double> large = table(expected["large_counts"]); // bins that are empty now: the floor
    CHECK_THAT(tn::psi(large.row(0), large.row(1)), near(expected["large_psi"]));
}
