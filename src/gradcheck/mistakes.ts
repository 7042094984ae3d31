import { type Recipe, rightRecipe } from "./recipe.ts";

/** A mistake that people make with these gradients: what it does to the recipe, and in words. */
export interface Mistake {
  readonly name: string;
  /** Of one step only one can be made at a time. */
  readonly step:
    | "norm"
    | "gain"
    | "penalty"
    | "bias"
    | "mean"
    | "residual"
    | "relu"
    | "input"
    | "labels"
    | "forward"
    | "all";
  /** What is wrong. */
  readonly what: string;
  /** What is right in its place. */
  readonly remedy: string;
  readonly change: Partial<Recipe>;
  /** Only where there is batch normalisation. */
  readonly isOfBatchNorm?: true;
}

const { residual } = rightRecipe;
const sum = () => 1;
const twice: Recipe["weightShare"] = ({ examples }) => examples ** -2;
const overClasses: Recipe["weightShare"] = ({ classes }) => 1 / classes;

/** The mistakes that are known by name, each with the gradients that it leads to. */
export const mistakes: readonly Mistake[] = [
  {
    name: "penalty-factor",
    step: "penalty",
    what: "the factor 2 of the penalty is missing: it adds lambda W",
    remedy: "the derivative of lambda * sum W^2 is 2 * lambda * W",
    change: { penalty: 1 },
  },
  {
    name: "penalty-missing",
    step: "penalty",
    what: "the penalty's part is missing",
    remedy: "add 2 * lambda * W to the gradient of every W",
    change: { penalty: 0 },
  },
  {
    name: "penalty-sign",
    step: "penalty",
    what: "the penalty's part is subtracted",
    remedy: "add 2 * lambda * W",
    change: { penalty: -2 },
  },
  {
    name: "penalty-over-examples",
    step: "penalty",
    what: "the penalty's part is divided by the number of examples",
    remedy: "divide the loss's part alone: G X^T / n + 2 * lambda * W",
    change: { penaltyOverExamples: true },
  },
  {
    name: "bias-penalised",
    step: "bias",
    what: "the biases are penalised: 2 lambda b is added",
    remedy: "the penalty counts weights only: the gradient of b is the mean of G over the examples",
    change: { biasPenalty: 2 },
  },
  {
    name: "sum-for-mean",
    step: "mean",
    what: "the 1/n is missing: sums over the examples in place of means",
    remedy: "divide G X^T and the sum of G by the number of examples",
    change: { weightShare: sum, biasShare: sum, gainShare: sum },
  },
  {
    name: "bias-sum",
    step: "mean",
    what: "the 1/n is missing in the gradients of the biases: a sum over the examples in place of the mean",
    remedy: "the gradient of b is the mean of the columns of G",
    change: { biasShare: sum },
  },
  {
    name: "weight-sum",
    step: "mean",
    what: "the 1/n is missing in the gradients of the weights: sums over the examples in place of means",
    remedy: "divide G X^T by the number of examples",
    change: { weightShare: sum },
  },
  {
    name: "mean-twice",
    step: "mean",
    what: "the mean is taken twice: divided by n * n",
    remedy: "divide by the number of examples once",
    change: { weightShare: twice, biasShare: twice, gainShare: twice },
  },
  {
    name: "mean-over-classes",
    step: "mean",
    what: "divided by the number of classes in place of that of the examples",
    remedy: "divide by the number of examples: that of the columns of X where columns are examples",
    change: { weightShare: overClasses, biasShare: overClasses, gainShare: overClasses },
  },
  {
    name: "without-labels",
    step: "residual",
    what: "the gradient of the softmax is P, without minus Y",
    remedy: "G = P - Y",
    change: { residual: (probability) => probability },
  },
  {
    name: "labels-only",
    step: "residual",
    what: "the gradient of the softmax is -Y, without P",
    remedy: "G = P - Y",
    change: { residual: (_, isLabel) => (isLabel ? -1 : 0) },
  },
  {
    name: "residual-sign",
    step: "residual",
    what: "the sign of the loss's part is wrong: Y - P in place of P - Y",
    remedy: "G = P - Y: the gradient points to where the cost grows",
    change: { residual: (probability, isLabel) => -residual(probability, isLabel) },
  },
  {
    name: "sign",
    step: "all",
    what: "the sign of everything is wrong",
    remedy: "give the gradient, not the step against it",
    change: { factor: -1 },
  },
  {
    name: "relu-missing",
    step: "relu",
    what: "the ReLU's mask is missing: gradients pass where the score is not positive",
    remedy: "after G <- W^T G set G to 0 where the hidden activation is 0",
    change: { mask: (_, gradient) => gradient },
  },
  {
    name: "relu-wrong-side",
    step: "relu",
    what: "the ReLU's mask is taken from the wrong side: gradients pass where the score is negative",
    remedy: "keep G where the hidden activation is above 0",
    change: { mask: (score, gradient) => (score > 0 ? 0 : gradient) },
  },
  {
    name: "relu-of-gradient",
    step: "relu",
    what: "the ReLU's mask is taken from the gradient: G is kept where G itself is positive",
    remedy: "the mask is that of the forward pass: keep G where the hidden activation is above 0",
    change: { mask: (_, gradient) => Math.max(0, gradient) },
  },
  {
    name: "scores-for-activations",
    step: "forward",
    what: "the gradients of the upper weights use the scores below them, before the ReLU",
    remedy: "dW = G h^T / n with h = max(0, s)",
    change: { fromScores: true },
  },
  {
    name: "without-biases",
    step: "forward",
    what: "the forward pass leaves the biases out",
    remedy: "s = W x + b",
    change: { withBiases: false },
  },
  {
    name: "softmax-over-examples",
    step: "forward",
    what: "the softmax is taken over the examples in place of the classes",
    remedy: "normalise each example's scores over the classes: along axis 0 where columns are examples",
    change: { softmaxOver: "examples" },
  },
  {
    name: "labels-shifted-up",
    step: "labels",
    what: "the classes are shifted by one: label y is taken for y + 1",
    remedy: "number the classes as the labels do: from 0 in Python, from 1 in MATLAB",
    change: { label: (label, classes) => (label + 1) % classes },
  },
  {
    name: "labels-shifted-down",
    step: "labels",
    what: "the classes are shifted by one: label y is taken for y - 1",
    remedy: "number the classes as the labels do: from 0 in Python, from 1 in MATLAB",
    change: { label: (label, classes) => (label + classes - 1) % classes },
  },
  {
    name: "standardised",
    step: "input",
    what: "the inputs are not those of the file: each dimension of X was standardised first",
    remedy: "compute the gradients on the X that the file holds, or save the X that they were computed on",
    change: { inputs: (inputs, dimensions) => standardised(inputs, dimensions) },
  },
  {
    name: "not-standardised-bytes",
    step: "input",
    what: "the inputs are not those of the file: X was multiplied by 255",
    remedy: "compute the gradients on the X that the file holds: x/255, then standardised",
    change: { inputs: (inputs) => inputs.map((value) => value * 255) },
  },
  {
    name: "over-255",
    step: "input",
    what: "the inputs are not those of the file: X was divided by 255",
    remedy: "compute the gradients on the X that the file holds, or save the X that they were computed on",
    change: { inputs: (inputs) => inputs.map((value) => value / 255) },
  },
  {
    name: "penalty-alone",
    step: "all",
    what: "the loss's part is missing: what is there is the penalty's alone",
    remedy: "add G X^T / n, and to b the mean of G",
    change: { weightShare: () => 0, biasShare: () => 0, gainShare: () => 0 },
  },
  {
    name: "norm-as-constants",
    step: "norm",
    what: "the mean and the variance of a normalisation are taken for constants in the backward pass",
    remedy: "ds = (D - mean(D) - x mean(D x)) / sqrt(v + eps): docs/derivations/batch-norm.md",
    change: { normThrough: "neither" },
    isOfBatchNorm: true,
  },
  {
    name: "norm-without-variance",
    step: "norm",
    what: "the backward pass of a normalisation leaves out the part that goes through the variance",
    remedy: "subtract x mean(D x) as well: ds = (D - mean(D) - x mean(D x)) / sqrt(v + eps)",
    change: { normThrough: "mean" },
    isOfBatchNorm: true,
  },
  {
    name: "norm-without-mean",
    step: "norm",
    what: "the backward pass of a normalisation leaves out the part that goes through the mean",
    remedy: "subtract mean(D) as well: ds = (D - mean(D) - x mean(D x)) / sqrt(v + eps)",
    change: { normThrough: "variance" },
    isOfBatchNorm: true,
  },
  {
    name: "gain-missing",
    step: "norm",
    what: "the gradient is not multiplied by gamma on its way down through a normalisation",
    remedy: "D = gamma G before the backward pass of the normalisation",
    change: { withGain: false },
    isOfBatchNorm: true,
  },
  {
    name: "variance-over-one-less",
    step: "forward",
    what: "the variance of a normalisation is divided by n - 1",
    remedy: "divide by n: numpy's var, MATLAB's var(s, 1, 2)",
    change: { varianceOver: (examples) => examples - 1 },
    isOfBatchNorm: true,
  },
  {
    name: "relu-before-norm",
    step: "relu",
    what: "the ReLU's mask is that of the scores before the normalisation",
    remedy: "keep G where gamma x + beta, which the ReLU reads, is above 0",
    change: { maskBeforeNorm: true },
    isOfBatchNorm: true,
  },
  {
    name: "gain-of-scores",
    step: "gain",
    what: "the gradient of gamma is made with the scores before the normalisation",
    remedy: "dgamma is the mean of G x over the examples, x the normalised scores",
    change: { gainOf: "scores" },
    isOfBatchNorm: true,
  },
  {
    name: "gain-sum",
    step: "mean",
    what: "the 1/n is missing in the gradients of gamma and beta: sums over the examples in place of means",
    remedy: "dgamma is the mean of G x over the examples, dbeta that of G",
    change: { gainShare: sum },
    isOfBatchNorm: true,
  },
];

/** Each dimension minus its mean, divided by its standard deviation, over the examples. */
function standardised(inputs: Float64Array, dimensions: number): Float64Array {
  const n = inputs.length / dimensions;
  const result = new Float64Array(inputs.length);
  for (let f = 0; f < dimensions; f++) {
    const row = inputs.subarray(f * n, (f + 1) * n);
    const mean = row.reduce((total, value) => total + value, 0) / n;
    const deviation = Math.sqrt(row.reduce((total, value) => total + (value - mean) ** 2, 0) / n);
    for (let j = 0; j < n; j++) result[f * n + j] = deviation === 0 ? 0 : (row[j] - mean) / deviation;
  }
  return result;
}
