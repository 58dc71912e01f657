"""Makes the data sets of this folder again from the packages that carry them and checks that they are the same.

    apt install r-cran-palmerpenguins && pip install scikit-learn numpy
    python3 make.py
"""

import hashlib
import pathlib

from sklearn.datasets import load_diabetes

HERE = pathlib.Path(__file__).parent
PENGUINS = pathlib.Path("/usr/lib/R/site-library/palmerpenguins/extdata/penguins.csv")
SHA256 = {
    "penguins.csv": "f204db2c753b0937caac3cb35258562c14f073e4bbc76be24b4c51ce22767a93",
    "diabetes.csv": "9193026b7622ff944f0a6855a10107b24caf50dad69787c46e6890e69c27faca",
}


def number(value):
    """The shortest text that reads back to the same number: 32.1, 157."""
    return repr(int(value)) if value == int(value) else repr(float(value))


def diabetes():
    """The measured values, not the scaled ones that load_diabetes gives by default; sex as 1 and 2."""
    data = load_diabetes(scaled=False)
    lines = [",".join([*data.feature_names, "progression"])]
    for row, target in zip(data.data, data.target):
        lines.append(",".join(number(value) for value in [*row, target]))
    return ("\n".join(lines) + "\n").encode()


def write(name, content):
    digest = hashlib.sha256(content).hexdigest()
    if digest != SHA256[name]:
        raise SystemExit(f"{name}: another version of its package? SHA-256 {digest}, expected {SHA256[name]}")
    (HERE / name).write_bytes(content)
    print(digest, name)


write("penguins.csv", PENGUINS.read_bytes())
write("diabetes.csv", diabetes())
