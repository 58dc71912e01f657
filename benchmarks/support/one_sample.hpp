#pragma once

// The two ways to time a prediction of one row: calls that do not depend on each other, which the processor
// overlaps, and calls each of which needs the answer before, as in a control loop.

#include <cstddef>
#include <vector>

#include "support/aligned_array.hpp"
#include "support/timing.hpp"

namespace tenon_benchmark {

/// A batch that asks for each row of x in turn. The weights are read anew for each, as in a program that does other
/// things in between: a loop over calls of an inlined kernel would hold small ones in registers.
template <class Predict>
auto one_by_one(Predict predict, const aligned_array<float>& x, std::size_t width) {
    return [predict, &x, width] {
        for (const float* row = x.begin(); row != x.end(); row += width) {
            auto answer = predict(row);
            unknown(answer);
            clobber();
        }
    };
}

/// The same with the answer before added to the next row, multiplied by zero: nothing changes, and only the
/// programmer knows.
template <class Predict>
auto one_after_the_other(Predict predict, aligned_array<float>& x, std::size_t width) {
    return [predict, &x, width] {
        float answer = 0.0F;
        for (float* row = x.begin(); row != x.end(); row += width) {
            row[0] += 0.0F * answer;
            answer = predict(row);
            clobber();
        }
        unknown(answer);
    };
}

/// The answers to all rows, as the quality of a program is found from them.
template <class Predict>
std::vector<double> answers(Predict predict, const aligned_array<float>& x, std::size_t width) {
    std::vector<double> all;
    for (const float* row = x.begin(); row != x.end(); row += width)
        all.push_back(static_cast<double>(predict(row)));
    return all;
}

} // namespace tenon_benchmark
