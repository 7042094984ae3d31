/** A network of fully-connected layers with its data: what a cost and its gradients depend on. Rows lie one after the other. */
export interface PlainNetwork {
  /** Nodes from the inputs to the classes. */
  readonly widths: readonly number[];
  readonly lambda: number;
  /** [dimensions, examples]: columns are examples. */
  readonly inputs: Float64Array;
  /** [examples] */
  readonly labels: ArrayLike<number>;
  /** W1 [out, in], b1 [out], ..., gamma1 [out] */
  readonly parameters: Readonly<Record<string, Float64Array>>;
  /** Of the scores of every hidden layer, with gains and offsets. */
  readonly batchNorm?: { readonly eps: number } | undefined;
}

/** How gradients are computed, step by step, so that each step can be gone wrong about. */
export interface Recipe {
  /** What is added to dW, in lambda W: 2. */
  readonly penalty: number;
  /** Whether that is divided by the number of examples as well. */
  readonly penaltyOverExamples: boolean;
  /** What is added to db, in lambda b: 0. */
  readonly biasPenalty: number;
  /** What the loss's part of dW and of db is multiplied by. */
  readonly weightShare: (sizes: Sizes) => number;
  readonly biasShare: (sizes: Sizes) => number;
  /** The same of gamma and beta. */
  readonly gainShare: (sizes: Sizes) => number;
  /** Through what a normalisation's gradient goes beside the score itself. */
  readonly normThrough: "mean and variance" | "mean" | "variance" | "neither";
  /** Whether the gradient is multiplied by gamma on its way down. */
  readonly withGain: boolean;
  /** What the gradient of gamma is made with. */
  readonly gainOf: "normalised" | "scores";
  /** What a variance is divided by. */
  readonly varianceOver: (examples: number) => number;
  /** Whether the ReLU's mask of a normalised layer is that of the scores before the normalisation. */
  readonly maskBeforeNorm: boolean;
  /** dl/ds of one class and example, from its probability and whether it is the label. */
  readonly residual: (probability: number, isLabel: boolean) => number;
  /** What of a gradient a ReLU lets through, by its score and the gradient. */
  readonly mask: (score: number, gradient: number) => number;
  /** Over what the exponentials are normalised. */
  readonly softmaxOver: "classes" | "examples";
  /** Whether dW of a layer above the first uses the scores below it, before the ReLU. */
  readonly fromScores: boolean;
  readonly withBiases: boolean;
  /** The label that is used for a label. */
  readonly label: (label: number, classes: number) => number;
  /** The inputs that are used for the inputs: [dimensions, examples]. */
  readonly inputs: (inputs: Float64Array, dimensions: number) => Float64Array;
  /** What everything is multiplied by at last. */
  readonly factor: number;
}

interface Sizes {
  readonly examples: number;
  readonly classes: number;
}

const mean = ({ examples }: Sizes) => 1 / examples;

/** J = mean loss + lambda sum W^2: docs/derivations/softmax-cross-entropy.md, dense.md, relu.md, batch-norm.md and l2.md. */
export const rightRecipe: Recipe = {
  penalty: 2,
  penaltyOverExamples: false,
  biasPenalty: 0,
  weightShare: mean,
  biasShare: mean,
  gainShare: mean,
  normThrough: "mean and variance",
  withGain: true,
  gainOf: "normalised",
  varianceOver: (examples) => examples,
  maskBeforeNorm: false,
  residual: (probability, isLabel) => probability - (isLabel ? 1 : 0),
  mask: (score, gradient) => (score > 0 ? gradient : 0),
  softmaxOver: "classes",
  fromScores: false,
  withBiases: true,
  label: (label) => label,
  inputs: (inputs) => inputs,
  factor: 1,
};

/** The gradients that a recipe gives, by the names and shapes of the parameters; plain loops in float64. */
export function gradientsBy(recipe: Recipe, network: PlainNetwork): Record<string, Float64Array> {
  const { widths, lambda, parameters, labels } = network;
  const [n, depth] = [labels.length, widths.length - 1];
  const classes = widths[depth];
  const sizes = { examples: n, classes };
  const activations = [recipe.inputs(network.inputs, widths[0])]; // [width, n] each
  const scores: Float64Array[] = []; // what the activation reads
  const norms: Norm[] = [];
  for (let layer = 1; layer <= depth; layer++) {
    const s = product(parameters[`W${layer}`], activations[layer - 1], widths[layer], widths[layer - 1], n);
    const b = parameters[`b${layer}`];
    if (recipe.withBiases) for (let at = 0; at < s.length; at++) s[at] += b[Math.floor(at / n)];
    const norm = layer < depth && network.batchNorm ? normalised(s, n, network.batchNorm.eps, recipe) : undefined;
    if (norm !== undefined) norms.push(norm);
    const [gamma, beta] = [parameters[`gamma${layer}`], parameters[`beta${layer}`]];
    const y = norm?.x.map((x, at) => gamma[Math.floor(at / n)] * x + beta[Math.floor(at / n)]) ?? s;
    scores.push(y);
    activations.push(y.map((score) => Math.max(0, score)));
  }
  const p = softmax(scores[depth - 1], classes, n, recipe.softmaxOver);
  // G = P - Y
  let G: Float64Array = p.map((probability, at) => {
    const k = Math.floor(at / n);
    return recipe.residual(probability, recipe.label(labels[at % n], classes) === k);
  });
  const gradients: Record<string, Float64Array> = {};
  for (let layer = depth; layer >= 1; layer--) {
    const [out, inputs] = [widths[layer], widths[layer - 1]];
    const [W, b] = [parameters[`W${layer}`], parameters[`b${layer}`]];
    const below = recipe.fromScores && layer > 1 ? scores[layer - 2] : activations[layer - 1];
    const penalty = (lambda * recipe.penalty) / (recipe.penaltyOverExamples ? n : 1);
    // dW = G X^T / n + 2 lambda W, db = G 1 / n
    const dW = productTransposed(G, below, out, inputs, n);
    const weightShare = recipe.weightShare(sizes);
    gradients[`W${layer}`] = dW.map((sum, at) => recipe.factor * (sum * weightShare + penalty * W[at]));
    const biasShare = recipe.biasShare(sizes);
    gradients[`b${layer}`] = rowSums(G, n).map((sum, row) => {
      return recipe.factor * (sum * biasShare + lambda * recipe.biasPenalty * b[row]);
    });
    if (layer === 1) break;
    // G <- W^T G, where X > 0
    const lower = transposedProduct(W, G, out, inputs, n);
    const norm: Norm | undefined = norms[layer - 2];
    const s = recipe.maskBeforeNorm && norm !== undefined ? norm.s : scores[layer - 2];
    G = lower.map((gradient, at) => recipe.mask(s[at], gradient));
    if (norm === undefined) continue;
    // dgamma = G x, dbeta = G 1
    const share = recipe.factor * recipe.gainShare(sizes);
    const of = recipe.gainOf === "scores" ? norm.s : norm.x;
    gradients[`gamma${layer - 1}`] = rowSums(
      G.map((gradient, at) => gradient * of[at]),
      n,
    ).map((sum) => sum * share);
    gradients[`beta${layer - 1}`] = rowSums(G, n).map((sum) => sum * share);
    G = throughNorm(G, n, norm, parameters[`gamma${layer - 1}`], recipe);
  }
  return gradients;
}

