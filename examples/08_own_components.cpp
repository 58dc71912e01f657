// Components that the library does not know: a Loss, an Optimizer, a schedule, a layer and a Model, each in under thirty
// lines. They derive from nothing but `stage`, are registered nowhere, and stand in a recipe like any other: what each must
// have is a concept in tenon/core/concepts.hpp (Schedule: optim/schedule.hpp, Layer: model/layer.hpp).

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <span>
#include <tenon/tenon.hpp>
#include <vector>

namespace tn = tenon;

// A Loss says which targets it accepts, and is called for one sample: it returns the value and writes the slopes with respect
// to the scores. T is the model's scalar. This one: the error squared, counted three times where the prediction is too low.
struct low_costs_thrice {
    template <class Kind>
    using accepts =
        std::conditional_t<tn::is_classification<Kind>,
                           tn::because::a_regression_loss_cannot_fit_class_labels, tn::because::nothing>;
    static constexpr bool target_may_be_scaled = true; // training may standardize the target
    template <class T>
    T operator()(std::span<const T> scores, T y, std::span<T> gradient) const noexcept {
        const T error = scores[0] - y, times = error < 0 ? T(3) : T(1);
        gradient[0] = 2 * times * error;
        return times * error * error;
    }
};
static_assert(tn::Loss<low_costs_thrice>);

// An Optimizer is a value; what a run remembers of n weights is in state<T>, and step moves the weights w against the slopes g.
// With a member called rate it can be scheduled. This one: steps of one size along the sign of a mean (Lion, arXiv 2302.06675).
struct sign_steps {
    double rate;
    template <class T>
    struct state {
        explicit state(std::size_t n) : mean(n) {}
        std::vector<T> mean;
        static void fields(auto& self, auto&& visit) { visit("mean", self.mean); } // for checkpoints
    };
    template <class T>
    void step(state<T>& s, std::span<T> w, std::span<const T> g) const noexcept {
        for (std::size_t i = 0; i < w.size(); ++i) {
            const T toward = T(0.9) * s.mean[i] + T(0.1) * g[i];
            w[i] -= static_cast<T>(rate) * static_cast<T>((toward > 0) - (toward < 0));
            s.mean[i] = T(0.99) * s.mean[i] + T(0.01) * g[i];
        }
    }
};
static_assert(tn::Optimizer<sign_steps>);

// A schedule is called with the number of the tick, from 0, and returns the share of the rate that is taken.
// This one: up in a straight line, then down with the root of the ticks (Vaswani et al., arXiv 1706.03762).
struct rise_and_root {
    double top;
    double operator()(std::uint64_t tick) const noexcept {
        const double at = static_cast<double>(tick) + 1;
        return at < top ? at / top : std::sqrt(top / at);
    }
};
static_assert(tn::Schedule<rise_and_root>);

// A layer has a name, widths, and a row forwards and backwards: backward writes the slopes of x and adds those of the parameters.
// This one: x + sin²(a·x) / a with an a for each value that is learned (Snake, Ziyin et al., arXiv 2006.08195).
struct snake {
    static constexpr std::string_view name = "snake";
    static constexpr std::size_t width_out(std::size_t in) { return in; }
    static constexpr std::size_t parameter_count(std::size_t in) { return in; }
    template <class T>
    void start(tn::layer_values<T> l, tn::layer_place, tn::philox&) const {
        for (T& a : l.parameters) a = 1;
    }
    template <class T>
    static void forward(tn::layer_values<const T> l, std::span<const T> x, std::span<T> z) noexcept {
        for (std::size_t i = 0; i < x.size(); ++i) {
            const T a = l.parameters[i], wave = std::sin(a * x[i]);
            z[i] = x[i] + wave * wave / a;
        }
    }
    template <class T>
    static void backward(tn::layer_values<const T> l, std::span<const T> x, std::span<const T> z,
                         std::span<const T> dz, std::span<T> dx, std::span<T> dp) noexcept {
        for (std::size_t i = 0; i < x.size(); ++i) {
            const T a = l.parameters[i], steep = std::sin(2 * a * x[i]);
            dx[i] = dz[i] * (1 + steep);
            dp[i] += dz[i] * (x[i] * steep - (z[i] - x[i])) / a;
        }
    }
};
static_assert(tn::Layer<snake>);

