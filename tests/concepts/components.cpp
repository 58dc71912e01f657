// Which types are which noun, and which are not: a page to read beside core/concepts.hpp.

#include <tenon/tenon.hpp>

namespace tn = tenon;

namespace {

struct nothing {};

struct house
    : tn::schema<tn::numeric<"area">, tn::categorical<"kind", "flat", "house">, tn::target<"price">> {};
struct flower
    : tn::schema<tn::numeric<"width">, tn::numeric<"height">, tn::label<"species", "aster", "lily">> {};
struct photo : tn::schema<tn::numeric<"red", float>, tn::numeric<"blue", float>, tn::label<"what">> {};
struct town : tn::schema<tn::numeric<"size">, tn::categorical<"country">, tn::target<"rent">> {};
struct cloud : tn::schema<tn::numeric<"height">> {};

// Schema
static_assert(tn::Schema<house> && tn::Schema<tn::columns<3>> &&
              tn::Schema<tn::columns<tn::dynamic, tn::classes<4>, float>>);
static_assert(!tn::Schema<nothing> && !tn::Schema<int>);
static_assert(house::width == 2 && flower::width == 2 && tn::columns<tn::dynamic>::width == tn::dynamic);
static_assert(std::same_as<house::kind, tn::real> && std::same_as<flower::kind, tn::classes<2>>);
static_assert(std::same_as<photo::kind, tn::classes<tn::dynamic>> && std::same_as<cloud::kind, tn::none>);
static_assert(std::same_as<house::scalar, double> && std::same_as<photo::scalar, float>);
static_assert(house::categories(0) == 0 && house::categories(1) == 2 && town::categories(1) == tn::dynamic);
static_assert(house::names[0] == "area" && house::names[1] == "kind");

// Dataset
static_assert(tn::Dataset<tn::dataset<house>> && tn::Dataset<tn::dataset_view<tn::columns<2>>>);
static_assert(!tn::Dataset<tn::matrix<double>> && !tn::Dataset<house>);

// Stage, and who is what
template <class R>
using only_stage = std::remove_cvref_t<decltype(std::declval<R>().template stage<0>())>;
using standardize_stage = only_stage<decltype(tn::standardize())>;
using impute_stage = only_stage<decltype(tn::impute(tn::median))>;
using one_hot_stage = only_stage<decltype(tn::one_hot())>;
using polynomial_stage = only_stage<decltype(tn::polynomial<2>())>;
using ridge_stage = only_stage<decltype(tn::ridge(1))>;
using mlp_stage = only_stage<decltype(tn::mlp<8>(tn::relu))>;
using logistic_stage = only_stage<decltype(tn::logistic_regression())>;
using prune_stage = only_stage<decltype(tn::prune(tn::by_magnitude, 0.5))>;
using quantize_stage = only_stage<decltype(tn::quantize<std::int8_t>())>;
using minimize_stage = only_stage<decltype(tn::minimize(tn::squared_error(), tn::adam(1e-3)))>;

static_assert(tn::Stage<standardize_stage> && tn::Stage<mlp_stage> && tn::Stage<minimize_stage>);
static_assert(!tn::Stage<nothing> && !tn::Stage<tn::squared_error_loss>);

static_assert(tn::Preprocessor<standardize_stage> && tn::Preprocessor<impute_stage> &&
              tn::Preprocessor<one_hot_stage>);
static_assert(!tn::FeatureExpander<standardize_stage>);
static_assert(tn::FeatureExpander<polynomial_stage> && tn::Preprocessor<polynomial_stage>);
static_assert(!tn::Preprocessor<ridge_stage> && !tn::Preprocessor<prune_stage> && !tn::Preprocessor<nothing>);
static_assert(tn::PreprocessorFor<standardize_stage, flower> && tn::PreprocessorFor<one_hot_stage, house>);
static_assert(!tn::PreprocessorFor<ridge_stage, house>);

static_assert(tn::Model<ridge_stage> && tn::Model<mlp_stage> && !tn::Model<standardize_stage> &&
              !tn::Model<nothing>);
static_assert(tn::ModelFor<ridge_stage, tn::columns<3>> && tn::ModelFor<logistic_stage, flower>);
static_assert(tn::SolverFor<ridge_stage, tn::columns<3>> && !tn::SolverFor<mlp_stage, tn::columns<3>>);
static_assert(tn::TrainableFor<ridge_stage, tn::columns<3>> && tn::TrainableFor<mlp_stage, tn::columns<3>>);

static_assert(tn::Pruner<prune_stage> && !tn::Pruner<quantize_stage> && !tn::Pruner<nothing>);
static_assert(tn::Quantizer<quantize_stage> && !tn::Quantizer<prune_stage>);

// Loss, Optimizer, Penalty, Metric, Activation
static_assert(tn::Loss<tn::squared_error_loss> && tn::Loss<tn::cross_entropy_loss> && !tn::Loss<nothing>);
static_assert(tn::LossFor<tn::squared_error_loss, tn::real, float> &&
              tn::LossFor<tn::cross_entropy_loss, tn::classes<3>, double>);
static_assert(tn::Optimizer<tn::adam_optimizer> && tn::Optimizer<tn::sgd_optimizer> &&
              tn::Optimizer<tn::gradient_descent_optimizer>);
static_assert(!tn::Optimizer<nothing> && !tn::Optimizer<tn::squared_error_loss>);
static_assert(
    tn::Optimizer<decltype(tn::chain(tn::clip_by_norm(1), tn::scheduled(tn::adamw(1e-3), tn::cosine(9))))>);
static_assert(tn::GradientTransform<tn::clip_by_norm_transform> &&
              !tn::GradientTransform<tn::adam_optimizer>);
static_assert(tn::Schedule<tn::cosine_schedule> && tn::ReactingSchedule<tn::on_plateau_schedule> &&
              !tn::Schedule<nothing>);
static_assert(tn::Penalty<tn::l2_penalty> && tn::Penalty<tn::l2_sp_penalty> && tn::Penalty<tn::no_penalty> &&
              !tn::Penalty<nothing>);
static_assert(tn::Metric<decltype(tn::rmse())> && tn::Metric<decltype(tn::accuracy())> &&
              !tn::Metric<nothing>);
static_assert(tn::MetricFor<decltype(tn::rmse()), tn::real> &&
              !tn::MetricFor<decltype(tn::rmse()), tn::classes<2>>);
static_assert(tn::MetricFor<decltype(tn::roc_auc()), tn::classes<3>> &&
              !tn::MetricFor<decltype(tn::roc_auc()), tn::real>);
static_assert(tn::Activation<tn::relu_activation> && !tn::Activation<nothing>);

// What is fitted
using recipe = decltype(tn::impute(tn::median) | tn::one_hot() | tn::standardize() | tn::ridge(1));
using model = tn::fitted_t<recipe, house>;
static_assert(tn::Predictor<model> && !tn::Predictor<recipe> && !tn::Predictor<nothing>);
using preparation = tn::fitted_t<decltype(tn::standardize() | tn::polynomial<2>()), tn::columns<2>>;
static_assert(!tn::Predictor<preparation>);
static_assert(tn::Transformer<tn::fitted_standardize<2, double>> &&
              tn::Transformer<tn::fitted_polynomial<2, 3, float>>);
static_assert(!tn::Transformer<tn::fitted_ridge<2>> && tn::FittedModel<tn::fitted_ridge<2>>);

} // namespace
