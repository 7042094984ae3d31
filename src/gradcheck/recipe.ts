/** A network of fully-connected layers with its data: what a cost and its gradients depend on. Rows lie one after the other. */
export interface PlainNetwork {
  /** Nodes from the inputs to the classes. */
  readonly widths: readonly number[];
  readonly lambda: number;
  /** [dimensions, examples]: columns are examples. */
  readonly inputs: Float64Array;
  /** [examples] */
  readonly labels: ArrayLike<number>;
  /** W1 [out, in], b1 [out], ... */
  readonly parameters: Readonly<Record<string, Float64Array>>;
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

/** J = mean loss + lambda sum W^2: docs/derivations/softmax-cross-entropy.md, dense.md, relu.md and l2.md. */
export const rightRecipe: Recipe = {
  penalty: 2,
  penaltyOverExamples: false,
  biasPenalty: 0,
  weightShare: mean,
  biasShare: mean,
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
  const scores: Float64Array[] = [];
  for (let layer = 1; layer <= depth; layer++) {
    const s = product(parameters[`W${layer}`], activations[layer - 1], widths[layer], widths[layer - 1], n);
    const b = parameters[`b${layer}`];
    if (recipe.withBiases) for (let at = 0; at < s.length; at++) s[at] += b[Math.floor(at / n)];
    scores.push(s);
    activations.push(s.map((score) => Math.max(0, score)));
  }
  const p = softmax(scores[depth - 1], classes, n, recipe.softmaxOver);
  // G = P - Y
  let G = p.map((probability, at) => {
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
    gradients[`b${layer}`] = Float64Array.from({ length: out }, (_, row) => {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += G[row * n + j];
      return recipe.factor * (sum * biasShare + lambda * recipe.biasPenalty * b[row]);
    });
    if (layer === 1) break;
    // G <- W^T G, where X > 0
    const lower = transposedProduct(W, G, out, inputs, n);
    const s = scores[layer - 2];
    G = lower.map((gradient, at) => recipe.mask(s[at], gradient));
  }
  return gradients;
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
