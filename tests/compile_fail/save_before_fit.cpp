// expect: the_first_argument_is_not_fitted__call_fit_first
#include "support/data.hpp"

void user() {
    auto recipe = tn::standardize() | tn::ridge(1);
#ifdef MISTAKE
    tn::save(recipe, "houses.tenon");
#else
    tn::save(recipe.fit(houses), "houses.tenon");
#endif
}
