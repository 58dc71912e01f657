// expect: on_takes_Preprocessors_and_FeatureExpanders_only
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto m = (tn::on<"area">(tn::standardize() | tn::ridge(1)) | tn::ridge(1)).fit(houses);
#else
    auto m = (tn::on<"area">(tn::standardize() | tn::polynomial<2>()) | tn::ridge(1)).fit(houses);
#endif
}
