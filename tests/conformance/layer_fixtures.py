"""Writes fixtures/layers.json: what PyTorch's layers give forwards and backwards.

    pip install numpy scipy scikit-learn torch && python3 layer_fixtures.py

Parameters stand in tenon's order; weights of linear layers are transposed on the way. `dz` is the gradient that comes from
behind, `dx` and `dp` are what it becomes before the layer and at its parameters.
"""

import numpy as np
import torch
from make_fixtures import write

RANDOM = np.random.default_rng(11)


def tensor(*shape):
    return torch.tensor(RANDOM.normal(size=shape).round(3))


def flat(layer, pick):
    """Parameters of a module and of those inside it, in order."""
    parts = []
    for module in layer.modules():
        if isinstance(module, torch.nn.Linear):
            parts += [pick(module.weight).T.reshape(-1), pick(module.bias)]
        elif isinstance(module, (torch.nn.LayerNorm, torch.nn.BatchNorm1d)):
            parts += [pick(module.weight), pick(module.bias)]
    return torch.cat(parts) if parts else torch.tensor([])


class Residual(torch.nn.Module):
    def __init__(self, *layers):
        super().__init__()
        self.inner = torch.nn.Sequential(*layers)

    def forward(self, x):
        return x + self.inner(x)


def layer(module, width_in, width_out, rows=6):
    for p in module.parameters():
        p.data = tensor(*p.shape)
    x, dz = tensor(rows, width_in).requires_grad_(), tensor(rows, width_out)
    parameters = flat(module, lambda p: p.detach().clone())
    z = module(x)
    z.backward(dz)
    result = {"parameters": parameters, "x": x, "z": z, "dz": dz, "dx": x.grad, "dp": flat(module, lambda p: p.grad)}
    norms = [m for m in module.modules() if isinstance(m, torch.nn.BatchNorm1d)]
    if norms:
        result["constants"] = torch.cat([norms[0].running_mean, norms[0].running_var])
        module.eval()
        result["predicted"] = module(x)
    return result


torch.manual_seed(0)
nn = torch.nn
write("layers", {
    "dense": layer(nn.Linear(5, 3), 5, 3),
    "relu": layer(nn.ReLU(), 4, 4),
    "tanh": layer(nn.Tanh(), 4, 4),
    "sigmoid": layer(nn.Sigmoid(), 4, 4),
    "leaky_relu": layer(nn.LeakyReLU(0.2), 4, 4),
    "elu": layer(nn.ELU(1.5), 4, 4),
    "gelu": layer(nn.GELU(), 4, 4),
    "silu": layer(nn.SiLU(), 4, 4),
    "softmax": layer(nn.Softmax(dim=1), 4, 4),
    "layer_norm": layer(nn.LayerNorm(5), 5, 5),
    "batch_norm": layer(nn.BatchNorm1d(5), 5, 5),
    "residual": layer(Residual(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 4)), 4, 4),
    "together": layer(nn.Sequential(nn.Linear(4, 6), nn.LayerNorm(6), nn.GELU(), nn.Linear(6, 5),
                                    Residual(nn.Linear(5, 5), nn.SiLU()), nn.Linear(5, 2)), 4, 2),
})
