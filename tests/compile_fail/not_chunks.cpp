// expect: the_second_argument_gives_no_chunks__it_needs_next_and_rewind
#include "support/data.hpp"

extern tn::csv_chunks<house> house_file;

void user() {
#ifdef MISTAKE
    auto m = tn::fit_chunks(tn::ridge(1), houses);
#else
    auto m = tn::fit_chunks(tn::ridge(1), house_file);
#endif
}
