#pragma once

// A training run as callbacks of the library see it: what it went through, what it is made of, and everything that it needs
// to go on, without its types.

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <tenon/train/minimize.hpp>
#include <type_traits>
#include <vector>

namespace tenon::inline v0::detail {

/// Numbers of a run by name: their kind (F, I or U) and width, where they are, and the vector that holds them where their
/// number may change.
struct run_values {
    std::string_view name;
    char kind;
    std::size_t width; ///< bytes of one
    const void* data;
    std::size_t count;
    bool is_sequence;
    void* vector = nullptr;
    void* (*resize)(void* vector, std::size_t count) = nullptr; ///< returns where the numbers are then
};

/// Who wants to see what the next epoch of a run depends on.
class run_visitor {
public:
    virtual void values(const run_values& seen) = 0;
    /// There is more, but it has no names, or is not made of numbers.
    virtual void unnamed(std::string_view what) = 0;

protected:
    ~run_visitor() = default;
};

template <class T>
concept RunNumber = std::is_arithmetic_v<T> && !std::is_same_v<T, bool> &&
                    (sizeof(T) == 1 || sizeof(T) >= 4) && sizeof(T) <= 8;

/// Called as visit(name, field) with the fields of a state: numbers, and sequences of numbers.
class run_fields {
public:
    explicit run_fields(run_visitor& to) : to_(to) {}

    template <class Field>
    void operator()(std::string_view name, Field&& field) const {
        using F = std::remove_cvref_t<Field>;
        if constexpr (RunNumber<F>)
            to_.values(as_values(name, &field, 1, false));
        else if constexpr (requires {
                               { *field.data() } -> std::same_as<typename F::value_type&>;
                               requires RunNumber<typename F::value_type>;
                           }) {
            run_values all = as_values(name, field.data(), field.size(), true);
            if constexpr (requires { field.resize(std::size_t{}); }) {
                all.vector = &field;
                all.resize = [](void* vector, std::size_t count) -> void* {
                    static_cast<F*>(vector)->resize(count);
                    return static_cast<F*>(vector)->data();
                };
            }
            to_.values(all);
        } else
            to_.unnamed(name);
    }

private:
    template <class T>
    static run_values as_values(std::string_view name, const T* data, std::size_t count, bool is_sequence) {
        constexpr char kind = std::is_floating_point_v<T> ? 'F' : std::is_signed_v<T> ? 'I' : 'U';
        return {name, kind, sizeof(T), data, count, is_sequence};
    }

    run_visitor& to_;
};

/// Rows of a run, their targets as the loss sees them, and their weights, without their types.
struct seen_rows {
    run_values x, y, weights; ///< x as if its rows had no gaps between them
    std::size_t rows = 0, columns = 0;
    std::ptrdiff_t row_stride = 0, column_stride = 0;
};

/// What a run is made of and from.
struct run_origin {
    std::string_view model;
    std::string (*signature)() = nullptr;
    const minimize_options* options = nullptr;
    seen_rows training, watching;
    double shift = 0, scale = 1; ///< the units of the target
};

/// One training run and its callbacks.
class training_session {
public:
    epoch_result now; ///< the epoch that ends, or the last one
    std::vector<double>
        past; ///< of each epoch that ended the numbers that past_epoch reads; kept where there are callbacks
    bool has_ended = false;          ///< nothing is to follow
    std::vector<std::string> traits; ///< by which a checkpoint recognises the run: names and values in turn

    run_origin origin;

    /// All that it needs to go on.
    virtual void visit_fields(run_visitor& visitor) = 0;
    /// The loss of the first rows, these many at most.
    virtual double first_loss(std::size_t rows) = 0;
    /// An epoch on these rows alone, and the rate before it: a trial, after which the fields are to be put back.
    virtual double try_epoch(std::size_t rows) = 0;
    virtual double rate() const = 0;

    /// Lets callbacks put the run where it was, and tells all of them where it begins.
    void begin(const callback_list& callbacks) {
        callbacks.visit([&](const auto& one) { one.resume(*this); });
        callbacks.visit([&](const auto& one) { one.begin(*this); });
    }

    /// Tells all callbacks of the epoch.
    void end_epoch(const callback_list& callbacks) {
        if (callbacks.empty()) return;
        const double seen[columns] = {now.loss, now.validation_loss, now.metric,
                                      now.rate, now.seconds,         now.is_best ? 1.0 : 0.0};
        for (const double value : seen) past.push_back(value);
        callbacks.visit([&](const auto& one) { has_ended |= one.call(now) == after_epoch::stop; });
        callbacks.visit([&](const auto& one) { one.keep(*this); });
    }

    std::size_t past_epochs() const noexcept { return past.size() / columns; }
    /// Epoch i of those that ended, counted from 0.
    epoch_result past_epoch(std::size_t i) const {
        const double* const seen = past.data() + i * columns;
        epoch_result one = now;
        one.epoch = static_cast<int>(i) + 1;
        one.loss = seen[0];
        one.validation_loss = seen[1];
        one.metric = seen[2];
        one.rate = seen[3];
        one.seconds = seen[4];
        one.is_best = seen[5] != 0;
        return one;
    }

    static constexpr std::size_t columns = 6;

protected:
    ~training_session() = default;
};

} // namespace tenon::detail
