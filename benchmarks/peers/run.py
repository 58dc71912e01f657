"""The workloads of rows/ in Python's libraries: scikit-learn, PyTorch, Keras (on PyTorch), onnxruntime, pandas, pyarrow and
polars, whichever are installed.

Run with one thread, CSV files also with two. Prints each figure and appends it to the file that TENON_BENCHMARK_ROWS
names: workload, program, unit, flags (of tenon), quality, value, separated by tabs. Qualities are those of rows/: the loss
that training reached, the share of right classes of a batch, R squared against the exact answer elsewhere. Batches are
timed in turn with the library of tenon_batch.cpp that TENON_BENCHMARK_BATCH names.
"""

import os
import sys

# Set by others, these choose OpenBLAS's kernels for another machine. A new process, lest something has read them already.
FOREIGN = {"OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"}
if FOREIGN & os.environ.keys():
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    os.execve(sys.executable, [sys.executable, *sys.argv], kept)

# Before any numeric library is loaded: the variables are read once.
os.environ["KERAS_BACKEND"] = "torch"
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ[variable] = os.environ.get("TENON_BENCHMARK_THREADS", "1")
THREADS = int(os.environ.get("TENON_BENCHMARK_THREADS", "1"))

import ctypes
import importlib
import importlib.util
import statistics
import subprocess
import tempfile
import time
import warnings

sys.dont_write_bytecode = True

try:
    import numpy as np
except ImportError:
    print("no peers: numpy is not installed")
    sys.exit(0)

from workloads import NETWORKS, digit_rows, draw_digits, fading_table, line_samples, random_table, training_start

TRAINED = "2-64-1 trained: 100 samples, batch 32, 100 epochs, Adam"
BATCH = "784-128-10 float, batch 256, in turn from Python"
DIGITS_TRAINED = "784-128-10 trained: 10 000 samples, batch 64, 5 epochs, Adam"

NANOSECONDS = {"ns": 1.0, "us": 1e3, "ms": 1e6}


def median_ns(call, repetitions=7, repetition_ns=2e7, clock=time.thread_time_ns):
    """Nanoseconds a call takes of this thread's time: what others do on a busy machine does not count."""

    def timed(calls):
        start = clock()
        for _ in range(calls):
            call()
        return clock() - start

    once = max(timed(1), timed(1), 1)
    calls = max(1, int(repetition_ns / once))
    if once > 1e9:
        repetitions = 3
    return statistics.median(timed(calls) / calls for _ in range(repetitions))


def record(workload, program, unit, quality, value):
    print(f"{workload}\n  {program:<24} {value:12.4g} {unit}  quality {quality:.6g}", flush=True)
    path = os.environ.get("TENON_BENCHMARK_ROWS")
    flags = os.environ.get("TENON_BENCHMARK_FLAGS", "") if program == "tenon" else ""
    if path:
        with open(path, "a", encoding="utf-8") as rows:
            rows.write(f"{workload}\t{program}\t{unit}\t{flags}\t{quality:.6g}\t{value:.6g}\n")


def report(workload, program, unit, quality, call, clock=time.thread_time_ns):
    record(workload, program, unit, quality, median_ns(call, clock=clock) / NANOSECONDS[unit])


def r_squared(expected, answers):
    expected, answers = np.asarray(expected, float), np.asarray(answers, float)
    return 1.0 - ((expected - answers.reshape(expected.shape)) ** 2).sum() / ((expected - expected.mean()) ** 2).sum()


def one_sample(program, networks, predictor):
    """Rows of one sample; predictor(network) gives a function from a row of floats to the answers.

    The call from Python is most of what such a small network takes, and the program's name says so.
    """
    for workload, network in networks.items():
        predict = predictor(network)
        rows = [np.ascontiguousarray(row) for row in network.rows[:, None, :]]
        answers = np.concatenate([np.asarray(predict(row)).reshape(1, -1) for row in rows])
        quality = r_squared(network.exact(network.rows), answers)
        report(workload, f"{program} from Python", "ns", quality, lambda: predict(rows[0]))


batch_predictors = {}  # name of a program: a function from many rows at once to their scores or classes


def one_batch(program, predictor):
    """A program of batches_in_turn; predictor(network) gives its function."""
    batch_predictors[program] = predictor(digit_rows(256))


