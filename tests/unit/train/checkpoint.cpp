// A run that is killed and begun again ends with the same bits as one that nothing interrupted, whatever it is made of;
// files of other runs and damaged ones are refused.

#include "support/catch.hpp"

#include <csignal>
#include <cstdio>
#include <span>
#include <string>
#include <sys/wait.h>
#include <tenon/core/random.hpp>
#include <tenon/format/file.hpp>
#include <tenon/loss/squared_error.hpp>
#include <tenon/model/dropout.hpp>
#include <tenon/model/network.hpp>
#include <tenon/model/normalization.hpp>
#include <tenon/optim/adam.hpp>
#include <tenon/optim/average_iterates.hpp>
#include <tenon/optim/chain.hpp>
#include <tenon/optim/cosine.hpp>
#include <tenon/optim/lbfgs_steps.hpp>
#include <tenon/optim/on_plateau.hpp>
#include <tenon/optim/scheduled.hpp>
#include <tenon/optim/sgd.hpp>
#include <tenon/optim/transforms.hpp>
#include <tenon/train/checkpoint.hpp>
#include <tenon/train/history.hpp>
#include <tenon/train/train_model.hpp>
#include <unistd.h>
#include <utility>
#include <vector>

namespace tn = tenon;
using tenon_test::ContainsSubstring;

namespace {

/// How often the loss below has been called, and at which call the process dies; 0: at none.
long calls = 0;
long last_call = 0;

/// The squared error, times a factor.
struct mortal_loss {
    static constexpr bool target_may_be_scaled = true;
    template <class Kind>
    using accepts = tn::because::nothing;
    double factor = 1;
    template <class T>
    T operator()(std::span<const T> score, T y, std::span<T> g) const {
        if (++calls == last_call) std::raise(SIGKILL);
        const T away = score[0] - y, times = static_cast<T>(factor);
        g[0] = 2 * times * away;
        return times * away * away;
    }
};

const auto recipe = tn::network(tn::dense<5>, tn::relu, tn::batch_norm, tn::dropout(0.2), tn::dense<1>);
using spec = std::remove_cvref_t<decltype(recipe.stage<0>())>;
using model = spec::fitted<tn::columns<2>>;

/// 45 rows that train and 12 that watch.
struct rows {
    tn::matrix<float> x{57, 2};
    std::vector<double> y;
    rows() {
        tn::philox random(3);
        for (std::size_t r = 0; r < 57; ++r) {
            x(r, 0) = static_cast<float>(random.normal());
            x(r, 1) = static_cast<float>(random.normal());
            y.push_back(static_cast<double>(x(r, 0) * x(r, 1)) + 0.3 * random.normal());
        }
    }
    tn::matrix_view<const float> some_x(std::size_t first, std::size_t count) const {
        return {x.data() + 2 * first, count, 2};
    }
    tn::vector_view<const double> some_y(std::size_t first, std::size_t count) const {
        return {y.data() + first, count};
    }
};

template <class O, class P = tn::no_penalty>
model trained(const O& optimizer, tn::minimize_options options, const rows& data = {}, double factor = 1,
              P penalty = {}) {
    const tn::minimize_spec<mortal_loss, O, P> trainer({factor}, optimizer, std::move(options), penalty);
    return trainer.train(recipe.stage<0>().start(std::type_identity<model>{}, {2, 1}, 5), data.some_x(0, 45),
                         data.some_y(0, 45), data.some_x(45, 12), data.some_y(45, 12), true);
}

/// All that a network has learned and counted.
std::vector<float> bits_of(const model& m) {
    std::vector<float> all(m.parameters().begin(), m.parameters().end());
    all.insert(all.end(), m.constants().begin(), m.constants().end());
    return all;
}

/// A file that is gone when the test ends.
class run_file {
public:
    run_file() : path("tenon_run_" + std::to_string(::getpid())) { std::remove(path.c_str()); }
    run_file(const run_file&) = delete;
    run_file& operator=(const run_file&) = delete;
    ~run_file() { std::remove(path.c_str()); }
    bool is_there() const {
        std::FILE* const file = std::fopen(path.c_str(), "rb");
        if (file != nullptr) std::fclose(file);
        return file != nullptr;
    }
    std::string path;
};

tn::minimize_options options_of(int epochs, std::vector<tn::callback> with = {}) {
    tn::minimize_options options{.epochs = epochs, .batch_size = 10, .seed = 5, .patience = 40};
    if (with.size() == 1) options.callbacks = {with[0]};
    if (with.size() == 2) options.callbacks = {with[0], with[1]};
    return options;
}

/// How many of five runs were killed, each begun where the last came to, at steps from 500 before to 500 behind `end`.
template <class O>
int times_killed(const O& optimizer, const tn::callback& keep, long end) {
    int killed = 0;
    for (long step = end - 500; step < end + 500; step += 230) {
        const pid_t child = fork();
        if (child == 0) {
            calls = 0;
            last_call = step;
            trained(optimizer, options_of(10, {keep}));
            _exit(0);
        }
        int status = 0;
        waitpid(child, &status, 0);
        killed += WIFSIGNALED(status) ? 1 : 0;
    }
    return killed;
}

/// The bytes of a file after three epochs.
std::vector<std::byte> three_epochs(const run_file& file) {
    trained(tn::adam(0.01), options_of(3, {tn::checkpoint(file.path)}));
    return tn::read_bytes(file.path);
}

} // namespace