// A fitted Model writes a score for each class (a number for a real target). `fields` is what save, load and the count of
// bytes walk. This one: minus the squared distance to the centre of each class.
template <std::size_t W, std::size_t K>
struct fitted_centroids {
    static constexpr std::string_view name = "nearest centroid";
    static constexpr std::size_t in = W, outputs = K;
    using scalar = double;
    using score = double;
    tn::storage<double, W * K> centres;
    std::size_t inputs() const noexcept { return W; }
    std::size_t width_out() const noexcept { return K; }
    void operator()(tn::row<W> x, tn::row_out<K> scores) const noexcept {
        for (std::size_t k = 0; k < K; ++k) scores[k] = 0;
        for (std::size_t i = 0; i < W * K; ++i) scores[i / W] -= std::pow(x[i % W] - centres[i], 2);
    }
    static void fields(auto& self, auto&& visit) { visit("centres", self.centres); }
};
// Its specification stands in the recipe: the type that it is fitted to for columns In, and fit. A Model without a solver of
// its own has `start`, `parameters` and `gradient` instead, and is trained by minimize.
struct centroids_spec : tn::stage<tn::role::model> {
    template <class In>
    using fitted = fitted_centroids<In::width, tn::outputs_of<typename In::kind>>;
    template <class M>
    M fit(std::type_identity<M>, tn::matrix_view<const double> x, tn::vector_view<const tn::class_index> y,
          tn::model_shape) const {
        M m;
        std::array<double, M::outputs> rows{};
        for (std::size_t r = 0; r < x.rows(); ++r) rows[y[r]] += 1;
        for (std::size_t r = 0; r < x.rows(); ++r)
            for (std::size_t c = 0; c < M::in; ++c) m.centres[y[r] * M::in + c] += x(r, c) / rows[y[r]];
        return m;
    }
};

namespace {

auto nearest_centroid() {
    return tn::pipeline{centroids_spec{}};
}

/// A wave that rises, with noise.
tn::dataset<tn::columns<1>> waves(std::size_t rows, std::uint64_t seed) {
    tn::philox random(seed);
    tn::matrix<double> x(rows, 1);
    std::vector<double> y;
    for (std::size_t r = 0; r < rows; ++r) {
        x(r, 0) = random.uniform(0, 6);
        y.push_back(50 * x(r, 0) + 100 * std::sin(2 * x(r, 0)) + 20 * random.normal());
    }
    return {std::move(x), std::move(y)};
}

struct penguin
    : tn::schema<
          tn::numeric<"bill_length_mm">, tn::numeric<"bill_depth_mm">, tn::numeric<"flipper_length_mm">,
          tn::numeric<"body_mass_g">, tn::categorical<"island", "Biscoe", "Dream", "Torgersen">,
          tn::categorical<"sex", "female", "male">, tn::label<"species", "Adelie", "Chinstrap", "Gentoo">> {};

} // namespace

int main() {
    // Loss, Optimizer, schedule and layer in one recipe.
    const auto wave =
        (tn::standardize() | tn::network(tn::dense<16>, snake{}, tn::dense<1>) |
         tn::minimize(low_costs_thrice{}, tn::scheduled(sign_steps{1e-2}, rise_and_root{50}, tn::per::step),
                      {.epochs = 400, .batch_size = 32, .seed = 1}))
            .fit(waves(300, 1));
    const auto others = waves(1000, 2);
    const double r2 = tn::evaluate(wave, others, tn::r2())["r2"];
    double above = 0;
    for (std::size_t r = 0; r < others.size(); ++r)
        if (wave(others.row(r)) > others.target(r)) above += 1.0 / static_cast<double>(others.size());
    std::printf("%s", wave.model().summary().c_str());
    std::printf("a wave with noise: r2 %.3f on other rows, %.0f %% predicted too high rather than too low\n",
                r2, 100 * above);

    // The Model, fitted, saved and loaded as any other.
    const auto [train, test] =
        tn::split(tn::read_csv<penguin>(TENON_EXAMPLE_DATA "/penguins.csv"), 0.7, tn::seed{1});
    const auto recipe = tn::impute(tn::median) | tn::one_hot() | tn::standardize() | nearest_centroid();
    const auto model = recipe.fit(train);
    tn::save(model, "penguins.tenon");
    const auto again = tn::load<tn::fitted_t<decltype(recipe), penguin>>("penguins.tenon");
    const double accuracy = tn::evaluate(again, test, tn::accuracy())["accuracy"];
    std::printf("penguins by the nearest centre: accuracy %.3f on other rows, %zu bytes\n", accuracy,
                again.bytes());
    return r2 > 0.9 && above > 0.6 && accuracy > 0.9 ? 0 : 1;
}
