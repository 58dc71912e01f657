// expect: static assertion failed
#ifdef MISTAKE
template <int I>
struct twice {
    static_assert(I < 0, "on purpose");
};
template struct twice<0>;
template struct twice<1>;
template struct twice<2>;
template struct twice<3>;
template struct twice<4>;
template struct twice<5>;
template struct twice<6>;
template struct twice<7>;
#endif
