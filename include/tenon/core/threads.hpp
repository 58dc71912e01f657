#pragma once

// Threads that a user asks for. In no umbrella, since it includes <thread>: include it, or what needs it, by name.

#include <cstddef>
#include <exception>
#include <system_error>
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
};

namespace detail {

/// work(i), which throws nothing, for each i below `count`, in a thread each; one of them is the caller's. Where the
/// system gives no more threads, those there are do the rest.
template <class Work>
void run_in_threads(std::size_t count, Work& work) {
    std::vector<std::thread> others;
    others.reserve(count);
    std::size_t first = 1;
#ifdef __cpp_exceptions
    try {
#endif
        for (; first < count; ++first) others.emplace_back([&work, i = first] { work(i); });
#ifdef __cpp_exceptions
    } catch (const std::system_error&) {
    }
#endif
    if (count > 0) work(std::size_t{0});
    for (; first < count; ++first) work(first);
    for (std::thread& other : others) other.join();
}

/// task(i) for each i below `count`, in a thread each. Where some throw, the error of the first of them in the order of i is
/// thrown here when all have ended; `ended(i)` is called before, for each up to that one.
template <class Task, class Ended>
void run_in_order(std::size_t count, Task&& task, Ended&& ended) {
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
    run_in_threads(count, work);
    for (std::size_t i = 0; i < count; ++i) {
        ended(i);
        if (errors[i]) std::rethrow_exception(errors[i]);
    }
}

} // namespace detail

} // namespace tenon
