"""Writes fixtures/keras.json: the paths of Keras's optimizers, the rates of its schedules, what its layers and losses give
forwards and backwards, and where a network is after 50 steps.

    pip install numpy torch keras && python3 keras_fixtures.py

Keras 3 on PyTorch, all in float64. The paths go down the two functions of training_fixtures.py from the same start. Kernels
of Dense are inputs x outputs, as tenon's weights are.

Where Keras's formula is another than tenon's (which are PyTorch's), the settings are those that make the two the same, and
the test beside this file says how. `tiny` is an epsilon that changes nothing.
"""

import json
import math
import os
import pathlib

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch

HERE = pathlib.Path(__file__).resolve().parent
STEPS = [1, 2, 3, 5, 10, 20, 30, 40, 50]
keras.config.set_floatx("float64")
keras.config.set_dtype_policy("float64")
# Of two float64 Keras makes float32 with every backend but TensorFlow's: products of matrices would have 7 digits.
keras.src.backend.common.dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"
torch.set_default_dtype(torch.float64)
RANDOM = np.random.default_rng(23)
optimizers, layers, losses = keras.optimizers, keras.layers, keras.losses
schedules = optimizers.schedules
tiny = 1e-30


def of_valley(w, step):
    """The gradient of sum 10 (w[i+1] - w[i]^2)^2 + (1 - w[i])^2."""
    g = np.zeros(4)
    off = w[1:] - w[:-1] ** 2
    g[:-1] += -40 * off * w[:-1] - 2 * (1 - w[:-1])
    g[1:] += 20 * off
    return g


def of_shaken_bowl(w, step):
    return (1 + 0.8 * math.sin(3 * step)) * np.array([4.0, 1.0, 20.0, 0.1]) * (w - np.array([0.25, 1.0, -1.0, 2.0]))


def path(gradient, make, average=False):
    """Where the weights are, or their running average, at STEPS."""
    w = keras.Variable([-1.2, 1.0, 0.5, -0.5])
    optimizer = make()
    optimizer.build([w])
    points = []
    for step in range(1, 51):
        g = gradient(keras.ops.convert_to_numpy(w), step)
        optimizer.apply([keras.ops.convert_to_tensor(g)], [w])
        if step in STEPS:
            at = optimizer._model_variables_moving_average[0] if average else w
            points.append(keras.ops.convert_to_numpy(at).tolist())
    return points


def paths(make, **how):
    return {"valley": path(of_valley, make, **how), "shaken_bowl": path(of_shaken_bowl, make, **how)}


def all_paths():
    sgd = lambda **more: optimizers.SGD(2e-3, momentum=0.9, **more)
    adam = lambda **more: optimizers.Adam(0.05, epsilon=tiny, **more)
    decay = schedules.ExponentialDecay(0.002, decay_steps=1, decay_rate=0.97)
    warm = schedules.CosineDecay(0.005, decay_steps=42, alpha=0.1, warmup_target=0.05, warmup_steps=8)
    return {
        "sgd": paths(lambda: optimizers.SGD(2e-3)),
        "sgd_momentum": paths(sgd),
        "sgd_nesterov": paths(lambda: sgd(nesterov=True)),
        "adagrad": paths(lambda: optimizers.Adagrad(0.1)),
        "rmsprop": paths(lambda: optimizers.RMSprop(0.01, epsilon=tiny)),
        "rmsprop_momentum": paths(lambda: optimizers.RMSprop(5e-3, momentum=0.5, epsilon=tiny)),
        "rmsprop_centered": paths(lambda: optimizers.RMSprop(5e-3, momentum=0.3, centered=True, epsilon=tiny)),
        "adam": paths(adam),
        "adam_epsilon": paths(lambda: optimizers.Adam(0.05, epsilon=1e-2)),
        "amsgrad": paths(lambda: adam(beta_2=0.9, amsgrad=True)),
        "amsgrad_epsilon": paths(lambda: optimizers.Adam(0.05, beta_2=0.9, amsgrad=True, epsilon=1e-2)),
        "adamw": paths(lambda: optimizers.AdamW(0.05, weight_decay=0.1, epsilon=tiny)),
        "adamw_epsilon": paths(lambda: optimizers.AdamW(0.05, epsilon=1e-2)),
        "nadam": paths(lambda: optimizers.Nadam(0.05)),
        "sgd_exponential": paths(lambda: optimizers.SGD(decay)),
        "sgd_momentum_exponential": paths(lambda: optimizers.SGD(decay, momentum=0.9)),
        "adam_warm_cosine": paths(lambda: optimizers.Adam(warm, epsilon=tiny)),
        "clipped_by_value": paths(lambda: adam(clipvalue=1.5)),
        "clipped_by_norm": paths(lambda: adam(global_clipnorm=3.0)),
        "accumulated": paths(lambda: sgd(gradient_accumulation_steps=4)),
        "running_average": paths(lambda: sgd(use_ema=True, ema_momentum=0.9), average=True),
    }


