// expect: this_Model_has_no_coefficients_to_select_columns_by
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto m = (tn::from_coefficients<2>(tn::mlp<8>(tn::relu)) | tn::ridge(1)).fit(houses);
#else
    auto m = (tn::from_coefficients<2>(tn::ridge(1)) | tn::ridge(1)).fit(houses);
#endif
}
