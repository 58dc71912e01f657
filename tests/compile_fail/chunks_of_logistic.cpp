// expect: this_Model_cannot_be_fitted_in_chunks
#include "support/data.hpp"

extern tn::csv_chunks<flower> garden_file;

void user() {
#ifdef MISTAKE
    auto m = tn::fit_chunks(tn::standardize() | tn::logistic_regression(), garden_file);
#else
    auto m = tn::fit_chunks(tn::standardize(), garden_file);
#endif
}