def tenon_batches(network):
    """A function from rows to their classes by the library of tenon_batch.cpp."""
    library = ctypes.CDLL(os.environ["TENON_BENCHMARK_BATCH"])
    library.tenon_network.restype = ctypes.c_void_p
    parameters = np.concatenate([array.ravel() for pair in zip(network.weights, network.biases) for array in pair])
    fitted = ctypes.c_void_p(library.tenon_network(ctypes.c_void_p(parameters.ctypes.data)))
    classes = np.empty(len(network.rows), np.uint32)

    def predict(rows):
        library.tenon_predict(fitted, ctypes.c_void_p(rows.ctypes.data), ctypes.c_size_t(len(rows)),
                              ctypes.c_void_p(classes.ctypes.data))
        return classes

    return predict


def batches_in_turn(repetitions=25, calls=40):
    """A B C, C B A, A B C, ...: their ratios hold although the machine drifts, and a few per cent can be told apart."""
    if "TENON_BENCHMARK_BATCH" in os.environ:
        one_batch("tenon", tenon_batches)
    network = digit_rows(256)
    taken = {program: [] for program in batch_predictors}
    for repetition in range(repetitions + 1):
        for program in list(taken)[:: 1 if repetition % 2 else -1]:
            start = time.thread_time_ns()
            for _ in range(calls):
                batch_predictors[program](network.rows)
            taken[program].append((time.thread_time_ns() - start) / calls / len(network.rows))
    expected = network.exact(network.rows).argmax(1)
    for program, times in taken.items():
        answers = np.asarray(batch_predictors[program](network.rows))
        classes = answers if answers.ndim == 1 else answers.argmax(1)
        record(BATCH, program, "ns", np.mean(classes == expected), statistics.median(times[1:]))  # the first warms up


def cross_entropy(scores, labels):
    """The mean loss of rows of scores, before any softmax, in double."""
    scores = np.asarray(scores, float)
    shifted = scores - scores.max(1, keepdims=True)
    return float(np.mean(np.log(np.exp(shifted).sum(1)) - shifted[np.arange(len(labels)), labels]))


def mixed_table(rows=1_000_000):
    """What struct mixed in rows/tables.cpp makes: four numbers and two words as their indices, some missing."""
    r = np.arange(rows)
    table = np.empty((rows, 6))
    for c, levels in enumerate([0, 0, 0, 0, 3, 2]):
        at = (r + 1.0) * (0.6180339887498949 + 0.0123 * c)
        share = at - np.floor(at)
        table[:, c] = np.where((r + 7 * c) % 37 == 0, np.nan, np.floor(levels * share) if levels else 10 + 30 * share)
    return table


def scikit_learn():
    from sklearn.compose import ColumnTransformer
    from sklearn.decomposition import PCA
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LinearRegression
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, PolynomialFeatures, StandardScaler

    warnings.simplefilter("ignore", ConvergenceWarning)

    def with_weights(network, **options):
        """A regressor that has been through one step of fit, so that its arrays exist, and is then given ours."""
        hidden = tuple(b.size for b in network.biases[:-1])
        model = MLPRegressor(hidden_layer_sizes=hidden, activation=network.activation, max_iter=1, **options)
        rows = network.rows[:32]
        targets = network.exact(rows).astype(np.float32)
        model.fit(rows, targets.ravel() if targets.shape[1] == 1 else targets)
        set_weights(model, network)
        return model

    def set_weights(model, network):
        model.coefs_ = [w.copy() for w in network.weights]
        model.intercepts_ = [b.copy() for b in network.biases]

    def explained(pca):
        return float(pca.explained_variance_ratio_.sum())

    one_sample("scikit-learn", NETWORKS, lambda network: with_weights(network).predict)

    x, y = line_samples()
    start = training_start()
    model = with_weights(start, batch_size=32, alpha=0.0, tol=0.0, n_iter_no_change=10**9, warm_start=True)
    model.max_iter = 100

    def train():
        set_weights(model, start)
        model.fit(x, y)

    train()
    quality = np.mean((model.predict(x) - y) ** 2)
    report(TRAINED, "scikit-learn", "us", quality, train)

    x, labels, digits = draw_digits()
    model = MLPClassifier((128,), batch_size=64, alpha=0.0, tol=0.0, n_iter_no_change=10**9, warm_start=True, max_iter=1)
    model.fit(x, labels)
    model.max_iter = 5

    def train_digits():
        set_weights(model, digits)
        model.fit(x, labels)

    train_digits()
    trained = model.predict_log_proba(x)
    report(DIGITS_TRAINED, "scikit-learn", "ms", cross_entropy(trained, labels), train_digits)

    table, _ = random_table(100_000, 20)
    pipeline = make_pipeline(StandardScaler(), PolynomialFeatures(2, include_bias=False)).fit(table)
    z = (table[::997] - table.mean(0)) / table.std(0)
    products = [z[:, i] * z[:, j] for i in range(20) for j in range(i, 20)]
    quality = r_squared(np.column_stack([z, *products]), pipeline.transform(table)[::997])
    report("standardize + polynomial<2>, 100 000 x 20", "scikit-learn", "ms", quality, lambda: pipeline.transform(table))

    report("standardize fit, 100 000 x 20", "scikit-learn", "ms", 1.0, lambda: StandardScaler().fit(table))

    table = mixed_table()
    words = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(sparse_output=False))
    columns = ColumnTransformer([("numbers", SimpleImputer(strategy="median"), slice(0, 4)), ("words", words, slice(4, 6))])
    report("impute + one_hot fitted and applied, 1 000 000 x 6 mixed", "scikit-learn", "ms",
           columns.fit_transform(table).mean(), lambda: columns.fit_transform(table))

    table = fading_table(100_000, 100)
    report("PCA, 100 000 x 100 to 10", "scikit-learn", "ms", explained(PCA(10).fit(table)), lambda: PCA(10).fit(table))

    table, target = random_table(1_000_000, 50)
    fitted = LinearRegression().fit(table, target)
    quality = r_squared(target[::97], fitted.predict(table[::97]))
    report("linear regression, 1 000 000 x 50", "scikit-learn", "ms", quality, lambda: LinearRegression().fit(table, target))


