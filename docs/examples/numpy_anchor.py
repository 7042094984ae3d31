"""The run of numpy-anchor.yaml in NumPy: python numpy_anchor.py FOLDER, the folder that `gradus data verify` names."""
import sys
import numpy as np

def batch(number):
    records = np.fromfile(f"{sys.argv[1]}/cifar-10-batches-bin/data_batch_{number}.bin", np.uint8).reshape(10000, 3073)
    return records[:, 1:].T / 255.0, records[:, 0]

def loss(W, b, X, y):
    S = W @ X + b
    return np.mean(np.log(np.exp(S).sum(0)) - S[y, np.arange(y.size)])

(X, y), (V, v) = batch(1), batch(2)
mean, deviation = X.mean(1, keepdims=True), X.std(1, keepdims=True)
X, V = (X - mean) / deviation, (V - mean) / deviation

generator = np.random.default_rng(42)
W, b = 0.01 * generator.standard_normal((10, 3072)), np.zeros((10, 1))
print("first weights", W[0, :3])
print(f"step   0  loss: training {loss(W, b, X, y):.6f}, validation {loss(W, b, V, v):.6f}")

permuted = "--permuted" in sys.argv  # as with --set data.order=permuted
order = generator.permutation(10000) if permuted else np.arange(10000)
for step in range(100):
    images = order[100 * step : 100 * (step + 1)]
    P = np.exp(W @ X[:, images] + b)
    G = P / P.sum(0)
    G[y[images], np.arange(100)] -= 1
    W -= 0.001 * G @ X[:, images].T / 100
    b -= 0.001 * G.mean(1, keepdims=True)
print(f"step 100  loss: training {loss(W, b, X, y):.6f}, validation {loss(W, b, V, v):.6f}")
