#pragma once

// What minimize calls after every epoch. Callbacks of any type stand in one list, which owns them; it is not made of
// <functional>, so that recipes without callbacks compile as fast as ever.

#include <concepts>
#include <initializer_list>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>

namespace tenon::inline v0 {

/// What a callback answers: stop makes this epoch the last one.
enum class after_epoch { go_on, stop };

/// How an epoch went. Losses are in the units that are minimized: those of a standardized target where minimize
/// standardizes it.
struct epoch_result {
    int epoch = 0;   ///< counted from 1
    int epochs = 0;  ///< as many as minimize was told to run
    double loss = 0; ///< the mean over the epoch's steps, penalty included
    double validation_loss = std::numeric_limits<double>::quiet_NaN(); ///< NaN without `.validation`
    double metric = std::numeric_limits<double>::quiet_NaN(); ///< on the rows that watch, or those that train
    std::string metric_name{};                                ///< empty where minimize was given no Metric
    double rate = std::numeric_limits<double>::quiet_NaN();   ///< as the epoch began; NaN where there is none
    double seconds = 0;                                       ///< since training began
    bool is_best = false; ///< no epoch before had such a low loss, on the rows that watch where there are any
};

/// Something that can be called after an epoch. It is called as a constant: what it changes lies elsewhere.
template <class F>
concept Callback = std::copy_constructible<F> && (
                                                     requires(const F f, const epoch_result& e) {
                                                         { f(e) } -> std::same_as<void>;
                                                     } ||
                                                     requires(const F f, const epoch_result& e) {
                                                         { f(e) } -> std::same_as<after_epoch>;
                                                     });

namespace detail {

class training_session;

/// A callback whose type is forgotten, in a list of them. Besides being called, those of the library may resume (put a run
/// where it was), begin (when that is done) and keep (when all have been called).
class erased_callback {
public:
    erased_callback() = default;
    erased_callback(const erased_callback&) = delete;
    erased_callback& operator=(const erased_callback&) = delete;
    virtual ~erased_callback() = default;
    virtual erased_callback* copy() const = 0;
    virtual void resume(training_session& session) const = 0;
    virtual void begin(training_session& session) const = 0;
    virtual after_epoch call(const epoch_result& result) const = 0;
    virtual void keep(training_session& session) const = 0;

    erased_callback* next = nullptr;
};

template <class F>
class held_callback final : public erased_callback {
public:
    explicit held_callback(F f) : f_(std::move(f)) {}
    erased_callback* copy() const override { return new held_callback(f_); }
    void resume(training_session& session) const override {
        if constexpr (requires { f_.resume(session); }) f_.resume(session);
    }
    void begin(training_session& session) const override {
        if constexpr (requires { f_.begin(session); }) f_.begin(session);
    }
    after_epoch call(const epoch_result& result) const override {
        if constexpr (std::is_void_v<decltype(f_(result))>) {
            f_(result);
            return after_epoch::go_on;
        } else
            return f_(result);
    }
    void keep(training_session& session) const override {
        if constexpr (requires { f_.keep(session); }) f_.keep(session);
    }

private:
    F f_;
};

} // namespace detail

/// One callback of any type: `[](const epoch_result& e) { return e.loss < 0.1 ? after_epoch::stop : after_epoch::go_on; }`,
/// or one that returns nothing. A copy holds a copy of the callable.
class callback {
public:
    template <class F>
        requires(!std::same_as<F, callback> && Callback<F>)
    callback(F f) // NOLINT(bugprone-forwarding-reference-overload)
        : held_(new detail::held_callback<F>(std::move(f))) {}
    callback(const callback& other) : held_(other.held_->copy()) {}
    callback& operator=(const callback&) = delete;
    ~callback() { delete held_; }

private:
    friend class callback_list;
    detail::erased_callback* held_;
};

/// Callbacks in the order in which they are called.
class callback_list {
public:
    constexpr callback_list() noexcept = default;
    callback_list(std::initializer_list<callback> all) : callback_list() {
        detail::erased_callback** end = &first_;
        for (const callback& one : all) end = &(*end = one.held_->copy())->next;
    }
    callback_list(const callback_list& other) : callback_list() {
        detail::erased_callback** end = &first_;
        for (const detail::erased_callback* one = other.first_; one != nullptr; one = one->next)
            end = &(*end = one->copy())->next;
    }
    constexpr callback_list(callback_list&& other) noexcept : first_(std::exchange(other.first_, nullptr)) {}
    constexpr callback_list& operator=(callback_list other) noexcept {
        std::swap(first_, other.first_);
        return *this;
    }
    constexpr ~callback_list() {
        while (first_ != nullptr) delete std::exchange(first_, first_->next);
    }

    bool empty() const noexcept { return first_ == nullptr; }
    /// Calls each(callback) in order.
    template <class Each>
    void visit(Each&& each) const {
        for (const detail::erased_callback* one = first_; one != nullptr; one = one->next) each(*one);
    }

private:
    detail::erased_callback* first_ = nullptr;
};

} // namespace tenon
