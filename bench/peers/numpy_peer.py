"""NumPy: python3 numpy_peer.py IMAGES INITIAL

Hand-derived gradients as a user who knows NumPy writes them: float32 throughout, every large array written in place,
no copies of the images. OPENBLAS_NUM_THREADS (and its like) sets the threads.
"""

import ctypes
import platform
from time import perf_counter

import numpy as np

from exchange import BATCH, CLASSES, LAMBDA, RATE, first_batch, initial, read, serve, standardised, statistics


class Network:
    """`wide` keeps W as [in, out], else as [out, in]: which one the BLAS likes better depends on the BLAS."""

    def __init__(self, hidden, wide):
        self.wide = wide
        self.w = [np.ascontiguousarray(w.T) if wide else w for w, _ in initial(hidden)]
        self.b = [b for _, b in initial(hidden)]
        self.dw = [np.empty_like(w) for w in self.w]
        widths = [*hidden, CLASSES]
        self.h = [np.empty((BATCH, m), np.float32) for m in widths]
        self.dh = [np.empty((BATCH, m), np.float32) for m in hidden]
        self.rows = np.arange(BATCH)

    def step(self, x, y, rate, penalty):
        """One update; returns the loss before it."""
        w, h, wide, last = self.w, self.h, self.wide, len(self.w) - 1
        below = x
        for layer in range(last + 1):
            np.matmul(below, w[layer] if wide else w[layer].T, out=h[layer])
            h[layer] += self.b[layer]
            if layer < last:
                np.maximum(h[layer], 0, out=h[layer])
            below = h[layer]
        g = h[last]
        g -= g.max(1, keepdims=True)
        np.exp(g, out=g)
        g /= g.sum(1, keepdims=True)
        loss = -np.log(g[self.rows, y]).mean()
        g[self.rows, y] -= 1
        g *= np.float32(rate / BATCH)
        shrink = np.float32(1 - 2 * rate * penalty)
        for layer in range(last, -1, -1):
            below = h[layer - 1] if layer > 0 else x
            if layer > 0:
                dh = self.dh[layer - 1]
                np.matmul(g, w[layer].T if wide else w[layer], out=dh)
                dh *= below > 0
            if wide:
                np.matmul(below.T, g, out=self.dw[layer])
            else:
                np.matmul(g.T, below, out=self.dw[layer])
            w[layer] *= shrink
            w[layer] -= self.dw[layer]
            self.b[layer] -= g.sum(0)
            if layer > 0:
                g = dh
        return loss

    def measure(self, x, y):
        """Mean loss and accuracy."""
        for layer, w in enumerate(self.w):
            x = x @ (w if self.wide else w.T)
            x += self.b[layer]
            if layer + 1 < len(self.w):
                np.maximum(x, 0, out=x)
        right = x.argmax(1) == y
        x -= x.max(1, keepdims=True)
        loss = np.log(np.exp(x).sum(1)) - x[np.arange(len(y)), y]
        return loss.mean(dtype=np.float64), right.mean()


def steps(hidden):
    x, y = first_batch()

    def run(network, count, at):
        for _ in range(count):
            loss = network.step(x[at : at + BATCH], y[at : at + BATCH], RATE, LAMBDA)
            at = (at + BATCH) % len(x)
        return loss, at

    network, at = Network(hidden, faster(lambda wide: run(Network(hidden, wide), 50, 0))), 0

    def work(count):
        nonlocal at
        began = perf_counter()
        loss, at = run(network, count, at)
        return (perf_counter() - began) * 1e6, loss

    return work


def evaluation():
    x, y = first_batch()
    network = Network([50], faster(lambda wide: Network([50], wide).measure(x, y)))

    def work(count):
        began = perf_counter()
        for _ in range(count):
            loss, _ = network.measure(x, y)
        return (perf_counter() - began) * 1e6, loss

    return work


def search():
    """One trial: penalty 1e-5, 45,000 images, cycles of n_s 900, measured before the first step and after each epoch."""
    bytes_, labels = read([f"data_batch_{number}" for number in range(1, 6)])
    fitted = statistics(bytes_[:45_000])
    x = standardised(bytes_, *fitted)
    del bytes_
    test_bytes, test_labels = read(["test_batch"])
    test = standardised(test_bytes, *fitted)
    wide = faster(lambda wide: [Network([50], wide).step(x[:BATCH], labels[:BATCH], 0, 0) for _ in range(50)])

    def rate(step):
        within = step % 1800 / 900
        return 1e-5 + (within if within <= 1 else 2 - within) * (0.1 - 1e-5)

    def work(count):
        began = perf_counter()
        network, validation_loss = Network([50], wide), np.nan
        for step in range(count + 1):
            if step % 450 == 0 or step == count:
                network.measure(x[:45_000], labels[:45_000])
                validation_loss, _ = network.measure(x[45_000:], labels[45_000:])
                sum(np.vdot(w, w) for w in network.w)  # the penalty in the cost
            if step < count:
                at = step % 450 * BATCH
                network.step(x[at : at + BATCH], labels[at : at + BATCH], rate(step), 1e-5)
        network.measure(test, test_labels)
        return (perf_counter() - began) * 1e6, validation_loss

    return work


def sgemm():
    extent = 2048
    a, b = (np.sin(np.arange(extent * extent) + 1).astype(np.float32).reshape(extent, extent) for _ in range(2))
    c = np.empty_like(a)

    def work(count):
        began = perf_counter()
        for _ in range(count):
            np.matmul(a, b, out=c)
        return (perf_counter() - began) * 1e6, c[0, 0]

    return work


def faster(run):
    """The layout, of the two, with which `run(wide)` takes less time."""
    seconds = {True: [], False: []}
    for wide in [True, False] * 4:
        began = perf_counter()
        run(wide)
        seconds[wide].append(perf_counter() - began)
    return min(seconds[True]) < min(seconds[False])


def blas():
    """What the loaded OpenBLAS calls itself; NumPy's own word where that is not to be had."""
    names = ["openblas_get_config", "openblas_get_config64_", "scipy_openblas_get_config", "scipy_openblas_get_config64_"]
    try:
        with open("/proc/self/maps") as maps:
            libraries = {line.split()[-1] for line in maps if "blas" in line}
        for library in sorted(libraries):
            for name in names:
                if hasattr(ctypes.CDLL(library), name):
                    config = getattr(ctypes.CDLL(library), name)
                    config.restype = ctypes.c_char_p
                    return " ".join(config().decode().split(" MAX_THREADS")[0].split())
    except OSError:
        pass
    return getattr(np.__config__, "CONFIG", {}).get("Build Dependencies", {}).get("blas", {}).get("name", "unknown BLAS")


if __name__ == "__main__":
    serve(
        f"NumPy {np.__version__} ({blas()}; Python {platform.python_version()})",
        {
            "step": lambda: steps([50]),
            "three-layer-step": lambda: steps([50, 50]),
            "evaluation": evaluation,
            "search": search,
            "sgemm": sgemm,
        },
    )
