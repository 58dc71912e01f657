// expect: the reason expected
#ifdef MISTAKE
static_assert(sizeof(char) == 2, "another reason");
// The right text on a later error line is not enough without '// any: 1'.
static_assert(sizeof(char) == 2, "the reason expected");
#endif
