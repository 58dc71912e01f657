// expect: the_sample_has_the_wrong_number_of_columns
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto m = (tn::standardize() | tn::ridge(1)).fit(houses);
    m(std::array<double, 3>{});
#else
    auto m = (tn::standardize() | tn::ridge(1)).fit(houses);
    m(std::array<double, 12>{});
#endif
}
