#pragma once

// How large the sums are that a dense network's answers come from. Compilers may fuse multiplications and additions,
// so float answers are the same up to rounding errors, and those are relative to these sums, not to the answers.

#include <cmath>
#include <tenon/model/dense_network.hpp>

namespace tenon::inline v0 {

/// The largest over all scores of |shift| + |scale| · (Σ |w·x| + |b|) of the last layer, for one sample; of several numbers,
/// whose units differ, that of output `only`.
template <class Act, class Kind, class T, class Score, std::size_t W, std::size_t... Hidden>
double magnitude_of(const dense_network<Act, Kind, T, Score, W, Hidden...>& network, row<W, T> x,
                    std::size_t only = 0) {
    std::vector<T> from(x.begin(), x.end()), to;
    for (std::size_t l = 0; l + 1 < network.layers; ++l) {
        const dense_layer<T> d = network.layer(l);
        to.assign(d.biases.begin(), d.biases.end());
        for (std::size_t i = 0; i < d.inputs; ++i)
            for (std::size_t o = 0; o < d.outputs; ++o) to[o] += from[i] * d.weights[i * d.outputs + o];
        for (T& v : to) v = Act::apply(v);
        from.swap(to);
    }
    const dense_layer<T> d = network.layer(network.layers - 1);
    double largest = 0;
    for (std::size_t o = 0; o < d.outputs; ++o) {
        if (is_several_numbers<Kind> && o != only) continue;
        double sum = std::abs(static_cast<double>(d.biases[o]));
        for (std::size_t i = 0; i < d.inputs; ++i)
            sum += std::abs(static_cast<double>(from[i]) * static_cast<double>(d.weights[i * d.outputs + o]));
        largest = sum > largest ? sum : largest;
    }
    return std::abs(detail::of_output(network.output_shift(), only)) +
           std::abs(detail::of_output(network.output_scale(), only)) * largest;
}

} // namespace tenon
