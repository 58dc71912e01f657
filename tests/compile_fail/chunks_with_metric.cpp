// expect: a_Metric_needs_the_answers_to_all_rows__leave_it_out_where_rows_come_in_chunks
#include "support/data.hpp"

extern tn::csv_chunks<house> house_file;

void user() {
#ifdef MISTAKE
    auto how = tn::minimize(tn::squared_error(), tn::adam(1e-3), {.epochs = 1}, tn::r2());
#else
    auto how = tn::minimize(tn::squared_error(), tn::adam(1e-3), {.epochs = 1});
#endif
    auto m = tn::fit_chunks(tn::linear_regression() | how, house_file);
}
