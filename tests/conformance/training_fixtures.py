"""Writes fixtures/trajectories.json: the paths of PyTorch's optimizers, the rates of its schedules, and the values and slopes
of its losses and scikit-learn's.

    pip install numpy scikit-learn torch && python3 training_fixtures.py

All arithmetic is in float64. The paths are of 50 steps down two functions of four weights: a curved valley, and a bowl that is
shaken, so that slopes come and go.
"""

import json
import math
import pathlib
import warnings

import numpy as np
import sklearn
import torch
from sklearn.linear_model import ElasticNet, Lasso
from sklearn.metrics import hinge_loss, mean_pinball_loss
from sklearn.preprocessing import StandardScaler
from torch.optim import lr_scheduler as schedules
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

HERE = pathlib.Path(__file__).resolve().parent
STEPS = [1, 2, 3, 5, 10, 20, 30, 40, 50]
torch.set_default_dtype(torch.float64)
warnings.simplefilter("ignore")  # of schedules that step before their optimizer does


def valley(w, step):
    return (10 * (w[1:] - w[:-1] ** 2) ** 2 + (1 - w[:-1]) ** 2).sum()


def shaken_bowl(w, step):
    size = torch.tensor([4.0, 1.0, 20.0, 0.1])
    return (1 + 0.8 * math.sin(3 * step)) * (size * (w - torch.tensor([0.25, 1.0, -1.0, 2.0])) ** 2).sum() / 2


FUNCTIONS = {"valley": valley, "shaken_bowl": shaken_bowl}


