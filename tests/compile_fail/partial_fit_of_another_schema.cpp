// expect: the_data_have_another_schema_than_the_model
#include "support/data.hpp"

void user() {
    tn::online learner(tn::ridge(1).fit(houses), train());
#ifdef MISTAKE
    learner.partial_fit(garden);
#else
    learner.partial_fit(houses);
#endif
}
