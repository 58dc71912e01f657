// expect: a_sample_is_a_std_array_or_span_of_this_width_and_scalar
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto m = (tn::standardize() | tn::ridge(1)).fit(houses);
    m(std::vector<double>(12));
#else
    auto m = (tn::standardize() | tn::ridge(1)).fit(houses);
    m(houses.row(0));
#endif
}
