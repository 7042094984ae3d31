import { Fault } from "../../../fault/fault.ts";
import type { Arithmetic, Device, Dtype, Into, Mixture, Tensor } from "../../device.ts";
import {
  activationArguments,
  inOrder,
  type KernelArguments,
  type KernelName,
  kernelSignatures,
  lossArguments,
} from "../kernel-signatures.ts";
import { probeArithmetic } from "../probe-arithmetic.ts";
import { relaxed, simd } from "./kernels.generated.ts";
import { createBlocks, createMemory } from "./memory.ts";
import { at, bytesOf, createStorage, numbersAt, panelsOf, tallyAt, type WasmImages } from "./storage.ts";
import {
  controlBytes,
  createTeam,
  type Extension,
  type Kernels,
  loneTeam,
  type Patience,
  type StartHelper,
} from "./team.ts";

/** What it costs to read and write a number once, in multiplications of a product. */
const passing = 8;
/** And to draw a random number. */
const drawing = 50;

/** How a device shares out its work; no choice changes a result. */
export interface Sharing {
  /** Threads, the caller's among them; every processor's when absent. */
  readonly threads?: number | undefined;
  /** Multiplications that are worth waking a thread for; about ten microseconds of one when absent. */
  readonly workAPart?: number;
  /** How to start another thread; without it there is one. */
  readonly startHelper?: StartHelper;
  readonly patience?: Patience;
  /** Memory at most; all that 32-bit addresses reach when absent. */
  readonly mostBytes?: number;
}

/** A device that shares this one's memory and most of its kernels. */
export interface Variant {
  readonly name: string;
  readonly details: string;
  /** Whether it keeps a batch once, for products with X and with its transpose. */
  readonly readsBothWays: boolean;
  /** Whether a gather only notes which images are meant, which is not worth sharing out. */
  readonly gathersLater?: boolean;
  /** Replaces kernels by name, in every thread. */
  readonly extension: Extension;
  /** Loads a module where the variant's own is asked for. */
  readonly require: (name: string) => unknown;
}

/**
 * SIMD kernels written in AssemblyScript (`kernels/`), with fused multiply-adds where the engine has relaxed SIMD,
 * shared out among threads.
 *
 * One element of a result is always the same sequence of operations, whatever population, tile or thread it is part of:
 * results are bit-identical for every packing of members and every number of threads. Exponentials and logarithms are
 * compiled in, so an engine can differ from another only by having fused multiply-adds or not.
 */
