// expect: this_Model_cannot_be_fitted_to_these_columns
#include "support/data.hpp"

struct fitted_constant {
    static constexpr std::string_view name = "constant";
    static constexpr std::size_t in = 12, outputs = 1;
    using scalar = double;
    using score = double;
    double value = 0;
    std::size_t inputs() const noexcept { return in; }
    std::size_t width_out() const noexcept { return outputs; }
#ifdef MISTAKE
    double operator()(tn::row<in> x) const noexcept;
#else
    void operator()(tn::row<in> x, tn::row_out<outputs> z) const noexcept { z[0] = x[0] * 0 + value; }
#endif
};
struct constant_spec : tn::stage<tn::role::model> {
    template <class In>
    using fitted = fitted_constant;
    template <class M>
    M fit(std::type_identity<M>, tn::matrix_view<const double>, tn::vector_view<const double>,
          tn::model_shape) const {
        return {};
    }
};

void user() {
#ifdef MISTAKE
    auto m = (tn::standardize() | constant_spec{}).fit(houses);
#else
    auto m = (tn::standardize() | constant_spec{}).fit(houses);
#endif
}
