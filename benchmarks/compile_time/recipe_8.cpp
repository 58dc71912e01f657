// compile: a recipe of 8 stages beside one of 2, -O1 | tenon | -O1
#include <tenon/tenon.hpp>

namespace tn = tenon;

double fit(const tn::dataset<tn::columns<6>>& data, const std::array<double, 6>& x) {
    auto recipe = tn::standardize() | tn::standardize() | tn::standardize() | tn::standardize() |
                  tn::standardize() | tn::standardize() | tn::standardize() | tn::ridge(1);
    return recipe.fit(data)(x);
}
