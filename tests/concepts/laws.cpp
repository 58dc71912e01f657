// The laws of composition that the compiler can be asked about.

#include <tenon/tenon.hpp>

namespace tn = tenon;

namespace {

struct house
    : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">, tn::target<"price">> {};
struct flower
    : tn::schema<tn::numeric<"width">, tn::numeric<"height">, tn::label<"species", "aster", "lily">> {};
struct town : tn::schema<tn::numeric<"size">, tn::categorical<"country">, tn::target<"rent">> {};

template <class L, class R>
concept Joins = requires(const L l, const R r) { l | r; };
template <class R, class D>
concept Fits = requires(const R r, const D d) { r.fit(d); };
template <class P, class X>
concept Predicts = requires(const P p, const X x) { p(x); };

using scale = decltype(tn::standardize());
using expand = decltype(tn::polynomial<2>());
using model = decltype(tn::ridge(1));
using net = decltype(tn::mlp<8>(tn::relu));
using training = decltype(tn::minimize(tn::squared_error(), tn::adam(1e-3)));
using pruning = decltype(tn::prune(tn::by_magnitude, 0.5));
using int8 = decltype(tn::quantize<std::int8_t>());

// Law 1: `|` is associative, fragments compose, a specification is a small copyable value.
static_assert(std::same_as<decltype((tn::standardize() | tn::polynomial<2>()) | tn::ridge(1)),
                           decltype(tn::standardize() | (tn::polynomial<2>() | tn::ridge(1)))>);
static_assert(
    std::same_as<decltype((tn::standardize() | tn::mlp<8>(tn::relu)) |
                          (training(tn::minimize(tn::squared_error(), tn::adam(1e-3))) |
                           tn::quantize<std::int8_t>())),
                 decltype(tn::standardize() |
                          (tn::mlp<8>(tn::relu) | tn::minimize(tn::squared_error(), tn::adam(1e-3))) |
                          tn::quantize<std::int8_t>())>);
static_assert(std::copyable<model> && std::copyable<training> && sizeof(model) <= 64);
static_assert(!std::is_default_constructible_v<tn::fitted_t<model, tn::columns<2>>>);

// Law 2: the order is a relation between neighbours.
static_assert(Joins<scale, expand> && Joins<expand, scale> && Joins<scale, model> && Joins<model, training>);
static_assert(Joins<model, pruning> && Joins<pruning, int8> && Joins<net, training> &&
              Joins<training, int8> && Joins<pruning, pruning>);
static_assert(!Joins<model, scale> && !Joins<model, model> && !Joins<scale, training> &&
              !Joins<scale, pruning>);
static_assert(!Joins<int8, pruning> && !Joins<int8, int8> && !Joins<int8, training> &&
              !Joins<training, training>);
static_assert(!Joins<training, model> && !Joins<pruning, training> && !Joins<scale, int> &&
              !Joins<int, scale>);
static_assert(Fits<model, tn::dataset<tn::columns<2>>> && !Fits<model, tn::dataset<flower>> &&
              !Fits<net, tn::dataset<tn::columns<2>>>);
static_assert(Fits<scale, tn::dataset<flower>> && !Fits<scale, tn::dataset<house>> &&
              !Fits<model, tn::matrix<double>>);

// Law 3: the fitted type is a function of recipe and schema.
using recipe = decltype(tn::impute(tn::median) | tn::one_hot() | tn::standardize() | tn::polynomial<2>() |
                        tn::mlp<8>(tn::relu) | tn::minimize(tn::squared_error(), tn::adam(1e-3)));
static_assert(std::same_as<decltype(std::declval<recipe>().fit(std::declval<tn::dataset<house>>())),
                           tn::fitted_t<recipe, house>>);
static_assert(tn::fitted_t<recipe, house>::is_static && tn::fitted_t<recipe, house>::width_out == 9);
static_assert(!tn::fitted_t<recipe, town>::is_static && tn::fitted_t<recipe, town>::width_out == tn::dynamic);
static_assert(tn::fitted_t<decltype(tn::polynomial<2>()), tn::columns<2>>::width_out == 5);
static_assert(tn::fitted_t<decltype(tn::polynomial<3>()), tn::columns<3>>::width_out == 19);
static_assert(!tn::fitted_t<model, tn::columns<tn::dynamic>>::is_static);

// Law 6: scalars. Linear models compute in double, networks in float, answers come in the scalar of the data.
using double_data = tn::columns<2>;
using float_data = tn::columns<2, tn::real, float>;
using trained_net = decltype(tn::mlp<8>(tn::relu) | tn::minimize(tn::squared_error(), tn::adam(1e-3)));
static_assert(std::same_as<tn::fitted_t<trained_net, double_data>::answer, double>);
static_assert(std::same_as<tn::fitted_t<trained_net, float_data>::answer, float>);
static_assert(std::same_as<tn::fitted_t<trained_net, double_data>::model_type::scalar, float>);
static_assert(std::same_as<tn::fitted_t<decltype(tn::mlp<double, 8>(tn::relu) |
                                                 tn::minimize(tn::squared_error(), tn::adam(1e-3))),
                                        double_data>::model_type::scalar,
                           double>);
static_assert(std::same_as<tn::fitted_t<model, float_data>::model_type::scalar, double>);
static_assert(
    std::same_as<tn::fitted_t<decltype(tn::logistic_regression()), flower>::answer, tn::class_index>);

// Law 12: static widths predict noexcept; nothing unfitted predicts.
using fitted = tn::fitted_t<recipe, house>;
static_assert(noexcept(std::declval<const fitted&>()(std::array<double, 2>{})));
static_assert(Predicts<fitted, std::array<double, 2>> && !Predicts<fitted, std::array<double, 3>> &&
              !Predicts<fitted, std::vector<double>>);
static_assert(!Predicts<recipe, std::array<double, 2>>);
static_assert(!Predicts<tn::fitted_t<scale, tn::columns<2>>, std::array<double, 2>>);
static_assert(Predicts<tn::fitted_t<model, tn::columns<tn::dynamic>>, std::vector<double>>);

} // namespace
