// Fashion-MNIST, 70 000 pictures of ten kinds of garments: a network with one hidden layer, its learning curve in the
// terminal and as a picture, and a second network with a layer that this program defines.
//
//     07_fashion_mnist [epochs] [folder]    the folder may hold the files as they are (.gz) or unpacked

#include <cstdio>
#include <cstdlib>
#include <string>
#include <tenon/data/idx.hpp>
#include <tenon/tenon.hpp>
#include <tenon/train/learning_curve.hpp>
#include <vector>

namespace tn = tenon;

using garment = tn::columns<784, tn::classes<10>, float>;

/// A layer of one's own: every input times a number that is learned.
struct learned_scale {
    static constexpr std::string_view name = "learned_scale";
    static constexpr std::size_t width_out(std::size_t in) { return in; }
    static constexpr std::size_t parameter_count(std::size_t in) { return in; }
    template <class T>
    static void start(tn::layer_values<T> l, tn::layer_place, tn::philox&) {
        for (T& scale : l.parameters) scale = 1;
    }
    template <class T>
    static void forward(tn::layer_values<const T> l, std::span<const T> x, std::span<T> z) noexcept {
        for (std::size_t i = 0; i < x.size(); ++i) z[i] = l.parameters[i] * x[i];
    }
    template <class T>
    static void backward(tn::layer_values<const T> l, std::span<const T> x, std::span<const T>,
                         std::span<const T> dz, std::span<T> dx, std::span<T> dp) noexcept {
        for (std::size_t i = 0; i < x.size(); ++i) dp[i] += dz[i] * x[i], dx[i] = dz[i] * l.parameters[i];
    }
};
static_assert(tn::Layer<learned_scale>);

bool is_there(const std::string& path) {
    std::FILE* const file = std::fopen(path.c_str(), "rb");
    if (file != nullptr) std::fclose(file);
    return file != nullptr;
}

/// The array of a file, unpacked where it still has to be.
template <class T>
tn::matrix<T> read_array(const std::string& path) {
    if (is_there(path)) return tn::read_idx<T>(path).values;
    const std::string unpacked = path.substr(path.rfind('/') + 1);
    if (std::system(("gzip -dc '" + path + ".gz' > " + unpacked).c_str()) != 0)
        std::exit((std::printf("cannot unpack %s.gz\n", path.c_str()), 1));
    return tn::read_idx<T>(unpacked).values;
}

/// The first pictures of a part, `train` or `t10k`, with pixels from 0 to 1.
tn::dataset<garment> read_part(const std::string& folder, const std::string& part, std::size_t most) {
    const auto pixels = read_array<std::uint8_t>(folder + "/" + part + "-images-idx3-ubyte");
    const auto labels = read_array<tn::class_index>(folder + "/" + part + "-labels-idx1-ubyte");
    const std::size_t rows = pixels.rows() < most ? pixels.rows() : most;
    tn::matrix<float> x(rows, 784);
    std::vector<tn::class_index> y(rows);
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t c = 0; c < 784; ++c) x(r, c) = static_cast<float>(pixels(r, c)) / 255;
        y[r] = labels(r, 0);
    }
    return {std::move(x), std::move(y)};
}

int main(int argc, char** argv) {
    const bool is_short =
        std::getenv("TENON_EXAMPLE_SHORT") != nullptr; // as a test: one epoch on a few pictures
    const int epochs = argc > 1 ? std::atoi(argv[1]) : is_short ? 1 : 10;
    const std::string folder = argc > 2 ? argv[2] : "/usr/share/datasets/fashion-mnist";
    const std::string first = folder + "/train-images-idx3-ubyte";
    if (!is_there(first) && !is_there(first + ".gz")) {
        std::printf("skipped: no data set in %s; apt-get install dataset-fashion-mnist\n", folder.c_str());
        return 0;
    }
    const auto train = read_part(folder, "train", is_short ? 3000 : 60000);
    const auto test = read_part(folder, "t10k", is_short ? 1000 : 10000);

    tn::history seen;
    const auto steps = static_cast<std::uint64_t>(epochs);
    const auto recipe = tn::network(tn::dense<128>, tn::relu, tn::dense<10>) |
                        tn::minimize(tn::cross_entropy(), tn::scheduled(tn::adam(2e-3), tn::cosine(steps)),
                                     {.epochs = epochs,
                                      .batch_size = 64,
                                      .seed = 7,
                                      .validation = 0.05,
                                      .callbacks = {tn::record(seen)}},
                                     tn::accuracy());
    const auto model = recipe.fit(train);
    std::printf("%s\n%s\n", model.model().summary().c_str(), seen.to_string().c_str());
    if (epochs > 1) std::printf("%s\n", tn::learning_curve(seen).c_str());
    tn::write_svg(seen, "fashion_mnist.svg", {.title = "Fashion-MNIST, 784 - 128 - 10"});
    const double reached = tn::evaluate(model, test, tn::accuracy())["accuracy"];
    std::printf("accuracy on %zu pictures it has not seen: %.4f\n\n", test.size(), reached);

    const auto own = (tn::network(learned_scale{}, tn::dense<16>, tn::relu, tn::dense<10>) |
                      tn::minimize(tn::cross_entropy(), tn::adam(3e-3),
                                   {.epochs = epochs < 3 ? epochs : 3, .batch_size = 64, .seed = 7}))
                         .fit(train);
    const double with_own = tn::evaluate(own, test, tn::accuracy())["accuracy"];
    std::printf("%saccuracy with a layer of one's own: %.4f\n", own.model().summary().c_str(), with_own);
    return reached > (is_short      ? 0.6
                      : epochs < 10 ? 0.8
                                    : 0.88) &&
                   with_own > (is_short ? 0.5 : 0.75)
               ? 0
               : 1;
}
