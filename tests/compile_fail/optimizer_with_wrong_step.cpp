// expect: the_second_argument_is_not_an_Optimizer
#include "support/data.hpp"

struct my_optimizer {
    template <class T>
    struct state {
        explicit state(std::size_t) {}
    };
#ifdef MISTAKE
    template <class T>
    void step(std::span<T> w, std::span<const T> g) const;
#else
    template <class T>
    void step(state<T>& s, std::span<T> w, std::span<const T> g) const;
#endif
};

void user() {
#ifdef MISTAKE
    auto p = tn::mlp<8>(tn::relu) | tn::minimize(tn::squared_error(), my_optimizer{});
#else
    auto p = tn::mlp<8>(tn::relu) | tn::minimize(tn::squared_error(), my_optimizer{});
#endif
}
