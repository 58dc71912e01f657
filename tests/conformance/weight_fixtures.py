"""Writes fixtures/weights.json: linear models fitted with sample weights by scikit-learn.

    pip install numpy scikit-learn && python3 weight_fixtures.py

The rows are those of fixtures/tables.json; row r (from 0) weighs (r mod 7) / 4, so every seventh counts for nothing.
"""

import json
import pathlib

import numpy as np
import sklearn
from real_tables import tables
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge

HERE = pathlib.Path(__file__).resolve().parent


def weights(n):
    return (np.arange(n) % 7) / 4


def line(model, x, y):
    model.fit(x, y, sample_weight=weights(len(x)))
    return {"coefficients": model.coef_.tolist(), "intercept": float(model.intercept_)}


def logistic(x, y, c):
    model = LogisticRegression(C=c, tol=1e-12, max_iter=10000, solver="newton-cholesky")
    model.fit(x, y, sample_weight=weights(len(x)))
    return {
        "l2": 1 / c,
        "coefficients": model.coef_.T.tolist(),
        "intercepts": model.intercept_.tolist(),
        "probabilities": model.predict_proba(x)[::10].tolist(),
    }


def main():
    data = tables()
    answers = {
        "scikit-learn": sklearn.__version__,
        "linear": line(LinearRegression(), *data["diabetes"]),
        "ridge": line(Ridge(alpha=30.0, solver="cholesky"), *data["diabetes"]),
        "logistic": logistic(*data["iris"], 1.0),
        "binary": logistic(*data["breast_cancer"], 2.0),
    }
    (HERE / "fixtures" / "weights.json").write_text(json.dumps(answers, indent=1) + "\n")


main()
