import { Fault } from "../../../fault/fault.ts";
import type { ClassLoss, Device, Into, Mixture, Tensor } from "../../device.ts";
import { dropMask } from "../../random/drop-mask.ts";
import { type AdapterInfo, adapterDetails, requestAdapter } from "./adapter.ts";
import { LANES } from "./kernel.ts";
import { activate, activationGradient } from "./kernels/activation.ts";
import { batchNorm, batchNormGradient, normalise } from "./kernels/batch-norm.ts";
import * as elementwise from "./kernels/elementwise.ts";
import {
  classLoss,
  classLossGradient,
  SAMPLES,
  softmaxCrossEntropy,
  softmaxCrossEntropyGradient,
} from "./kernels/losses.ts";
import * as products from "./kernels/product.ts";
import { createQueue, goOnElsewhere } from "./queue.ts";
import { bufferOf, createStorage, type GpuImages } from "./storage.ts";

/** Groups that keep a GPU busy: a product that has fewer is cut along its terms. */
const BUSY = 256;
/** Terms of a slice, at least. */
const LEAST_TERMS = 128;
/** Numbers that a group takes in where squares are summed. */
const SQUARED_AT_ONCE = 8192;
/** Parts of a member's sum of squares, at most. */
const MOST_SLICES = 16;

/** How long to wait in milliseconds before a GPU that does not begin is taken for one that is not there. */
const PATIENCE = 20_000;

/** What a page has of WebGPU. */
export const createPageWebgpuDevice = (): Promise<Device> =>
  createWebgpuDevice(
    globalThis.navigator?.gpu,
    "use a browser with WebGPU, over HTTPS or on localhost (Chrome, Edge, Safari 26, Firefox 141 on Windows), or the device wasm",
  );

/**
 * Kernels in WGSL, for whatever GPU WebGPU finds, in f32. All members of a population are one call: a shared batch makes one wide
 * product, and otherwise members are a dimension of the grid. A call only queues work; reading waits for it, which takes longer
 * than a step of training (`readsSlowly`). Sums have a fixed order, but compilers of GPUs fuse as they like: the bits are
 * those of one GPU and driver, and agree with other devices within a tolerance.
 * @throws Fault `device` where there is no GPU that can be used
 */
export async function createWebgpuDevice(gpu: GPU | undefined, remedy: string): Promise<Device> {
  const adapter = await withinPatience(requestAdapter(gpu, remedy), remedy);
  const { device, gone } = await openDevice(adapter, remedy);
  return deviceOf(device, adapter.info, gone);
}

async function openDevice(adapter: GPUAdapter, remedy: string) {
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits;
  const device = await adapter
    .requestDevice({ requiredLimits: { maxStorageBufferBindingSize, maxBufferSize } })
    .catch((cause: unknown) => {
      throw new Fault("device", "device", `webgpu: the GPU cannot be opened: ${messageOf(cause)}`, remedy, { cause });
    });
  let failure: Error | undefined;
  device.addEventListener("uncapturederror", (event) => {
    const { error } = event as GPUUncapturedErrorEvent;
    failure ??= failureOf(error);
  });
  void device.lost.then(({ reason, message }) => {
    if (reason === "destroyed") return;
    failure = new Fault("device", "device", `webgpu: the GPU was lost: ${message}`, goOnElsewhere);
  });
  return { device, gone: () => failure };
}

/** What the GPU said of a call, after the call. */
function failureOf(error: GPUError): Error {
  if (error.constructor.name === "GPUOutOfMemoryError") {
    const remedy = "train fewer members at once, or smaller batches, or on wasm: --device wasm";
    return new Fault("device", "device", `webgpu: the GPU has no memory left: ${error.message}`, remedy);
  }
  return new Error(`webgpu: ${error.message}`);
}

