import type {
  Activation,
  Affine,
  ClassLoss,
  Device,
  Dtype,
  ImageSet,
  Into,
  Mixture,
  Tally,
  Tensor,
} from "../../device.ts";
import { exponential } from "../../elementary/exponential.ts";
import { logarithm } from "../../elementary/logarithm.ts";
import { dropMask } from "../../random/drop-mask.ts";
import { sizeOf } from "../../shape.ts";

interface ReferenceTensor extends Tensor {
  readonly values: Float64Array<ArrayBuffer>;
}

interface ReferenceTally extends Tally {
  readonly values: Float64Array<ArrayBuffer>;
}

interface ReferenceImages extends ImageSet {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

/** The meaning of the `Device` seam: float64, one obvious loop a kernel, nothing clever. */
export function createReferenceDevice(): Device {
  return {
    name: "reference",
    dtype: "f64",
    arithmetic: "separate",
    details: "naive float64 loops, 1 thread",

    tensor: (shape) => referenceTensor(shape, new Float64Array(sizeOf(shape))),
    batch: (dimension, n) => referenceTensor([1, dimension, n], new Float64Array(dimension * n)),
    view: (of, shape) => referenceTensor(shape, numbers(of).subarray(0, sizeOf(shape))),
    tally: (members, sums, rows = 1): ReferenceTally => {
      return { rows, members, sums, values: new Float64Array(rows * members * sums) };
    },
    tallyRow(of, row): ReferenceTally {
      const size = of.members * of.sums;
      return { ...of, rows: 1, values: sumsOf(of).subarray(row * size, (row + 1) * size) };
    },
    free() {},
    write(target, values) {
      numbers(target).set(values);
    },
    read: async (tensor) => numbers(tensor).slice(),
    clear(tally) {
      sumsOf(tally).fill(0);
    },
    readTally: async (tally) => sumsOf(tally).slice(),
    reserve: (bytes) => new Uint8Array(bytes),
    unreserve() {},
    upload: (images, labels): ReferenceImages => ({
      count: labels.length,
      dimension: images.length / labels.length,
      images,
      labels,
    }),
    release() {},
    close() {},

    gather(x, labels, from, rows, standardisation) {
      const [xs, ys, source] = [numbers(x), numbers(labels), from as ReferenceImages];
      const [scale, shift] = [numbers(standardisation.scale), numbers(standardisation.shift)];
      const n = rows.length;
      for (let j = 0; j < n; j++) {
        for (let f = 0; f < source.dimension; f++) {
          xs[f * n + j] = source.images[rows[j] * source.dimension + f] * scale[f] + shift[f];
        }
        ys[j] = source.labels[rows[j]];
      }
    },

    affine(s, w, x, b) {
      const [members, out, n] = s.shape;
      const inputs = w.shape[2];
      const [S, W, X, B] = [s, w, x, b].map(numbers);
      for (let p = 0; p < members; p++) {
        const xp = p * memberStride(x);
        for (let i = 0; i < out; i++) {
          for (let j = 0; j < n; j++) {
            let sum = B[p * out + i];
            for (let k = 0; k < inputs; k++) sum += W[(p * out + i) * inputs + k] * X[xp + k * n + j];
            S[(p * out + i) * n + j] = sum;
          }
        }
      }
    },

    transposeProduct(dx, w, ds) {
      const [members, inputs, n] = dx.shape;
      const out = w.shape[1];
      const [DX, W, DS] = [dx, w, ds].map(numbers);
      for (let p = 0; p < members; p++) {
        for (let k = 0; k < inputs; k++) {
          for (let j = 0; j < n; j++) {
            let sum = 0;
            for (let i = 0; i < out; i++) sum += W[(p * out + i) * inputs + k] * DS[(p * out + i) * n + j];
            DX[(p * inputs + k) * n + j] = sum;
          }
        }
      }
    },

    outerProduct(into, ds, x) {
      const [members, out, n] = ds.shape;
      const inputs = x.shape[1];
      const [DS, X] = [ds, x].map(numbers);
      for (let p = 0; p < members; p++) {
        const xp = p * memberStride(x);
        for (let i = 0; i < out; i++) {
          for (let k = 0; k < inputs; k++) {
            let sum = 0;
            for (let j = 0; j < n; j++) sum += DS[(p * out + i) * n + j] * X[xp + k * n + j];
            put(into, p, (p * out + i) * inputs + k, sum);
          }
        }
      }
    },

    sampleSum(into, ds) {
      const [members, out, n] = ds.shape;
      const DS = numbers(ds);
      for (let p = 0; p < members; p++) {
        for (let i = 0; i < out; i++) {
          let sum = 0;
          for (let j = 0; j < n; j++) sum += DS[(p * out + i) * n + j];
          put(into, p, p * out + i, sum);
        }
      }
    },

    relu(h, s) {
      const [H, S] = [h, s].map(numbers);
      for (let i = 0; i < H.length; i++) H[i] = Math.max(0, S[i]);
    },

    reluGradient(ds, dh, h) {
      const [DS, DH, H] = [ds, dh, h].map(numbers);
      for (let i = 0; i < DS.length; i++) DS[i] = H[i] > 0 ? DH[i] : 0;
    },

    activate(h, s, activation) {
      const [H, S] = [h, s].map(numbers);
      for (let i = 0; i < H.length; i++) H[i] = activated(S[i], activation);
    },

    activationGradient(ds, dh, from, activation) {
      const [DS, DH, X] = [ds, dh, from].map(numbers);
      for (let i = 0; i < DS.length; i++) DS[i] = DH[i] * activationSlope(X[i], activation);
    },

    batchNorm(y, normalised, { mean, variance }, s, affine, eps) {
      const [S, N, M, V] = [s, normalised, mean, variance].map(numbers);
      const n = s.shape[2];
      for (let row = 0; row < M.length; row++) {
        const samples = S.subarray(row * n, (row + 1) * n);
        M[row] = samples.reduce((sum, value) => sum + value, 0) / n;
        V[row] = samples.reduce((sum, value) => sum + (value - M[row]) * (value - M[row]), 0) / n;
        for (let j = 0; j < n; j++) N[row * n + j] = (samples[j] - M[row]) / Math.sqrt(V[row] + eps);
      }
      putAffine(y, normalised, affine);
    },

    normalise(y, s, { mean, variance }, affine, eps) {
      const [Y, S, M, V] = [y, s, mean, variance].map(numbers);
      const n = s.shape[2];
      for (let i = 0; i < S.length; i++) {
        const row = Math.floor(i / n);
        Y[i] = (S[i] - M[row]) / Math.sqrt(V[row] + eps);
      }
      putAffine(y, y, affine);
    },

    batchNormGradient(ds, dy, normalised, variance, gamma, eps) {
      const [DS, DY, N, V] = [ds, dy, normalised, variance].map(numbers);
      const n = dy.shape[2];
      for (let row = 0; row < V.length; row++) {
        let [sum, along] = [0, 0];
        for (let i = row * n; i < (row + 1) * n; i++) {
          sum += DY[i];
          along += DY[i] * N[i];
        }
        const gain = gamma === undefined ? 1 : numbers(gamma)[row];
        const scale = gain / Math.sqrt(V[row] + eps);
        for (let i = row * n; i < (row + 1) * n; i++) DS[i] = scale * (DY[i] - sum / n - (N[i] * along) / n);
      }
    },

    sampleProductSum(into, a, b) {
      const [members, out, n] = a.shape;
      const [A, B] = [a, b].map(numbers);
      for (let row = 0; row < members * out; row++) {
        let sum = 0;
        for (let i = row * n; i < (row + 1) * n; i++) sum += A[i] * B[i];
        put(into, Math.floor(row / out), row, sum);
      }
    },

    multiply(out, a, b) {
      const [O, A, B] = [out, a, b].map(numbers);
      for (let i = 0; i < O.length; i++) O[i] = A[i] * B[i];
    },

    softmaxCrossEntropy(p, tally, s, labels) {
      const [members, classes, n] = s.shape;
      const [P, S, Y] = [p, s, labels].map(numbers);
      const T = sumsOf(tally);
      for (let member = 0; member < members; member++) {
        for (let j = 0; j < n; j++) {
          const at = (k: number) => (member * classes + k) * n + j;
          let best = 0;
          for (let k = 1; k < classes; k++) if (S[at(k)] > S[at(best)]) best = k;
          const max = S[at(best)];
          const score = S[at(Y[j])]; // P may be S
          let sum = 0;
          for (let k = 0; k < classes; k++) {
            P[at(k)] = exponential(S[at(k)] - max);
            sum += P[at(k)];
          }
          // -log p_y = log(sum_k e^(s_k - max)) - (s_y - max)
          T[member * 2] += logarithm(sum) - (score - max);
          if (best === Y[j] && !Number.isNaN(sum)) T[member * 2 + 1] += 1;
          for (let k = 0; k < classes; k++) P[at(k)] /= sum;
        }
      }
    },

    softmaxCrossEntropyGradient(ds, p, labels) {
      const [members, classes, n] = p.shape;
      const [DS, P, Y] = [ds, p, labels].map(numbers);
      for (let member = 0; member < members; member++) {
        for (let k = 0; k < classes; k++) {
          for (let j = 0; j < n; j++) {
            const at = (member * classes + k) * n + j;
            DS[at] = (P[at] - (Y[j] === k ? 1 : 0)) / n;
          }
        }
      }
    },

    classLoss(p, tally, s, labels, loss, mixture) {
      const [members, classes, n] = s.shape;
      const [P, S, Y] = [p, s, labels].map(numbers);
      const T = sumsOf(tally);
      for (let member = 0; member < members; member++) {
        for (let j = 0; j < n; j++) {
          const at = (k: number) => (member * classes + k) * n + j;
          const scores = Array.from({ length: classes }, (_, k) => S[at(k)]);
          const best = scores.reduce((most, score, k) => (score > scores[most] ? k : most), 0);
          if (best === Y[j] && !scores.some(Number.isNaN)) T[member * 2 + 1] += 1;
          const { value, p: column } = lossOf(scores, Y[j], loss);
          const [other, share] = secondOf(mixture, j);
          T[member * 2] += share === 1 ? value : share * value + (1 - share) * lossOf(scores, other, loss).value;
          column.forEach((entry, k) => {
            P[at(k)] = entry;
          });
        }
      }
    },

    classLossGradient(ds, p, labels, loss, mixture) {
      const [members, classes, n] = p.shape;
      const [DS, P, Y] = [ds, p, labels].map(numbers);
      for (let row = 0; row < members * classes; row++) {
        for (let j = 0; j < n; j++) {
          const [other, share] = secondOf(mixture, j);
          const target = (row % classes === Y[j] ? share : 0) + (row % classes === other ? 1 - share : 0);
          DS[row * n + j] = slopeOf(P[row * n + j], target, classes, loss) / n;
        }
      }
    },

    squareSum(tally, w) {
      const [T, W] = [sumsOf(tally), numbers(w)];
      const stride = memberStride(w) || w.size;
      for (let i = 0; i < W.length; i++) T[Math.floor(i / stride)] += W[i] * W[i];
    },

    combine(into, g) {
      const G = numbers(g);
      const stride = memberStride(g) || g.size;
      for (let i = 0; i < G.length; i++) put(into, Math.floor(i / stride), i, G[i]);
    },

    combineSquares(into, g) {
      const G = numbers(g);
      const stride = memberStride(g) || g.size;
      for (let i = 0; i < G.length; i++) put(into, Math.floor(i / stride), i, G[i] * G[i]);
    },

    rootStep(w, d, v, { keep, rate, correction, eps }) {
      const [W, D, V] = [w, d, v].map(numbers);
      const stride = memberStride(w) || w.size;
      for (let i = 0; i < W.length; i++) {
        const p = Math.floor(i / stride);
        W[i] = keep[p] * W[i] - rate[p] * (D[i] / (Math.sqrt(correction[p] * V[i]) + eps[p]));
      }
    },

    clip(g, squares, limit) {
      const [G, sums] = [numbers(g), sumsOf(squares)];
      const stride = memberStride(g) || g.size;
      for (let i = 0; i < G.length; i++) {
        const p = Math.floor(i / stride);
        const norm = Math.sqrt(sums[p]);
        if (norm > limit[p]) G[i] *= limit[p] / norm;
      }
    },

    drop(mask, dropout) {
      numbers(mask).set(dropMask(mask.size, dropout));
    },

    followVelocity(w, v, pull) {
      const [W, V] = [w, v].map(numbers);
      const stride = memberStride(w) || w.size;
      for (let i = 0; i < W.length; i++) {
        V[i] += pull[Math.floor(i / stride)] * W[i];
        W[i] -= V[i];
      }
    },
  };
}

/** f(s). */
function activated(s: number, activation: Activation): number {
  switch (activation.kind) {
    case "leaky-relu":
      return s > 0 ? s : activation.slope * s;
    case "gelu":
      return s * gate(s);
    case "tanh":
      return hyperbolicTangent(s);
  }
}

/** f'(s), from h of the leaky ReLU, from s of GELU and tanh. */
function activationSlope(from: number, activation: Activation): number {
  switch (activation.kind) {
    case "leaky-relu":
      return from > 0 ? 1 : activation.slope;
    case "gelu": {
      const open = gate(from);
      const near = Math.min(30, Math.max(-30, from));
      return open + near * open * (1 - open) * 2 * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * near * near);
    }
    case "tanh":
      return 1 - hyperbolicTangent(from) * hyperbolicTangent(from);
  }
}

