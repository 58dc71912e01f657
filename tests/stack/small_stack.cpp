// A network of 784 → 128 → 10 in its whole life, for a thread whose stack is small: 256 KiB, which its parameters alone
// (398 KiB) would not fit. CMakeLists.txt says how it is started.

#include <array>
#include <cstdint>
#include <cstdio>
#include <tenon/compress.hpp>
#include <tenon/deploy.hpp>
#include <tenon/loss/cross_entropy.hpp>
#include <tenon/model/mlp.hpp>
#include <tenon/model/network.hpp>
#include <tenon/optim/adam.hpp>
#include <tenon/train.hpp>
#include <vector>

namespace tn = tenon;

namespace {

using digits = tn::columns<784, tn::classes<10>, float>;

/// Some images; an image's class is where it is bright.
tn::dataset<digits> images() {
    constexpr std::size_t rows = 60;
    tn::philox random(3);
    tn::matrix<float> x(rows, 784);
    std::vector<tn::class_index> y;
    for (std::size_t r = 0; r < rows; ++r) {
        const std::size_t k = r % 10;
        for (std::size_t c = 0; c < 784; ++c)
            x(r, c) = static_cast<float>(random.uniform()) + (c / 79 == k ? 1.0F : 0.0F);
        y.push_back(static_cast<tn::class_index>(k));
    }
    return {std::move(x), std::move(y)};
}

/// How many images two models answer alike, one by one and as a batch.
template <class P>
std::size_t same_answers(const P& a, const P& b, const tn::dataset<digits>& data) {
    std::size_t same = 0;
    std::vector<tn::class_index> of_batch(data.size());
    b.predict(data.x(), of_batch);
    for (std::size_t r = 0; r < data.size(); ++r)
        if (a(data.row(r)) == of_batch[r] && b(data.row(r)) == of_batch[r]) ++same;
    return same;
}

template <class P>
std::size_t right_answers(const P& model, const tn::dataset<digits>& data) {
    std::size_t right = 0;
    for (std::size_t r = 0; r < data.size(); ++r)
        if (model(data.row(r)) == data.target(r)) ++right;
    return right;
}

bool says(const char* what, bool holds) {
    if (!holds) std::printf("not so: %s\n", what);
    return holds;
}

/// Fits a model, copies it, saves and loads it, and writes its header.
template <class Recipe>
auto live(const Recipe& recipe, const tn::dataset<digits>& data, const char* file, bool& is_right) {
    auto model = recipe.fit(data);
    auto copy = model;
    const auto moved = std::move(copy);
    tn::save(moved, file);
    const auto again = tn::load<tn::fitted_t<Recipe, digits>>(file);
    is_right &= says("learned", right_answers(again, data) > data.size() * 9 / 10);
    is_right &= says("the same after loading", same_answers(model, again, data) == data.size());
    is_right &= says("probabilities", again.probabilities(data.row(3))[3] > 0.2F);
    tn::write_header(again, "network.hpp", "digits");
    return model;
}

} // namespace

int main() {
    const auto data = images();
    const auto how = tn::minimize(tn::cross_entropy(), tn::adam(1e-3),
                                  {.epochs = 5,
                                   .batch_size = 10,
                                   .seed = 1,
                                   .validation = 0.1,
                                   .patience = 5,
                                   .show = tn::progress::off});
    bool is_right = true;
    live(tn::network(tn::dense<128>, tn::relu, tn::dense<10>) | how, data, "network.tenon", is_right);
    const auto dense = live(tn::mlp<128>(tn::relu) | how, data, "mlp.tenon", is_right);

    const auto small =
        tn::compress(dense, data, tn::prune(tn::by_magnitude, 0.5) | tn::quantize<std::int8_t>());
    const auto copy = small;
    tn::save(copy, "small.tenon");
    const auto again = tn::load<std::remove_const_t<decltype(small)>>("small.tenon");
    is_right &= says("the same in int8 after loading", same_answers(small, again, data) == data.size());
    tn::write_header(again, "small.hpp", "small_digits");
    return is_right ? 0 : 1;
}