class Weights(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(torch.tensor([-1.2, 1.0, 0.5, -0.5]))


def path(function, make, before=None, schedule=None, together=1, average=None, losses=None):
    """Where the weights are (or their average) at STEPS. `together` gradients make one step."""
    model = Weights()
    optimizer = make(model.parameters())
    follows = schedule(optimizer) if schedule else None
    averaged = average(model) if average else None
    points = []
    for step in range(1, 51):
        (function(model.w, step) / together).backward()
        if step % together == 0:
            if before:
                before(model)
            optimizer.step()
            optimizer.zero_grad()
            if averaged:
                averaged.update_parameters(model)
            if follows:
                follows.step(*([losses[step - 1]] if losses else []))
        if step in STEPS:
            points.append((averaged.module if averaged else model).w.detach().tolist())
    return points


def paths(make, **how):
    return {name: path(function, make, **how) for name, function in FUNCTIONS.items()}


def optimizers():
    optim = torch.optim
    sgd = lambda w: optim.SGD(w, lr=2e-3, momentum=0.9)
    adam = lambda w: optim.Adam(w, lr=0.05)
    return {
        "sgd": paths(lambda w: optim.SGD(w, lr=2e-3)),
        "sgd_momentum": paths(sgd),
        "sgd_nesterov": paths(lambda w: optim.SGD(w, lr=2e-3, momentum=0.9, nesterov=True)),
        "adagrad": paths(lambda w: optim.Adagrad(w, lr=0.1)),
        "adagrad_options":
            paths(lambda w: optim.Adagrad(w, lr=0.2, lr_decay=0.05, initial_accumulator_value=0.3, eps=1e-3)),
        "rmsprop": paths(lambda w: optim.RMSprop(w, lr=0.01)),
        "rmsprop_momentum": paths(lambda w: optim.RMSprop(w, lr=5e-3, alpha=0.9, momentum=0.5)),
        "rmsprop_centered": paths(lambda w: optim.RMSprop(w, lr=5e-3, alpha=0.9, momentum=0.3, centered=True, eps=1e-3)),
        "adam": paths(adam),
        "amsgrad": paths(lambda w: optim.Adam(w, lr=0.05, betas=(0.9, 0.9), amsgrad=True)),
        "adamw": paths(lambda w: optim.AdamW(w, lr=0.05)),
        "adamw_options": paths(lambda w: optim.AdamW(w, lr=0.02, betas=(0.8, 0.95), eps=0.01, weight_decay=0.3)),
        "nadam": paths(lambda w: optim.NAdam(w, lr=0.05)),
        "nadam_options": paths(lambda w: optim.NAdam(w, lr=0.02, betas=(0.8, 0.95), eps=0.01, momentum_decay=0.05)),
        "lbfgs_steps": [lbfgs(valley, 0.2), lbfgs(lambda w, step: shaken_bowl(w, 0), 1.0)],
        "adam_cosine": paths(adam, schedule=lambda o: schedules.CosineAnnealingLR(o, 50)),
        "sgd_one_cycle": paths(sgd, schedule=lambda o: schedules.OneCycleLR(o, 2e-3, total_steps=51, cycle_momentum=False)),
        "sgd_step_decay": paths(sgd, schedule=lambda o: schedules.StepLR(o, 7, gamma=0.5)),
        "sgd_exponential": paths(sgd, schedule=lambda o: schedules.ExponentialLR(o, 0.97)),
        "sgd_warm_up": paths(sgd, schedule=lambda o: schedules.LinearLR(o, total_iters=8)),
        "sgd_linear_decay": paths(sgd, schedule=lambda o: schedules.LinearLR(o, 1.0, 0.1, total_iters=40)),
        "sgd_cosine": paths(sgd, schedule=lambda o: schedules.CosineAnnealingLR(o, 50, eta_min=2e-4)),
        "sgd_cosine_restarts": paths(sgd, schedule=lambda o: schedules.CosineAnnealingWarmRestarts(o, 6, T_mult=2)),
        "sgd_on_plateau": paths(sgd, schedule=lambda o: schedules.ReduceLROnPlateau(o, factor=0.5, patience=3),
                                losses=watched_losses()),
        "clipped_by_norm": paths(adam, before=lambda m: torch.nn.utils.clip_grad_norm_(m.parameters(), 3.0)),
        "clipped_by_value": paths(adam, before=lambda m: torch.nn.utils.clip_grad_value_(m.parameters(), 1.5)),
        "weight_decay": paths(lambda w: optim.Adam(w, lr=0.05, weight_decay=0.1)),
        "accumulated": paths(sgd, together=4),
        "averaged": paths(sgd, average=AveragedModel),
        "running_average": paths(sgd, average=lambda m: AveragedModel(m, multi_avg_fn=get_ema_multi_avg_fn(0.9))),
    }


def lbfgs(function, rate):
    """One direction a step, no line search; stops nowhere."""
    model = Weights()
    optimizer = torch.optim.LBFGS(model.parameters(), lr=rate, max_iter=1, max_eval=10, history_size=5,
                                  tolerance_grad=0, tolerance_change=0)
    points = []
    for step in range(1, 51):
        def closure():
            optimizer.zero_grad()
            value = function(model.w, step)
            value.backward()
            return value
        optimizer.step(closure)
        if step in STEPS:
            points.append(model.w.detach().tolist())
    return points


def rates(schedule, losses=None):
    """The rates of 50 ticks."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.2)
    follows = schedule(optimizer)
    seen = []
    for tick in range(50):
        seen.append(optimizer.param_groups[0]["lr"])
        follows.step(*([] if losses is None else [losses[tick]]))
    return seen


def watched_losses():
    random = np.random.default_rng(4)
    return (1 / (1 + np.minimum(np.arange(50), 12)) + 0.02 * random.uniform(size=50)).round(4).tolist()


def all_rates():
    losses = watched_losses()
    return {
        "step_decay": rates(lambda o: schedules.StepLR(o, 7, gamma=0.5)),
        "exponential": rates(lambda o: schedules.ExponentialLR(o, 0.9)),
        "warm_up": rates(lambda o: schedules.LinearLR(o, total_iters=8)),
        "linear_decay": rates(lambda o: schedules.LinearLR(o, 1.0, 0.1, total_iters=40)),
        "cosine": rates(lambda o: schedules.CosineAnnealingLR(o, 50, eta_min=0.02)),
        "cosine_restarts": rates(lambda o: schedules.CosineAnnealingWarmRestarts(o, 12, eta_min=0.01)),
        "cosine_restarts_growing": rates(lambda o: schedules.CosineAnnealingWarmRestarts(o, 6, T_mult=2)),
        "one_cycle": rates(lambda o: schedules.OneCycleLR(o, 0.2, total_steps=50)),
        "one_cycle_options":
            rates(lambda o: schedules.OneCycleLR(o, 0.2, total_steps=51, pct_start=0.45, div_factor=10, final_div_factor=50)),
        "warm_up_then_cosine": rates(lambda o: schedules.SequentialLR(
            o, [schedules.LinearLR(o, total_iters=5), schedules.CosineAnnealingLR(o, 45)], [5])),
        "losses": losses,
        "on_plateau": rates(lambda o: schedules.ReduceLROnPlateau(
            o, factor=0.5, patience=3, threshold=1e-2, cooldown=2, min_lr=0.003), losses),
        "on_plateau_defaults": rates(lambda o: schedules.ReduceLROnPlateau(o), losses),
    }


def with_slopes(loss, scores, targets):
    scores = torch.tensor(scores, requires_grad=True)
    values = loss(scores, torch.tensor(targets))
    values.sum().backward()
    return {"values": values.tolist(), "slopes": scores.grad.tolist()}


def losses():
    random = np.random.default_rng(6)
    score = random.normal(0, 2, 8).round(3).tolist()
    target = random.normal(0, 2, 8).round(3).tolist()
    count = [0.0, 3.0, 1.0, 7.0, 0.0, 2.0, 12.0, 1.0]
    scores = random.normal(0, 2, (8, 3)).round(3).tolist()
    label = [0, 2, 1, 1, 0, 2, 2, 1]
    weights = [0.5, 2.0, 3.5]
    nn, each = torch.nn, {"reduction": "none"}
    pairs = [s[:2] for s in scores]
    two = [y % 2 for y in label]
    return {
        "score": score, "target": target, "count": count, "scores": scores, "label": label, "weights": weights,
        "absolute": with_slopes(nn.L1Loss(**each), score, target),
        "huber": with_slopes(nn.HuberLoss(delta=1.3, **each), score, target),
        "poisson": with_slopes(nn.PoissonNLLLoss(log_input=True, full=False, **each), score, count),
        "smoothed": with_slopes(nn.CrossEntropyLoss(label_smoothing=0.2, **each), scores, label),
        "weighted": with_slopes(nn.CrossEntropyLoss(torch.tensor(weights), **each), scores, label),
        "weighted_smoothed":
            with_slopes(nn.CrossEntropyLoss(torch.tensor(weights), label_smoothing=0.2, **each), scores, label),
        "quantiles": [[mean_pinball_loss([y], [s], alpha=tau) for s, y in zip(score, target)] for tau in [0.1, 0.5, 0.8]],
        "hinge": [hinge_loss([y], [s], labels=[0, 1, 2]) for s, y in zip(scores, label)],
        # Beside a sample that costs nothing: of one class alone scikit-learn would not know which it is.
        "hinge_of_two": [2 * hinge_loss([0, 1], [-9, s[1] - s[0]] if y else [s[1] - s[0], 9])
                         for s, y in zip(pairs, two)],
    }


def sparse():
    """Least squares with penalties that have a kink. scikit-learn halves the mean square: its alpha is half our strength."""
    rows = [line.split(",") for line in (HERE.parent.parent / "examples" / "data" / "diabetes.csv").read_text().splitlines()]
    x = StandardScaler().fit_transform(np.array(rows[1:], dtype=float)[:, :10])
    y = np.array(rows[1:], dtype=float)[:, rows[0].index("progression")]
    lasso = Lasso(alpha=4.0, tol=1e-12, max_iter=1000000).fit(x, y)
    elastic = ElasticNet(alpha=5.0, l1_ratio=0.8, tol=1e-12, max_iter=1000000).fit(x, y)
    return {
        "lasso": {"l1": 8.0, "coefficients": lasso.coef_.tolist(), "intercept": float(lasso.intercept_)},
        "elastic": {"l1": 8.0, "l2": 2.0, "coefficients": elastic.coef_.tolist(),
                    "intercept": float(elastic.intercept_)},
    }


if __name__ == "__main__":
    content = {
        "made_with": {"numpy": np.__version__, "scikit-learn": sklearn.__version__, "torch": torch.__version__},
        "steps": STEPS,
    }
    content |= optimizers() | {"rates": all_rates(), "losses": losses(), "sparse": sparse()}
    lines = [f"{json.dumps(key)}: {json.dumps(value, allow_nan=False)}" for key, value in content.items()]
    (HERE / "fixtures" / "trajectories.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