/** (1 + tanh u) / 2 = sigmoid(2u), u = sqrt(2 / pi) (s + 0.044715 s^3): 0 or 1 beyond 30. */
function gate(s: number): number {
  const near = Math.min(30, Math.max(-30, s));
  const twice = 2 * Math.sqrt(2 / Math.PI) * (near + 0.044715 * near * near * near);
  const tail = exponential(-Math.abs(twice));
  return (twice >= 0 ? 1 : tail) / (1 + tail);
}

function hyperbolicTangent(s: number): number {
  // Near 0 the difference below loses digits; the series is s - s^3/3 + 2 s^5/15 - ...
  if (Math.abs(s) < 1 / 16) {
    const terms = [1, -1 / 3, 2 / 15, -17 / 315, 62 / 2835, -1382 / 155_925];
    return s * terms.reduceRight((sum, term) => sum * s * s + term, 0);
  }
  const tail = exponential(-2 * Math.abs(s));
  return (Math.sign(s) * (1 - tail)) / (1 + tail);
}

/** The loss of one sample, and the p that its gradient needs. */
function lossOf(s: readonly number[], y: number, loss: ClassLoss): { value: number; p: number[] } {
  switch (loss.kind) {
    case "smoothed": {
      const max = s.reduce((most, score) => (score > most ? score : most), s[0]);
      const powers = s.map((score) => exponential(score - max));
      const sum = powers.reduce((total, power) => total + power, 0);
      const mean = s.reduce((total, score) => total + (score - max), 0) / s.length;
      const { smoothing } = loss;
      const value = (1 - smoothing) * (logarithm(sum) - (s[y] - max)) + smoothing * (logarithm(sum) - mean);
      return { value, p: powers.map((power) => power / sum) };
    }
    case "sigmoid": {
      const tails = s.map((score) => exponential(-Math.abs(score)));
      // -y log p - (1 - y) log(1 - p) = max(s, 0) - s y + log(1 + e^-|s|)
      const terms = s.map((score, k) => Math.max(score, 0) - (k === y ? score : 0) + logarithm(1 + tails[k]));
      const value = loss.weight * terms.reduce((total, term) => total + term, 0);
      return { value, p: tails.map((tail, k) => (s[k] >= 0 ? 1 : tail) / (1 + tail)) };
    }
    case "hinge": {
      const beyond = s.map((score, k) => (k === y ? 0 : Math.max(0, score - s[y] + loss.margin)));
      const within = beyond.filter((distance) => distance > 0).length;
      const p = beyond.map((distance, k) => (k === y ? -within : distance > 0 ? 1 : 0));
      return { value: beyond.reduce((total, distance) => total + distance, 0), p };
    }
  }
}

