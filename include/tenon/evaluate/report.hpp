#pragma once

// What evaluate returns: values by name.

#include <cstddef>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/evaluate/text_table.hpp>
#include <utility>
#include <vector>

namespace tenon::inline v0 {

/// One metric's value.
struct named_value {
    std::string name;
    double value;
    friend bool operator==(const named_value&, const named_value&) = default;
};

/// The values of metrics on some rows, in the order they were asked for.
class report {
public:
    report(std::size_t rows, std::vector<named_value> values) : rows_(rows), values_(std::move(values)) {}

    /// Rows that were evaluated.
    std::size_t rows() const noexcept { return rows_; }
    const std::vector<named_value>& values() const& noexcept { return values_; }
    std::vector<named_value> values() && { return std::move(values_); }

    /// The value of the metric with this name. Throws error where none has it.
    double value(std::string_view name) const {
        std::string known;
        for (const auto& v : values_) {
            if (v.name == name) return v.value;
            known += (known.empty() ? "" : ", ") + v.name;
        }
        detail::fail<error>({"the report has no '", name, "'; it has ", known});
    }
    double operator[](std::string_view name) const { return value(name); }

    /// A line a metric.
    std::string text() const {
        std::vector<std::string> names, numbers;
        for (const auto& v : values_) {
            names.push_back(v.name);
            numbers.push_back(formatted(v.value));
        }
        text_table table("metric", std::move(names));
        table.add(std::to_string(rows_) + " rows", std::move(numbers));
        return table.text();
    }

private:
    std::size_t rows_;
    std::vector<named_value> values_;
};

/// Writes the text.
template <class Stream>
    requires requires(Stream& out, const std::string& text) { out << text; }
Stream& operator<<(Stream& out, const report& r) {
    out << r.text();
    return out;
}

} // namespace tenon
