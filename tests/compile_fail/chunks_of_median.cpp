// expect: this_Stage_keeps_all_values__if_they_fit_write_fit_chunks_of_memory_unbounded
#include "support/data.hpp"

extern tn::csv_chunks<house> house_file;

void user() {
#ifdef MISTAKE
    auto m = tn::fit_chunks(tn::on<"tax">(tn::impute(tn::median)) | tn::ridge(1), house_file);
#else
    auto m = tn::fit_chunks<tn::memory::unbounded>(tn::on<"tax">(tn::impute(tn::median)) | tn::ridge(1),
                                                   house_file);
#endif
}
