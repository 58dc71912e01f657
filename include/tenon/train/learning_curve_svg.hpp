#pragma once

// Learning curves as a picture (SVG).

#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>
#include <tenon/core/error.hpp>
#include <tenon/core/text.hpp>
#include <tenon/format/file.hpp>
#include <tenon/train/learning_curve_axes.hpp>

namespace tenon::inline v0 {

/// How a learning curve is drawn as a picture.
struct svg_options {
    std::string title = "Learning curve";
    int width = 720; ///< pixels
    int height = 420;
};

namespace detail {

inline std::string xml_text(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        if (c == '&')
            safe += "&amp;";
        else if (c == '<')
            safe += "&lt;";
        else if (c == '>')
            safe += "&gt;";
        else
            safe += c;
    }
    return safe;
}

/// The frame of a picture: where values and epochs are in it.
struct svg_frame {
    double left, top, right, bottom;
    axis_ticks x, y;
    double at_x(double epoch) const {
        return left + (right - left) * (epoch - x.first) / (x.last() - x.first);
    }
    double at_y(double loss) const {
        return bottom - (bottom - top) * (loss - y.first) / (y.last() - y.first);
    }
};

inline std::string pixels(double value) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.1f", value);
    return digits;
}

inline void add_svg_axes(std::string& svg, const svg_frame& f) {
    for (int i = 0; i < f.y.count; ++i) {
        const std::string at = pixels(f.at_y(f.y.at(i)));
        append(svg, {"<line x1=\"", pixels(f.left), "\" y1=\"", at, "\" x2=\"", pixels(f.right), "\" y2=\"",
                     at, "\" stroke=\"#ddd\"/>\n<text x=\"", pixels(f.left - 8), "\" y=\"", at,
                     "\" dy=\"4\" text-anchor=\"end\">", tick_text(f.y.at(i), f.y.step), "</text>\n"});
    }
    for (int i = 0; i < f.x.count; ++i) {
        const std::string at = pixels(f.at_x(f.x.at(i)));
        append(svg, {"<line x1=\"", at, "\" y1=\"", pixels(f.bottom), "\" x2=\"", at, "\" y2=\"",
                     pixels(f.bottom + 5), "\" stroke=\"#333\"/>\n<text x=\"", at, "\" y=\"",
                     pixels(f.bottom + 20), "\" text-anchor=\"middle\">", tick_text(f.x.at(i), f.x.step),
                     "</text>\n"});
    }
    append(svg, {"<path d=\"M", pixels(f.left), ' ', pixels(f.top), " V", pixels(f.bottom), " H",
                 pixels(f.right), "\" fill=\"none\" stroke=\"#333\"/>\n"});
}

inline void add_svg_curve(std::string& svg, const svg_frame& f, const history& seen,
                          double epoch_result::*loss, std::string_view colour, std::string_view dashes) {
    append(svg, {"<path fill=\"none\" stroke-width=\"2\" stroke-linejoin=\"round\" stroke=\"", colour,
                 "\" stroke-dasharray=\"", dashes, "\" d=\""});
    std::string dots;
    bool is_begun = false;
    for (const epoch_result& e : seen.epochs()) {
        if (!can_be_drawn(e.*loss)) {
            is_begun = false;
            continue;
        }
        const std::string x = pixels(f.at_x(e.epoch)), y = pixels(f.at_y(e.*loss));
        append(svg, {is_begun ? 'L' : 'M', x, ' ', y});
        if (seen.size() <= 60)
            append(dots, {"<circle r=\"2.5\" fill=\"", colour, "\" cx=\"", x, "\" cy=\"", y, "\"/>\n"});
        is_begun = true;
    }
    append(svg, {"\"/>\n", dots});
}

inline void add_svg_legend(std::string& svg, const svg_frame& f, int line, std::string_view colour,
                           std::string_view dashes, std::string_view label) {
    const double y = f.top + 16 + 20 * line, x = f.right - 150;
    append(svg, {"<line stroke-width=\"2\" stroke=\"", colour, "\" stroke-dasharray=\"", dashes, "\" x1=\"",
                 pixels(x), "\" x2=\"", pixels(x + 28), "\" y1=\"", pixels(y), "\" y2=\"", pixels(y),
                 "\"/>\n<text x=\"", pixels(x + 36), "\" y=\"", pixels(y + 4), "\">", label, "</text>\n"});
}

} // namespace detail

/// The losses of a history as an SVG picture that needs nothing else: axes with numbers, legend, title. Throws fit_error for
/// a history without epochs.
inline std::string learning_curve_svg(const history& seen, const svg_options& options = {}) {
    if (seen.empty()) detail::fail<fit_error>({"learning_curve_svg: the history has no epochs"});
    if (options.width < 300 || options.height < 200)
        detail::fail<fit_error>({"learning_curve_svg: .width is 300 or more and .height 200 or more, not ",
                                 options.width, " and ", options.height});
    const detail::curve_data data(seen);
    detail::axis_ticks x = detail::ticks_between(1, data.last_epoch, 8);
    if (x.step < 1) x = {1, 1, data.last_epoch < 2 ? 2 : data.last_epoch};
    const detail::svg_frame frame{72.0,
                                  48.0,
                                  options.width - 24.0,
                                  options.height - 56.0,
                                  x,
                                  detail::ticks_between(data.low, data.high, 6)};
    constexpr std::string_view trained = "#1f5fa8", watched = "#c4510b", whole = "none", dashed = "6 4";
    const std::string width = detail::concat({options.width}), height = detail::concat({options.height});
    std::string svg = detail::concat({"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"", width,
                                      "\" height=\"", height, "\" viewBox=\"0 0 ", width, ' ', height,
                                      "\" font-family=\"sans-serif\" font-size=\"13\" fill=\"#222\">\n"
                                      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n<text x=\"",
                                      detail::pixels(options.width / 2.0),
                                      "\" y=\"28\" text-anchor=\"middle\" font-size=\"17\">",
                                      detail::xml_text(options.title), "</text>\n"});
    detail::add_svg_axes(svg, frame);
    detail::append(svg, {"<text x=\"", detail::pixels((frame.left + frame.right) / 2), "\" y=\"",
                         detail::pixels(options.height - 14.0), "\" text-anchor=\"middle\">epoch</text>\n",
                         "<text x=\"18\" y=\"", detail::pixels((frame.top + frame.bottom) / 2),
                         "\" text-anchor=\"middle\" transform=\"rotate(-90 18 ",
                         detail::pixels((frame.top + frame.bottom) / 2), ")\">loss</text>\n"});
    if (data.watches)
        detail::add_svg_curve(svg, frame, seen, &epoch_result::validation_loss, watched, dashed);
    detail::add_svg_curve(svg, frame, seen, &epoch_result::loss, trained, whole);
    detail::add_svg_legend(svg, frame, 0, trained, whole, "loss");
    if (data.watches) detail::add_svg_legend(svg, frame, 1, watched, dashed, "validation loss");
    return svg + "</svg>\n";
}

/// Writes the picture to a file; what was there is replaced only when the new file is complete. Throws data_error where it
/// cannot be written.
inline void write_svg(const history& seen, const std::string& path, const svg_options& options = {}) {
    write_file(path, std::string_view(learning_curve_svg(seen, options)));
}

} // namespace tenon