/** A layer's normalisation: scores and what became of them [width, n], and 1 / sqrt(v + eps) [width]. */
interface Norm {
  readonly s: Float64Array;
  readonly x: Float64Array;
  readonly r: Float64Array;
}

/** x = r (s - mean), r = 1 / sqrt(v + eps), row by row. */
function normalised(s: Float64Array, n: number, eps: number, { varianceOver }: Recipe): Norm {
  const means = rowSums(s, n).map((sum) => sum / n);
  const apart = s.map((score, at) => score - means[Math.floor(at / n)]);
  const squares = rowSums(
    apart.map((distance) => distance * distance),
    n,
  );
  const r = squares.map((sum) => 1 / Math.sqrt(sum / varianceOver(n) + eps));
  return { s, x: apart.map((distance, at) => distance * r[Math.floor(at / n)]), r };
}

/** ds = r (D - mean D - x mean (D x)), D = gamma G. */
function throughNorm(G: Float64Array, n: number, { x, r }: Norm, gamma: Float64Array, recipe: Recipe): Float64Array {
  const { normThrough, withGain } = recipe;
  const D = withGain ? G.map((gradient, at) => gradient * gamma[Math.floor(at / n)]) : G;
  const means = rowSums(D, n);
  const slopes = rowSums(
    D.map((gradient, at) => gradient * x[at]),
    n,
  );
  return D.map((gradient, at) => {
    const row = Math.floor(at / n);
    const ofMean = normThrough.includes("mean") ? means[row] / n : 0;
    const ofVariance = normThrough.includes("variance") ? (x[at] * slopes[row]) / n : 0;
    return r[row] * (gradient - ofMean - ofVariance);
  });
}

/** Sums over the examples: [rows], of [rows, n]. */
function rowSums(values: Float64Array, n: number): Float64Array {
  const sums = new Float64Array(values.length / n);
  for (const [at, value] of values.entries()) sums[Math.floor(at / n)] += value;
  return sums;
}

/** A B: [rows, n], of A [rows, inner] and B [inner, n]. */
function product(A: Float64Array, B: Float64Array, rows: number, inner: number, n: number): Float64Array {
  const result = new Float64Array(rows * n);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < inner; i++) {
      const a = A[row * inner + i];
      for (let j = 0; j < n; j++) result[row * n + j] += a * B[i * n + j];
    }
  }
  return result;
}

/** G X^T: [out, inputs], of G [out, n] and X [inputs, n]. */
function productTransposed(G: Float64Array, X: Float64Array, out: number, inputs: number, n: number): Float64Array {
  const result = new Float64Array(out * inputs);
  for (let row = 0; row < out; row++) {
    for (let i = 0; i < inputs; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += G[row * n + j] * X[i * n + j];
      result[row * inputs + i] = sum;
    }
  }
  return result;
}

/** W^T G: [inputs, n], of W [out, inputs] and G [out, n]. */
function transposedProduct(W: Float64Array, G: Float64Array, out: number, inputs: number, n: number): Float64Array {
  const result = new Float64Array(inputs * n);
  for (let row = 0; row < out; row++) {
    for (let i = 0; i < inputs; i++) {
      const w = W[row * inputs + i];
      for (let j = 0; j < n; j++) result[i * n + j] += w * G[row * n + j];
    }
  }
  return result;
}

function softmax(s: Float64Array, classes: number, n: number, over: Recipe["softmaxOver"]): Float64Array {
  const [groups, members] = over === "classes" ? [n, classes] : [classes, n];
  const [groupStride, stride] = over === "classes" ? [1, n] : [n, 1];
  const p = new Float64Array(s.length);
  for (let group = 0; group < groups; group++) {
    let [most, sum] = [-Infinity, 0];
    for (let k = 0; k < members; k++) most = Math.max(most, s[group * groupStride + k * stride]);
    for (let k = 0; k < members; k++) sum += Math.exp(s[group * groupStride + k * stride] - most);
    for (let k = 0; k < members; k++) {
      const at = group * groupStride + k * stride;
      p[at] = Math.exp(s[at] - most) / sum;
    }
  }
  return p;
}
