// expect: a_categorical_column_must_be_encoded_first__put_one_hot_before_this
#include "support/data.hpp"

struct animal
    : tn::schema<tn::numeric<"mass">, tn::categorical<"island", "north", "south">, tn::target<"age">> {};
extern tn::dataset<animal> animals;

void user() {
#ifdef MISTAKE
    auto m = (tn::standardize() | tn::ridge(1)).fit(animals);
#else
    auto m = (tn::one_hot() | tn::standardize() | tn::ridge(1)).fit(animals);
#endif
}
