#pragma once

// A progress line on the terminal for what takes more than a second.

#include <cstdio>
#include <tenon/core/stopwatch.hpp>
#include <tenon/train/minimize.hpp>
#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

namespace tenon::inline v0 {

/// One line on stderr, rewritten in place: epoch, bar, losses, time left.
class progress_line {
public:
    progress_line(progress mode, int epochs) : mode_(mode), epochs_(epochs) {
        if (mode_ == progress::automatic && !is_terminal()) mode_ = progress::off;
    }
    progress_line(const progress_line&) = delete;
    progress_line& operator=(const progress_line&) = delete;
    ~progress_line() {
        if (mode_ == progress::off || (mode_ == progress::automatic && !shown_)) return;
        draw();
        std::fputc('\n', stderr);
    }

    /// `validation` is NaN where there is none. Draws at most ten times a second, and once more at the end.
    void update(int epoch, double loss, double validation) {
        if (mode_ == progress::off) return;
        epoch_ = epoch;
        loss_ = loss;
        validation_ = validation;
        const double now = seconds_now();
        if (!shown_ && now - start_ < 1) return;
        if (shown_ && now - last_ < 0.1) return;
        last_ = now;
        shown_ = true;
        draw();
    }

private:
    void draw() const {
        constexpr int width = 18; // with a validation loss the line just fits 80 columns
        char bar[width + 1];
        for (int i = 0; i < width; ++i) bar[i] = i * epochs_ < epoch_ * width ? '#' : '.';
        bar[width] = '\0';
        std::fprintf(stderr, "\repoch %4d/%d [%s] loss %-9.4g", epoch_, epochs_, bar, loss_);
        if (validation_ == validation_) std::fprintf(stderr, " valid %-9.4g", validation_);
        const double elapsed = seconds_now() - start_;
        std::fprintf(stderr, "%4.0f s left", epoch_ == 0 ? 0.0 : elapsed / epoch_ * (epochs_ - epoch_));
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
    int epoch_ = 0;
    double loss_ = 0;
    double validation_ = 0;
    bool shown_ = false;
    double start_ = seconds_now();
    double last_ = start_;
};

} // namespace tenon
