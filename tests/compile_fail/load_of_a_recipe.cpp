// expect: load_needs_a_fitted_type__write_load_of_fitted_t
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto recipe = tn::standardize() | tn::ridge(1);
    auto m = tn::load<decltype(recipe)>("model.tenon");
#else
    auto recipe = tn::standardize() | tn::ridge(1);
    auto m = tn::load<tn::fitted_t<decltype(recipe), house>>("model.tenon");
#endif
}