function deviceOf(gpuDevice: GPUDevice, info: AdapterInfo, gone: () => Error | undefined): Device {
  const details = adapterDetails(info);
  const queue = createQueue(gpuDevice, gone);
  const storage = createStorage(gpuDevice, queue, details);
  const { slotsFor, slotsOf, scratch, ...kept } = storage;
  const lanes = (count: number) => Math.ceil(count / LANES);

  const intoOf = ({ target, base, alpha, beta }: Into) => {
    return { result: bufferOf(target), base: bufferOf(base), alpha, beta };
  };

  /** Counts of `members` products of [rows, inner] and [inner, columns] in `slices` parts, and the grid of their tiles. */
  function productOf(
    members: number,
    rowCount: number,
    columns: number,
    inner: number,
    aStride: number,
    bStride: number,
  ) {
    const tiles = [Math.ceil(columns / products.TILE), Math.ceil(rowCount / products.TILE)] as const;
    return {
      grid: (slices: number) => [...tiles, members * slices] as const,
      groups: tiles[0] * tiles[1] * members,
      counts: { rowCount, columns, inner, aStride, bStride },
    };
  }

  function rowSum(into: Into, ds: Tensor) {
    const [members, out, n] = ds.shape;
    return { rowCount: members * out, out, n, ...intoOf(into) };
  }

  function lossCounts(tally: Parameters<Device["classLoss"]>[1], s: Tensor) {
    const [members, classes, n] = s.shape;
    const chunks = Math.ceil(n / SAMPLES);
    return { groups: members * chunks, members, classes, n, chunks, ...slotsFor(tally, chunks) };
  }

  /** Second labels; some other memory where there are none. */
  function mixtureOf(mixture: Mixture | undefined, labels: Tensor) {
    return {
      isMixed: mixture === undefined ? 0 : 1,
      others: bufferOf(mixture?.labels ?? labels),
      shares: bufferOf(mixture?.share ?? labels),
    };
  }

  return {
    name: "webgpu",
    dtype: "f32",
    arithmetic: "unspecified",
    details,
    readsSlowly: true,
    ...kept,
    close() {
      queue.close();
      gpuDevice.destroy();
    },

    gather(x, labels, from, rows, { scale, shift }) {
      const { images, labels: bytes, dimension } = from as GpuImages;
      const n = rows.length;
      queue.run(elementwise.gather, lanes(n * Math.ceil(dimension / 4)), {
        x: bufferOf(x),
        y: bufferOf(labels),
        images,
        labels: bytes,
        scale: bufferOf(scale),
        shift: bufferOf(shift),
        n,
        dimension,
        rows,
      });
    },

    affine(s, w, x, b) {
      const [members, out, n] = s.shape;
      const inner = w.shape[2];
      const isWide = x.shape[0] === 1;
      const [count, rowCount] = isWide ? [1, members * out] : [members, out];
      const { grid, groups, counts } = productOf(count, rowCount, n, inner, out * inner, inner * n);
      const slices = Math.min(Math.ceil(inner / LEAST_TERMS), Math.ceil(BUSY / groups));
      const operands = { a: bufferOf(w), b: bufferOf(x) };
      const bias = bufferOf(b);
      if (slices === 1) {
        const of = { ...counts, ...operands, terms: inner, slices, s: bufferOf(s), bias };
        queue.run(products.affine, grid(1), of);
        return;
      }
      const parts = scratch(4 * slices * s.size);
      const terms = Math.ceil(inner / slices);
      queue.run(products.affineSlices, grid(slices), {
        ...counts,
        ...operands,
        terms,
        slices,
        products: count,
        parts,
      });
      queue.run(products.addSlices, lanes(s.size), { s: bufferOf(s), parts, bias, count: s.size, n, slices });
    },

    transposeProduct(dx, w, ds) {
      const [members, out, inner] = w.shape;
      const n = ds.shape[2];
      const { grid, counts } = productOf(members, inner, n, out, out * inner, out * n);
      const operands = { dx: bufferOf(dx), a: bufferOf(w), b: bufferOf(ds) };
      queue.run(products.transposeProduct, grid(1), { ...counts, ...operands, terms: out, slices: 1 });
    },

    outerProduct(into, ds, x) {
      const [members, out, n] = ds.shape;
      const inputs = x.shape[1];
      const isWide = x.shape[0] === 1;
      const [count, rowCount] = isWide ? [1, members * out] : [members, out];
      const { grid, counts } = productOf(count, rowCount, inputs, n, out * n, inputs * n);
      const operands = { a: bufferOf(ds), b: bufferOf(x), ...intoOf(into) };
      queue.run(products.outerProduct, grid(1), { ...counts, ...operands, out, terms: n, slices: 1 });
    },

    sampleSum(into, ds) {
      const of = rowSum(into, ds);
      queue.run(elementwise.sampleSum, of.rowCount, { ...of, ds: bufferOf(ds) });
    },

    relu(h, s) {
      queue.run(elementwise.relu, lanes(h.size), { h: bufferOf(h), s: bufferOf(s), count: h.size });
    },

    reluGradient(ds, dh, h) {
      const of = { ds: bufferOf(ds), dh: bufferOf(dh), h: bufferOf(h), count: ds.size };
      queue.run(elementwise.reluGradient, lanes(ds.size), of);
    },

    activate(h, s, activation) {
      const slope = activation.kind === "leaky-relu" ? activation.slope : 0;
      const of = { h: bufferOf(h), s: bufferOf(s), count: h.size, slope };
      queue.run(activate[activation.kind], lanes(h.size), of);
    },

    activationGradient(ds, dh, from, activation) {
      const slope = activation.kind === "leaky-relu" ? activation.slope : 0;
      const of = { ds: bufferOf(ds), dh: bufferOf(dh), origin: bufferOf(from), count: ds.size, slope };
      queue.run(activationGradient[activation.kind], lanes(ds.size), of);
    },

    batchNorm(y, normalised, { mean, variance }, s, affine, eps) {
      const [members, out, n] = s.shape;
      queue.run(batchNorm, members * out, {
        y: bufferOf(y),
        normalised: bufferOf(normalised),
        mean: bufferOf(mean),
        variance: bufferOf(variance),
        s: bufferOf(s),
        gamma: bufferOf(affine?.gamma ?? s),
        beta: bufferOf(affine?.beta ?? s),
        isAffine: affine === undefined ? 0 : 1,
        rowCount: members * out,
        n,
        eps,
      });
    },

    normalise(y, s, { mean, variance }, affine, eps) {
      queue.run(normalise, lanes(s.size), {
        y: bufferOf(y),
        s: bufferOf(s),
        mean: bufferOf(mean),
        variance: bufferOf(variance),
        gamma: bufferOf(affine?.gamma ?? mean),
        beta: bufferOf(affine?.beta ?? mean),
        isAffine: affine === undefined ? 0 : 1,
        count: s.size,
        n: s.shape[2],
        eps,
      });
    },

    batchNormGradient(ds, dy, normalised, variance, gamma, eps) {
      const [members, out, n] = dy.shape;
      queue.run(batchNormGradient, members * out, {
        ds: bufferOf(ds),
        dy: bufferOf(dy),
        normalised: bufferOf(normalised),
        variance: bufferOf(variance),
        gamma: bufferOf(gamma ?? variance),
        isAffine: gamma === undefined ? 0 : 1,
        rowCount: members * out,
        n,
        eps,
      });
    },

    sampleProductSum(into, a, b) {
      const of = rowSum(into, a);
      queue.run(elementwise.sampleProductSum, of.rowCount, { ...of, a: bufferOf(a), b: bufferOf(b) });
    },

    multiply(product, a, b) {
      const of = { c: bufferOf(product), a: bufferOf(a), b: bufferOf(b), count: a.size };
      queue.run(elementwise.multiply, lanes(a.size), of);
    },

    softmaxCrossEntropy(p, tally, s, labels) {
      const { groups, ...counts } = lossCounts(tally, s);
      const of = { ...counts, p: bufferOf(p), s: bufferOf(s), labels: bufferOf(labels) };
      queue.run(softmaxCrossEntropy, groups, of);
    },

    softmaxCrossEntropyGradient(ds, p, labels) {
      const [, classes, n] = p.shape;
      const of = { ds: bufferOf(ds), p: bufferOf(p), labels: bufferOf(labels), count: p.size, classes, n };
      queue.run(softmaxCrossEntropyGradient, lanes(p.size), of);
    },

    classLoss(p, tally, s, labels, loss, mixture) {
      const { groups, ...counts } = lossCounts(tally, s);
      const operands = { p: bufferOf(p), s: bufferOf(s), labels: bufferOf(labels) };
      const of = { ...counts, ...operands, ...mixtureOf(mixture, labels), setting: settingOf(loss) };
      queue.run(classLoss[loss.kind], groups, of);
    },

    classLossGradient(ds, p, labels, loss, mixture) {
      const [, classes, n] = p.shape;
      const operands = { ds: bufferOf(ds), p: bufferOf(p), labels: bufferOf(labels) };
      const of = { ...operands, ...mixtureOf(mixture, labels), count: p.size, classes, n, setting: settingOf(loss) };
      queue.run(classLossGradient[loss.kind], lanes(p.size), of);
    },

    squareSum(tally, w) {
      const members = w.shape[0];
      const length = w.size / members;
      const slices = Math.min(MOST_SLICES, Math.ceil(length / SQUARED_AT_ONCE));
      const of = { w: bufferOf(w), members, length, slices, ...slotsFor(tally, slices) };
      queue.run(elementwise.squareSum, members * slices, of);
    },

    combine(into, g) {
      queue.run(elementwise.combine, lanes(g.size), { ...intoOf(into), g: bufferOf(g), ...sizesOf(g) });
    },

    combineSquares(into, g) {
      queue.run(elementwise.combineSquares, lanes(g.size), { ...intoOf(into), g: bufferOf(g), ...sizesOf(g) });
    },

    rootStep(w, d, v, factors) {
      const operands = { w: bufferOf(w), d: bufferOf(d), v: bufferOf(v) };
      const of = { ...operands, ...factors, ...sizesOf(w) };
      queue.run(elementwise.rootStep, lanes(w.size), of);
    },

    clip(g, squares, limit) {
      const of = { g: bufferOf(g), ...sizesOf(g), members: g.shape[0], limit };
      queue.run(elementwise.clip, lanes(g.size), { ...of, ...slotsOf(squares) });
    },

    drop(mask, dropout) {
      storage.write(mask, dropMask(mask.size, dropout));
    },

    followVelocity(w, v, pull) {
      const of = { w: bufferOf(w), v: bufferOf(v), pull, ...sizesOf(w) };
      queue.run(elementwise.followVelocity, lanes(w.size), of);
    },
  };
}

/** Numbers of a parameter's tensor, and of one member of it. */
function sizesOf({ size, shape }: Tensor) {
  return { count: size, length: size / shape[0] };
}

/** The one number of a loss. */
function settingOf(loss: ClassLoss): number {
  switch (loss.kind) {
    case "smoothed":
      return loss.smoothing;
    case "sigmoid":
      return loss.weight;
    case "hinge":
      return loss.margin;
  }
}

/** A driver that hangs is one that is not there. */
async function withinPatience<T>(promise: Promise<T>, remedy: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const complaint = `webgpu: the GPU did not answer within ${PATIENCE / 1000} seconds`;
      reject(new Fault("device", "device", complaint, remedy));
    }, PATIENCE);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