def torch():
    import torch

    torch.set_num_threads(1)

    def module(network):
        layers = []
        for i, (w, b) in enumerate(zip(network.weights, network.biases)):
            layer = torch.nn.Linear(*w.shape)
            layer.weight.data = torch.from_numpy(w.T.copy())
            layer.bias.data = torch.from_numpy(b.copy())
            layers.append(layer)
            if i + 1 < len(network.weights):
                layers.append(torch.nn.ReLU() if network.activation == "relu" else torch.nn.Tanh())
        return torch.nn.Sequential(*layers)

    def predictor(network):
        model = module(network).eval()

        def predict(row):
            with torch.inference_mode():
                return model(torch.from_numpy(row))

        return predict

    one_sample("PyTorch", NETWORKS, predictor)
    one_batch("PyTorch", predictor)

    losses = torch.nn.functional

    def trained(model, epochs, size, loss):
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
        for _ in range(epochs):
            for batch in torch.randperm(len(x)).split(size):
                optimizer.zero_grad()
                loss(model, batch).backward()
                optimizer.step()
        return model

    x, y = (torch.from_numpy(a) for a in line_samples())
    start = training_start()

    def train():
        return trained(module(start), 100, 32, lambda model, batch: losses.mse_loss(model(x[batch])[:, 0], y[batch]))

    torch.manual_seed(7)
    quality = float(torch.mean((train()(x)[:, 0] - y) ** 2).detach())
    report(TRAINED, "PyTorch", "us", quality, train)

    x, labels, digits = draw_digits()
    x, targets = torch.from_numpy(x), torch.from_numpy(labels)

    def train_digits():
        return trained(module(digits), 5, 64, lambda model, batch: losses.cross_entropy(model(x[batch]), targets[batch]))

    quality = cross_entropy(train_digits()(x).detach(), labels)
    report(DIGITS_TRAINED, "PyTorch", "ms", quality, train_digits)


def keras():
    import keras
    import torch

    torch.set_num_threads(1)
    keras.utils.set_random_seed(7)

    def model_of(network):
        layers = [keras.Input(network.weights[0].shape[:1])]
        for i, b in enumerate(network.biases):
            layers.append(keras.layers.Dense(b.size, network.activation if i + 1 < len(network.biases) else None))
        model = keras.Sequential(layers)
        model.set_weights([array for pair in zip(network.weights, network.biases) for array in pair])
        return model

    def predictor(network):
        model = model_of(network)

        def predict(rows):
            with torch.inference_mode():
                return model(rows, training=False)

        return predict

    one_batch("Keras", predictor)

    def trainer(network, loss, x, y, **how):
        model = model_of(network)
        start = model.get_weights()

        def train():
            model.set_weights(start)
            model.compile(keras.optimizers.Adam(1e-3, epsilon=1e-8), loss)
            model.fit(x, y, verbose=0, **how)
            return model

        return train

    x, y = line_samples()
    train = trainer(training_start(), "mse", x, y, batch_size=32, epochs=100)
    quality = np.mean((train().predict(x, verbose=0)[:, 0] - y) ** 2)
    report(TRAINED, "Keras", "us", quality, train, time.process_time_ns)

    x, labels, digits = draw_digits()
    train = trainer(digits, keras.losses.SparseCategoricalCrossentropy(from_logits=True), x, labels, batch_size=64, epochs=5)
    quality = cross_entropy(train().predict(x, verbose=0), labels)
    report(DIGITS_TRAINED, "Keras", "ms", quality, train, time.process_time_ns)


