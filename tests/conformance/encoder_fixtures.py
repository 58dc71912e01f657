"""Writes fixtures/encoders.json: what scikit-learn's encoders and imputers make of the penguins, missing values among them.

    pip install numpy scikit-learn && python3 encoder_fixtures.py

Rows of the table in examples/data, all of them learned from. Where a stage needs complete categories they are filled with the
most frequent word first, as an impute does. A missing value is null.
"""

import csv
import json
import pathlib

import numpy as np
import sklearn
from sklearn.feature_extraction import FeatureHasher
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, TargetEncoder, TargetEncoder

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE.parent.parent / "examples" / "data" / "penguins.csv"
NUMBERS = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
WORDS = ["island", "sex"]
LEVELS = [["Biscoe", "Dream", "Torgersen"], ["female", "male"]]
WIDTHS = [2, 5, 16]
LEAST, SHARE = 60, 0.4


def plain(value):
    """Numbers without trailing .0, null for a missing one."""
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, float):
        return None if np.isnan(value) else int(value) if value == int(value) else value
    return value


def hashed(words, width):
    pairs = [{column: word for column, word in zip(WORDS, row)} for row in words]
    return FeatureHasher(n_features=width, input_type="dict", alternate_sign=True).transform(pairs).toarray()


def grouped(words, frequency):
    """One column a level that is frequent, and one for all others; their order is tenon's."""
    encoder = OneHotEncoder(categories=LEVELS, min_frequency=frequency, sparse_output=False).fit(words)
    names = [name.replace("infrequent_sklearn", "other").replace("_", "=")
             for name in encoder.get_feature_names_out(WORDS)]
    return {"names": names, "rows": encoder.transform(words)[ROWS]}


def target_means(islands, species):
    """Level after level, one share a class."""
    encoder = TargetEncoder(categories=[sorted(set(islands))], smooth=10.0, target_type="multiclass")
    return np.array(encoder.fit(islands.reshape(-1, 1), species).encodings_).T


if __name__ == "__main__":
    with TABLE.open() as file:
        table = list(csv.DictReader(file))
    missing = [i for i, row in enumerate(table) if "NA" in row.values()]
    ROWS = sorted(set(missing) | set(range(0, len(table), 23)))
    numbers = np.array([[np.nan if row[c] == "NA" else float(row[c]) for c in NUMBERS] for row in table])
    gaps = np.array([[np.nan if row[c] == "NA" else row[c] for c in WORDS] for row in table], dtype=object)
    words = SimpleImputer(strategy="most_frequent").fit_transform(gaps)
    indices = OrdinalEncoder(categories=[[*levels, np.nan] for levels in LEVELS]).fit_transform(gaps)
    all_columns = np.hstack([numbers, indices])

    zeros = SimpleImputer(strategy="constant", fill_value=0.0).fit_transform(numbers)
    below = SimpleImputer(strategy="constant", fill_value=-1.5).fit_transform(numbers)
    content = {
        "made_with": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
        "rows": ROWS,
        "constant_0": zeros[ROWS],
        "constant_below": below[ROWS],
        "indicators": MissingIndicator(features="all").fit_transform(all_columns)[ROWS].astype(float),
        "ordinal": indices[ROWS],
        "drop_first": OneHotEncoder(categories=LEVELS, drop="first", sparse_output=False).fit_transform(words)[ROWS],
        "ignored": OneHotEncoder(categories=LEVELS, handle_unknown="ignore", sparse_output=False)
        .fit(words).transform(gaps)[ROWS],
        "hashing": {str(width): hashed(words, width)[ROWS] for width in WIDTHS},
        "target_means": target_means(words[:, WORDS.index("island")], [row["species"] for row in table]),
        "least": grouped(words, LEAST),
        "share": grouped(words, SHARE),
    }
    content = {key: {k: plain(v) for k, v in value.items()} if isinstance(value, dict) else plain(value)
               for key, value in content.items()}
    lines = [f"{json.dumps(key)}: {json.dumps(value, allow_nan=False)}" for key, value in content.items()]
    (HERE / "fixtures" / "encoders.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