def rates(schedule):
    return [float(schedule(tick)) for tick in range(50)]


def plateau(losses, **options):
    """The rates of 50 epochs, each before the callback hears its loss."""
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1)])
    model.compile(optimizers.SGD(0.2), "mse")
    callback = keras.callbacks.ReduceLROnPlateau(monitor="loss", **options)
    callback.set_model(model)
    callback.on_train_begin()
    seen = []
    for epoch, loss in enumerate(losses):
        seen.append(float(model.optimizer.learning_rate))
        callback.on_epoch_end(epoch, {"loss": loss})
    return seen


def all_rates():
    random = np.random.default_rng(4)
    losses = (1 / (1 + np.minimum(np.arange(50), 12)) + 0.02 * random.uniform(size=50)).round(4).tolist()
    return {
        "step_decay": rates(schedules.ExponentialDecay(0.2, 7, 0.5, staircase=True)),
        "piecewise": rates(schedules.PiecewiseConstantDecay([9, 19, 29, 39], [0.2, 0.1, 0.05, 0.025, 0.0125])),
        "exponential": rates(schedules.ExponentialDecay(0.2, 1, 0.9)),
        "exponential_slow": rates(schedules.ExponentialDecay(0.2, 7, 0.5)),
        "cosine": rates(schedules.CosineDecay(0.2, 50, alpha=0.1)),
        "warm_up_then_cosine": rates(schedules.CosineDecay(0.05, 42, alpha=0.1, warmup_target=0.2, warmup_steps=8)),
        "cosine_restarts": rates(schedules.CosineDecayRestarts(0.2, 12, t_mul=1.0, alpha=0.05)),
        "cosine_restarts_growing": rates(schedules.CosineDecayRestarts(0.2, 6, t_mul=2.0)),
        "linear_decay": rates(schedules.PolynomialDecay(0.2, 40, 0.02)),
        "losses": losses,
        "on_plateau": plateau(losses, factor=0.5, patience=4, min_delta=0, cooldown=3, min_lr=0.003),
    }


def tensor(*shape):
    return torch.tensor(RANDOM.normal(size=shape).round(3))


def flat(values):
    return torch.cat([v.reshape(-1) for v in values]) if values else torch.tensor([])


def layer(make, width_in, width_out, rows=6):
    """A layer forwards and backwards while it is trained; `predicted` is what it gives afterwards."""
    x, dz = tensor(rows, width_in).requires_grad_(), tensor(rows, width_out)
    inputs = keras.Input((width_in,))
    model = keras.Model(inputs, make(inputs))
    for w in model.trainable_variables:
        w.assign(tensor(*w.shape))
    z = model(x, training=True)
    z.backward(dz)
    result = {
        "parameters": flat([w.value.detach().clone() for w in model.trainable_variables]),
        "x": x, "z": z, "dz": dz, "dx": x.grad,
        "dp": flat([w.value.grad for w in model.trainable_variables]),
    }
    if model.non_trainable_variables:
        result["constants"] = flat([w.value.detach().clone() for w in model.non_trainable_variables])
        result["predicted"] = model(x, training=False)
    return result


def in_a_row(*all_layers):
    def make(x):
        for one in all_layers:
            x = one(x)
        return x
    return make


def residual(*inner):
    return lambda x: layers.Add()([x, in_a_row(*inner)(x)])


def all_layers():
    dense, activation = layers.Dense, layers.Activation
    return {
        "dense": layer(dense(3), 5, 3),
        "relu": layer(activation("relu"), 4, 4),
        "tanh": layer(activation("tanh"), 4, 4),
        "sigmoid": layer(activation("sigmoid"), 4, 4),
        "leaky_relu": layer(layers.LeakyReLU(negative_slope=0.2), 4, 4),
        "elu": layer(layers.ELU(alpha=1.5), 4, 4),
        "gelu": layer(activation("gelu"), 4, 4),
        "silu": layer(activation("silu"), 4, 4),
        "softmax": layer(activation("softmax"), 4, 4),
        "layer_norm": layer(layers.LayerNormalization(epsilon=1e-5), 5, 5),
        "batch_norm": layer(layers.BatchNormalization(momentum=0.9, epsilon=1e-5), 5, 5),
        "residual": layer(residual(dense(6), activation("tanh"), dense(4)), 4, 4),
        "together": layer(in_a_row(dense(6), layers.LayerNormalization(epsilon=1e-5), activation("gelu"), dense(5),
                                   residual(dense(5), activation("silu")), dense(2)), 4, 2),
    }


