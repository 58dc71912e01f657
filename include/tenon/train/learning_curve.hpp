#pragma once

// Learning curves: the losses of a history drawn as text for a terminal, or written as a picture. The user includes this by
// name.

#include <cmath>
#include <cstdio>
#include <string>
#include <tenon/core/error.hpp>
#include <tenon/core/text.hpp>
#include <tenon/train/learning_curve_axes.hpp>
#include <tenon/train/learning_curve_svg.hpp>
#include <vector>

namespace tenon::inline v0 {

/// How a learning curve is drawn in a terminal.
struct learning_curve_options {
    int width = 78;       ///< columns in all, axis included; from 30 to 80
    int height = 16;      ///< lines of the drawing, from 4 to 100; axis and legend come below
    bool unicode = false; ///< points of Braille patterns, eight a character, instead of ASCII
};

namespace detail {

/// Points on a grid of characters.
class text_canvas {
public:
    text_canvas(int width, int height, bool unicode)
        : width_(width), height_(height), unicode_(unicode),
          cells_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) {}

    int across() const noexcept { return unicode_ ? 2 * width_ : width_; }
    int down() const noexcept { return unicode_ ? 4 * height_ : height_; }
    /// A point of the grid, from the upper left; later ones hide earlier ones.
    void put(int x, int y, char mark) {
        if (x < 0 || y < 0 || x >= across() || y >= down()) return;
        if (!unicode_) {
            cell(x, y) = static_cast<unsigned char>(mark);
            return;
        }
        constexpr unsigned char dots[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
        cell(x / 2, y / 4) |= dots[y % 4][x % 2];
    }
    /// A straight line of points; of a dotted one every third is left out.
    void line(double x0, double y0, double x1, double y1, char mark, bool is_dotted) {
        const double across = std::abs(x1 - x0), along = std::abs(y1 - y0);
        const int points = static_cast<int>(std::ceil(across > along ? across : along));
        for (int i = 0; i <= points; ++i) {
            const double share = points == 0 ? 0 : static_cast<double>(i) / points;
            const int x = static_cast<int>(std::lround(x0 + share * (x1 - x0)));
            const int y = static_cast<int>(std::lround(y0 + share * (y1 - y0)));
            if (!is_dotted || (x + y) % 3 != 0) put(x, y, mark);
        }
    }
    std::string row(int y) const {
        std::string text;
        for (int x = 0; x < width_; ++x) {
            const unsigned char c = cells_[place(x, y)];
            if (!unicode_)
                text += c == 0 ? ' ' : static_cast<char>(c);
            else if (c == 0)
                text += ' ';
            else { // U+2800 + c in UTF-8
                text += '\xE2';
                text += static_cast<char>(0xA0 + (c >> 6));
                text += static_cast<char>(0x80 + (c & 0x3F));
            }
        }
        text.resize(text.find_last_not_of(' ') + 1);
        return text;
    }

private:
    std::size_t place(int x, int y) const noexcept {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x);
    }
    unsigned char& cell(int x, int y) noexcept { return cells_[place(x, y)]; }

    int width_, height_;
    bool unicode_;
    std::vector<unsigned char> cells_;
};

/// One of the losses into a canvas.
inline void draw_losses(text_canvas& canvas, const history& seen, double epoch_result::*loss,
                        const axis_ticks& y, int last_epoch, char mark, bool is_dotted) {
    const double right = canvas.across() - 1, bottom = canvas.down() - 1;
    double before_x = 0, before_y = 0;
    bool is_begun = false;
    for (const epoch_result& e : seen.epochs()) {
        if (!can_be_drawn(e.*loss)) {
            is_begun = false;
            continue;
        }
        const double at_x = last_epoch <= 1 ? 0 : right * (e.epoch - 1) / (last_epoch - 1);
        const double at_y = bottom * (y.last() - e.*loss) / (y.last() - y.first);
        if (!is_begun) before_x = at_x, before_y = at_y;
        canvas.line(before_x, before_y, at_x, at_y, mark, is_dotted);
        before_x = at_x;
        before_y = at_y;
        is_begun = true;
    }
}

} // namespace detail

/// The losses of a history as text: `*` (training) and `o` (validation, where there is one), the axes with numbers.
/// Throws fit_error for a history without epochs.
inline std::string learning_curve(const history& seen, const learning_curve_options& options = {}) {
    if (seen.empty()) detail::fail<fit_error>({"learning_curve: the history has no epochs"});
    if (options.width < 30 || options.width > 80 || options.height < 4 || options.height > 100)
        detail::fail<fit_error>({"learning_curve: .width is from 30 to 80 and .height from 4 to 100, not ",
                                 options.width, " and ", options.height});
    constexpr int margin = 10;
    const detail::curve_data data(seen);
    const detail::axis_ticks y = detail::ticks_between(data.low, data.high, options.height / 3);
    detail::text_canvas canvas(options.width - margin, options.height, options.unicode);
    if (data.watches)
        detail::draw_losses(canvas, seen, &epoch_result::validation_loss, y, data.last_epoch, 'o', true);
    detail::draw_losses(canvas, seen, &epoch_result::loss, y, data.last_epoch, '*', false);

    std::string text;
    int labelled = -1;
    for (int line = 0; line < options.height; ++line) {
        std::string label;
        for (int i = 0; i < y.count; ++i)
            if (std::lround((options.height - 1.0) * (y.last() - y.at(i)) / (y.last() - y.first)) == line &&
                line > labelled) {
                label = detail::tick_text(y.at(i), y.step);
                labelled = line;
            }
        char number[margin + 2];
        std::snprintf(number, sizeof number, "%8.8s ", label.c_str());
        detail::append(text, {number, label.empty() ? '|' : '+', canvas.row(line), '\n'});
    }
    const std::string last = detail::concat({data.last_epoch});
    const auto across = static_cast<std::size_t>(options.width - margin);
    detail::append(text, {"         +", std::string(across, '-'), '\n', "          1"});
    if (data.last_epoch > 1)
        detail::append(text,
                       {std::string(across > last.size() + 1 ? across - last.size() - 1 : 1, ' '), last});
    detail::append(text, {"\n          epoch; ", options.unicode ? "line" : "*", " loss"});
    if (data.watches) detail::append(text, {", ", options.unicode ? "dotted" : "o", " validation loss"});
    return text + '\n';
}

} // namespace tenon
