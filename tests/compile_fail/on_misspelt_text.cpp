// expect: the_schema_has_no_column
#include "support/data.hpp"

struct opinion : tn::schema<tn::text<"review", 256>, tn::label<"verdict", "bad", "good">> {};
extern tn::dataset<opinion> opinions;

void user() {
#ifdef MISTAKE
    auto m = (tn::on<"reveiw">(tn::tf_idf()) | tn::logistic_regression()).fit(opinions);
#else
    auto m = (tn::on<"review">(tn::tf_idf()) | tn::logistic_regression()).fit(opinions);
#endif
}
