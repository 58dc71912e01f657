#include "models.hpp"

#ifndef __AVX2__
#error this unit is to be compiled for another processor than the rest
#endif

namespace {
struct unit;
} // namespace

findings found_in_b(const models& m, tn::matrix_view<const double> houses,
                    tn::matrix_view<const double> flowers) {
    return found_in_unit<unit>(m, houses, flowers);
}
