// expect: minimize_needs_all_rows_in_memory__use_fit
#include "support/data.hpp"

extern tn::csv_chunks<house> house_file;

void user() {
#ifdef MISTAKE
    auto m = tn::fit_chunks(tn::standardize() | tn::linear_regression() | train(), house_file);
#else
    auto m = tn::fit_chunks(tn::standardize() | tn::linear_regression(), house_file);
#endif
}