def judged(loss, truth, scores, weights, to_prediction=lambda s: s):
    """The mean loss and its slopes, with weights and without."""
    result = {}
    for name, some in [("plain", None), ("weighted", torch.tensor(weights))]:
        s = torch.tensor(scores, requires_grad=True)
        value = loss(torch.tensor(truth), to_prediction(s), sample_weight=some)
        value.backward()
        result[name] = {"value": value.item(), "slopes": s.grad.reshape(-1)}
    return result


def all_losses():
    keras.config.set_epsilon(tiny)  # Poisson adds it to what it takes the logarithm of
    random = np.random.default_rng(6)
    score = random.normal(0, 2, (8, 1)).round(3).tolist()
    target = random.normal(0, 2, (8, 1)).round(3).tolist()
    count = [[0.0], [3.0], [1.0], [7.0], [0.0], [2.0], [12.0], [1.0]]
    scores = random.normal(0, 2, (8, 3)).round(3)
    scores[5, 2] = 5  # leads by more than 1: nothing to the hinges
    label = [0, 2, 1, 1, 0, 2, 2, 1]
    two = [[float(y % 2)] for y in label]
    weights = [1.0, 0.0, 2.5, 0.5, 1.0, 3.0, 0.25, 1.0]
    class_weights = [0.5, 2.0, 3.5]
    one_hot = np.eye(3)[label].tolist()
    positive = np.abs(scores).tolist()
    scores = scores.tolist()
    return {
        "score": score, "target": target, "count": count, "scores": scores, "positive_scores": positive, "label": label,
        "weights": weights, "class_weights": class_weights,
        "squared": judged(losses.MeanSquaredError(), target, score, weights),
        "absolute": judged(losses.MeanAbsoluteError(), target, score, weights),
        "huber": judged(losses.Huber(delta=1.3), target, score, weights),
        "poisson": judged(losses.Poisson(), count, score, weights, torch.exp),
        "cross_entropy": judged(losses.SparseCategoricalCrossentropy(from_logits=True), label, scores, weights),
        "smoothed": judged(losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.2), one_hot, scores, weights),
        "class_weighted": judged(losses.SparseCategoricalCrossentropy(from_logits=True), label, scores,
                                 [class_weights[y] for y in label]),
        "of_two": judged(losses.BinaryCrossentropy(from_logits=True), two, score, weights),
        "hinge_of_two": judged(losses.Hinge(), two, score, weights),
        "squared_hinge_of_two": judged(losses.SquaredHinge(), two, score, weights),
        "hinge": judged(losses.CategoricalHinge(), one_hot, positive, weights),
    }


def network():
    """A network after 50 steps of Adam on all rows, which have weights, with the rate along a cosine."""
    model = keras.Sequential([
        keras.Input((3,)), layers.BatchNormalization(epsilon=1e-5), layers.Dense(6, activation="tanh"),
        layers.LayerNormalization(epsilon=1e-5), layers.Dense(5, activation="silu"), layers.Dense(1)])
    for w in model.trainable_variables:
        w.assign(tensor(*w.shape) * 0.7)
    optimizer = optimizers.Adam(schedules.CosineDecay(0.02, 50), epsilon=tiny)
    optimizer.build(model.trainable_variables)
    x, noise = tensor(20, 3), tensor(20)
    y = (torch.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2] + 0.1 * noise).reshape(20, 1)
    weights = torch.tensor([(r % 5) / 2 for r in range(20)])
    parameters = lambda: flat([w.value.detach().clone() for w in model.trainable_variables])
    start, loss, seen = parameters(), losses.Huber(delta=0.8), []
    for _ in range(50):
        value = loss(y, model(x, training=True), sample_weight=weights)
        seen.append(value.item())
        model.zero_grad()
        value.backward()
        with torch.no_grad():
            optimizer.apply([w.value.grad for w in model.trainable_variables], model.trainable_variables)
    return {"x": x, "y": y.reshape(-1), "weights": weights, "start": start, "end": parameters(), "losses": seen}


def plain(value):
    if isinstance(value, torch.Tensor):
        return value.detach().tolist()
    if isinstance(value, dict):
        return {key: plain(v) for key, v in value.items()}
    return value


if __name__ == "__main__":
    content = {
        "made_with": {"numpy": np.__version__, "torch": torch.__version__, "keras": keras.__version__},
        "steps": STEPS, "paths": all_paths(), "rates": all_rates(), "layers": all_layers(), "losses": all_losses(),
        "network": network(),
    }
    lines = []
    for key, value in plain(content).items():
        if isinstance(value, dict):
            inner = ",\n".join(f"{json.dumps(k)}: {json.dumps(v, allow_nan=False)}" for k, v in value.items())
            lines.append(f"{json.dumps(key)}: {{\n{inner}\n}}")
        else:
            lines.append(f"{json.dumps(key)}: {json.dumps(value, allow_nan=False)}")
    (HERE / "fixtures" / "keras.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
