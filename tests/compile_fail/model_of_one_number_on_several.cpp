// expect: this_Model_answers_with_one_number__the_schema_has_several_targets
#include "support/data.hpp"

struct arm : tn::schema<tn::numeric<"shoulder">, tn::numeric<"elbow">, tn::target<"x">, tn::target<"y">> {};
struct hand : tn::schema<tn::numeric<"shoulder">, tn::numeric<"elbow">, tn::target<"x">> {};
extern tn::dataset<arm> moves;
extern tn::dataset<hand> grips;

/// A model of a user's own, for one number.
struct always_spec : tn::stage<tn::role::model> {
    struct always {
        static constexpr std::string_view name = "always";
        static constexpr std::size_t in = 2, outputs = 1;
        using scalar = double;
        using score = double;
        double answer = 0;
        void operator()(tn::row<2>, tn::row_out<1> z) const noexcept { z[0] = answer; }
        static std::size_t inputs() { return in; }
        static std::size_t width_out() { return outputs; }
    };
    template <class In>
    using fitted = always;
    template <class M>
    M fit(std::type_identity<M>, tn::matrix_view<const double>, tn::vector_view<const double> y,
          tn::model_shape) const {
        return {y[0]};
    }
};

void user() {
    const tn::pipeline always{always_spec{}};
#ifdef MISTAKE
    auto model = always.fit(moves);
#else
    auto model = always.fit(grips);
#endif
}
