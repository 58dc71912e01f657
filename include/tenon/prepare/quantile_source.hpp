#pragma once

// quantile_transform in the C++ of a generated header, which has no library: the share of a value among the quantiles,
// and the normal quantile of a share.

namespace tenon::inline v0::detail {

/// `share_of(q, v)`: the share of v among the `count` ascending values at q; `count` stands before it.
inline constexpr const char* share_of_source = R"(const auto share_of = [](const scalar* q, scalar v) {
    if (!(v > q[0])) return 0.0;
    if (!(v < q[count - 1])) return 1.0;
    int first = 0, last = count - 1;
    while (first < last) {
        const int middle = first + (last - first) / 2;
        if (q[middle] < v)
            first = middle + 1;
        else
            last = middle;
    }
    while (last + 1 < count && q[last + 1] == v) ++last;
    if (q[first] == v) return (first + last) / 2.0 / (count - 1);
    const double low = q[first - 1] / 2.0, high = q[first] / 2.0;
    return (first - 1 + (v / 2.0 - low) / (high - low)) / (count - 1);
};
)";

/// `normal_of(share)`: Wichura's algorithm AS 241 (1988), for shares not nearer to 0 or 1 than 1e-7. Its square root comes
/// down from above by Newton's steps until they no longer move. Needs log_of.
inline constexpr const char* normal_of_source =
    R"(const auto ratio = [](const double* p, const double* q, double v) {
    double above = 0, below = 0;
    for (int k = 7; k >= 0; --k) {
        above = above * v + p[k];
        below = below * v + q[k];
    }
    return above / below;
};
const auto normal_of = [&](double share) {
    const double a[8] = {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
                         1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
                         3.3430575583588128105e4, 2.5090809287301226727e3};
    const double b[8] = {1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
                         2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
                         5.2264952788528545610e3};
    const double c[8] = {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
                         3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
                         2.27238449892691845833e-2, 7.74545014278341407640e-4};
    const double d[8] = {1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
                         1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
                         1.05075007164441684324e-9};
    if (share <= 1e-7) return -5.199337582605575;
    if (share >= 1 - 1e-7) return 5.199337582605575;
    const double side = share - 0.5;
    if (side >= -0.425 && side <= 0.425) return side * ratio(a, b, 0.180625 - side * side);
    const double square = -log_of(side < 0 ? share : 1 - share, 0);
    double root = (square + 1) / 2;
    for (double next = root;; root = next) {
        next = (root + square / root) / 2;
        if (!(next < root)) break;
    }
    const double size = ratio(c, d, root - 1.6);
    return side < 0 ? -size : size;
};
)";

} // namespace tenon::inline v0::detail
