// A sample without an expectation.
#ifdef MISTAKE
#error wrong
#endif
