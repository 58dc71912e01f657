// expect: a_Pruner_or_Quantizer_needs_all_rows_in_memory__use_compress_on_what_fit_chunks_gives
#include "support/data.hpp"

extern tn::csv_chunks<house> house_file;

void user() {
#ifdef MISTAKE
    auto m = tn::fit_chunks(tn::ridge(1) | tn::prune(tn::by_magnitude, 0.5), house_file);
#else
    auto m = tn::compress(tn::fit_chunks(tn::ridge(1), house_file), houses, tn::prune(tn::by_magnitude, 0.5));
#endif
}
