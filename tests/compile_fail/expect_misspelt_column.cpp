// expect: the_schema_has_no_column
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto report = tn::check(houses, tn::expect<"aera">().not_missing(), tn::expect<"price">().integer());
#else
    auto report = tn::check(houses, tn::expect<"area">().not_missing(), tn::expect<"price">().integer());
#endif
}