export async function createWasmDevice(
  dtype: Dtype,
  {
    threads = globalThis.navigator?.hardwareConcurrency ?? 1,
    workAPart = 150_000,
    startHelper,
    patience,
    mostBytes = Number.POSITIVE_INFINITY,
  }: Sharing = {},
  variant?: Variant,
): Promise<Device> {
  const isRelaxed = WebAssembly.validate(decodeBase64(relaxed));
  const memory = createMemory(mostBytes);
  const module = await compile(isRelaxed ? relaxed : simd);
  const wasmKernels = new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels;
  const kernels =
    variant === undefined
      ? wasmKernels
      : variant.extension.extend(variant.extension.data, memory, wasmKernels, variant.require);
  const blocks = createBlocks(memory, kernels.heapBase());
  const team =
    startHelper === undefined
      ? loneTeam(kernels)
      : createTeam(
          threads,
          startHelper,
          module,
          memory,
          kernels,
          blocks.take(controlBytes),
          variant?.extension,
          patience,
        );
  const size = bytesOf[dtype];
  const exported = Object.fromEntries(
    Object.keys(kernelSignatures).map((kernel) => [kernel, `${kernel}_${dtype}`]),
  ) as Record<KernelName, string>;
  const [affineScratch, transposeScratch, outerScratch] = ["affine", "transpose", "outer"].map(
    (kernel) => kernels[`${kernel}Scratch_${dtype}`],
  );

  // Memory that grows to the largest need seen: products' scratch, row numbers, and alphas and betas.
  const scratch = growing();
  const rowNumbers = growing();
  const dropWords = growing();
  const factors = growing();

  function growing(): (bytes: number) => number {
    let [address, room] = [0, 0];
    return (bytes) => {
      if (bytes > room) {
        if (room > 0) blocks.give(address, room);
        room = 0;
        address = blocks.take(bytes);
        room = bytes;
      }
      return address;
    };
  }

  /** Parts that a kernel's work is worth. */
  function partsOf(work: number): number {
    return Math.max(1, Math.min(team.size, Math.floor(work / workAPart)));
  }

  // Arguments are written out where they are passed: the engine takes a microsecond to spread an object into another, and a
  // step calls some fifteen kernels, half of them as short as that.

  /** Runs a kernel in as many parts. */
  function run<Name extends KernelName>(kernel: Name, parts: number, byName: KernelArguments<Name>): void {
    team.run(exported[kernel], parts, inOrder(kernel, byName));
  }

  /** Address of lists with one number a member, one behind the other, until the next are written. */
  function ofMembers(...lists: readonly Float64Array[]): number {
    const [{ length }] = lists;
    const room = factors(lists.length * length * size);
    const all = numbersAt(memory, dtype, room, lists.length * length);
    for (let i = 0; i < lists.length; i++) all.set(lists[i], i * length);
    return room;
  }

  /** Address of alphas; those of betas follow. */
  function factorsOf({ alpha, beta }: Into): number {
    return ofMembers(alpha, beta);
  }

  /** Combines g, or the square of it, with what `into` names. */
  function combineBy(kernel: "combine" | "combineSquares", into: Into, g: Tensor): void {
    const members = g.shape[0];
    const alpha = factorsOf(into);
    run(kernel, partsOf(passing * g.size), {
      target: at(into.target),
      base: at(into.base),
      alpha,
      beta: alpha + members * size,
      g: at(g),
      members,
      length: g.size / members,
    });
  }

  /** Addresses of second labels and the first ones' shares. */
  function secondLabels(mixture: Mixture | undefined) {
    return { others: at(mixture?.labels), shares: at(mixture?.share) };
  }

  const device = {
    name: variant?.name ?? "wasm",
    dtype,
    ...createStorage(blocks, dtype, kernels, scratch, variant?.readsBothWays ?? false),
    close() {
      team.close();
    },

    gather(x, labels, from, rows, { scale, shift }, next) {
      const { images, labels: imageLabels, dimension } = from as WasmImages;
      const { forward, backward } = panelsOf(x);
      if (forward === 0) throw new RangeError("gather: not a tensor made by batch()");
      const n = rows.length;
      const nextCount = Math.min(n, next?.length ?? 0);
      const numbers = rowNumbers(2 * rows.byteLength);
      const room = new Uint32Array(memory.buffer, numbers, 2 * n);
      room.set(rows);
      if (next !== undefined) room.set(next.subarray(0, nextCount), n);
      const parts = variant?.gathersLater ? 1 : partsOf(dimension * n);
      run("gather", parts, {
        forward,
        backward,
        labels: at(labels),
        images,
        imageLabels,
        dimension,
        rows: numbers,
        n,
        scale: at(scale),
        shift: at(shift),
        nextCount,
      });
    },

    affine(s, w, x, b) {
      const [members, out, n] = s.shape;
      const inner = w.shape[2];
      const isShared = x.shape[0] === 1 ? 1 : 0;
      const panels = panelsOf(x).forward;
      const parts = partsOf(members * out * inner * n);
      const affineBytes = parts * affineScratch(inner, n, panels === 0 ? 0 : 1);
      // Of one network on a batch, parts may share out the features: the sums of all but the first are added to its own.
      const sums = members === 1 && panels !== 0 && parts > 1 ? kernels.partialCount(inner, parts, n) : 0;
      const room = scratch(affineBytes + sums * s.size * size);
      const partials = room + affineBytes;
      run("affine", parts, {
        scratch: room,
        s: at(s),
        w: at(w),
        x: at(x),
        b: at(b),
        panels,
        partials,
        members,
        out,
        inner,
        n,
        isShared,
      });
      if (sums === 0) return;
      // They come from the caches of other processors.
      const shared = Math.min(parts, partsOf(4 * passing * s.size * sums));
      run("addPartials", shared, { s: at(s), partials, length: s.size, count: sums });
    },

    transposeProduct(dx, w, ds) {
      const [members, out, inner] = w.shape;
      const n = ds.shape[2];
      const parts = partsOf(members * out * inner * n);
      const room = scratch(parts * transposeScratch(out, n));
      run("transposeProduct", parts, { scratch: room, dx: at(dx), w: at(w), ds: at(ds), members, out, inner, n });
    },

    outerProduct(into, ds, x) {
      const [members, out, n] = ds.shape;
      const inner = x.shape[1];
      const isShared = x.shape[0] === 1 ? 1 : 0;
      const panels = panelsOf(x).backward;
      if (panels === 0 && at(x) === 0) throw new RangeError("outerProduct: the batch was made to be measured");
      const parts = partsOf(members * out * inner * n);
      const rows = members === 1 ? out : Math.ceil((members * out) / parts);
      const room = scratch(parts * outerScratch(rows, out, inner, n, panels === 0 ? 0 : 1));
      const alpha = factorsOf(into);
      run("outerProduct", parts, {
        scratch: room,
        target: at(into.target),
        base: at(into.base),
        alpha,
        beta: alpha + members * size,
        ds: at(ds),
        x: at(x),
        panels,
        members,
        out,
        inner,
        n,
        isShared,
      });
    },

    sampleSum(into, ds) {
      const [members, out, n] = ds.shape;
      const alpha = factorsOf(into);
      run("sampleSum", partsOf(passing * ds.size), {
        target: at(into.target),
        base: at(into.base),
        alpha,
        beta: alpha + members * size,
        ds: at(ds),
        members,
        out,
        n,
      });
    },

    relu(h, s) {
      run("relu", partsOf(passing * h.size), { h: at(h), s: at(s), count: h.size });
    },

    reluGradient(ds, dh, h) {
      run("reluGradient", partsOf(passing * ds.size), { ds: at(ds), dh: at(dh), h: at(h), count: ds.size });
    },

    activate(h, s, activation) {
      const work = activation.kind === "leaky-relu" ? passing : 5 * passing;
      const { kind, slope } = activationArguments(activation);
      run("activate", partsOf(work * h.size), { h: at(h), s: at(s), kind, slope, count: h.size });
    },

    activationGradient(ds, dh, from, activation) {
      const work = activation.kind === "leaky-relu" ? passing : 5 * passing;
      const of = { ds: at(ds), dh: at(dh), from: at(from), ...activationArguments(activation), count: ds.size };
      run("activationGradient", partsOf(work * ds.size), of);
    },

    batchNorm(y, normalised, { mean, variance }, s, affine, eps) {
      const [members, out, n] = s.shape;
      run("batchNorm", partsOf(4 * passing * s.size), {
        y: at(y),
        normalised: at(normalised),
        mean: at(mean),
        variance: at(variance),
        s: at(s),
        gamma: at(affine?.gamma),
        beta: at(affine?.beta),
        eps,
        rows: members * out,
        n,
      });
    },

    normalise(y, s, { mean, variance }, affine, eps) {
      const [members, out, n] = s.shape;
      run("normalise", partsOf(2 * passing * s.size), {
        y: at(y),
        s: at(s),
        mean: at(mean),
        variance: at(variance),
        gamma: at(affine?.gamma),
        beta: at(affine?.beta),
        eps,
        rows: members * out,
        n,
      });
    },

    batchNormGradient(ds, dy, normalised, variance, gamma, eps) {
      const [members, out, n] = dy.shape;
      run("batchNormGradient", partsOf(3 * passing * dy.size), {
        ds: at(ds),
        dy: at(dy),
        normalised: at(normalised),
        variance: at(variance),
        gamma: at(gamma),
        eps,
        rows: members * out,
        n,
      });
    },

    sampleProductSum(into, a, b) {
      const [members, out, n] = a.shape;
      const alpha = factorsOf(into);
      run("sampleProductSum", partsOf(passing * a.size), {
        target: at(into.target),
        base: at(into.base),
        alpha,
        beta: alpha + members * size,
        a: at(a),
        b: at(b),
        members,
        out,
        n,
      });
    },

    multiply(product, a, b) {
      run("multiply", partsOf(passing * a.size), { product: at(product), a: at(a), b: at(b), count: a.size });
    },

    softmaxCrossEntropy(p, tally, s, labels) {
      const [members, classes, n] = s.shape;
      const of = { p: at(p), tally: tallyAt(tally), s: at(s), labels: at(labels), members, classes, n };
      // An exponential costs some twenty passing multiplications, a logarithm more.
      run("softmaxCrossEntropy", partsOf(5 * passing * s.size), of);
    },

    softmaxCrossEntropyGradient(ds, p, labels) {
      const [members, classes, n] = p.shape;
      const of = { ds: at(ds), p: at(p), labels: at(labels), members, classes, n };
      run("softmaxCrossEntropyGradient", partsOf(passing * p.size), of);
    },

    classLoss(p, tally, s, labels, loss, mixture) {
      const [members, classes, n] = s.shape;
      const of = { p: at(p), tally: tallyAt(tally), s: at(s), labels: at(labels), members, classes, n };
      run("classLoss", partsOf(5 * passing * s.size), { ...of, ...secondLabels(mixture), ...lossArguments(loss) });
    },

    classLossGradient(ds, p, labels, loss, mixture) {
      const [members, classes, n] = p.shape;
      const of = { ds: at(ds), p: at(p), labels: at(labels), members, classes, n };
      run("classLossGradient", partsOf(passing * p.size), { ...of, ...secondLabels(mixture), ...lossArguments(loss) });
    },

    squareSum(tally, w) {
      const members = w.shape[0];
      const length = w.size / members;
      run("squareSum", partsOf(passing * w.size), { tally: tallyAt(tally), w: at(w), members, length });
    },

    combine: (into, g) => combineBy("combine", into, g),

    combineSquares: (into, g) => combineBy("combineSquares", into, g),

    rootStep(w, d, v, factors) {
      const members = w.shape[0];
      const keep = ofMembers(factors.keep, factors.rate, factors.correction, factors.eps);
      run("rootStep", partsOf(3 * passing * w.size), {
        w: at(w),
        d: at(d),
        v: at(v),
        keep,
        rate: keep + members * size,
        correction: keep + 2 * members * size,
        eps: keep + 3 * members * size,
        members,
        length: w.size / members,
      });
    },

    clip(g, squares, limit) {
      const members = g.shape[0];
      const limits = ofMembers(limit);
      const of = { g: at(g), squares: tallyAt(squares), limit: limits, members, length: g.size / members };
      run("clip", partsOf(passing * g.size), of);
    },

    drop(mask, { keys, indices: [first, second], rates }) {
      const members = rates.length;
      const words = dropWords(16 * members);
      const room = new Uint32Array(memory.buffer, words, 4 * members);
      for (let p = 0; p < members; p++) {
        // A number is k 2^-53: below the rate where the whole k is below this.
        const limit = Math.ceil(rates[p] * 2 ** 53);
        room.set([keys[2 * p], keys[2 * p + 1], limit >>> 0, Math.floor(limit / 2 ** 32)], 4 * p);
      }
      const kept = ofMembers(rates.map((rate) => 1 / (1 - rate)));
      const of = {
        mask: at(mask),
        words,
        kept,
        first: first | 0,
        second: second | 0,
        members,
        length: mask.size / members,
      };
      run("drop", partsOf(drawing * mask.size), of);
    },

    followVelocity(w, v, pull) {
      const pulls = ofMembers(pull);
      const of = { w: at(w), v: at(v), pull: pulls, members: pull.length, length: w.size / pull.length };
      run("followVelocity", partsOf(2 * passing * w.size), of);
    },
  } satisfies Omit<Device, "arithmetic" | "details">;

  const arithmetic = await probeArithmetic(device);
  const parts = [
    ...(variant === undefined ? [] : [variant.details]),
    isRelaxed ? `relaxed SIMD (${multiplyAdds[arithmetic]})` : "SIMD",
    `${team.size} thread${team.size === 1 ? "" : "s"}`,
  ];
  return { ...device, arithmetic, details: parts.join(", ") };
}

const multiplyAdds: Readonly<Record<Exclude<Arithmetic, "unspecified">, string>> = {
  fused: "fused multiply-add",
  separate: "separate multiplications and additions",
};

async function compile(base64: string): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(decodeBase64(base64));
  } catch (cause) {
    throw new Fault(
      "device",
      "device",
      "wasm: this engine has no WebAssembly SIMD",
      "use a browser or Node from 2021 or later, or the device `reference`",
      { cause },
    );
  }
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = characters.charCodeAt(at);
  return bytes;
}
