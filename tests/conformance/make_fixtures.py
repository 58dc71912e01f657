"""Writes fixtures/*.json: what scikit-learn, PyTorch and SciPy say of the data in examples/data.

    pip install numpy scipy scikit-learn torch && python3 make_fixtures.py

The tests beside this file compare tenon with these numbers and never run Python. Each fixture names the versions it was
made with. All arithmetic is in float64; parameters of networks stand in tenon's order (layer by layer, inputs x outputs
weights and then the biases), those of PyTorch are transposed on the way.
"""

import json
import pathlib
import platform
import warnings

import numpy as np
import scipy
import scipy.stats
import sklearn
import torch
from sklearn import metrics
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, PolynomialFeatures, StandardScaler

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parent.parent / "examples" / "data"
VERSIONS = {
    "python": platform.python_version(),
    "numpy": np.__version__,
    "scipy": scipy.__version__,
    "scikit-learn": sklearn.__version__,
    "torch": torch.__version__,
}
torch.set_default_dtype(torch.float64)


def plain(value):
    """NumPy and PyTorch values as lists and numbers."""
    if isinstance(value, torch.Tensor):
        return plain(value.detach().numpy())
    if isinstance(value, dict):
        return {key: plain(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return value.item()
    return value


def write(name, content):
    """One line a member: small, and readable in a diff."""
    members = {"made_with": VERSIONS, **plain(content)}
    lines = [f"{json.dumps(key)}: {json.dumps(value, allow_nan=False)}" for key, value in members.items()]
    (HERE / "fixtures" / f"{name}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


def read(name):
    """A table of words: column by column."""
    header, *rows = [line.split(",") for line in (DATA / name).read_text().splitlines()]
    return {column: np.array([row[i] for row in rows]) for i, column in enumerate(header)}


def numbers(table, columns):
    return np.array([[float(v) if v != "NA" else np.nan for v in table[c]] for c in columns]).T


MEASUREMENTS = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
ISLANDS = ["Biscoe", "Dream", "Torgersen"]
SEXES = ["female", "male"]
SPECIES = ["Adelie", "Chinstrap", "Gentoo"]
PENGUINS = read("penguins.csv")
DIABETES = read("diabetes.csv")
PATIENT = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"]


def prepare():
    measured = numbers(PENGUINS, MEASUREMENTS)
    words = np.array([PENGUINS["island"], PENGUINS["sex"]], dtype=object).T
    words[words == "NA"] = np.nan
    rows = [0, 3, 8, 100, 151, 200, 271, 343]  # 3, 8 and 271 have missing values

    fills = {rule: SimpleImputer(strategy=rule).fit(measured).statistics_
             for rule in ["mean", "median", "most_frequent"]}
    words_filled = SimpleImputer(strategy="most_frequent").fit(words)
    encoder = OneHotEncoder(categories=[ISLANDS, SEXES], sparse_output=False)
    recipe = make_pipeline(
        ColumnTransformer([
            ("numbers", SimpleImputer(strategy="median"), [0, 1, 2, 3]),
            ("words", make_pipeline(SimpleImputer(strategy="most_frequent"), encoder), [4, 5]),
        ]),
        StandardScaler())
    table = np.hstack([measured.astype(object), words])
    recipe.fit(table)

    patients = numbers(DIABETES, ["age", "bmi", "s2", "s5"])
    scaled = StandardScaler().fit(patients)
    chosen = [0, 17, 200, 441]
    write("prepare", {
        "rows": rows,
        "fills": fills,
        "word_fills": [ISLANDS.index(words_filled.statistics_[0]), SEXES.index(words_filled.statistics_[1])],
        "one_hot": encoder.fit_transform(words_filled.transform(words))[rows],
        "recipe": recipe.transform(table)[rows],
        "recipe_means": recipe[-1].mean_,
        "recipe_scales": recipe[-1].scale_,
        "polynomial_rows": chosen,
        "polynomial_2": PolynomialFeatures(2, include_bias=False).fit_transform(patients)[chosen],
        "polynomial_3": PolynomialFeatures(3, include_bias=False).fit_transform(patients)[chosen],
        "standardized_polynomial_3":
            PolynomialFeatures(3, include_bias=False).fit_transform(scaled.transform(patients))[chosen],
    })


def fitted_line(model, x, y):
    model.fit(x, y)
    return {"coefficients": model.coef_, "intercept": model.intercept_, "r2": model.score(x, y),
            "predictions": model.predict(x[:5])}


def linear():
    x = numbers(DIABETES, PATIENT)
    y = numbers(DIABETES, ["progression"])[:, 0]
    age, s1 = x[:, 0], x[:, 4]
    # A constant, a sum and a multiple of other columns, as the test makes them.
    collinear = np.column_stack([x, np.full(len(x), 3.0), age + s1, 2.0 * age])
    # More columns than rows.
    wide = StandardScaler().fit_transform(x)[:8]
    write("linear", {
        "least_squares": fitted_line(LinearRegression(), x, y),
        "collinear": fitted_line(LinearRegression(), collinear, y),
        "more_columns_than_rows": fitted_line(LinearRegression(), wide, y[:8]),
        "wide_rows": wide,
        "standardized_polynomial": fitted_line(
            make_line(LinearRegression), StandardScaler().fit_transform(x[:, [2, 3, 6, 8]]), y),
        "alphas": [1e-3, 1.0, 100.0, 1e6],
        "ridge": [fitted_line(Ridge(alpha=a, solver="cholesky"), x, y) for a in [1e-3, 1.0, 100.0, 1e6]],
        "ridge_collinear": fitted_line(Ridge(alpha=0.5, solver="svd"), collinear, y),
        # So small a penalty that the normal equations will not do; without noise, or rounding would decide the answer.
        "ridge_nearly_singular": fitted_line(Ridge(alpha=5e-4, solver="svd"), collinear,
                                             3 * age + 2 * s1 - 4 * x[:, 1] + x[:, 2]),
    })


def make_line(kind):
    """A regression on the products of columns, with the members of a plain one."""
    class Expanded(kind):
        def fit(self, x, y):
            self.expand = PolynomialFeatures(2, include_bias=False).fit(x)
            return super().fit(self.expand.transform(x), y)

        def predict(self, x):
            return super().predict(self.expand.transform(x) if x.shape[1] != self.n_features_in_ else x)

        def score(self, x, y):
            return metrics.r2_score(y, self.predict(x))
    return Expanded()


def best_logistic(x, labels, l2):
    """Two solvers of scikit-learn that agree: lbfgs, its default, stops earlier. Intercepts of several classes are
    determined up to a common number, so their mean is taken off."""
    model = LogisticRegression(C=1 / l2, solver="newton-cg", tol=1e-12, max_iter=100000).fit(x, labels)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = LogisticRegression(C=1 / l2, solver="newton-cholesky", tol=1e-12, max_iter=1000).fit(x, labels)
    largest = np.abs(model.coef_).max()
    assert np.abs(model.coef_ - other.coef_).max() < 1e-6 * largest, np.abs(model.coef_ - other.coef_).max() / largest
    assert np.abs(model.predict_proba(x) - other.predict_proba(x)).max() < 1e-7
    return {"l2": l2, "coefficients": other.coef_.T, "intercepts": other.intercept_ - (
        other.intercept_.mean() if len(other.intercept_) > 1 else 0), "probabilities": other.predict_proba(x[::40])}


def logistic():
    measured = numbers(PENGUINS, MEASUREMENTS)
    complete = ~np.isnan(measured).any(axis=1)
    x = measured[complete]
    scaled = StandardScaler().fit_transform(x)
    species = np.array([SPECIES.index(s) for s in PENGUINS["species"][complete]])
    known = complete & (PENGUINS["sex"] != "NA")
    sex = np.array([SEXES.index(s) for s in PENGUINS["sex"][known]])
    write("logistic", {
        "species_standardized": [best_logistic(scaled, species, l2) for l2 in [0.1, 1.0]],
        "species_raw": best_logistic(x, species, 1.0),
        "sex_standardized": [best_logistic(StandardScaler().fit_transform(measured[known]), sex, l2)
                             for l2 in [0.1, 1.0]],
        "sex_raw": best_logistic(measured[known], sex, 1.0),
    })


STEPS = [1, 2, 3, 5, 10, 20, 30, 40, 50]


def valley(w):
    """A curved valley (Rosenbrock's function with 10 for 100)."""
    return (10 * (w[1:] - w[:-1] ** 2) ** 2 + (1 - w[:-1]) ** 2).sum()


def trajectory(make):
    w = torch.tensor([-1.2, 1.0, 0.5, -0.5], requires_grad=True)
    optimizer = make([w])
    points = []
    for step in range(1, 51):
        optimizer.zero_grad()
        valley(w).backward()
        optimizer.step()
        if step in STEPS:
            points.append(w.detach().clone())
    return points


def trained(x, y, outputs, loss, make, steps):
    """A linear model from zero, one step an epoch on all rows; penalties on the weights only."""
    model = torch.nn.Linear(x.shape[1], outputs)
    torch.nn.init.zeros_(model.weight)
    torch.nn.init.zeros_(model.bias)
    optimizer = make(model)
    for _ in range(steps):
        optimizer.zero_grad()
        scores = model(x)
        loss(scores if outputs > 1 else scores[:, 0], y).backward()
        optimizer.step()
    return {"coefficients": model.weight.T, "intercepts": model.bias}


def optimizers():
    optim = torch.optim
    x = torch.tensor(StandardScaler().fit_transform(numbers(DIABETES, PATIENT)))
    y = torch.tensor(numbers(DIABETES, ["progression"])[:, 0])
    half = (y > 140).long()
    mse, entropy = torch.nn.MSELoss(), torch.nn.CrossEntropyLoss()

    def decayed(model):
        return [{"params": [model.weight], "weight_decay": 0.05}, {"params": [model.bias]}]
    write("optimizers", {
        "steps": STEPS,
        "gradient_descent": trajectory(lambda w: optim.SGD(w, lr=2e-3)),
        "sgd_momentum": trajectory(lambda w: optim.SGD(w, lr=2e-3, momentum=0.9)),
        "adam": trajectory(lambda w: optim.Adam(w, lr=0.05)),
        "adam_options": trajectory(lambda w: optim.Adam(w, lr=0.02, betas=(0.8, 0.95), eps=0.1)),
        "minimized_squared_error": trained(x, y, 1, mse, lambda m: optim.Adam(m.parameters(), lr=2.0), 50),
        "minimized_cross_entropy":
            trained(x, half, 2, entropy, lambda m: optim.SGD(m.parameters(), lr=0.1, momentum=0.9), 50),
        "minimized_with_l2": trained(x, y, 1, mse, lambda m: optim.SGD(decayed(m), lr=0.05, momentum=0.5), 50),
    })


def network(activation, widths, x, y, loss, seed):
    random = np.random.default_rng(seed)
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layer = torch.nn.Linear(inputs, outputs)
        layer.weight.data = torch.tensor(random.normal(size=(outputs, inputs)) * 0.7)
        layer.bias.data = torch.tensor(random.normal(size=outputs) * 0.3)
        layers += [layer, activation]
    model = torch.nn.Sequential(*layers[:-1])
    scores = model(x)
    value = loss(scores if widths[-1] > 1 else scores[:, 0], y)
    value.backward()

    def in_order(pick):
        return torch.cat([part for layer in layers[::2] for part in (pick(layer.weight).T.reshape(-1), pick(layer.bias))])
    return {"parameters": in_order(lambda p: p.detach()), "scores": scores, "loss": value,
            "gradient": in_order(lambda p: p.grad)}


def networks():
    random = np.random.default_rng(5)
    x = torch.tensor(random.normal(size=(6, 3)).round(3))
    real = torch.tensor(random.normal(size=6).round(3))
    label = torch.tensor([0, 3, 1, 2, 3, 0])
    relu, tanh = torch.nn.ReLU(), torch.nn.Tanh()
    mse, entropy = torch.nn.MSELoss(), torch.nn.CrossEntropyLoss()
    write("networks", {
        "x": x, "real": real, "label": label,
        "relu_squared_error": network(relu, [3, 7, 1], x, real, mse, 1),
        "relu_cross_entropy": network(relu, [3, 6, 5, 4], x, label, entropy, 2),
        "tanh_squared_error": network(tanh, [3, 6, 5, 1], x, real, mse, 3),
        "tanh_cross_entropy": network(tanh, [3, 7, 4], x, label, entropy, 4),
    })


def classification(truth, predicted, probabilities, average_of_roc):
    found = {
        "truth": truth, "predicted": predicted, "probabilities": probabilities,
        "accuracy": metrics.accuracy_score(truth, predicted),
        "confusion": metrics.confusion_matrix(truth, predicted),
        "log_loss": metrics.log_loss(truth, probabilities),
        "roc_auc": average_of_roc(),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for average in ["macro", "micro", "weighted", None]:
            p, r, f, _ = metrics.precision_recall_fscore_support(truth, predicted, average=average)
            found[str(average or "each")] = {"precision": p, "recall": r, "f1": f}
    return found


def measure():
    random = np.random.default_rng(11)
    truth = random.normal(50, 20, 40).round(2)
    predicted = (truth + random.normal(1, 6, 40)).round(2)
    three = random.integers(0, 3, 50)
    p3 = random.dirichlet([1, 1, 1], 50)
    p3[np.arange(50), three] += 0.5
    p3 = (p3 / p3.sum(axis=1, keepdims=True)).round(2)
    p3[:, 2] = 1 - p3[:, 0] - p3[:, 1]  # rounded: there are ties
    two = random.integers(0, 2, 40)
    p2 = np.clip((0.3 * two + 0.7 * random.uniform(size=40)).round(2), 0.02, 0.98)
    rare = np.array([0, 0, 0, 2, 2, 0, 2, 0])  # nobody is of class 1
    p_rare = np.array([[.6, .3, .1], [.2, .7, .1], [.5, .4, .1], [.2, .2, .6], [.4, .3, .3], [.9, .05, .05],
                       [.1, .8, .1], [.3, .3, .4]])
    write("metrics", {
        "regression": {
            "truth": truth, "predicted": predicted,
            "mse": metrics.mean_squared_error(truth, predicted),
            "rmse": metrics.root_mean_squared_error(truth, predicted),
            "mae": metrics.mean_absolute_error(truth, predicted),
            "r2": metrics.r2_score(truth, predicted),
        },
        "three": classification(three, p3.argmax(axis=1), p3,
                                lambda: metrics.roc_auc_score(three, p3, multi_class="ovr")),
        "two": classification(two, (p2 > 0.5).astype(int), np.column_stack([1 - p2, p2]),
                              lambda: metrics.roc_auc_score(two, p2)),
        "rare": {
            "truth": rare, "predicted": p_rare.argmax(axis=1),
            "macro": dict(zip(["precision", "recall", "f1"], metrics.precision_recall_fscore_support(
                rare, p_rare.argmax(axis=1), average="macro", zero_division=0)[:3])),
        },
    })


def drift():
    random = np.random.default_rng(3)
    reference = random.normal(0, 1, 500).round(3)
    current = random.normal(0.4, 1.2, 300).round(3)
    ordered = np.sort(reference)
    edges = np.array([ordered[b * 499 // 10] for b in range(1, 10)])

    def index(edges, a, b):
        """Population stability index, bins open to the left, empty ones floored at 1e-4."""
        bins = len(edges) + 1
        p = np.bincount(np.searchsorted(edges, a, side="left"), minlength=bins) / len(a)
        q = np.bincount(np.searchsorted(edges, b, side="left"), minlength=bins) / len(b)
        p, q = np.maximum(p, 1e-4), np.maximum(q, 1e-4)
        return ((p - q) * np.log(p / q)).sum()

    probabilities = [1e-6, 0.01, 0.05, 0.5, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.999999]
    degrees = [1, 2, 3, 9, 10, 50, 200]
    write("drift", {
        "probabilities": probabilities, "degrees": degrees,
        "chi_squared": [[scipy.stats.chi2.ppf(p, d) for p in probabilities] for d in degrees],
        "reference": reference[:100], "current": current[:80],
        "edges": (first_edges := np.array([np.sort(reference[:100])[b * 99 // 10] for b in range(1, 10)])),
        "psi": index(first_edges, reference[:100], current[:80]),
        "large_psi": index(edges, reference, current + 5),
        "large_counts": [np.bincount(np.searchsorted(edges, v, side="left"), minlength=10)
                         for v in (reference, current + 5)],
        "alpha": 0.01,
        "threshold": max(0.1, scipy.stats.chi2.ppf(0.99, 9) * (1 / 100 + 1 / 80)),
    })


if __name__ == "__main__":
    for make in [prepare, linear, logistic, optimizers, networks, measure, drift]:
        make()
