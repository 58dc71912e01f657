// expect: the_Loss_has_weights_for_another_number_of_classes
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto loss = tn::cross_entropy(std::array{1.0, 2.0, 3.0});
#else
    auto loss = tn::cross_entropy(std::array{1.0, 2.0});
#endif
    auto m = (tn::mlp<8>(tn::relu) | tn::minimize(loss, tn::adam(1e-3))).fit(garden);
}
