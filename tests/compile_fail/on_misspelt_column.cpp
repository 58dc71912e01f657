// expect: the_schema_has_no_column
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto m = (tn::on<"aera">(tn::standardize()) | tn::ridge(1)).fit(houses);
#else
    auto m = (tn::on<"area">(tn::standardize()) | tn::ridge(1)).fit(houses);
#endif
}
