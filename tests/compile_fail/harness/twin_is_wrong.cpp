// expect: wrong
#ifdef MISTAKE
#error wrong
#else
#error wrong too
#endif
