// expect: one_of_the_arguments_is_neither_a_Layer_nor_an_Activation
#include "support/data.hpp"

struct my_layer {
    static constexpr std::string_view name = "mine";
    static constexpr std::size_t width_out(std::size_t in) { return in; }
    template <class T>
    static void forward(tn::layer_values<const T> l, std::span<const T> x, std::span<T> z);
#ifdef MISTAKE
    template <class T>
    static void backward(tn::layer_values<const T> l, std::span<const T> x, std::span<T> dx);
#else
    template <class T>
    static void backward(tn::layer_values<const T> l, std::span<const T> x, std::span<const T> z,
                         std::span<const T> dz, std::span<T> dx, std::span<T> dp);
#endif
};

void user() {
#ifdef MISTAKE
    auto p = tn::network(tn::dense<8>, my_layer{}, tn::dense<1>);
#else
    auto p = tn::network(tn::dense<8>, my_layer{}, tn::dense<1>);
#endif
}
