// What a history says of its epochs, to the letter; how training fills one is in callback.cpp.

#include "support/catch.hpp"

#include <cstddef>
#include <limits>
#include <string>
#include <tenon/train/history.hpp>
#include <utility>

namespace tn = tenon;

namespace {

tn::epoch_result epoch_of(int epoch, double loss, bool is_best) {
    tn::epoch_result e;
    e.epoch = epoch;
    e.loss = loss;
    e.seconds = 0.25 * epoch;
    e.is_best = is_best;
    return e;
}

/// Two epochs with nothing but a loss.
tn::history bare() {
    tn::history seen;
    seen.push_back(epoch_of(1, 0.1, true));
    seen.push_back(epoch_of(2, 123456.789, false));
    return seen;
}

/// Two epochs with all there may be; in the second one the metric is missing.
tn::history full() {
    tn::history seen;
    for (int i = 1; i < 3; ++i) {
        tn::epoch_result e = epoch_of(i, 1.0 / i, i == 2);
        e.validation_loss = 2.5;
        e.rate = 1e-3;
        if (i == 1) e.metric = -0.75;
        e.metric_name = "recall of \"a, b\"";
        seen.push_back(e);
    }
    return seen;
}

/// A run that goes on behind two epochs.
struct resumed_run {
    std::size_t past_epochs() const { return 2; }
    tn::epoch_result past_epoch(std::size_t i) const {
        return epoch_of(static_cast<int>(i) + 1, static_cast<double>(i) + 5, false);
    }
};

} // namespace

TEST_CASE("a history holds what it was given, until it is cleared", "[train]") {
    tn::history seen = bare();
    CHECK(seen.size() == 2);
    CHECK(seen.epochs()[1].loss == 123456.789);
    seen.clear();
    CHECK(seen.empty());
    CHECK(seen.to_string() == "   epoch         loss     seconds\n");
}

TEST_CASE("the table leaves out columns of which no epoch has a number", "[train]") {
    CHECK(bare().to_string() == "   epoch         loss     seconds\n"
                                "       1          0.1 *      0.25\n"
                                "       2   1.2346e+05         0.5\n");
    tn::history seen = bare();
    tn::epoch_result odd = epoch_of(3, -std::numeric_limits<double>::infinity(), false);
    odd.rate = 0.5; // one epoch with a rate is enough
    seen.push_back(odd);
    CHECK_THAT(seen.to_string(),
               tenon_test::ContainsSubstring("       2   1.2346e+05                     0.5\n"
                                             "       3         -inf           0.5      0.75\n"));
}

TEST_CASE("the table shows 14 characters of the metric's name, and blanks for what is missing", "[train]") {
    const std::string table = full().to_string();
    CHECK(table.starts_with("   epoch         loss   validation   recall of \"a,         rate   seconds\n"));
    CHECK_THAT(table, tenon_test::ContainsSubstring(
                          "       1            1          2.5            -0.75       0.001      0.25\n"));
    CHECK_THAT(table, tenon_test::ContainsSubstring(
                          "       2          0.5          2.5 *                      0.001       0.5\n"));
}

TEST_CASE("the CSV has every digit, nothing where a number is missing, and a name without commas",
          "[train]") {
    CHECK(bare().to_csv() == "epoch,loss,validation_loss,metric,rate,seconds,is_best\n"
                             "1,0.1,,,,0.25,1\n"
                             "2,123456.789,,,,0.5,0\n");
    CHECK(full().to_csv() == "epoch,loss,validation_loss,recall of  a  b ,rate,seconds,is_best\n"
                             "1,1,2.5,-0.75,0.001,0.25,0\n"
                             "2,0.5,2.5,,0.001,0.5,1\n");
}

TEST_CASE("a recording history begins with the epochs that lie behind", "[train]") {
    tn::history seen = bare();
    const tn::record_callback callback = tn::record(seen);
    resumed_run run;
    callback.begin(run);
    callback(epoch_of(3, 7, true));
    REQUIRE(seen.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(seen.epochs()[i].epoch == static_cast<int>(i) + 1);
        CHECK(seen.epochs()[i].loss == static_cast<double>(i) + 5);
    }
}
