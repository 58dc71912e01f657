"""Writes fixtures/scalers.json: what scikit-learn learns from the tables of real_tables.py, and makes of some rows.

    pip install numpy scipy scikit-learn && python3 prepare_fixtures.py

For every table and scaler: statistics of all columns, and the first columns of a few rows behind it. scikit-learn does not
clip; the fences are computed here with numpy.
"""

import json
import pathlib
import warnings

import numpy as np
import scipy
import sklearn
from real_tables import tables
from sklearn import preprocessing as p

HERE = pathlib.Path(__file__).resolve().parent
ROWS, COLUMNS = 4, 4
QUANTILES = 20


def clipped(x, low, high):
    return {"lower": low, "upper": high, "rows": shown(x, np.clip(x, low, high))}


def chosen(x):
    """Rows spread over the table."""
    return np.linspace(0, len(x) - 1, ROWS).astype(int)


def shown(x, z):
    return z[chosen(x), :COLUMNS]


def scalers(x):
    min_max = p.MinMaxScaler(feature_range=(-1, 2)).fit(x)
    max_abs = p.MaxAbsScaler().fit(x)
    robust = p.RobustScaler(quantile_range=(20, 70)).fit(x)
    yeo_johnson = p.PowerTransformer().fit(x)
    uniform = p.QuantileTransformer(n_quantiles=QUANTILES, subsample=None).fit(x)
    normal = p.QuantileTransformer(n_quantiles=QUANTILES, subsample=None, output_distribution="normal").fit(x)
    ranks = p.QuantileTransformer(n_quantiles=len(x), subsample=None, output_distribution="normal").fit(x)
    # These are the values themselves; scikit-learn's may differ by rounding, and then ties are no ties.
    assert np.allclose(ranks.quantiles_, np.sort(x, axis=0), rtol=1e-12, atol=0)
    ranks.quantiles_ = np.sort(x, axis=0)
    quarters = np.quantile(x, [0.25, 0.75], axis=0)
    reach = 1.5 * (quarters[1] - quarters[0])
    # A column whose quartiles or values are equal has no fences.
    reach[reach == 0] = 1e300
    deviations = 1.25 * x.std(axis=0)
    deviations[deviations == 0] = 1e300
    return {
        "chosen": chosen(x),
        "min_max": {"low": min_max.data_min_, "scale": min_max.scale_, "rows": shown(x, min_max.transform(x))},
        "max_abs": {"scale": max_abs.scale_, "rows": shown(x, max_abs.transform(x))},
        "robust": {"center": robust.center_, "scale": robust.scale_, "rows": shown(x, robust.transform(x))},
        "l1": p.normalize(x, "l1")[chosen(x)],
        "l2": p.normalize(x, "l2")[chosen(x)],
        "max": p.normalize(x, "max")[chosen(x)],
        "clip_quantiles": clipped(x, *np.quantile(x, [0.1, 0.85], axis=0)),
        "clip_iqr": clipped(x, quarters[0] - reach, quarters[1] + reach),
        "clip_z": clipped(x, x.mean(axis=0) - deviations, x.mean(axis=0) + deviations),
        "log1p": shown(x, np.log1p(x)),
        "yeo_johnson": {
            "lambda": yeo_johnson.lambdas_,
            "mean": yeo_johnson._scaler.mean_,
            "scale": yeo_johnson._scaler.scale_,
            "rows": yeo_johnson.transform(x)[chosen(x)],
            "both_signs": p.PowerTransformer().fit(x - x[0]).lambdas_,
            "negative": p.PowerTransformer().fit(-x).lambdas_,
        },
        "uniform": {"quantiles": uniform.quantiles_.T, "rows": shown(x, uniform.transform(x))},
        "normal": shown(x, normal.transform(x)),
        "normal_ranks": shown(x, ranks.transform(x)),
        "with_gaps": learned_with_gaps(x),
    }


def learned_with_gaps(x):
    """Where row + column is a multiple of 7 the value is missing."""
    x = np.where(np.add.outer(np.arange(len(x)), np.arange(x.shape[1])) % 7 == 0, np.nan, x)
    robust = p.RobustScaler().fit(x)
    return {
        "min_max": p.MinMaxScaler().fit(x).data_min_,
        "max_abs": p.MaxAbsScaler().fit(x).scale_,
        "robust": robust.center_,
        "robust_scale": robust.scale_,
        "lambda": p.PowerTransformer().fit(x).lambdas_,
        "quantiles": p.QuantileTransformer(n_quantiles=7, subsample=None).fit(x).quantiles_.T,
    }


def plain(value):
    """Numbers with the digits that a tolerance of 1e-9 needs."""
    if isinstance(value, dict):
        return {key: plain(v) for key, v in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list):
        return [plain(v) for v in value]
    return float(f"{value:.13g}") if isinstance(value, float) else value


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    content = {"made_with": {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "scipy": scipy.__version__}}
    content |= {name: plain(scalers(x)) for name, (x, _) in tables().items()}
    lines = [f"{json.dumps(key)}: {json.dumps(value, allow_nan=False)}" for key, value in content.items()]
    (HERE / "fixtures" / "scalers.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
