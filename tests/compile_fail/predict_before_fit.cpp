// expect: this_pipeline_is_not_fitted__call_fit_first
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    std::array<double, 12> sample{};
    (tn::standardize() | tn::ridge(1))(sample);
#else
    std::array<double, 12> sample{};
    (tn::standardize() | tn::ridge(1)).fit(houses)(sample);
#endif
}
