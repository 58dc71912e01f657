// expect: a_Stage_of_this_pipeline_has_no_source_for_write_header
#include "support/data.hpp"

/// A stage of the user's, in full but for a text for the generated header.
template <std::size_t W>
struct fitted_doubled {
    static constexpr std::string_view name = "doubled";
    static constexpr std::size_t in = W, out = W;
    using scalar = double;
    std::size_t width_in() const noexcept { return W; }
    std::size_t width_out() const noexcept { return W; }
    void operator()(tn::row<W> x, tn::row_out<W> z) const noexcept {
        for (std::size_t i = 0; i < W; ++i) z[i] = 2 * x[i];
    }
#ifndef MISTAKE
    static std::string source() { return "for (int i = 0; i < in; ++i) z[i] = 2 * x[i];"; }
#endif
};

struct doubled : tn::stage<tn::role::preprocessor> {
    template <class In>
    using out = In;
    template <class In>
    using fitted = fitted_doubled<In::width>;
    template <class F, class T, class Y>
    F fit(std::type_identity<F>, tn::matrix_view<const T>, tn::vector_view<const Y>) const {
        return {};
    }
};

void user() {
    auto m = (doubled{} | tn::ridge(1)).fit(houses);
    tn::write_header(m, "houses.hpp", "houses");
}