TEST_CASE("a run that is killed ends with the bits of one that was not", "[train]") {
    // Ten epochs as they are, killed at some steps on the way and begun again each time, or stopped by an exception.
    const auto check = [](const auto& optimizer, int every = 1) {
        const std::vector<float> whole = bits_of(trained(optimizer, options_of(10)));
        const run_file file;
        const tn::callback keep = tn::checkpoint(file.path, {.every = every});
        calls = last_call = 0;
        CHECK(bits_of(trained(optimizer, options_of(10, {keep}))) == whole);
        std::remove(file.path.c_str());

        CHECK(times_killed(optimizer, keep, calls) >= 1);
        CHECK(file.is_there());
        CHECK(bits_of(trained(optimizer, options_of(10, {keep}))) == whole);
        std::remove(file.path.c_str());

        const tn::callback thrower = [](const tn::epoch_result& e) {
            if (e.epoch == 7) throw 7;
        };
        CHECK_THROWS_AS(trained(optimizer, options_of(10, {keep, thrower})), int);
        CHECK(bits_of(trained(optimizer, options_of(10, {keep}))) == whole);
    };
    check(tn::adam(0.01));
    check(tn::sgd(0.01, {.momentum = 0.9}), 3);
    check(tn::scheduled(tn::adam(0.02), tn::cosine(8)));
    check(tn::scheduled(tn::sgd(0.05), tn::on_plateau({.factor = 0.5, .patience = 0})));
    check(tn::lbfgs(0.1, {.memory = 3}), 2);
    check(tn::chain(tn::clip_by_norm(1), tn::accumulate<2>(), tn::average_iterates({.decay = 0.9}),
                    tn::adam(0.01)));
}

TEST_CASE("a run that has ended gives its result at once, and with more epochs goes on", "[train]") {
    const run_file file;
    tn::history seen;
    const tn::callback keep = tn::checkpoint(file.path, {.every = 100});
    trained(tn::adam(0.01), options_of(4, {keep}));
    calls = 0;
    const std::vector<float> four = bits_of(trained(tn::adam(0.01), options_of(4, {keep, tn::record(seen)})));
    CHECK(four == bits_of(trained(tn::adam(0.01), options_of(4))));
    CHECK(seen.size() == 4); // those that lie behind
    const double third = seen.epochs()[2].loss;
    CHECK(bits_of(trained(tn::adam(0.01), options_of(9, {tn::record(seen), keep}))) ==
          bits_of(trained(tn::adam(0.01), options_of(9))));
    CHECK(seen.size() == 9);
    CHECK(seen.epochs()[2].loss == third);
    CHECK(seen.epochs()[8].epoch == 9);
    CHECK_THROWS_WITH(trained(tn::adam(0.01), options_of(5, {keep})),
                      ContainsSubstring("has gone through 9 epochs, but .epochs is 5"));

    std::remove(file.path.c_str());
    const tn::callback stopper = [](const tn::epoch_result& e) {
        return e.epoch == 3 ? tn::after_epoch::stop : tn::after_epoch::go_on;
    };
    const std::vector<float> three = bits_of(trained(tn::adam(0.01), options_of(9, {keep, stopper})));
    CHECK(three == bits_of(trained(tn::adam(0.01), options_of(9, {keep, tn::record(seen)}))));
    CHECK(seen.size() == 3);
}

TEST_CASE("patience that has run out stays so", "[train]") {
    const run_file file;
    tn::history seen;
    tn::minimize_options options =
        options_of(200, {tn::checkpoint(file.path, {.every = 7}), tn::record(seen)});
    options.patience = 2;
    const std::vector<float> whole = bits_of(trained(tn::adam(0.1), options));
    const std::size_t epochs = seen.size();
    CHECK(epochs < 200);
    CHECK(bits_of(trained(tn::adam(0.1), options)) == whole);
    CHECK(seen.size() == epochs);
}

