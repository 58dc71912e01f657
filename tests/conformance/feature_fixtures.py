"""Writes fixtures/features.json: what scikit-learn's expanders, selectors and decompositions make of the six real tables.

    pip install numpy scikit-learn && python3 feature_fixtures.py

The rows are those of fixtures/tables.json. Where a test needs classes and the target is a number, the classes are below and
above its median. A score that scikit-learn leaves undefined (a constant column) is 0 here, as in tenon.
"""

import json
import pathlib
import warnings

import numpy as np
import sklearn
from real_tables import tables
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.feature_selection import SelectKBest, VarianceThreshold, chi2, f_classif, f_regression
from sklearn.preprocessing import KBinsDiscretizer, PolynomialFeatures, SplineTransformer

HERE = pathlib.Path(__file__).resolve().parent
KEPT, COMPONENTS = 2, 2
warnings.simplefilter("ignore")  # of constant columns


def some(matrix):
    """The first, the last and two rows between."""
    return matrix[[0, len(matrix) // 3, 2 * len(matrix) // 3, len(matrix) - 1]].tolist()


def chosen(score, x, y):
    selector = SelectKBest(score, k=KEPT).fit(x, y)
    return {"scores": np.nan_to_num(selector.scores_).tolist(), "kept": selector.get_support(indices=True).tolist()}


def binned(strategy, count, x):
    bins = KBinsDiscretizer(count, encode="ordinal", strategy=strategy).fit_transform(x).astype(int)
    return {"sums": bins.sum(axis=0).tolist(), "rows": some(bins)}


def decomposed(model, x):
    z = model.fit_transform(x)
    return {
        "components": model.components_.tolist(),
        "explained_variance": model.explained_variance_.tolist(),
        "explained_variance_ratio": model.explained_variance_ratio_.tolist(),
        "rows": some(z),
        "inverse": some(model.inverse_transform(z)),
    }


def splines(x, rows, **options):
    model = SplineTransformer(extrapolation="constant", **options).fit(x)
    return {"rows": np.array(rows).tolist(), "values": model.transform(np.array(rows)).tolist()}


def features(x, y):
    is_classes = np.array_equal(y, y.astype(int)) and len(np.unique(y)) <= 10
    classes = y.astype(int) if is_classes else (y > np.median(y)).astype(int)
    return {
        "classes": classes.tolist(),
        "f_regression": chosen(f_regression, x, y),
        "f_classif": chosen(f_classif, x, classes),
        "chi2": chosen(chi2, x, classes),
        "varying": VarianceThreshold().fit(x).get_support(indices=True).tolist(),
        "varying_much": VarianceThreshold(10.0 if x.var(axis=0).max() > 10 else 0.5).fit(x).get_support(indices=True).tolist(),
        "bins_by_quantile": binned("quantile", 4, x),
        "bins_by_width": binned("uniform", 5, x),
        "pca": decomposed(PCA(COMPONENTS, svd_solver="full"), x),
        "whitened": some(PCA(COMPONENTS, svd_solver="full", whiten=True).fit_transform(x)),
        "truncated_svd": decomposed(TruncatedSVD(COMPONENTS, algorithm="arpack", random_state=0), x),
        "interactions": PolynomialFeatures(3, interaction_only=True, include_bias=False).fit_transform(x)[1].tolist(),
        "spline": splines(x, [x[1], x.max(axis=0) + 1], n_knots=4, degree=3, knots="uniform"),
        # Neither the upper end nor beyond: where outer quantiles are equal, scikit-learn's splines drop to 0 there.
        "spline_by_quantile": splines(x, [x.mean(axis=0), x.min(axis=0)], n_knots=5, degree=2, knots="quantile"),
    }


if __name__ == "__main__":
    content = {"made_with": {"scikit-learn": sklearn.__version__, "numpy": np.__version__}}
    content |= {name: features(x, y) for name, (x, y) in tables().items()}
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in content.items()]
    (HERE / "fixtures" / "features.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
