// Whether two ways of fitting came to the same.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <tenon/core/record.hpp>

namespace tenon_test {

/// The field in which two records differ; "" where there is none.
inline std::string difference(const tenon::training_record& a, const tenon::training_record& b) {
    if (!(a.schema == b.schema)) return "schema";
    if (!(a.columns == b.columns)) return "columns";
    if (!(a.prediction == b.prediction)) return "prediction";
    if (a.rows != b.rows) return "rows";
    if (a.profiled_rows != b.profiled_rows) return "profiled_rows";
    if (a.fingerprint != b.fingerprint) return "fingerprint";
    if (a.seed != b.seed) return "seed";
    return "";
}

/// The same of fitted pipelines, or the row of data that they answer differently.
template <class A, class B, class D>
std::string difference(const A& a, const B& b, const D& data) {
    for (std::size_t r = 0; r < data.size(); ++r)
        if (a(data.row(r)) != b(data.row(r))) return "row " + std::to_string(r);
    if constexpr (requires { a.model().parameters(); }) {
        const auto &p = a.model().parameters(), &q = b.model().parameters();
        if (!std::equal(p.begin(), p.end(), q.begin(), q.end())) return "parameters";
    }
    return difference(a.record(), b.record());
}

} // namespace tenon_test