/** The second label of a sample, and the first one's share. */
function secondOf(mixture: Mixture | undefined, j: number): readonly [other: number, share: number] {
  return mixture === undefined ? [-1, 1] : [numbers(mixture.labels)[j], numbers(mixture.share)[j]];
}

/** d(loss of one sample) / d(score), where the target is 1 or 0. */
function slopeOf(p: number, target: number, classes: number, loss: ClassLoss): number {
  if (loss.kind === "hinge") return p;
  if (loss.kind === "sigmoid") return loss.weight * (p - target);
  return p - ((1 - loss.smoothing) * target + loss.smoothing / classes);
}

// y = gamma x + beta, row by row; y = x where there is no affine map.
function putAffine(y: Tensor, x: Tensor, affine: Affine | undefined): void {
  const [Y, X] = [y, x].map(numbers);
  const n = y.shape[2];
  for (let i = 0; i < Y.length; i++) {
    const row = Math.floor(i / n);
    Y[i] = affine === undefined ? X[i] : numbers(affine.gamma)[row] * X[i] + numbers(affine.beta)[row];
  }
}

// target[at] <- alpha gradient + beta base[at]
function put({ target, alpha, beta, base }: Into, member: number, at: number, gradient: number): void {
  const baseTerm = beta[member] === 0 ? 0 : beta[member] * numbers(base)[at];
  numbers(target)[at] = alpha[member] * gradient + baseTerm;
}

function referenceTensor(shape: readonly number[], values: Float64Array<ArrayBuffer>): ReferenceTensor {
  return { shape, size: values.length, dtype: "f64" satisfies Dtype, values };
}

function numbers(tensor: Tensor): Float64Array<ArrayBuffer> {
  return (tensor as ReferenceTensor).values;
}

function sumsOf(tally: Tally): Float64Array<ArrayBuffer> {
  return (tally as ReferenceTally).values;
}

/** Numbers from one member to the next; 0 where one member stands for all. */
function memberStride(tensor: Tensor): number {
  return tensor.shape[0] === 1 ? 0 : tensor.size / tensor.shape[0];
}
