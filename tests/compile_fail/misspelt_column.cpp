// expect: the_schema_has_no_column
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto m = (tn::standardize() | tn::select<"area", "aeg">() | tn::ridge(1)).fit(houses);
#else
    auto m = (tn::standardize() | tn::select<"area", "age">() | tn::ridge(1)).fit(houses);
#endif
}
