"""The data of rows/ once more: the same networks, and for training the same numbers, drawn from the same stream."""

import numpy as np


class Numbers:
    """support/numbers.hpp: splitmix64 as uniform numbers in float, none close to zero."""

    def __init__(self, seed):
        self.state = seed

    def bits(self):
        mask = (1 << 64) - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        z = ((self.state ^ (self.state >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return z ^ (z >> 31)

    def next(self, size):
        return self.array(1, size)[0]

    def noise(self):
        return sum((self.bits() >> 11) / 2**53 for _ in range(12)) - 6.0

    def array(self, shape, size):
        """The next numbers, all at once: each is a hash of its place in the stream."""
        count = int(np.prod(shape))
        z = np.uint64(self.state) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        self.state = int(z[-1])
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x = ((z ^ (z >> np.uint64(31))) >> np.uint64(40)) * 2.0**-23 - 1.0
        return (size * (x + np.where(x < 0.0, -0.001, 0.001)) / 1.001).astype(np.float32).reshape(shape)


class Network:
    """Weights [inputs][units] and biases of each layer, and rows to ask it about."""

    def __init__(self, activation, weights, biases, rows=None):
        self.activation, self.weights, self.biases, self.rows = activation, weights, biases, rows

    def exact(self, rows):
        """The answers in double precision."""
        values = rows.astype(float)
        for i, (w, b) in enumerate(zip(self.weights, self.biases)):
            values = values @ w.astype(float) + b.astype(float)
            if i + 1 < len(self.weights):
                values = np.maximum(values, 0.0) if self.activation == "relu" else np.tanh(values)
        return values


def small_network(numbers):
    """The 2-64-1 network as rows/ fills it."""
    weights, biases = numbers.array((2, 64), 1.7), numbers.array(64, 0.5)
    output, output_bias = numbers.array((64, 1), 0.3), numbers.array(1, 0.3)
    return Network("relu", [weights, output], [biases, output_bias])


def random_network(activation, widths):
    """A network of any widths; its weights have the size of those in rows/, and no zero."""
    rng = np.random.default_rng(7)

    def draw(shape, size):
        values = rng.uniform(-size, size, shape)
        return (values + np.copysign(size / 1000, values)).astype(np.float32)

    weights = [draw((a, b), np.sqrt(6 / a)) for a, b in zip(widths, widths[1:])]
    biases = [draw(b, 0.1) for b in widths[1:]]
    return Network(activation, weights, biases, draw((32, widths[0]), 1.7))


NETWORKS = {
    "2-64-1 float, one sample": random_network("relu", [2, 64, 1]),
    "16-32-32-1 tanh float, one sample": random_network("tanh", [16, 32, 32, 1]),
    "784-128-10 float, one sample": random_network("relu", [784, 128, 10]),
}


def digit_rows(samples):
    """The larger network and so many rows for it."""
    network = NETWORKS["784-128-10 float, one sample"]
    rows = np.random.default_rng(11).uniform(-1.7, 1.7, (samples, 784)).astype(np.float32)
    return Network(network.activation, network.weights, network.biases, rows)


def draw_training():
    """The samples and the network to start from: one stream gives both, in this order."""
    numbers = Numbers(7)
    x, y = np.empty((100, 2), np.float32), np.empty(100, np.float32)
    for i in range(100):
        u = (numbers.next(1.0) + np.float32(1)) / np.float32(2)
        x[i] = u, u * u
        y[i] = 3 * u + 2 + 0.5 * numbers.noise()
    standardized = [((a - a.mean(0, float)) / a.std(0, float)).astype(np.float32) for a in (x, y)]
    start = small_network(numbers)
    start.rows = standardized[0]
    return (*standardized, start)


def line_samples():
    """100 samples of 3x + 2 with noise: the standardized columns x and x squared, and the standardized target."""
    return draw_training()[:2]


def training_start():
    return draw_training()[2]


def draw_digits():
    """What draw_samples in rows/training_digits.cpp draws: samples, labels and the network to start from."""
    numbers, samples = Numbers(7), 10_000
    patterns, labels = numbers.array((10, 784), 1.0), np.arange(samples) % 10
    x = np.float32(0.08) * patterns[labels] + numbers.array((samples, 784), 1.0)
    first, first_bias = numbers.array((784, 128), 0.0875), numbers.array(128, 0.1)
    second, second_bias = numbers.array((128, 10), 0.2), numbers.array(10, 0.1)
    return x, labels, Network("relu", [first, second], [first_bias, second_bias], x)


def random_table(rows, columns):
    """Row-major doubles and a target that depends on them linearly, with noise."""
    rng = np.random.default_rng(7)
    table = rng.uniform(-1.7, 1.7, (rows, columns)) + np.arange(columns)
    return table, 3.0 + table @ rng.uniform(-1, 1, columns) + rng.normal(size=rows)


def fading_table(rows, columns):
    """Columns of ever less spread."""
    return np.random.default_rng(7).normal(size=(rows, columns)) * np.exp(-np.arange(columns) / 10)
