"""Writes fixtures/selection.json: what scikit-learn's selectors by a model, mutual information and kernel maps make of the six
real tables.

    pip install numpy scikit-learn && python3 selection_fixtures.py

The rows are those of fixtures/tables.json; classes are made as in feature_fixtures.py. Mutual information there depends on random
noise, so it is given as mean and spread over 40 seeds, and its neighbours are searched in trees: for classes of seven rows and
fewer scikit-learn would subtract squares, and the distances between equal values, which are that noise, drown in rounding.
"""

import functools
import json
import pathlib
import warnings

import numpy as np
import sklearn
from real_tables import tables
from sklearn.feature_selection import RFE, SelectFromModel, mutual_info_classif, mutual_info_regression
from sklearn.feature_selection import _mutual_info
from sklearn.kernel_approximation import Nystroem, RBFSampler
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import StandardScaler

HERE = pathlib.Path(__file__).resolve().parent
KEPT, SEEDS, FEATURES = 3, 40, 6
warnings.simplefilter("ignore")  # of few rows in a class
_mutual_info.NearestNeighbors = functools.partial(NearestNeighbors, algorithm="kd_tree")


def some(matrix):
    """The first, the last and two rows between."""
    return matrix[[0, len(matrix) // 3, 2 * len(matrix) // 3, len(matrix) - 1]].tolist()


def selected(model, x, y):
    z = StandardScaler().fit_transform(x)
    from_model = SelectFromModel(model, max_features=KEPT, threshold=-np.inf).fit(z, y)
    return {
        "from_coefficients": from_model.get_support(indices=True).tolist(),
        "one_by_one": RFE(model, n_features_to_select=KEPT, step=1).fit(z, y).get_support(indices=True).tolist(),
        "two_at_once": RFE(model, n_features_to_select=KEPT, step=2).fit(z, y).get_support(indices=True).tolist(),
    }


def information(estimate, x, y, **options):
    runs = np.array([estimate(x, y, random_state=seed, **options) for seed in range(SEEDS)])
    return {"mean": runs.mean(axis=0).tolist(), "deviation": runs.std(axis=0).tolist()}


def kernel_maps(x):
    gamma = 0.5 / x.var(axis=0).sum()
    landmarks = Nystroem(gamma=gamma, n_components=FEATURES, random_state=0).fit(x)
    cosines = RBFSampler(gamma=gamma, n_components=FEATURES, random_state=0).fit(x)
    return {
        "gamma": gamma,
        "landmarks": landmarks.component_indices_.tolist(),
        "nystroem": some(landmarks.transform(x)),
        "weights": cosines.random_weights_.tolist(),
        "offsets": cosines.random_offset_.tolist(),
        "cosines": some(cosines.transform(x)),
    }


def selections(name, x, y):
    is_classes = np.array_equal(y, y.astype(int)) and len(np.unique(y)) <= 10
    classes = y.astype(int) if is_classes else (y > np.median(y)).astype(int)
    content = {
        "classes": classes.tolist(),
        "ridge": selected(Ridge(1.0), x, y),
        "logistic": selected(LogisticRegression(C=1.0, tol=1e-10, max_iter=100000), x, classes),
        "information_of_numbers": information(mutual_info_regression, x, y),
        "information_of_classes": information(mutual_info_classif, x, classes),
    }
    if name == "digits":  # grey levels from 0 to 16, here as categories
        content["information_of_levels_and_classes"] = information(mutual_info_classif, x, classes, discrete_features=True)
        content["information_of_levels"] = information(mutual_info_regression, x, y, discrete_features=True)
    return content | kernel_maps(x)


if __name__ == "__main__":
    content = {"made_with": {"scikit-learn": sklearn.__version__, "numpy": np.__version__}}
    content |= {name: selections(name, x, y) for name, (x, y) in tables().items()}
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in content.items()]
    (HERE / "fixtures" / "selection.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
