// expect: include_tenon_tenon_hpp_to_fit
#ifdef MISTAKE
#include <tenon/predict.hpp>
#else
#include <tenon/tenon.hpp>
#endif
#include <tenon/data/dataset.hpp>

namespace tn = tenon;

void user() {
    tn::dataset<tn::columns<1>> data(tn::matrix<double>(4, 1), std::vector<double>(4));
    auto m = (tn::standardize() | tn::ridge(1)).fit(data);
}
