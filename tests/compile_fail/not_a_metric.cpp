// expect: one_of_the_arguments_is_not_a_Metric
#include "support/data.hpp"

struct my_metric {
    static constexpr std::string_view name = "mine";
};

void user() {
#ifdef MISTAKE
    auto m = tn::ridge(1).fit(houses);
    tn::evaluate(m, houses, my_metric{});
#else
    auto m = tn::ridge(1).fit(houses);
    tn::evaluate(m, houses, tn::mae());
#endif
}
