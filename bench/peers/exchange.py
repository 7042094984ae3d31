"""The peer's end of the pipe, and the work: `pipe.ts` and `work.ts` in Python."""

import sys

import numpy as np

IMAGES, INITIAL = sys.argv[1:3]  # the folder of CIFAR-10's binary files; the folder of initial weights
BATCH, RATE, LAMBDA = 100, 0.01, 0.01
DIMENSION, CLASSES = 3072, 10


def read(members):
    """Bytes [n, 3072] and labels [n]."""
    parts = [np.fromfile(f"{IMAGES}/{member}.bin", np.uint8).reshape(-1, 1 + DIMENSION) for member in members]
    return np.concatenate([part[:, 1:] for part in parts]), np.concatenate([part[:, 0] for part in parts]).astype(np.intp)


def statistics(bytes_):
    """Mean and standard deviation of each dimension of x / 255."""
    chunks = np.array_split(bytes_, max(1, len(bytes_) // 5000))
    mean = sum(chunk.sum(0, dtype=np.float64) for chunk in chunks) / len(bytes_)
    variance = sum(((chunk - mean) ** 2).sum(0) for chunk in chunks) / len(bytes_)
    return mean / 255, np.sqrt(variance) / 255


def standardised(bytes_, mean, deviation):
    """float32 [n, 3072], contiguous."""
    x = np.empty(bytes_.shape, np.float32)
    scale, shift = (1 / (255 * deviation)).astype(np.float32), (mean / deviation).astype(np.float32)
    np.multiply(bytes_, scale, out=x)
    x -= shift
    return x


def first_batch():
    """data_batch_1, standardised, and its labels."""
    images, labels = read(["data_batch_1"])
    return standardised(images, *statistics(images)), labels


def initial(hidden):
    """[(W, b), ...] with W [out, in]."""
    values = np.fromfile(f"{INITIAL}/{'-'.join(map(str, hidden))}.f32", np.float32)
    widths, layers, at = [DIMENSION, *hidden, CLASSES], [], 0
    for inputs, out in zip(widths, widths[1:]):
        w, b = values[at : at + out * inputs].reshape(out, inputs), values[at + out * inputs : at + out * (inputs + 1)]
        layers.append((w.copy(), b.copy()))
        at += out * (inputs + 1)
    return layers


def serve(description, works):
    """Answers lines `WORK COUNT` with `MICROSECONDS VALUE`; `works` maps a name to what sets the work up."""
    ready = {}
    print("ready", description, flush=True)
    for line in sys.stdin:
        name, count = line.split()
        try:
            if name not in ready:
                ready[name] = works[name]()
            microseconds, value = ready[name](int(count))
            print(microseconds, value, flush=True)
        except Exception as error:  # said to the benchmark, which names the row that is missing
            print("failed", repr(error).replace("\n", " "), flush=True)
