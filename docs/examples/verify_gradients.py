"""Verifies gradients that Gradus computed, without Gradus: python verify_gradients.py gradients.safetensors

The file comes from `gradus check --save gradients.safetensors`. The derivative of the cost is taken by a complex step,
dJ/dt = Im J(t + ih) / h with h = 1e-20 (Squire and Trapp 1998): no formula for a gradient, no difference of near numbers.
"""
import json, sys
import numpy as np

raw = open(sys.argv[1], "rb").read()
start = 8 + int.from_bytes(raw[:8], "little")  # 8 bytes: length of the header
header = json.loads(raw[8:start])
place = header.pop("__metadata__").get("batchNorm")  # "before-relu" or "after-relu"; None without batch normalisation
tensors = {}
for name, entry in header.items():
    a, b = entry["data_offsets"]
    tensors[name] = np.frombuffer(raw[start + a : start + b], {"F64": "<f8", "U8": "u1"}[entry["dtype"]]).reshape(entry["shape"])

def normalised(Y, t, l):
    if f"gamma{l}" not in t:  # the last layer
        return Y
    mean = Y.mean(1, keepdims=True)
    variance = ((Y - mean) ** 2).mean(1, keepdims=True)
    return t[f"gamma{l}"][:, None] * (Y - mean) / np.sqrt(variance + t["eps"]) + t[f"beta{l}"][:, None]

def cost(t, layers):
    H = t["inputs"]
    for l in range(1, layers + 1):
        S = t[f"W{l}"] @ H + t[f"b{l}"][:, None]
        if place == "before-relu":
            S = normalised(S, t, l)
        H = S * (S.real > 0)
        if place == "after-relu":
            H = normalised(H, t, l)
    S = S - S.real.max(0)
    losses = np.log(np.exp(S).sum(0)) - S[t["labels"], np.arange(S.shape[1])]
    return losses.mean() + t["lambda"] * sum((t[f"W{l}"] ** 2).sum() for l in range(1, layers + 1))

for network in dict.fromkeys(name.split("/")[0] for name in tensors):
    t = {name.split("/")[1]: values for name, values in tensors.items() if name.startswith(network + "/")}
    parameters = [name for name in t if "d" + name in t]
    layers = sum(name.startswith("W") for name in parameters)
    for name in parameters:
        numeric = np.empty(t[name].shape)
        for index in np.ndindex(t[name].shape):
            moved = t[name].astype(complex)
            moved[index] += 1e-20j
            numeric[index] = cost({**t, name: moved}, layers).imag / 1e-20
        print(f"{network:22} {name:6}  largest difference {abs(numeric - t['d' + name]).max():.1e}")
