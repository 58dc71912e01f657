#pragma once

// Sine and cosine of an angle in turns (1 is a full circle): no digit is lost to a reduction by 2π however large the angle,
// and the C++ of a generated header, which has no library, computes the same.

namespace tenon::inline v0::detail {

struct sine_and_cosine {
    double sine, cosine;
};

/// Of the angle 2π · turns, within 3e-16. An angle of 2^51 turns and more counts as whole; NaN for what is not finite.
constexpr sine_and_cosine of_turns(double turns) noexcept {
    constexpr double rounding = 6755399441055744.0; // adding it leaves no digits behind the point
    constexpr double whole = 2251799813685248.0;    // 2^51
    const double rounded = turns > -whole && turns < whole ? (turns + rounding) - rounding : turns;
    const double part = turns - rounded;                              // -1/2 … 1/2
    const double quarter = (4 * part + rounding) - rounding;          // -2 … 2
    const double angle = (part - quarter / 4) * 6.283185307179586477; // -π/4 … π/4
    const double square = angle * angle;
    double s = 0, c = 0; // the series, from the smallest term up
    for (int k = 16; k > 0; k -= 2) {
        s = -square / (k * (k + 1)) * (1 + s);
        c = -square / (k * (k - 1)) * (1 + c);
    }
    s = angle + angle * s;
    c = 1 + c;
    if (quarter == 0) return {s, c};
    if (quarter == 1) return {c, -s};
    if (quarter == -1) return {-c, s};
    return {-s, -c};
}

/// `of_turns(turns, sine, cosine)`: the same in the C++ of a generated header.
inline constexpr const char* of_turns_source =
    R"(const auto of_turns = [](double turns, double& sine, double& cosine) {
    const double rounding = 6755399441055744.0, whole = 2251799813685248.0;
    const double rounded = turns > -whole && turns < whole ? (turns + rounding) - rounding : turns;
    const double part = turns - rounded;
    const double quarter = (4 * part + rounding) - rounding;
    const double angle = (part - quarter / 4) * 6.283185307179586477;
    const double square = angle * angle;
    double s = 0, c = 0;
    for (int k = 16; k > 0; k -= 2) {
        s = -square / (k * (k + 1)) * (1 + s);
        c = -square / (k * (k - 1)) * (1 + c);
    }
    s = angle + angle * s;
    c = 1 + c;
    const bool is_odd = quarter * quarter < 2 && quarter * quarter > 0;
    const double sign = quarter < -0.5 || quarter > 1.5 ? -1 : 1;
    const double other = quarter > 0.5 || quarter < -1.5 ? -1 : 1;
    sine = is_odd ? sign * c : sign * s;
    cosine = is_odd ? other * s : other * c;
};
)";

} // namespace tenon::inline v0::detail
