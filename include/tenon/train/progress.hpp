#pragma once

// A progress line on the terminal for what takes more than a second.

#include <cstdio>
#include <limits>
#include <string_view>
#include <tenon/core/stopwatch.hpp>
#include <tenon/train/minimize.hpp>
#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

namespace tenon::inline v0 {

/// One line on stderr, rewritten in place: epoch, bar, losses, metric, time left; at most 79 columns.
class progress_line {
public:
    /// Of so many epochs, the first of which may lie behind.
    progress_line(progress mode, int epochs, int epochs_done = 0)
        : mode_(mode), epochs_(epochs), epochs_before_(epochs_done), epoch_(epochs_done) {
        if (mode_ == progress::automatic && !is_terminal()) mode_ = progress::off;
    }
    progress_line(const progress_line&) = delete;
    progress_line& operator=(const progress_line&) = delete;
    ~progress_line() {
        if (mode_ == progress::off || (mode_ == progress::automatic && !shown_)) return;
        draw();
        std::fputc('\n', stderr);
    }

    /// `validation` is NaN where there is none, and a metric without a name is none. Draws at most ten times a second, and
    /// once more at the end. The name is to live as long as the line.
    void update(int epoch, double loss, double validation, std::string_view metric_name = {},
                double metric = std::numeric_limits<double>::quiet_NaN()) {
        if (mode_ == progress::off) return;
        epoch_ = epoch;
        loss_ = loss;
        validation_ = validation;
        metric_name_ = metric_name;
        metric_ = metric;
        const double now = seconds_now();
        if (!shown_ && now - start_ < 1) return;
        if (shown_ && now - last_ < 0.1) return;
        last_ = now;
        shown_ = true;
        draw();
    }

private:
    void draw() const {
        constexpr int columns = 79, narrowest = 1, widest = 18;
        char behind[columns + 1];
        const int digits = metric_name_.empty() ? 4 : 3, wide = digits + 5;
        int used = std::snprintf(behind, sizeof behind, "loss %-*.*g", wide, digits, loss_);
        if (validation_ == validation_)
            used += std::snprintf(behind + used, sizeof behind - static_cast<std::size_t>(used),
                                  " valid %-*.*g", wide, digits, validation_);
        if (!metric_name_.empty())
            used +=
                std::snprintf(behind + used, sizeof behind - static_cast<std::size_t>(used), " %.*s %-8.3g",
                              static_cast<int>(metric_name_.size() < 8 ? metric_name_.size() : 8),
                              metric_name_.data(), metric_);
        char before[32];
        const int begun = std::snprintf(before, sizeof before, "epoch %4d/%d [", epoch_, epochs_);
        char left[16];
        const int ended = std::snprintf(left, sizeof left, "%4.0f s left", seconds_left());

        int width = columns - begun - 2 - used - ended;
        width = width > widest ? widest : width < narrowest ? narrowest : width;
        char bar[widest + 1];
        for (int i = 0; i < width; ++i) bar[i] = i * epochs_ < epoch_ * width ? '#' : '.';
        bar[width] = '\0';
        std::fprintf(stderr, "\r%s%s] %s%s", before, bar, behind, left);
    }

    double seconds_left() const {
        const int done = epoch_ - epochs_before_;
        const double left = done <= 0 ? 0 : (seconds_now() - start_) / done * (epochs_ - epoch_);
        return left < 99999 ? left : 99999;
    }

    static bool is_terminal() {
#ifdef _WIN32
        return _isatty(_fileno(stderr)) != 0;
#else
        return isatty(STDERR_FILENO) != 0;
#endif
    }

    progress mode_;
    int epochs_;
    int epochs_before_;
    int epoch_;
    double loss_ = 0;
    double validation_ = 0;
    double metric_ = 0;
    std::string_view metric_name_;
    bool shown_ = false;
    double start_ = seconds_now();
    double last_ = start_;
};

} // namespace tenon
