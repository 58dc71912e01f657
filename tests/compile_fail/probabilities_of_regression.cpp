// expect: a_regression_has_no_probabilities
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto m = tn::ridge(1).fit(houses);
    m.probabilities(houses.row(0));
#else
    auto m = tn::logistic_regression().fit(garden);
    m.probabilities(garden.row(0));
#endif
}
