// The library's functions of vectors and numbers, as types that a test can be written over.
#pragma once

#include <tenon/model/exponential.hpp>
#include <tenon/model/hyperbolic_tangent.hpp>

namespace tenon_test {

struct tangent {
    template <class V>
    [[gnu::always_inline]] static void apply(V& v) {
        tenon::hyperbolic_tangent_of(v);
    }
};
struct exponential {
    template <class V>
    [[gnu::always_inline]] static void apply(V& v) {
        tenon::exponential_of(v);
    }
};
struct exponential_less_one {
    template <class V>
    [[gnu::always_inline]] static void apply(V& v) {
        tenon::exponential_less_one_of(v);
    }
};
struct logistic {
    template <class V>
    [[gnu::always_inline]] static void apply(V& v) {
        tenon::logistic_of(v);
    }
};

} // namespace tenon_test
