"""Writes fixtures/texts.json: a hundred short texts, their hashed word counts and weights by scikit-learn.

    pip install numpy scikit-learn && python3 text_fixtures.py

Counts and weights are rows of [place, value], without zeros. Characters beyond ASCII are lower-case letters here: tenon takes
all others for letters too and leaves their case alone, as its documentation says.
"""

import itertools
import json
import pathlib

import sklearn
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

HERE = pathlib.Path(__file__).resolve().parent
PLACES = 64

SUBJECTS = ["The old lathe", "A dovetail joint", "My neighbour's cat", "Unser müder hund", "The café in platform_9"]
VERBS = ["doesn't like", "HOLDS", "was seen near", "costs 12.50 because of"]
OBJECTS = ["rain, rain, rain!", "the mortise (x2)", "e-mail from bob@example", "naïve été plans", "I/O & a 2x4 of oak"]


def texts():
    made = [" ".join(words) for words in itertools.product(SUBJECTS, VERBS, OBJECTS)]
    made[7] = ""
    made[21] = "a b c ! ?"
    made[33] = "tab\tnew\nline  twice\r\n__ 00 é éé ß"
    made[64] = "кот и пёс"
    made[90] = "x" * 300 + " " + "Longest" * 40
    assert len(made) == 100
    return made


def sparse(matrix):
    return [sorted([int(c), float(v)] for c, v in zip(row.indices, row.data) if v != 0) for row in matrix]


if __name__ == "__main__":
    words = texts()
    counts = HashingVectorizer(n_features=PLACES, norm=None, alternate_sign=False).transform(words)
    signed = HashingVectorizer(n_features=PLACES, norm=None, alternate_sign=True).transform(words)
    content = {
        "made_with": {"scikit-learn": sklearn.__version__},
        "texts": words,
        "counts": sparse(counts),
        "signed": sparse(signed),
        "tf_idf": sparse(TfidfTransformer().fit_transform(counts)),
    }
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in content.items()]
    (HERE / "fixtures" / "texts.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
