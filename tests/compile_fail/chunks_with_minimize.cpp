// expect: this_Stage_keeps_all_values__if_they_fit_write_fit_chunks_of_memory_unbounded
#include "support/data.hpp"

extern tn::csv_chunks<house> house_file;

void user() {
#ifdef MISTAKE
    auto m = tn::fit_chunks(tn::impute(tn::median) | tn::linear_regression() | train(), house_file);
#else
    auto m = tn::fit_chunks(tn::standardize() | tn::linear_regression() | train(), house_file);
#endif
}
