#pragma once

// Threads that a user asks for. In no umbrella, since it includes <thread>: include it, or what needs it, by name.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <system_error>
#include <tenon/core/team.hpp>
#include <thread>
#include <vector>

namespace tenon::inline v0 {

/// How many threads may work at a time: threads{2}. 0: as many as the machine runs at once.
struct threads {
    std::size_t count = 0;

    /// At least one.
    std::size_t number() const noexcept {
        if (count > 0) return count;
        const std::size_t at_once = std::thread::hardware_concurrency();
        return at_once > 0 ? at_once : 1;
    }

    /// As an option: `minimize(…, {.threads = tenon::threads{2}})`.
    operator team_maker() const noexcept;
};

namespace detail {

/// work(i), which throws nothing, for each i below `count`. Threads of that number, one of them the caller's, take the next i
/// as soon as they are free; where the system gives fewer threads, those there are do the work.
template <class Work>
void run_in_threads(threads at_once, std::size_t count, Work& work) {
    std::atomic<std::size_t> next{0};
    const auto take = [&]() noexcept {
        for (std::size_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < count;) work(i);
    };
    const std::size_t number = at_once.number() < count ? at_once.number() : count;
    std::vector<std::thread> others;
    others.reserve(number);
#ifdef __cpp_exceptions
    try {
#endif
        while (others.size() + 1 < number) others.emplace_back(take);
#ifdef __cpp_exceptions
    } catch (const std::system_error&) {
    }
#endif
    take();
    for (std::thread& other : others) other.join();
}

/// task(i) for each i below `count`, as above. Where some throw, the error of the first of them in the order of i is thrown
/// here when all have ended; `ended(i)` is called before, for each up to that one.
template <class Task, class Ended>
void run_in_order(threads at_once, std::size_t count, Task&& task, Ended&& ended) {
    std::vector<std::exception_ptr> errors(count);
    auto work = [&](std::size_t i) noexcept {
#ifdef __cpp_exceptions
        try {
            task(i);
        } catch (...) {
            errors[i] = std::current_exception();
        }
#else
        task(i);
#endif
    };
    run_in_threads(at_once, count, work);
    for (std::size_t i = 0; i < count; ++i) {
        ended(i);
        if (errors[i]) std::rethrow_exception(errors[i]);
    }
}

/// Threads that wait for jobs: awake for some microseconds, since training gives the next one soon, then asleep. Whoever is
/// free takes the next part, so that on a busy machine nobody waits for a thread that has not begun.
class thread_team final : public team {
public:
    /// Where the system gives fewer threads, those there are do the work.
    explicit thread_team(std::size_t count) : size_(count < most_parts ? count : most_parts) {
        thrown_.resize(size_);
        others_.reserve(size_);
#ifdef __cpp_exceptions
        try {
#endif
            while (others_.size() + 1 < size_) others_.emplace_back([this] { serve(); });
#ifdef __cpp_exceptions
        } catch (const std::system_error&) {
        }
#endif
    }
    ~thread_team() override {
        has_ended_.store(true, std::memory_order_relaxed);
        job_.fetch_add(1, std::memory_order_release);
        job_.notify_all();
        for (std::thread& other : others_) other.join();
    }
    std::size_t size() const noexcept override { return size_; }

private:
    static constexpr std::size_t most_parts = 4096;
    static constexpr int looks_while_awake = 4096;

    /// Waits until a number is another one.
    static void wait_for_change(const std::atomic<std::uint32_t>& number, std::uint32_t known) {
        for (int look = 0; look < looks_while_awake; ++look) {
            if (number.load(std::memory_order_acquire) != known) return;
#if defined(__x86_64__) || defined(__i386__)
            __builtin_ia32_pause();
#endif
        }
        number.wait(known, std::memory_order_acquire);
    }

    /// Takes parts of the job that there is as long as there are any.
    void take_parts() noexcept {
        std::uint64_t now = next_.load(std::memory_order_acquire);
        while ((now & most_parts_mask) < size_) {
            if (!next_.compare_exchange_weak(now, now + 1, std::memory_order_acq_rel)) continue;
            do_part(now & most_parts_mask);
            if (left_.fetch_sub(1, std::memory_order_acq_rel) == 1) left_.notify_one();
            now = next_.load(std::memory_order_acquire);
        }
    }

    void serve() {
        for (;;) {
            const std::uint32_t job = job_.load(std::memory_order_acquire);
            if (has_ended_.load(std::memory_order_relaxed)) return;
            take_parts();
            wait_for_change(job_, job);
        }
    }

    void do_part(std::size_t i) noexcept {
#ifdef __cpp_exceptions
        try {
            part_(with_, i);
        } catch (...) {
            thrown_[i] = std::current_exception();
        }
#else
        part_(with_, i);
#endif
    }

    void run_parts(void (*part)(void*, std::size_t), void* with) override {
        part_ = part;
        with_ = with;
        left_.store(static_cast<std::uint32_t>(size_), std::memory_order_relaxed);
        // The number of the job in front of that of its next part: who has an old one takes none of this.
        next_.store((next_.load(std::memory_order_relaxed) / (most_parts_mask + 1) + 1) *
                        (most_parts_mask + 1),
                    std::memory_order_release);
        job_.fetch_add(1, std::memory_order_release);
        job_.notify_all();
        take_parts();
        for (std::uint32_t left = 0; (left = left_.load(std::memory_order_acquire)) != 0;)
            wait_for_change(left_, left);
        std::exception_ptr first;
        for (std::exception_ptr& error : thrown_) {
            if (!first) first = error;
            error = nullptr;
        }
        if (first) std::rethrow_exception(first);
    }

    static constexpr std::uint64_t most_parts_mask = 2 * most_parts - 1;

    std::size_t size_;
    std::vector<std::exception_ptr> thrown_;
    void (*part_)(void*, std::size_t) = nullptr;
    void* with_ = nullptr;
    std::atomic<std::uint64_t> next_{most_parts_mask}; // of the parts; nothing to do at first
    std::atomic<std::uint32_t> job_{0}, left_{0};
    std::atomic<bool> has_ended_{false};
    std::vector<std::thread> others_;
};

inline team* make_thread_team(std::size_t size) {
    return new thread_team(size);
}

} // namespace detail

inline threads::operator team_maker() const noexcept {
    return {number(), &detail::make_thread_team};
}

} // namespace tenon
