"""Writes fixtures/several_targets.json: regressions of several outputs by scikit-learn, and one gradient of PyTorch.

    pip install numpy scikit-learn torch && python3 several_targets_fixtures.py

The data are scikit-learn's linnerud (20 men, three exercises, three measurements) and rows drawn here; all arithmetic is in
float64.
"""

import json
import pathlib

import numpy as np
import sklearn
import torch
from sklearn.datasets import load_linnerud
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score, root_mean_squared_error

HERE = pathlib.Path(__file__).resolve().parent


def line(model, x, y, weights=None):
    model.fit(x, y, sample_weight=weights)
    predicted = model.predict(x)
    return {
        "coefficients": model.coef_.tolist(),
        "intercepts": model.intercept_.tolist(),
        "predictions": predicted[:3].tolist(),
        "r2": r2_score(y, predicted),
        "r2 of output 1": r2_score(y[:, 1], predicted[:, 1]),
        "mse": mean_squared_error(y, predicted),
        "rmse": root_mean_squared_error(y, predicted),
        "mae": mean_absolute_error(y, predicted),
    }


def lines():
    x, y = load_linnerud(return_X_y=True)
    weights = np.arange(20) % 3 + 0.5
    collinear = np.column_stack([x, x[:, 0] + x[:, 1], 2 * x[:, 2]])
    return {
        "x": x.tolist(),
        "y": y.tolist(),
        "linear_regression": line(LinearRegression(), x, y),
        "ridge": line(Ridge(alpha=3.0), x, y),
        "weighted": line(LinearRegression(), x, y, weights),
        "collinear": line(LinearRegression(), collinear, y),
    }


def network():
    """A layer of 3 inputs, 4 hidden units of tanh and 2 outputs: mean losses of 5 rows and their gradients."""
    random = np.random.default_rng(5)
    x, y = random.normal(size=(5, 3)), random.normal(size=(5, 2))
    layers = [torch.nn.Linear(3, 4), torch.nn.Linear(4, 2)]
    model = torch.nn.Sequential(layers[0], torch.nn.Tanh(), layers[1]).double()
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(torch.from_numpy(random.normal(size=tuple(p.shape))))
    def flat(of):
        values = [of(p) for layer in layers for p in (layer.weight, layer.bias)]
        return [v for p in values for v in (p.mT if p.ndim == 2 else p).flatten().tolist()]

    losses = {
        "squared": torch.nn.MSELoss(),
        "absolute": torch.nn.L1Loss(),
        "huber": torch.nn.HuberLoss(delta=0.7),
    }
    found = {"x": x.tolist(), "y": y.tolist(), "parameters": flat(lambda p: p.detach())}
    for name, loss in losses.items():
        model.zero_grad()
        value = loss(model(torch.from_numpy(x)), torch.from_numpy(y))
        value.backward()
        found[name] = {"loss": value.item(), "gradient": flat(lambda p: p.grad)}
    return found


content = {
    "versions": {"sklearn": sklearn.__version__, "torch": torch.__version__},
    "linnerud": lines(),
    "network": network(),
}
(HERE / "fixtures" / "several_targets.json").write_text(json.dumps(content, indent=1) + "\n")
