// expect: this_Loss_cannot_be_called_with_scores_target_and_gradient
#include "support/data.hpp"

struct my_loss {
    template <class Kind>
    using accepts = tn::because::nothing;
#ifdef MISTAKE
    float operator()(float score, float y) const;
#else
    template <class T>
    T operator()(std::span<const T> scores, T y, std::span<T> gradient) const;
#endif
};

void user() {
#ifdef MISTAKE
    auto m = (tn::mlp<8>(tn::relu) | tn::minimize(my_loss{}, tn::adam(1e-3))).fit(houses);
#else
    auto m = (tn::mlp<8>(tn::relu) | tn::minimize(my_loss{}, tn::adam(1e-3))).fit(houses);
#endif
}
