// expect: the_pipeline_has_no_Model__use_transform
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto t = (tn::standardize() | tn::polynomial<2>()).fit(houses);
    t(houses.row(0));
#else
    auto t = (tn::standardize() | tn::polynomial<2>()).fit(houses);
    std::array<double, 90> z;
    t.transform(houses.row(0), z);
#endif
}
