#pragma once

// Limited-memory BFGS (Nocedal 1980) as an Optimizer: one step a gradient, no line search. For gradients over all rows:
// a batch size below their number makes the changes of the gradient those of the batch.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tenon::inline v0 {

struct lbfgs_steps_options {
    std::size_t memory = 10; ///< pairs of steps and gradient changes kept
};

/// d = -H g, H the inverse Hessian as the last steps show it; w += rate · d, in the first step by no more than the rate in
/// all. As PyTorch's LBFGS(max_iter=1) without a line search. Where a whole minimization is at hand, minimize_lbfgs, which
/// has one, is the better tool.
struct lbfgs_optimizer {
    double rate;
    lbfgs_steps_options options;

    /// Its memory is allocated in the first step.
    template <class T>
    struct state {
        explicit state(std::size_t n) : gradient(n), direction(n), step(n) {}
        std::vector<T> gradient, direction, step;
        std::vector<T> moves, changes; ///< one row a kept pair, a ring of them
        std::vector<double> products;  ///< move · change, of each kept pair
        std::vector<double> shares;    ///< a work area
        std::uint64_t steps = 0, pairs = 0;

        template <class Self, class Visit>
        static void fields(Self& self, Visit&& visit) {
            visit("gradient", self.gradient);
            visit("step", self.step);
            visit("moves", self.moves);
            visit("changes", self.changes);
            visit("products", self.products);
            visit("steps", self.steps);
            visit("pairs", self.pairs);
        }
    };

    template <class T>
    void step(state<T>& s, std::span<T> w, std::span<const T> g) const {
        const std::size_t n = w.size();
        if (s.steps++ == 0) {
            s.moves.resize(options.memory * n);
            s.changes.resize(options.memory * n);
            s.products.resize(options.memory);
            s.shares.resize(options.memory);
        } else
            remember(s, g);
        for (std::size_t i = 0; i < n; ++i) {
            s.gradient[i] = g[i];
            s.direction[i] = -g[i];
        }
        const double size = sum(g, g, [](double a, double) { return a < 0 ? -a : a; });
        to_newton(s, n);
        const double slope = sum<T>(g, s.direction, times);
        const double length = s.steps == 1 && size > 1 ? rate / size : rate;
        for (std::size_t i = 0; i < n; ++i) {
            s.step[i] = slope > 0 ? T{0} : static_cast<T>(length) * s.direction[i]; // never uphill
            w[i] += s.step[i];
        }
    }

private:
    static double times(double a, double b) noexcept { return a * b; }

    template <class T, class Each>
    static double sum(std::span<const T> a, std::span<const T> b, Each&& each) noexcept {
        double all = 0;
        for (std::size_t i = 0; i < a.size(); ++i)
            all += each(static_cast<double>(a[i]), static_cast<double>(b[i]));
        return all;
    }

    /// Keeps the last step and what it changed, unless the function curves the wrong way.
    template <class T>
    void remember(state<T>& s, std::span<const T> g) const {
        const std::size_t n = g.size();
        double product = 0;
        for (std::size_t i = 0; i < n; ++i)
            product += static_cast<double>(g[i] - s.gradient[i]) * static_cast<double>(s.step[i]);
        if (!(product > 1e-10) || options.memory == 0) return;
        const std::size_t slot = s.pairs++ % options.memory;
        for (std::size_t i = 0; i < n; ++i) {
            s.moves[slot * n + i] = s.step[i];
            s.changes[slot * n + i] = g[i] - s.gradient[i];
        }
        s.products[slot] = product;
    }

    /// The two loops that multiply the direction by the estimate of the inverse Hessian.
    template <class T>
    void to_newton(state<T>& s, std::size_t n) const {
        const std::uint64_t kept = s.pairs < options.memory ? s.pairs : options.memory;
        if (kept == 0) return;
        const std::span<T> d = s.direction;
        auto row = [&](const std::vector<T>& all, std::uint64_t pair) {
            return std::span<const T>(all).subspan(pair % options.memory * n, n);
        };
        auto add = [&](double factor, std::span<const T> to_add) {
            for (std::size_t i = 0; i < n; ++i) d[i] += static_cast<T>(factor) * to_add[i];
        };
        std::vector<double>& of = s.shares;
        for (std::uint64_t p = s.pairs; p-- > s.pairs - kept;) {
            const std::size_t slot = p % options.memory;
            of[slot] = sum<T>(row(s.moves, p), d, times) / s.products[slot];
            add(-of[slot], row(s.changes, p));
        }
        const std::uint64_t last = s.pairs - 1;
        const std::span<const T> change = row(s.changes, last);
        const T scale = static_cast<T>(s.products[last % options.memory] / sum(change, change, times));
        for (T& v : d) v *= scale;
        for (std::uint64_t p = s.pairs - kept; p < s.pairs; ++p) {
            const std::size_t slot = p % options.memory;
            add(of[slot] - sum<T>(row(s.changes, p), d, times) / s.products[slot], row(s.moves, p));
        }
    }
};

/// L-BFGS steps on all rows: minimize(squared_error(), lbfgs(), {.batch_size = 100000}).
constexpr lbfgs_optimizer lbfgs(double rate = 1, lbfgs_steps_options options = {}) noexcept {
    return {rate, options};
}

} // namespace tenon
