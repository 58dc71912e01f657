// expect: a reason
#ifdef MISTAKE
static_assert(sizeof(char) == 2, "a reason that goes on for much too long for anyone to read it to its end "
                                 "a reason that goes on for much too long for anyone to read it to its end "
                                 "a reason that goes on for much too long for anyone to read it to its end "
                                 "a reason that goes on for much too long for anyone to read it to its end "
                                 "a reason that goes on for much too long for anyone to read it to its end "
                                 "a reason that goes on for much too long for anyone to read it to its end "
                                 "a reason that goes on for much too long for anyone to read it to its end ");
#endif