TEST_CASE("the checkpoint of another run is refused, and the difference named", "[train]") {
    const run_file file;
    three_epochs(file);
    const auto check = [&](const auto& optimizer, const char* difference, auto change, double factor = 1) {
        tn::minimize_options options = options_of(5, {tn::checkpoint(file.path)});
        rows data;
        change(options, data);
        CHECK_THROWS_AS(trained(optimizer, options, data, factor), tn::fit_error);
        CHECK_THROWS_WITH(trained(optimizer, options, data, factor), ContainsSubstring(difference));
    };
    const auto nothing = [](auto&, auto&) {};
    using options = tn::minimize_options;
    check(tn::adam(0.01), ".batch_size: '10' in the file, '11' here",
          [](options& o, rows&) { o.batch_size = 11; });
    check(tn::adam(0.01), ".seed", [](options& o, rows&) { o.seed = 6; });
    check(tn::adam(0.01), ".frozen", [](options& o, rows&) { o.frozen = {"layer 0"}; });
    check(tn::adam(0.01), "differs in the rows", [](options&, rows& r) { r.x(44, 1) += 1e-6F; });
    check(tn::adam(0.01), "differs in the rows", [](options&, rows& r) { r.y[50] += 1; });
    check(tn::adam(0.01), "the Loss or its numbers", nothing, 1.0001);
    check(tn::adam(0.01001), "the Optimizer, the Penalty or their numbers", nothing);
    check(tn::adam(0.01, {.beta2 = 0.998}), "the Optimizer, the Penalty or their numbers", nothing);
    check(tn::scheduled(tn::adam(0.01), tn::cosine(1000)), "the Optimizer", nothing);
    CHECK_THROWS_WITH(trained(tn::adam(0.01), options_of(5, {tn::checkpoint(file.path)}), {}, 1, tn::l2(0.1)),
                      ContainsSubstring("the Optimizer, the Penalty or their numbers"));
    CHECK(tn::read_bytes(file.path) == three_epochs(file)); // untouched

    const std::vector<std::byte> bytes = tn::read_bytes(file.path);
    tn::safetensors_view older = tn::read_safetensors(bytes);
    older.metadata[1].second = "0.0.1";
    tn::write_file(file.path, tn::write_safetensors(older.tensors, older.metadata));
    check(tn::adam(0.01), "differs in the version of tenon: '0.0.1' in the file", nothing);
}

TEST_CASE("damaged checkpoints are refused", "[train]") {
    const run_file file;
    const std::vector<std::byte> good = three_epochs(file);
    const auto refused = [&](std::span<const std::byte> bytes) {
        tn::write_file(file.path, bytes);
        CHECK_THROWS_AS(trained(tn::adam(0.01), options_of(3, {tn::checkpoint(file.path)})),
                        tn::artifact_error);
    };
    tn::philox random(9);
    for (int i = 0; i < 40; ++i) {
        refused(std::span(good).first(static_cast<std::size_t>(random.below(good.size()))));
        std::vector<std::byte> flipped = good;
        flipped[static_cast<std::size_t>(random.below(good.size()))] ^= std::byte{1} << random.below(8);
        refused(flipped);
    }
    // Sealed anew: another file of the library's, and tensors that are not those of the run.
    const tn::safetensors_view seen = tn::read_safetensors(good);
    refused(tn::write_safetensors(seen.tensors, {{"dataset_version", "1"}}));
    for (std::size_t i = 0; i < seen.tensors.size(); ++i) {
        std::vector<tn::tensor_info> fewer = seen.tensors;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        refused(tn::write_safetensors(fewer, seen.metadata));
        std::vector<tn::tensor_info> shorter = seen.tensors;
        if (shorter[i].shape.size() != 1 || shorter[i].name.find("best") != std::string::npos) continue;
        const std::size_t width = shorter[i].bytes.size() / static_cast<std::size_t>(shorter[i].shape[0]--);
        shorter[i].bytes = shorter[i].bytes.first(shorter[i].bytes.size() - width);
        refused(tn::write_safetensors(shorter, seen.metadata));
    }
    tn::write_file(file.path, good);
    CHECK_NOTHROW(trained(tn::adam(0.01), options_of(3, {tn::checkpoint(file.path)})));
}

namespace {
/// Remembers something and tells nobody.
struct secretive {
    template <class T>
    struct state {
        explicit state(std::size_t) {}
        int steps = 0;
    };
    template <class T>
    void step(state<T>& s, std::span<T> w, std::span<const T> g) const {
        for (std::size_t i = 0; i < w.size(); ++i) w[i] -= g[i] / static_cast<T>(100 + s.steps);
        ++s.steps;
    }
};
} // namespace

TEST_CASE("an optimizer without fields cannot be stored, and is told so at the beginning", "[train]") {
    const run_file file;
    CHECK_NOTHROW(trained(secretive{}, options_of(2)));
    CHECK_THROWS_WITH(trained(secretive{}, options_of(2, {tn::checkpoint(file.path)})),
                      ContainsSubstring("checkpoint: the state of the Optimizer cannot be stored"));
    CHECK_THROWS_WITH(trained(tn::scheduled(tn::chain(tn::clip_by_norm(1), tn::adam(0.01)), tn::cosine(9)),
                              options_of(2, {tn::checkpoint("no such folder/run")})),
                      ContainsSubstring("cannot write no such folder/run"));
    CHECK_THROWS_WITH(trained(tn::adam(0.01), options_of(2, {tn::checkpoint(file.path, {.every = 0})})),
                      ContainsSubstring(".every must be 1 or more"));
    CHECK(!file.is_there());
}
