import type { Activation, ClassLoss } from "../device.ts";

/** What a kernel's argument is: an address in the devices' common memory, a whole number, or one in the kernel's precision. */
export type ArgumentKind = "address" | "count" | "number";

type Signatures = Readonly<Record<string, Readonly<Record<string, ArgumentKind>>>>;

const into = { target: "address", base: "address", alpha: "address", beta: "address" } as const;
const extents = { members: "count", out: "count", inner: "count", n: "count" } as const;

/**
 * The kernels of all devices that compute in WebAssembly's memory, and their arguments in order. There are two of each,
 * `affine_f32` and `affine_f64`, called with two counts, `part` and `parts`, before these. An address of 0 stands for nothing.
 */
export const kernelSignatures = {
  gather: {
    ...{ forward: "address", backward: "address", labels: "address", images: "address", imageLabels: "address" },
    ...{ dimension: "count", rows: "address", n: "count", scale: "address", shift: "address" },
    nextCount: "count",
  },
  affine: {
    ...{ scratch: "address", s: "address", w: "address", x: "address", b: "address", panels: "address" },
    ...{ partials: "address", ...extents, isShared: "count" },
  },
  addPartials: { s: "address", partials: "address", length: "count", count: "count" },
  transposeProduct: { scratch: "address", dx: "address", w: "address", ds: "address", ...extents },
  outerProduct: {
    ...{ scratch: "address", ...into, ds: "address", x: "address", panels: "address" },
    ...{ ...extents, isShared: "count" },
  },
  sampleSum: { ...into, ds: "address", members: "count", out: "count", n: "count" },
  relu: { h: "address", s: "address", count: "count" },
  reluGradient: { ds: "address", dh: "address", h: "address", count: "count" },
  activate: { h: "address", s: "address", kind: "count", slope: "number", count: "count" },
  activationGradient: {
    ...{ ds: "address", dh: "address", from: "address", kind: "count", slope: "number", count: "count" },
  },
  batchNorm: {
    ...{ y: "address", normalised: "address", mean: "address", variance: "address", s: "address" },
    ...{ gamma: "address", beta: "address", eps: "number", rows: "count", n: "count" },
  },
  normalise: {
    ...{ y: "address", s: "address", mean: "address", variance: "address" },
    ...{ gamma: "address", beta: "address", eps: "number", rows: "count", n: "count" },
  },
  batchNormGradient: {
    ...{ ds: "address", dy: "address", normalised: "address", variance: "address" },
    ...{ gamma: "address", eps: "number", rows: "count", n: "count" },
  },
  sampleProductSum: { ...into, a: "address", b: "address", members: "count", out: "count", n: "count" },
  multiply: { product: "address", a: "address", b: "address", count: "count" },
  softmaxCrossEntropy: {
    ...{ p: "address", tally: "address", s: "address", labels: "address" },
    ...{ members: "count", classes: "count", n: "count" },
  },
  softmaxCrossEntropyGradient: {
    ...{ ds: "address", p: "address", labels: "address", members: "count", classes: "count", n: "count" },
  },
  classLoss: {
    ...{ p: "address", tally: "address", s: "address", labels: "address", others: "address", shares: "address" },
    ...{ kind: "count", parameter: "number" },
    ...{ members: "count", classes: "count", n: "count" },
  },
  classLossGradient: {
    ...{ ds: "address", p: "address", labels: "address", others: "address", shares: "address" },
    ...{ kind: "count", parameter: "number" },
    ...{ members: "count", classes: "count", n: "count" },
  },
  squareSum: { tally: "address", w: "address", members: "count", length: "count" },
  combine: { ...into, g: "address", members: "count", length: "count" },
  combineSquares: { ...into, g: "address", members: "count", length: "count" },
  rootStep: {
    ...{ w: "address", d: "address", v: "address", keep: "address", rate: "address", correction: "address" },
    ...{ eps: "address", members: "count", length: "count" },
  },
  clip: { g: "address", squares: "address", limit: "address", members: "count", length: "count" },
  drop: {
    ...{ mask: "address", words: "address", kept: "address", first: "count", second: "count" },
    ...{ members: "count", length: "count" },
  },
  followVelocity: { w: "address", v: "address", pull: "address", members: "count", length: "count" },
} as const satisfies Signatures;

/** What one thread does alone, in both precisions: how a batch is laid out, and bytes that a kernel's part needs beside it. */
export const layoutSignatures = {
  panelBytes: { inner: "count", columns: "count" },
  pack: { panels: "address", b: "address", inner: "count", columns: "count" },
  packTransposed: { panels: "address", b: "address", inner: "count", columns: "count" },
  unpack: { b: "address", panels: "address", inner: "count", columns: "count" },
  affineScratch: { inner: "count", n: "count", hasPanels: "count" },
  transposeScratch: { out: "count", n: "count" },
  outerScratch: { rows: "count", out: "count", inner: "count", n: "count", hasPanels: "count" },
} as const satisfies Signatures;

/** A loss as kernels take it. */
export function lossArguments(loss: ClassLoss): { readonly kind: number; readonly parameter: number } {
  switch (loss.kind) {
    case "smoothed":
      return { kind: 0, parameter: loss.smoothing };
    case "sigmoid":
      return { kind: 1, parameter: loss.weight };
    case "hinge":
      return { kind: 2, parameter: loss.margin };
  }
}

/** An activation as kernels take it. */
export function activationArguments(activation: Activation): { readonly kind: number; readonly slope: number } {
  switch (activation.kind) {
    case "leaky-relu":
      return { kind: 0, slope: activation.slope };
    case "gelu":
      return { kind: 1, slope: 0 };
    case "tanh":
      return { kind: 2, slope: 0 };
  }
}

export type KernelName = keyof typeof kernelSignatures;

/** A kernel's arguments by their names, without `part` and `parts`. */
export type KernelArguments<Name extends KernelName> = Readonly<Record<keyof (typeof kernelSignatures)[Name], number>>;

const order: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(kernelSignatures).map(([kernel, signature]) => [kernel, Object.keys(signature)]),
);

/** A kernel's arguments in the order of its signature. */
export function inOrder<Name extends KernelName>(kernel: Name, byName: KernelArguments<Name>): number[] {
  const values: Readonly<Record<string, number>> = byName;
  return order[kernel].map((name) => values[name]);
}
