// expect: wrong
#ifdef MISTAKE
int harmless = 0;
#else
int correct = 0;
#endif
