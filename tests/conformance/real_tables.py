"""Writes fixtures/tables.json: rows of six data sets that scikit-learn ships, for the tests of preparation and features.

    pip install numpy scikit-learn && python3 real_tables.py

Each is {"x": rows of features, "y": a class or a number a row}: rows spread over the whole set and its first columns, so that
the file stays small. The scripts that make other fixtures read the tables from here: Python and C++ see the same rows.
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn import datasets

HERE = pathlib.Path(__file__).resolve().parent
ROWS, COLUMNS = 80, 8


def some(data):
    count = len(data.data)
    rows = np.linspace(0, count - 1, min(ROWS, count)).astype(int)
    x = np.asarray(data.data, dtype=float)[rows, :COLUMNS]
    y = np.asarray(data.target, dtype=float)[rows]
    y = y if y.ndim == 1 else y[:, 0]
    return {"x": x.tolist(), "y": y.tolist()}


def tables():
    """The tables as arrays, by name."""
    stored = json.loads((HERE / "fixtures" / "tables.json").read_text())
    return {name: (np.array(t["x"]), np.array(t["y"])) for name, t in stored.items() if name != "made_with"}


if __name__ == "__main__":
    digits = datasets.load_digits()
    digits.data = digits.data[:, 18:]  # the corner of an image is empty
    content = {
        "made_with": {"scikit-learn": sklearn.__version__},
        "iris": some(datasets.load_iris()),
        "wine": some(datasets.load_wine()),
        "breast_cancer": some(datasets.load_breast_cancer()),
        "diabetes": some(datasets.load_diabetes(scaled=False)),
        "digits": some(digits),
        "linnerud": some(datasets.load_linnerud()),
    }
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in content.items()]
    (HERE / "fixtures" / "tables.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
