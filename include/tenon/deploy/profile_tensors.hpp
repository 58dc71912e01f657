#pragma once

// Reference profiles as tensors: those of the columns in order, then that of the predictions of each target, their edges and counts
// one behind the other. What is read back is checked to be a profile of its column, as drift monitoring indexes by it.

#include <cstdint>
#include <string>
#include <tenon/core/error.hpp>
#include <tenon/core/record.hpp>
#include <tenon/core/text.hpp>
#include <tenon/deploy/tensor_fields.hpp>
#include <vector>

namespace tenon::inline v0::detail {

/// The memory behind the tensors.
template <class Lazy = void>
struct profile_tensors {
    std::vector<std::uint32_t> edge_counts, bin_counts; ///< of each profile
    std::vector<double> edges, counts;
    std::vector<double> ranges; ///< minimum and maximum of each

    explicit profile_tensors(const training_record& record) {
        if (record.columns.empty()) return;
        for (const column_profile& profile : record.columns) append(profile);
        append(record.prediction);
        for (const column_profile& profile : record.more_predictions) append(profile);
    }

    void add_to(tensor_list<>& tensors) const {
        if (ranges.empty()) return;
        add_row(tensors, "profile.edge_counts", edge_counts);
        add_row(tensors, "profile.edges", edges);
        add_row(tensors, "profile.bin_counts", bin_counts);
        add_row(tensors, "profile.counts", counts);
        tensors.add("profile.ranges", std::span<const double>(ranges), {ranges.size() / 2, 2});
    }

private:
    void append(const column_profile& profile) {
        edge_counts.push_back(static_cast<std::uint32_t>(profile.edges.size()));
        bin_counts.push_back(static_cast<std::uint32_t>(profile.counts.size()));
        edges.insert(edges.end(), profile.edges.begin(), profile.edges.end());
        counts.insert(counts.end(), profile.counts.begin(), profile.counts.end());
        ranges.push_back(profile.minimum);
        ranges.push_back(profile.maximum);
    }
    template <class T>
    static void add_row(tensor_list<>& tensors, const char* name, const std::vector<T>& values) {
        tensors.add(name, std::span<const T>(values), {values.size()});
    }
};

/// Whether a profile is one that data/profile.hpp makes of such a column.
template <class Lazy = void>
bool is_profile_of(const column_profile& profile, const column_info& column) noexcept {
    const std::size_t bins = column.categorical ? column.levels.size() : profile.edges.size() + 1;
    if (profile.counts.size() != bins + 1 || (column.categorical && !profile.edges.empty())) return false;
    for (std::size_t i = 0; i < profile.edges.size(); ++i)
        if (!(i == 0 ? profile.edges[i] == profile.edges[i] : profile.edges[i - 1] < profile.edges[i]))
            return false;
    for (const double count : profile.counts)
        if (!(count >= 0 && count < 1e300)) return false;
    return profile.minimum <= profile.maximum;
}

/// The next `count` values behind `begin`, which moves on. Throws where there are fewer.
template <class Lazy = void>
std::vector<double> next_values(const std::vector<double>& all, std::size_t& begin, std::size_t count,
                                const std::string& place) {
    if (count > all.size() - begin) fail<artifact_error>({place, " is cut off"});
    std::vector<double> values(count);
    for (double& value : values) value = all[begin++];
    return values;
}

/// Reads what profile_tensors wrote into a record whose schema is read already; no prediction profile without a model.
template <class Lazy = void>
void read_profiles(tensor_source<>& tensors, training_record& record, bool has_model,
                   const std::string& source) {
    if (!tensors.has("profile.ranges")) return;
    const auto edge_counts = tensors.take<std::uint32_t>("profile.edge_counts");
    const auto bin_counts = tensors.take<std::uint32_t>("profile.bin_counts");
    const auto edges = tensors.take<double>("profile.edges");
    const auto counts = tensors.take<double>("profile.counts");
    const matrix<double> ranges = tensors.take_table<double>("profile.ranges", 2);
    const std::size_t columns = record.schema.columns.size(),
                      profiles = columns + 1 + record.schema.more_targets.size();
    if (edge_counts.size() != profiles || bin_counts.size() != profiles || ranges.rows() != profiles)
        fail<artifact_error>(
            {source, ": the reference profiles are not one a column and one more for each target"});

    std::size_t edge = 0, bin = 0;
    for (std::size_t i = 0; i < profiles; ++i) {
        const bool is_column = i < columns;
        const std::string place = is_column ? concat({source, ": the profile of column ", i})
                                            : concat({source, ": the profile of the predictions"});
        column_profile profile{next_values(edges, edge, edge_counts[i], place),
                               next_values(counts, bin, bin_counts[i], place), ranges(i, 0), ranges(i, 1)};
        const column_info& column =
            is_column ? record.schema.columns[i] : record.schema.target_column(i - columns);
        const bool is_right =
            is_column || has_model ? is_profile_of(profile, column) : profile == column_profile{};
        if (!is_right) fail<artifact_error>({place, " is not one of such a column"});
        if (i == columns)
            record.prediction = std::move(profile);
        else
            (is_column ? record.columns : record.more_predictions).push_back(std::move(profile));
    }
    if (edge != edges.size() || bin != counts.size())
        fail<artifact_error>({source, ": the reference profiles have values that belong to none"});
}

} // namespace tenon::detail
