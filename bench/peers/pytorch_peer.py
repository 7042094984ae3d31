"""PyTorch: python3 pytorch_peer.py IMAGES INITIAL THREADS"""

import os
import platform
import re
import sys
from time import perf_counter

import torch

from exchange import BATCH, LAMBDA, RATE, first_batch, initial, serve

torch.set_num_threads(int(sys.argv[3]))
torch.set_flush_denormal(True)


def by_module(layers):
    """As most users write it: torch.nn and SGD, the penalty as weight decay of the weights."""
    modules = []
    for w, b in layers:
        linear = torch.nn.Linear(w.shape[1], w.shape[0])
        linear.weight.data, linear.bias.data = torch.from_numpy(w), torch.from_numpy(b)
        modules += [linear, torch.nn.ReLU()]
    model = torch.nn.Sequential(*modules[:-1])
    cross_entropy = torch.nn.CrossEntropyLoss()
    weights = [p for p in model.parameters() if p.dim() == 2]
    biases = [p for p in model.parameters() if p.dim() == 1]
    groups = [{"params": weights, "weight_decay": 2 * LAMBDA}, {"params": biases}]
    optimizer = torch.optim.SGD(groups, lr=RATE)

    def step(x, y):
        optimizer.zero_grad(set_to_none=True)
        loss = cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def by_hand(layers, wide):
    """Without autograd, each update inside its product; `wide` keeps W as [in, out], else as [out, in]."""
    (w1, b1), (w2, b2) = [(torch.from_numpy(w.T.copy() if wide else w), torch.from_numpy(b)) for w, b in layers]
    shrink = 1 - 2 * RATE * LAMBDA
    v1, v2 = (w1, w2) if wide else (w1.T, w2.T)  # views as [in, out]
    h, s, dh = (torch.empty(BATCH, m) for m in (len(b1), len(b2), len(b1)))

    def update(w, below, g):
        if wide:
            w.addmm_(below.T, g, beta=shrink, alpha=-RATE)
        else:
            w.addmm_(g.T, below, beta=shrink, alpha=-RATE)

    @torch.no_grad()
    def step(x, y):
        torch.addmm(b1, x, v1, out=h)
        h.relu_()
        torch.addmm(b2, h, v2, out=s)
        log_p = torch.log_softmax(s, 1)
        loss = torch.nn.functional.nll_loss(log_p, y).item()
        g = log_p.exp_()
        g[rows, y] -= 1
        g /= BATCH
        torch.mm(g, v2.T, out=dh)
        dh.mul_(h > 0)
        update(w2, h, g)
        b2.sub_(g.sum(0), alpha=RATE)
        update(w1, x, dh)
        b1.sub_(dh.sum(0), alpha=RATE)
        return loss

    return step


def steps():
    """The fastest of the three ways."""
    images, labels = first_batch()
    x, y = torch.from_numpy(images), torch.from_numpy(labels)
    ways = [by_module, lambda layers: by_hand(layers, True), lambda layers: by_hand(layers, False)]

    def run(step, count, at):
        for _ in range(count):
            loss = step(x[at : at + BATCH], y[at : at + BATCH])
            at = (at + BATCH) % len(x)
        return loss, at

    def seconds(way):
        step = way(initial([50]))
        run(step, 20, 0)
        began = perf_counter()
        run(step, 50, 0)
        return perf_counter() - began

    way = min(ways, key=lambda way: min(seconds(way) for _ in range(4)))
    step, at = way(initial([50])), 0

    def work(count):
        nonlocal at
        began = perf_counter()
        loss, at = run(step, count, at)
        return (perf_counter() - began) * 1e6, loss

    return work


def blas():
    """The library of its products, or that it has none made for this processor: a reference BLAS takes ten times as long."""
    if torch.backends.mkl.is_available():
        return "MKL"
    try:
        with open("/proc/self/maps") as maps:
            paths = {line.split()[-1] for line in maps if ".so" in line}
    except OSError:
        return "unknown BLAS"
    fast = [path for path in map(os.path.realpath, paths) if re.search("openblas|blis|mkl|atlas", path)]
    return os.path.basename(fast[0]) if fast else "no fast BLAS"


rows = torch.arange(BATCH)
serve(f"PyTorch {torch.__version__} ({blas()}; Python {platform.python_version()})", {"step": steps})
