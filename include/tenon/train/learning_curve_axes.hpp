#pragma once

// What both kinds of learning curves need to know before they draw: the range of the losses, and numbers for the axes.

#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <tenon/train/history.hpp>

namespace tenon::inline v0::detail {

/// Numbers for an axis: multiples of 1, 2 or 5 · 10^k, the first not above low, the last not below high.
struct axis_ticks {
    double first = 0, step = 1;
    int count = 2;
    double at(int i) const noexcept { return first + step * i; }
    double last() const noexcept { return at(count - 1); }
};

/// Around numbers of at most 1e300.
inline axis_ticks ticks_between(double low, double high, int about) noexcept {
    if (!(high - low > 1e-300)) high = low + (std::abs(low) < 1e-290 ? 1 : std::abs(low) * 0.1);
    const double rough = (high - low) / about;
    const double power = std::pow(10, std::floor(std::log10(rough)));
    const double step = power * (rough <= power ? 1 : rough <= 2 * power ? 2 : rough <= 5 * power ? 5 : 10);
    axis_ticks ticks{std::floor(low / step + 1e-9) * step, step, 0};
    ticks.count = static_cast<int>(std::ceil((high - ticks.first) / step - 1e-9)) + 1;
    return ticks;
}

/// Finite, and so are its distances to others of which this is true.
inline bool can_be_drawn(double loss) noexcept {
    return std::abs(loss) <= 1e300;
}

/// What there is to draw.
struct curve_data {
    explicit curve_data(const history& seen) {
        for (const epoch_result& e : seen.epochs()) {
            see(e.loss);
            see(e.validation_loss);
            watches |= e.validation_loss == e.validation_loss;
            last_epoch = e.epoch;
        }
        if (!(low <= high)) low = 0, high = 1;
        if (low >= 0 && low < 0.5 * high) low = 0;
    }
    void see(double value) {
        if (!can_be_drawn(value)) return;
        low = value < low ? value : low;
        high = value > high ? value : high;
    }
    double low = std::numeric_limits<double>::infinity(), high = -low;
    bool watches = false;
    int last_epoch = 1;
};

/// A number as short as it may be read.
inline std::string tick_text(double value, double step) {
    char digits[32];
    if (std::abs(value) < 1e-9 * step) value = 0;
    std::snprintf(digits, sizeof digits, "%.4g", value);
    return digits;
}

} // namespace tenon::detail