def onnxruntime():
    import onnxruntime
    import onnx_models

    def predictor(model):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        return lambda row: session.run(None, {"x": row})[0]

    one_sample("onnxruntime", NETWORKS, lambda network: predictor(onnx_models.dense(network)))
    one_batch("onnxruntime", lambda network: predictor(onnx_models.dense(network, len(network.rows))))
    digits = {"784-128-10 int8, one sample": NETWORKS["784-128-10 float, one sample"]}
    one_sample("onnxruntime", digits, lambda network: predictor(onnx_models.quantized(network)))


def pandas_reader(threads):
    import pandas

    warnings.simplefilter("ignore", DeprecationWarning)
    return lambda path: pandas.read_csv(path, float_precision="round_trip")


def pyarrow_reader(threads):
    import pyarrow
    from pyarrow import csv

    pyarrow.set_cpu_count(threads)
    return lambda path: csv.read_csv(path, csv.ReadOptions(use_threads=threads > 1))


def polars_reader(threads):
    import polars

    if polars.thread_pool_size() != threads:
        raise RuntimeError(f"polars has {polars.thread_pool_size()} threads, expected {threads}")
    return polars.read_csv


# A reader of CSV files for so many threads, what it needs, and the most threads it can use.
READERS = {
    "pandas": (pandas_reader, ["pandas"], 1),
    "pyarrow": (pyarrow_reader, ["pyarrow", "pandas"], 2),
    "polars": (polars_reader, ["polars"], 2),
}


def write_table(path, rows=1_000_000, width=10):
    """The CSV file of rows/reading.cpp: normal numbers in full precision. They are in a .npy file beside it."""
    numbers = np.random.default_rng(7).normal(size=(rows, width))
    np.save(path + ".npy", numbers)
    with open(path, "w", encoding="utf-8") as file:
        file.write(",".join(f"c{i}" for i in range(width)) + "\n")
        file.writelines(",".join(map(repr, row)) + "\n" for row in numbers.tolist())


def read_table(program, path, threads):
    """Reads the file of write_table. On one thread the time of the whole process counts, since libraries work in threads of
    their own; on two the time on the wall."""
    read = READERS[program][0](threads)
    table = read(path)
    quality = r_squared(np.load(path + ".npy"), table.to_numpy() if hasattr(table, "to_numpy") else table.to_pandas())
    workload = "CSV, 1 000 000 x 10, full precision" + (f", {threads} threads" if threads > 1 else "")
    clock = time.perf_counter_ns if threads > 1 else time.process_time_ns
    report(workload, program, "ms", quality, lambda: read(path), clock)


def read_tables(path):
    """Each reader in a process of its own: a library's number of threads is settled when it is loaded."""
    for program, (_, packages, most) in READERS.items():
        missing = [package for package in packages if importlib.util.find_spec(package) is None]
        if missing:
            print(f"{program} is left out: there is no {missing[0]}")
            continue
        for threads in range(1, most + 1):
            environment = os.environ | {"TENON_BENCHMARK_THREADS": str(threads)}
            subprocess.run([sys.executable, __file__, "read", program, path], env=environment, check=True)


def main():
    peers = (
        (scikit_learn, ["sklearn"]),
        (torch, ["torch"]),
        (keras, ["torch", "keras"]),
        (onnxruntime, ["onnxruntime", "onnx"]),
    )
    for peer, packages in peers:
        try:
            for package in packages:
                importlib.import_module(package)
        except ImportError as missing:
            print(f"{peer.__name__} is left out: {missing}")
            continue
        peer()
    batches_in_turn()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "table.csv")
        write_table(path)
        read_tables(path)


if __name__ == "__main__":
    if sys.argv[1:2] == ["read"]:
        read_table(sys.argv[2], sys.argv[3], THREADS)
    else:
        main()
