import { Fault } from "../../../fault/fault.ts";
import type { Affine, Device, Dtype, ImageSet, Into, Tensor } from "../../device.ts";
import { sizeOf } from "../../shape.ts";
import { relaxed, simd } from "./kernels.generated.ts";
import { createBlocks } from "./memory.ts";
import { controlBytes, createTeam, type Extension, type Kernels, loneTeam, type StartHelper } from "./team.ts";

interface WasmTensor extends Tensor {
  readonly address: number;
  /**
   * Addresses of a batch's panels, of X and of its transpose (0 where it is only measured; the same where a variant
   * reads one both ways); it has no other form.
   */
  readonly panels?: { readonly forward: number; readonly backward: number };
}

interface WasmImages extends ImageSet {
  readonly images: number;
  readonly labels: number;
}

/** What it costs to read and write a number once, in multiplications of a product. */
const passing = 8;

/** How a device shares out its work; no choice changes a result. */
export interface Sharing {
  /** Threads, the caller's among them; every processor's when absent. */
  readonly threads?: number | undefined;
  /** Multiplications that are worth waking a thread for; about ten microseconds of one when absent. */
  readonly workAPart?: number;
  /** How to start another thread; without it there is one. */
  readonly startHelper?: StartHelper;
}

/** A device that shares this one's memory and most of its kernels. */
export interface Variant {
  readonly name: string;
  readonly details: string;
  /** Whether it keeps a batch once, for products with X and with its transpose. */
  readonly readsBothWays: boolean;
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
  { threads = globalThis.navigator?.hardwareConcurrency ?? 1, workAPart = 150_000, startHelper }: Sharing = {},
  variant?: Variant,
): Promise<Device> {
  const fused = WebAssembly.validate(decodeBase64(relaxed));
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 65_536, shared: true });
  const module = await compile(fused ? relaxed : simd);
  const own = new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels;
  const kernels =
    variant === undefined ? own : variant.extension.extend(variant.extension.data, memory, own, variant.require);
  const blocks = createBlocks(memory, kernels.heapBase());
  const team =
    startHelper === undefined
      ? loneTeam(kernels)
      : createTeam(threads, startHelper, module, memory, kernels, blocks.take(controlBytes), variant?.extension);
  const bytesOf = { f32: 4, f64: 8 };
  const size = bytesOf[dtype];
  const reserved = new WeakSet<ArrayBufferLike>();
  const panelBytes = kernels[`panelBytes_${dtype}`];

  // Memory that grows to the largest need seen: products' scratch, row numbers, and alphas and betas.
  const scratch = growing();
  const rowNumbers = growing();
  const factors = growing();

  function growing(): (bytes: number) => number {
    let [address, room] = [0, 0];
    return (bytes) => {
      if (bytes > room) {
        if (room > 0) blocks.give(address, room);
        [address, room] = [blocks.take(bytes), bytes];
      }
      return address;
    };
  }

  function view(of: Dtype, address: number, length: number): Float32Array | Float64Array {
    return of === "f32"
      ? new Float32Array(memory.buffer, address, length)
      : new Float64Array(memory.buffer, address, length);
  }

  /** Whether bytes lie in the memory; a memory that has grown since shows itself as another buffer of the same bytes. */
  function isOwn(bytes: Uint8Array): boolean {
    return reserved.has(bytes.buffer);
  }

  /** Runs a kernel in as many parts as its work is worth; returns how many. */
  function run(kernel: string, work: number, ...args: number[]): number {
    return team.run(`${kernel}_${dtype}`, Math.floor(work / workAPart), args);
  }

  /** Scratch memory for a product of these extents, in every part, and `more` bytes that all parts share. */
  function productScratch(out: number, inputs: number, n: number, more = 0): { own: number; shared: number } {
    const bytes = kernels[`layerScratch_${dtype}`](out, inputs, n) * team.size;
    const own = scratch(bytes + more);
    return { own, shared: own + bytes };
  }

  /** Addresses of target, base, alphas and betas. */
  function written({ target, base, alpha, beta }: Into): [target: number, base: number, alpha: number, beta: number] {
    const room = factors(2 * alpha.length * size);
    const both = view(dtype, room, 2 * alpha.length);
    both.set(alpha);
    both.set(beta, alpha.length);
    return [at(target), at(base), room, room + alpha.length * size];
  }

  return {
    name: variant?.name ?? "wasm",
    dtype,
    details: `${variant === undefined ? "" : `${variant.details}, `}${fused ? "relaxed SIMD (fused multiply-add)" : "SIMD"}, ${team.size} thread${team.size === 1 ? "" : "s"}`,

    tensor(shape, of = dtype): WasmTensor {
      const length = sizeOf(shape);
      return { shape, size: length, dtype: of, address: blocks.take(length * bytesOf[of]) };
    },
    batch(dimension, n, purpose = "train"): WasmTensor {
      const forward = blocks.take(panelBytes(dimension, n));
      let backward = 0;
      if (purpose === "train") backward = variant?.readsBothWays ? forward : blocks.take(panelBytes(n, dimension));
      return { shape: [1, dimension, n], size: dimension * n, dtype, address: 0, panels: { forward, backward } };
    },
    view(of, shape): WasmTensor {
      return { ...(of as WasmTensor), shape, size: sizeOf(shape) };
    },
    free(tensor) {
      const { address, panels, shape } = tensor as WasmTensor;
      if (panels === undefined) {
        blocks.give(address, tensor.size * bytesOf[tensor.dtype]);
        return;
      }
      blocks.give(panels.forward, panelBytes(shape[1], shape[2]));
      if (hasSecond(panels)) blocks.give(panels.backward, panelBytes(shape[2], shape[1]));
    },
    write(target, numbers) {
      const { address, panels, shape } = target as WasmTensor;
      if (panels === undefined) {
        view(target.dtype, address, target.size).set(numbers);
        return;
      }
      const [, dimension, n] = shape;
      const rows = scratch(target.size * size);
      view(dtype, rows, target.size).set(numbers);
      kernels[`pack_${dtype}`](panels.forward, rows, dimension, n);
      if (hasSecond(panels)) kernels[`packTransposed_${dtype}`](panels.backward, rows, n, dimension);
    },
    async read(tensor) {
      const { address, panels, shape } = tensor as WasmTensor;
      if (panels === undefined) return view(tensor.dtype, address, tensor.size).slice();
      const [, dimension, n] = shape;
      const rows = scratch(tensor.size * size);
      kernels[`unpack_${dtype}`](rows, panels.forward, dimension, n);
      return view(dtype, rows, tensor.size).slice();
    },
    reserve(bytes) {
      const address = blocks.take(bytes);
      reserved.add(memory.buffer);
      return new Uint8Array(memory.buffer as unknown as ArrayBuffer, address, bytes);
    },
    upload(images, labels): WasmImages {
      const bytes = [images, labels].map((from) => {
        if (isOwn(from)) return from.byteOffset;
        const address = blocks.take(from.length);
        new Uint8Array(memory.buffer, address, from.length).set(from);
        return address;
      });
      return {
        count: labels.length,
        dimension: images.length / labels.length,
        images: bytes[0],
        labels: bytes[1],
      };
    },
    close() {
      team.close();
    },

    gather(x, labels, from, rows, { scale, shift }) {
      const { images, labels: imageLabels, dimension } = from as WasmImages;
      const { forward, backward } = panelsOf(x);
      const numbers = rowNumbers(rows.byteLength);
      new Uint32Array(memory.buffer, numbers, rows.length).set(rows);
      const n = rows.length;
      const work = dimension * n;
      run(
        "gather",
        work,
        forward,
        backward,
        at(labels),
        images,
        imageLabels,
        dimension,
        numbers,
        n,
        at(scale),
        at(shift),
      );
    },

    affine(s, w, x, b) {
      const [members, out, n] = s.shape;
      const inputs = w.shape[2];
      const shared = x.shape[0] === 1 ? 1 : 0;
      const panels = (x as WasmTensor).panels?.forward ?? 0;
      const isOne = members === 1 && panels !== 0;
      const most = isOne ? kernels.partialCount(inputs, team.size) : 0;
      const room = productScratch(out, inputs, n, most * s.size * size);
      const work = members * out * inputs * n;
      const of = [at(s), at(w), at(x), at(b), panels, room.shared, members, out, inputs, n, shared];
      const parts = run("affine", work, room.own, ...of);
      if (!isOne || parts === 1) return;
      const partials = kernels.partialCount(inputs, parts);
      run("addPartials", passing * s.size * partials, at(s), room.shared, s.size, partials);
    },

    transposeProduct(dx, w, ds) {
      const [members, out, inputs] = w.shape;
      const n = ds.shape[2];
      const room = productScratch(out, inputs, n).own;
      run("transposeProduct", members * out * inputs * n, room, at(dx), at(w), at(ds), members, out, inputs, n);
    },

    outerProduct(into, ds, x) {
      const [members, out, n] = ds.shape;
      const inputs = x.shape[1];
      const shared = x.shape[0] === 1 ? 1 : 0;
      const room = productScratch(out, inputs, n).own;
      const panels = (x as WasmTensor).panels?.backward ?? 0;
      if (panels === 0 && at(x) === 0) throw new RangeError("outerProduct: the batch was made to be measured");
      const work = members * out * inputs * n;
      run("outerProduct", work, room, ...written(into), at(ds), at(x), panels, members, out, inputs, n, shared);
    },

    sampleSum(into, ds) {
      const [members, out, n] = ds.shape;
      run("sampleSum", passing * ds.size, ...written(into), at(ds), members, out, n);
    },

    relu(h, s) {
      run("relu", passing * h.size, at(h), at(s), h.size);
    },

    reluGradient(ds, dh, h) {
      run("reluGradient", passing * ds.size, at(ds), at(dh), at(h), ds.size);
    },

    batchNorm(y, normalised, { mean, variance }, s, affine, eps) {
      const [members, out, n] = s.shape;
      const of = [at(y), at(normalised), at(mean), at(variance), at(s), ...affineAt(affine), eps, members * out, n];
      run("batchNorm", 4 * passing * s.size, ...of);
    },

    normalise(y, s, { mean, variance }, affine, eps) {
      const [members, out, n] = s.shape;
      const of = [at(y), at(s), at(mean), at(variance), ...affineAt(affine), eps, members * out, n];
      run("normalise", 2 * passing * s.size, ...of);
    },

    batchNormGradient(ds, dy, normalised, variance, gamma, eps) {
      const [members, out, n] = dy.shape;
      const gain = gamma === undefined ? 0 : at(gamma);
      const of = [at(ds), at(dy), at(normalised), at(variance), gain, eps, members * out, n];
      run("batchNormGradient", 3 * passing * dy.size, ...of);
    },

    sampleProductSum(into, a, b) {
      const [members, out, n] = a.shape;
      run("sampleProductSum", passing * a.size, ...written(into), at(a), at(b), members, out, n);
    },

    multiply(out, a, b) {
      run("multiply", passing * a.size, at(out), at(a), at(b), a.size);
    },

    softmaxCrossEntropy(p, tally, s, labels) {
      const [members, classes, n] = s.shape;
      // An exponential costs some twenty passing multiplications, a logarithm more.
      run("softmaxCrossEntropy", 5 * passing * s.size, at(p), at(tally), at(s), at(labels), members, classes, n);
    },

    softmaxCrossEntropyGradient(ds, p, labels) {
      const [members, classes, n] = p.shape;
      run("softmaxCrossEntropyGradient", passing * p.size, at(ds), at(p), at(labels), members, classes, n);
    },

    squareSum(tally, w) {
      const members = w.shape[0];
      run("squareSum", passing * w.size, at(tally), at(w), members, w.size / members);
    },

    combine(into, g) {
      const members = g.shape[0];
      run("combine", passing * g.size, ...written(into), at(g), members, g.size / members);
    },

    followVelocity(w, v, pull) {
      const room = factors(pull.length * size);
      view(dtype, room, pull.length).set(pull);
      run("followVelocity", 2 * passing * w.size, at(w), at(v), room, pull.length, w.size / pull.length);
    },
  };
}

/** Addresses of gamma and beta, 0 where there is no affine map: nothing lies at address 0. */
function affineAt(affine: Affine | undefined): [gamma: number, beta: number] {
  return affine === undefined ? [0, 0] : [at(affine.gamma), at(affine.beta)];
}

function at(tensor: Tensor): number {
  return (tensor as WasmTensor).address;
}

function hasSecond({ forward, backward }: NonNullable<WasmTensor["panels"]>): boolean {
  return backward !== 0 && backward !== forward;
}

function panelsOf(tensor: Tensor): { forward: number; backward: number } {
  const { panels } = tensor as WasmTensor;
  if (panels === undefined) throw new RangeError("gather: not a tensor made by batch()");
  return panels;
}

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
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
