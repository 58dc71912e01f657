// expect: the reason expected
// any: 1
#ifdef MISTAKE
static_assert(sizeof(char) == 2, "another reason");
static_assert(sizeof(char) == 2, "yet another reason");
#endif
