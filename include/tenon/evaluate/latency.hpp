#pragma once

// How long one prediction takes.

#include <algorithm>
#include <cstddef>
#include <span>
#include <tenon/core/concepts.hpp>
#include <tenon/core/matrix.hpp>
#include <tenon/core/sample.hpp>
#include <tenon/core/stopwatch.hpp>
#include <vector>

namespace tenon::inline v0 {

namespace detail {

/// Something to repeat: `run(context, first, count)` predicts `count` rows, beginning with row `first` in a circle.
struct repeated_work {
    void* context;
    void (*run)(void* context, std::size_t first, std::size_t count);
};

/// Nanoseconds of one repetition of each work: the median over passes of a millisecond (or of one repetition, where
/// that takes longer), 25 milliseconds for each and never much over 150. The works take turns, so that a busy moment
/// of the machine meets all of them.
inline std::vector<double> median_nanoseconds(std::span<const repeated_work> works) {
    struct progress_of {
        std::size_t done = 0;
        std::size_t count = 1; // repetitions a pass
        double spent = 0;
        std::vector<double> each = {};
    };
    auto pass = [](const repeated_work& work, progress_of& p) {
        const double begin = seconds_now();
        work.run(work.context, p.done, p.count);
        const double taken = (seconds_now() - begin) * 1e9;
        p.done += p.count;
        p.spent += taken;
        return taken;
    };
    std::vector<progress_of> all(works.size());
    for (std::size_t i = 0; i < works.size();
         ++i) { // find a length that the clock resolves; this also warms up
        while (pass(works[i], all[i]) < 1e6 && all[i].spent < 2e7) all[i].count *= 2;
        all[i].spent = 0;
    }
    for (bool is_enough = false; !is_enough;) {
        is_enough = true;
        for (std::size_t i = 0; i < works.size(); ++i) {
            progress_of& p = all[i];
            if (p.spent > 1.5e8 || (p.spent > 2.5e7 && p.each.size() >= 5)) continue;
            is_enough = false;
            p.each.push_back(pass(works[i], p) / static_cast<double>(p.count));
        }
    }
    std::vector<double> medians;
    for (progress_of& p : all) {
        std::sort(p.each.begin(), p.each.end());
        medians.push_back(p.each[p.each.size() / 2]);
    }
    return medians;
}

/// At most `limit` rows of x, evenly spread, side by side.
template <class T>
matrix<T> spread_rows(matrix_view<const T> x, std::size_t limit) {
    const std::size_t n = x.rows() < limit ? x.rows() : limit;
    matrix<T> rows(n, x.columns());
    for (std::size_t r = 0; r < n; ++r)
        for (std::size_t c = 0; c < x.columns(); ++c) rows(r, c) = x(r * x.rows() / n, c);
    return rows;
}

/// An answer as one number: nothing that was computed for it may be left out.
template <class Answer>
double number_of(const Answer& answer) noexcept {
    if constexpr (requires { answer.size(); }) {
        double sum = 0;
        for (const auto& one : answer) sum += static_cast<double>(one);
        return sum;
    } else
        return static_cast<double>(answer);
}

/// A model and the rows that it predicts while its time is taken.
template <class P>
class timed_model {
public:
    using scalar = typename P::scalar;
    timed_model(const P& model, matrix_view<const scalar> x) : model_(&model), rows_(spread_rows(x, 1024)) {}

    /// The work stays valid as long as this object stays where it is.
    repeated_work work() noexcept {
        return {this, [](void* self, std::size_t first, std::size_t count) {
                    static_cast<timed_model*>(self)->predict(first, count);
                }};
    }

private:
    void predict(std::size_t first, std::size_t count) {
        double sum = 0;
        std::size_t r = first % rows_.rows();
        auto each = [&](auto&& one) {
            for (std::size_t i = 0; i < count; ++i) {
                sum += number_of(one(row<P::width, scalar>(rows_.row(r))));
                if (++r == rows_.rows()) r = 0;
            }
        };
        if constexpr (P::is_static)
            each([&](auto sample) { return (*model_)(sample); });
        else
            each([&](auto sample) { return (*model_)(sample, room_); });
        sink_ = sum;
    }

    const P* model_;
    matrix<scalar> rows_;
    typename P::workspace room_;
    double volatile sink_ = 0; // what is not used is not computed
};

} // namespace detail

/// Nanoseconds that one prediction of one sample takes on this machine now: the median over many passes over rows of x
/// (1024 of them at most), 25 to 200 milliseconds in all. x has a row at least.
template <Predictor P>
double prediction_nanoseconds(const P& model, matrix_view<const typename P::scalar> x) {
    detail::timed_model<P> timed(model, x);
    const detail::repeated_work work = timed.work();
    return detail::median_nanoseconds({&work, 1})[0];
}

} // namespace tenon
