// expect: a_classification_loss_cannot_fit_real_targets
#include "support/data.hpp"

void user() {
#ifdef MISTAKE
    auto m = (tn::mlp<8>(tn::relu) | tn::minimize(tn::cross_entropy(), tn::adam(1e-3))).fit(houses);
#else
    auto m = (tn::mlp<8>(tn::relu) | tn::minimize(tn::cross_entropy(), tn::adam(1e-3))).fit(garden);
#endif
}
