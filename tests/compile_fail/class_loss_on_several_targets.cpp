// expect: a_classification_loss_cannot_fit_real_targets
#include "support/data.hpp"

struct arm : tn::schema<tn::numeric<"shoulder">, tn::numeric<"elbow">, tn::target<"x">, tn::target<"y">> {};
extern tn::dataset<arm> moves;

void user() {
#ifdef MISTAKE
    auto model =
        (tn::mlp<8>(tn::relu) | tn::minimize(tn::cross_entropy(), tn::adam(1e-3), {.epochs = 1})).fit(moves);
#else
    auto model = (tn::mlp<8>(tn::relu) | train()).fit(moves);
#endif
}
