// expect: the_data_have_another_schema_than_the_model
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto m = (tn::standardize() | tn::ridge(1)).fit(houses);
    tn::evaluate(m, garden, tn::rmse());
#else
    auto m = (tn::standardize() | tn::ridge(1)).fit(houses);
    tn::evaluate(m, houses, tn::rmse());
#endif
}
