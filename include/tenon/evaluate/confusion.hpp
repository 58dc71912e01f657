#pragma once

// The confusion matrix: how often each true class was predicted as each class.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/evaluate/outcomes.hpp>
#include <tenon/evaluate/text_table.hpp>
#include <vector>

namespace tenon::inline v0 {

/// Counts of true and predicted classes, and what follows from them class by class. Rows without a prediction
/// (no_class) are counted apart, as wrong. A ratio 0/0 is 0, as in scikit-learn.
class confusion_matrix {
public:
    explicit confusion_matrix(const class_outcomes& o)
        : counts_(o.class_count, o.class_count), unanswered_(o.class_count),
          names_(o.class_names.begin(), o.class_names.end()) {
        for (std::size_t r = 0; r < o.truth.size(); ++r) {
            if (o.predicted[r] == no_class)
                ++unanswered_[o.truth[r]];
            else
                ++counts_(o.truth[r], o.predicted[r]);
        }
        for (std::size_t k = names_.size(); k < o.class_count; ++k) names_.push_back(std::to_string(k));
    }

    std::size_t class_count() const noexcept { return unanswered_.size(); }
    const std::vector<std::string>& class_names() const noexcept { return names_; }

    /// counts()(t, p): rows of the class t that were predicted as p.
    matrix_view<const std::uint64_t> counts() const noexcept { return counts_.view(); }
    /// Rows of the class t that got no prediction.
    std::uint64_t unanswered(std::size_t t) const noexcept { return unanswered_[t]; }

    std::uint64_t correct(std::size_t k) const noexcept { return counts_(k, k); }
    /// Rows that are of class k.
    std::uint64_t support(std::size_t k) const noexcept {
        std::uint64_t n = unanswered_[k];
        for (std::size_t p = 0; p < class_count(); ++p) n += counts_(k, p);
        return n;
    }
    /// Rows that were predicted as class k.
    std::uint64_t predicted(std::size_t k) const noexcept {
        std::uint64_t n = 0;
        for (std::size_t t = 0; t < class_count(); ++t) n += counts_(t, k);
        return n;
    }

    /// The share of rows predicted as k that are of class k.
    double precision(std::size_t k) const noexcept { return ratio(correct(k), predicted(k)); }
    /// The share of the rows of class k that were predicted as k.
    double recall(std::size_t k) const noexcept { return ratio(correct(k), support(k)); }
    /// The harmonic mean of precision and recall.
    double f1(std::size_t k) const noexcept { return ratio(2 * correct(k), predicted(k) + support(k)); }

    /// The index of a class. Throws data_error where no class has this name.
    std::size_t class_of(std::string_view name) const {
        std::string known;
        for (std::size_t k = 0; k < class_count(); ++k) {
            if (names_[k] == name) return k;
            known += (k == 0 ? "" : ", ") + names_[k];
        }
        detail::fail<data_error>({"there is no class '", name, "'; the classes are ", known});
    }

    /// A table: true classes downwards, predicted ones to the right, with precision and recall of each class.
    std::string text() const {
        const std::size_t n = class_count();
        std::uint64_t left_out = 0;
        for (std::uint64_t u : unanswered_) left_out += u;
        std::vector<std::string> names = names_;
        names.push_back("precision");
        text_table table("true \\ predicted", names);
        for (std::size_t p = 0; p < n; ++p) {
            std::vector<std::string> cells;
            for (std::size_t t = 0; t < n; ++t) cells.push_back(std::to_string(counts_(t, p)));
            cells.push_back(formatted("%.*f", 3, precision(p)));
            table.add(names_[p], std::move(cells));
        }
        std::vector<std::string> none, recalls;
        for (std::size_t t = 0; t < n; ++t) {
            none.push_back(std::to_string(unanswered_[t]));
            recalls.push_back(formatted("%.*f", 3, recall(t)));
        }
        none.push_back("");
        recalls.push_back("");
        if (left_out > 0) table.add("(none)", std::move(none));
        table.add("recall", std::move(recalls));
        return table.text();
    }

private:
    static double ratio(std::uint64_t part, std::uint64_t whole) noexcept {
        return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
    }

    matrix<std::uint64_t> counts_;
    std::vector<std::uint64_t> unanswered_;
    std::vector<std::string> names_;
};

} // namespace tenon
