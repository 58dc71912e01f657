// expect: a_fitted_Stage_with_members_must_list_them_in_fields
#include "support/data.hpp"

/// A stage of the user's, in full but for the list of its fields.
template <std::size_t W>
struct fitted_times {
    static constexpr std::string_view name = "times";
    static constexpr std::size_t in = W, out = W;
    using scalar = double;
    double factor = 1;
    std::size_t width_in() const noexcept { return W; }
    std::size_t width_out() const noexcept { return W; }
    void operator()(tn::row<W> x, tn::row_out<W> z) const noexcept {
        for (std::size_t i = 0; i < W; ++i) z[i] = factor * x[i];
    }
#ifndef MISTAKE
    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit("factor", self.factor);
    }
#endif
};

struct times : tn::stage<tn::role::preprocessor> {
    template <class In>
    using out = In;
    template <class In>
    using fitted = fitted_times<In::width>;
    template <class F, class T, class Y>
    F fit(std::type_identity<F>, tn::matrix_view<const T>, tn::vector_view<const Y>) const {
        return {2.0};
    }
};

void user() {
    auto m = (times{} | tn::ridge(1)).fit(houses);
    tn::save(m, "houses.tenon");
}
