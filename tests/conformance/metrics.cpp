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

void check_near(double found, const tn::json_value& expected) {
    CHECK_THAT(found, WithinRel(expected.as_number(), 1e-12) || WithinAbs(expected.as_number(), 1e-15));
}

void check_averages(const tn::class_outcomes& seen, const tn::json_value& expected, tn::average how) {
    check_near(tn::precision({.average = how})(seen), expected["precision"]);
    check_near(tn::recall({.average = how})(seen), expected["recall"]);
    check_near(tn::f1({.average = how})(seen), expected["f1"]);
}

void check_classification(const char* name, std::size_t classes) {
    INFO(name);
    const tn::json_value all = fixture("metrics");
    const tn::json_value& expected = all[name];
    const classified rows(expected);
    const tn::class_outcomes seen = rows.outcomes(classes);
    check_near(tn::accuracy()(seen), expected["accuracy"]);
    check_near(tn::log_loss()(seen), expected["log_loss"]);
    check_near(tn::roc_auc()(seen), expected["roc_auc"]);
    check_averages(seen, expected["macro"], tn::average::macro);
    check_averages(seen, expected["micro"], tn::average::micro);
    check_averages(seen, expected["weighted"], tn::average::weighted);

    const tn::confusion_matrix confusion(seen);
    const tn::matrix<double> counts = table(expected["confusion"]);
    const std::vector<std::string> names{"a", "b", "c"};
    for (std::size_t k = 0; k < classes; ++k) {
        for (std::size_t p = 0; p < classes; ++p)
            CHECK(static_cast<double>(confusion.counts()(k, p)) == counts(k, p));
        check_near(confusion.precision(k), expected["each"]["precision"].as_array().at(k));
        check_near(tn::recall({.positive = names[k]})(seen), expected["each"]["recall"].as_array().at(k));
        check_near(tn::f1({.positive = names[k]})(seen), expected["each"]["f1"].as_array().at(k));
    }
}

} // namespace

TEST_CASE("metrics of regressions are scikit-learn's", "[metrics]") {
    const tn::json_value all = fixture("metrics");
    const tn::json_value& expected = all["regression"];
    const std::vector<double> truth = numbers(expected["truth"]), predicted = numbers(expected["predicted"]);
    const tn::outcomes<tn::real> seen{truth, predicted};
    check_near(tn::mse()(seen), expected["mse"]);
    check_near(tn::rmse()(seen), expected["rmse"]);
    check_near(tn::mae()(seen), expected["mae"]);
    check_near(tn::r2()(seen), expected["r2"]);
}

TEST_CASE("metrics of classifications are scikit-learn's", "[metrics]") {
    check_classification("three", 3);
    check_classification("two", 2);
}

TEST_CASE("a class that is predicted but never true counts as in scikit-learn", "[metrics]") {
    const tn::json_value all = fixture("metrics");
    const classified rows(all["rare"]);
    check_averages(rows.outcomes(3), all["rare"]["macro"], tn::average::macro);
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
    check_near(tn::psi(profile.counts, counts), expected["psi"]);
    check_near(tn::psi_threshold(profile.counts, counts, expected["alpha"].as_number()),
               expected["threshold"]);

    const tn::matrix<double> large = table(expected["large_counts"]); // bins that are empty now: the floor
    check_near(tn::psi(large.row(0), large.row(1)), expected["large_psi"]);
}
