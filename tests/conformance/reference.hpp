// The fixtures as numbers, and the data they speak of.
#pragma once

#include "support/errors.hpp"

#include <string>
#include <tenon/data/csv.hpp>
#include <tenon/format/file.hpp>
#include <tenon/format/json.hpp>
#include <vector>

namespace tenon_test {

namespace tn = tenon;

/// fixtures/<name>.json, written by make_fixtures.py.
inline tn::json_value fixture(const std::string& name) {
    const std::string path = std::string(TENON_SOURCE_DIR "/tests/conformance/fixtures/") + name + ".json";
    return tn::json_value::parse(tn::read_text(path), path);
}

/// An array of numbers.
inline std::vector<double> numbers(const tn::json_value& value) {
    std::vector<double> all;
    for (const tn::json_value& item : value.as_array()) all.push_back(item.as_number());
    return all;
}

/// An array of rows.
inline tn::matrix<double> table(const tn::json_value& value) {
    const tn::json_array& rows = value.as_array();
    tn::matrix<double> x(rows.size(), rows.at(0).as_array().size());
    for (std::size_t r = 0; r < x.rows(); ++r)
        for (std::size_t c = 0; c < x.columns(); ++c) x(r, c) = rows[r].as_array().at(c).as_number();
    return x;
}

inline std::vector<tn::class_index> class_indices(const tn::json_value& value) {
    std::vector<tn::class_index> all;
    for (const tn::json_value& item : value.as_array())
        all.push_back(static_cast<tn::class_index>(item.as_count()));
    return all;
}

/// A view's values, row after row.
inline std::vector<double> values_of(tn::matrix_view<const double> x) {
    std::vector<double> all;
    for (std::size_t r = 0; r < x.rows(); ++r)
        for (std::size_t c = 0; c < x.columns(); ++c) all.push_back(x(r, c));
    return all;
}

struct penguin
    : tn::schema<
          tn::numeric<"bill_length_mm">, tn::numeric<"bill_depth_mm">, tn::numeric<"flipper_length_mm">,
          tn::numeric<"body_mass_g">, tn::categorical<"island", "Biscoe", "Dream", "Torgersen">,
          tn::categorical<"sex", "female", "male">, tn::label<"species", "Adelie", "Chinstrap", "Gentoo">> {};

struct patient : tn::schema<tn::numeric<"age">, tn::numeric<"sex">, tn::numeric<"bmi">, tn::numeric<"bp">,
                            tn::numeric<"s1">, tn::numeric<"s2">, tn::numeric<"s3">, tn::numeric<"s4">,
                            tn::numeric<"s5">, tn::numeric<"s6">, tn::target<"progression">> {};

inline tn::dataset<penguin> penguins() {
    return tn::read_csv<penguin>(TENON_SOURCE_DIR "/examples/data/penguins.csv");
}
inline tn::dataset<patient> patients() {
    return tn::read_csv<patient>(TENON_SOURCE_DIR "/examples/data/diabetes.csv");
}

} // namespace tenon_test
