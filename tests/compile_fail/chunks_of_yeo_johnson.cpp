// expect: this_Stage_cannot_be_fitted_in_chunks
#include "support/data.hpp"

extern tn::csv_chunks<house> house_file;

void user() {
#ifdef MISTAKE
    auto m = tn::fit_chunks(tn::yeo_johnson() | tn::ridge(1), house_file);
#else
    auto m = tn::fit_chunks(tn::standardize() | tn::ridge(1), house_file);
#endif
}
