#pragma once

// Work that several threads share, seen without <thread>: whoever splits a job asks a team, and only who wants threads
// includes core/threads.hpp.

#include <cstddef>

namespace tenon::inline v0 {

/// Threads that do a job's parts side by side.
class team {
public:
    team() = default;
    team(const team&) = delete;
    team& operator=(const team&) = delete;
    virtual ~team() = default;

    /// How many parts are done at a time.
    virtual std::size_t size() const noexcept = 0;

    /// part(i) for each i below size(), and waits for all. Where some throw, the error of the first of them in the order of i
    /// is thrown here.
    template <class Part>
    void run(Part&& part) {
        run_parts([](void* p, std::size_t i) { (*static_cast<Part*>(p))(i); }, &part);
    }

protected:
    virtual void run_parts(void (*part)(void*, std::size_t), void* with) = 0;
};

/// A team to be: `.threads = tenon::threads{2}` makes one of that size while it is needed. By itself: none, all work is the
/// caller's.
struct team_maker {
    std::size_t count = 1;
    team* (*make)(std::size_t) = nullptr;
};

namespace detail {

/// The team of whoever owns this; a copy has one of its own.
class owned_team {
public:
    owned_team() = default;
    explicit owned_team(team_maker maker) : maker_(maker) {
        if (maker_.make != nullptr && maker_.count > 1) team_ = maker_.make(maker_.count);
    }
    owned_team(const owned_team& other) : owned_team(other.maker_) {}
    owned_team(owned_team&& other) noexcept : maker_(other.maker_), team_(other.team_) {
        other.team_ = nullptr;
    }
    owned_team& operator=(owned_team other) noexcept {
        maker_ = other.maker_;
        team* const mine = team_;
        team_ = other.team_;
        other.team_ = mine;
        return *this;
    }
    ~owned_team() { delete team_; }

    /// None where nobody helps.
    team* get() const noexcept { return team_; }

private:
    team_maker maker_;
    team* team_ = nullptr;
};

/// Where part i of 0 … count - 1 begins, of `parts` parts of about one size, cut at multiples of `unit`.
constexpr std::size_t part_begin(std::size_t count, std::size_t unit, std::size_t i,
                                 std::size_t parts) noexcept {
    const std::size_t at = (count + unit - 1) / unit * i / parts * unit;
    return at < count ? at : count;
}

/// part(number, first, last) for such parts; by the caller alone where there is no team.
template <class Part>
void in_parts(team* helpers, std::size_t count, std::size_t unit, Part&& part) {
    if (helpers == nullptr) return part(std::size_t{0}, std::size_t{0}, count);
    helpers->run([&](std::size_t i) {
        const std::size_t first = part_begin(count, unit, i, helpers->size()),
                          last = part_begin(count, unit, i + 1, helpers->size());
        if (first < last) part(i, first, last);
    });
}

} // namespace detail

} // namespace tenon
