// expect: this_Stage_cannot_fit_these_columns
#include "support/data.hpp"

struct log_stage : tn::stage<tn::role::preprocessor> {
    template <class In>
    using out = In;
    template <class In>
    using fitted = tn::fitted_standardize<In::width, double>;
#ifdef MISTAKE
    template <class F>
    F fit(const tn::matrix<double>& x) const;
#else
    template <class F, class T, class Y>
    F fit(std::type_identity<F>, tn::matrix_view<const T> x, tn::vector_view<const Y>) const;
#endif
};

void user() {
#ifdef MISTAKE
    auto m = (log_stage{} | tn::ridge(1)).fit(houses);
#else
    auto m = (log_stage{} | tn::ridge(1)).fit(houses);
#endif
}
