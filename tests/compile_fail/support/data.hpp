// Two schemas that the mistakes are made with: thirteen columns, so that a message has something to be long about.
#pragma once

#include <tenon/tenon.hpp>

namespace tn = tenon;

struct house
    : tn::schema<tn::numeric<"area">, tn::numeric<"age">, tn::numeric<"rooms">, tn::numeric<"floors">,
                 tn::numeric<"garden">, tn::numeric<"distance">, tn::numeric<"noise">, tn::numeric<"crime">,
                 tn::numeric<"schools">, tn::numeric<"tax">, tn::numeric<"light">, tn::numeric<"energy">,
                 tn::target<"price">> {};

struct flower
    : tn::schema<tn::numeric<"width">, tn::numeric<"height">, tn::label<"species", "aster", "lily">> {};

extern tn::dataset<house> houses;
extern tn::dataset<flower> garden;

inline auto train() {
    return tn::minimize(tn::squared_error(), tn::adam(1e-3), {.epochs = 1});
}
