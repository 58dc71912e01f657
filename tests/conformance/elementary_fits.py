"""Prints the coefficients in include/tenon/model: minimax fits by Remez' exchange, in 50 digits, rounded to float and double.

    pip install mpmath && python3 elementary_fits.py
"""

import mpmath as m
from mpmath import mpf

m.mp.dps = 50
DIGITS = {"float": 24, "double": 53}


def remez(f, weight, a, b, top, bottom=0, grid=400, rounds=20):
    """P / Q with `top` coefficients above and 1 + `bottom` below, Q(0) = 1: least greatest |P / Q - f| * weight."""
    n = top + bottom + 1
    a, b = mpf(a), mpf(b)
    at = [(a + b) / 2 - (b - a) / 2 * m.cos(m.pi * mpf(i) / grid) for i in range(grid + 1)]
    wanted = [(f(x), weight(x)) for x in at]
    spots = [round(i * grid / (n - 1)) for i in range(n)]
    error = mpf(0)
    for _ in range(rounds):
        for _ in range(40 if bottom else 1):
            rows, right = m.matrix(n, n), m.matrix(n, 1)
            for i, k in enumerate(spots):
                x, (y, w) = at[k], wanted[k]
                swing = (-1) ** i / w
                for j in range(top):
                    rows[i, j] = x**j
                for j in range(bottom):
                    rows[i, top + j] = -(y + swing * error) * x ** (j + 1)
                rows[i, n - 1] = -swing
                right[i] = y
            c = m.lu_solve(rows, right)
            change, error = abs(c[n - 1] - error), c[n - 1]
            if change <= abs(error) * mpf(10) ** -25:
                break
        above, below = list(c[:top]), [mpf(1)] + list(c[top : top + bottom])
        peaks = []
        for k, (x, (y, w)) in enumerate(zip(at, wanted)):
            e = (m.polyval(above[::-1], x) / m.polyval(below[::-1], x) - y) * w
            if peaks and (e > 0) == (peaks[-1][0] > 0):
                peaks[-1] = max(peaks[-1], (e, k), key=lambda p: abs(p[0]))
            else:
                peaks.append((e, k))
        while len(peaks) > n:
            peaks.pop(0 if abs(peaks[0][0]) < abs(peaks[-1][0]) else -1)
        if len(peaks) < n:
            raise RuntimeError("no reference of so many points")
        sizes = [abs(e) for e, _ in peaks]
        spots = [k for _, k in peaks]
        if max(sizes) - min(sizes) < max(sizes) / 1000:
            break
    return above, below, max(sizes)


def rounded(x, name):
    """To so many bits, ties aside."""
    if x == 0:
        return x
    scale = mpf(2) ** (DIGITS[name] - 1 - int(m.floor(m.log(abs(x), 2))))
    return m.nint(x * scale) / scale


def text(x, name):
    return repr(float(x)) if name == "double" else m.nstr(x, 9) + "F"


def show(title, coefficients, name):
    print(f"{name} {title}: " + ", ".join(text(rounded(c, name), name) for c in coefficients))


def error_line(title, error, name):
    print(f"    {title}: error {m.nstr(error * mpf(2) ** DIGITS[name], 3)} half units")


def exponential(name, terms):
    """q of e^r = 1 + r + r^2 q(r), |r| <= ln2 / 2."""
    half = m.log(2) / 2 * mpf("1.0001")

    def q(r):
        return mpf(1) / 2 + r / 6 if abs(r) < mpf("1e-15") else (m.exp(r) - 1 - r) / r**2

    above, _, error = remez(q, lambda r: r * r * m.exp(-r) + mpf("1e-6"), -half, half, terms)
    show("exp", above, name)
    error_line("exp", error, name)


def power_of_two(name, top, bottom):
    """2^f = (even + odd) / (even - odd) with even = P(f^2), odd = f Q(f^2), |f| <= 1/2; the highest coefficient of P is 1."""

    def ratio(z):
        f = m.sqrt(z)
        return 2 / m.log(2) if f < mpf("1e-20") else f / m.tanh(f * m.log(2) / 2)

    def weight(z):
        return 2 * m.sqrt(z) / (ratio(z) ** 2 - z) + mpf("1e-6")

    above, below, error = remez(ratio, weight, 0, mpf("0.2501"), top, bottom)
    show("2^f even", [c / above[-1] for c in above], name)
    show("2^f odd", [c / above[-1] for c in below], name)
    error_line("2^f", error, name)


def hyperbolic_tangent(name, top, bottom, reach):
    """tanh x = x - x^3 P(x^2) / Q(x^2), x <= reach; the highest coefficient of Q is 1."""

    def r(z):
        if z < mpf("1e-20"):
            return mpf(1) / 3 - 2 * z / 15
        return (1 - m.tanh(m.sqrt(z)) / m.sqrt(z)) / z

    def weight(z):
        return (m.sqrt(z) ** 3 / m.tanh(m.sqrt(z)) if z > 0 else 0) + mpf("1e-6")

    end = mpf(reach) ** 2
    _, below, _ = remez(r, weight, 0, end, top, bottom)
    below = [rounded(c / below[-1], name) for c in below]  # Q as it is rounded, then P for it

    def q(z):
        return m.polyval(below[::-1], z)

    above, _, error = remez(lambda z: r(z) * q(z), lambda z: weight(z) / q(z), 0, end, top)
    show("tanh P", above, name)
    show("tanh Q", below, name)
    error_line("tanh", error, name)


def normal_tail(name, degree, reach):
    """P(u) / Q(u) = Phi(-u) e^(u^2/2), 0 <= u <= reach, a degree less above than below, as the tail falls like 1 / u: squared
    errors with weights that grow where the error is large, which ends near the least greatest relative error."""
    n, top = 200, degree
    spread = [-m.cos(m.pi * (mpf(i) + mpf("0.5")) / n) for i in range(n)]
    end = mpf(reach - 2) / (reach + 2)
    at = [2 * (1 + t) / (1 - t) for t in ((end - 1) / 2 + (end + 1) / 2 * s for s in spread)]
    wanted = [m.exp(u * u / 2) * m.erfc(u / m.sqrt(2)) / 2 for u in at]
    emphasis, before = [mpf(1)] * n, [mpf(1)] * n
    for step in range(20):
        size = top + degree
        rows, right = m.matrix(size, size), m.matrix(size, 1)
        for u, y, q, e in zip(at, wanted, before, emphasis):
            row = [u**j for j in range(top)] + [-y * u ** (j + 1) for j in range(degree)]
            share = e / (y * q) ** 2
            for i in range(size):
                right[i] += row[i] * share * y
                for j in range(size):
                    rows[i, j] += row[i] * row[j] * share
        c = m.lu_solve(rows, right)
        above, below = list(c[:top]), [mpf(1)] + list(c[top:])
        before = [m.polyval(below[::-1], u) for u in at]
        errors = [
            abs(m.polyval(above[::-1], u) / q / y - 1) for u, y, q in zip(at, wanted, before)
        ]
        if step >= 3:
            mean = sum(errors) / n
            emphasis = [e * x / mean for e, x in zip(emphasis, errors)]
    show("tail P", above, name)
    show("tail Q", below, name)
    error_line("tail", max(errors), name)


exponential("float", 5)
exponential("double", 10)
power_of_two("float", 2, 1)
power_of_two("double", 3, 2)
hyperbolic_tangent("float", 2, 1, "0.8")
hyperbolic_tangent("double", 4, 3, "0.8")
normal_tail("float", 5, 15)
normal_tail("double", 10, 39)
