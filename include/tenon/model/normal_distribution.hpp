#pragma once

// The distribution of a standard normal variable, for a number or a GCC vector of numbers: what gelu is made of.

#include <tenon/model/exponential.hpp>

namespace tenon::inline v0 {

namespace detail {

/// The share above v >= 0 is e^(-v²/2) · top(v) / bottom(v); beyond `most` it is 0.
template <class T>
struct normal_constants;
template <>
struct normal_constants<float> {
    static constexpr float most = 15;
    static constexpr std::array top = {0.5F, 0.439273447F, 0.183961496F, 0.0408784784F, 0.00415281625F};
    static constexpr std::array bottom = {1.0F,         1.67643189F,  1.20551705F,
                                          0.471388459F, 0.102473266F, 0.0104094548F};
};
template <>
struct normal_constants<double> {
    static constexpr double most = 39;
    static constexpr std::array top = {0.5,
                                       0.774871886959139,
                                       0.594043466944627,
                                       0.28933073752823074,
                                       0.09769854348194697,
                                       0.023622191628621347,
                                       0.004089266302526983,
                                       0.0004904108287315604,
                                       3.725358749607724e-05,
                                       1.3856766969807078e-06};
    static constexpr std::array bottom = {1.0,
                                          2.3476283347211333,
                                          2.56122333666691,
                                          1.7143693850540218,
                                          0.7820330834302969,
                                          0.2549574285081989,
                                          0.06043438476727482,
                                          0.01034365142096936,
                                          0.0012327510260712342,
                                          9.338089574697187e-05,
                                          3.473376388159448e-06};
};

#include <tenon/model/kernels/normal_distribution.inc>

} // namespace detail

using detail::normal_distribution_of;

} // namespace tenon
