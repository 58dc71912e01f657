// expect: this_Model_has_no_gradient__leave_out_minimize
#include "support/data.hpp"

struct fitted_mean : tn::fitted_ridge<2> {};
struct mean_model : tn::stage<tn::role::model> {
    template <class In>
    using fitted = fitted_mean;
    template <class M>
    M fit(std::type_identity<M>, tn::matrix_view<const double>, tn::vector_view<const double>,
          tn::model_shape) const;
};

void user() {
#ifdef MISTAKE
    auto p = tn::standardize() | mean_model{} | train();
#else
    auto p = tn::standardize() | mean_model{};
#endif
}
