#pragma once

// What a fitted pipeline remembers of its training besides the parameters: the columns' names and levels,
// where the data came from, and how they were distributed.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tenon::inline v0 {

/// One column by name; `levels` are the words of a categorical column or label, in the order of their indices.
struct column_info {
    std::string name;
    bool categorical = false;
    std::vector<std::string> levels;
    friend bool operator==(const column_info&, const column_info&) = default;
};

/// The run-time face of a schema: the feature columns in order, then the target (an empty name where none is), and those
/// behind the first where the target is several numbers.
struct schema_info {
    std::vector<column_info> columns;
    column_info target;
    std::vector<column_info> more_targets = {};

    /// Target column k of them all, in order.
    const column_info& target_column(std::size_t k) const noexcept {
        return k == 0 ? target : more_targets[k - 1];
    }
    friend bool operator==(const schema_info&, const schema_info&) = default;
};

/// How the values of one column were distributed in the reference data.
///
/// Numeric: `edges` are ascending inner edges (quantiles of the reference), bin b holds edges[b-1] < x <= edges[b],
/// the outer bins are open. Categorical: no edges, one bin a level. The last bin always counts missing values.
struct column_profile {
    std::vector<double> edges;
    std::vector<double> counts;
    double minimum = 0;
    double maximum = 0;
    friend bool operator==(const column_profile&, const column_profile&) = default;
};

/// Everything a fitted pipeline knows of its training data. Stored in the artifact.
struct training_record {
    schema_info schema = {};
    std::vector<column_profile> columns = {}; ///< one a feature column; empty where profiling was turned off
    column_profile prediction = {};           ///< of the fitted model's own answers on the reference rows
    std::vector<column_profile> more_predictions = {}; ///< of its other outputs, where it has several
    std::uint64_t rows = 0;                            ///< rows that fit was given
    std::uint64_t profiled_rows = 0;                   ///< rows (a random sample of them) behind the profiles
    std::uint64_t seed = 0;                            ///< of the training run
    std::string fingerprint = {};                      ///< of the training data; empty where turned off
};

} // namespace tenon
