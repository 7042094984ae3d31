import { Fault } from "../../../fault/fault.ts";
import type { Device, Dtype, ImageSet, Into, Tensor } from "../../device.ts";
import { relaxed, simd } from "./kernels.generated.ts";
import { createBlocks } from "./memory.ts";

interface WasmTensor extends Tensor {
  readonly address: number;
  /** Address of the same numbers as [sample, feature]: batches are kept both ways. */
  readonly transposed?: number;
}

interface WasmImages extends ImageSet {
  readonly images: number;
  readonly labels: number;
}

type Kernel = (...args: number[]) => void;

/**
 * SIMD kernels written in AssemblyScript (`kernels/`), with fused multiply-adds where the engine has relaxed SIMD.
 * One element of a result is always the same sequence of operations, whatever population or tile it is part of:
 * results are bit-identical for every packing of members. Exponentials and logarithms are compiled in, so an engine
 * can differ from another only by having fused multiply-adds or not.
 */
export async function createWasmDevice(dtype: Dtype): Promise<Device> {
  const fused = WebAssembly.validate(decodeBase64(relaxed));
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 65_536 });
  const kernels = await instantiate(fused ? relaxed : simd, memory);
  const kernel = (name: string): Kernel => kernels[`${name}_${dtype}`] as Kernel;
  const blocks = createBlocks(memory, (kernels.heapBase as () => number)());
  const bytesOf = { f32: 4, f64: 8 };
  const size = bytesOf[dtype];
  const productScratch = (kernels.SCRATCH as WebAssembly.Global).value as number;

  // Scratch memory, grown to the largest need seen: for products and transposes, and for row numbers.
  const scratch = growing();
  const transposes = growing();
  const rowNumbers = growing();

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

  function values(tensor: Tensor): Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer> {
    const { address, size: length } = tensor as WasmTensor;
    return tensor.dtype === "f32"
      ? new Float32Array(memory.buffer as ArrayBuffer, address, length)
      : new Float64Array(memory.buffer as ArrayBuffer, address, length);
  }

  /** Calls `run` with each member's target, base, alpha and beta. */
  function eachMember({ target, alpha, beta, base }: Into, run: Kernel): void {
    const members = target.shape[0];
    const stride = (target.size / members) * size;
    for (let p = 0; p < members; p++) {
      run(at(target) + p * stride, at(base) + p * stride, alpha[p], beta[p], p);
    }
  }

  return {
    name: "wasm",
    dtype,
    details: `${fused ? "relaxed SIMD (fused multiply-add)" : "SIMD"}, 1 thread`,

    tensor(shape, of = dtype): WasmTensor {
      const length = product(shape);
      return { shape, size: length, dtype: of, address: blocks.take(length * bytesOf[of]) };
    },
    batch(dimension, n): WasmTensor {
      const bytes = dimension * n * size;
      const [address, transposed] = [blocks.take(bytes), blocks.take(bytes)];
      return { shape: [1, dimension, n], size: dimension * n, dtype, address, transposed };
    },
    view(of, shape): WasmTensor {
      return { ...(of as WasmTensor), shape, size: product(shape) };
    },
    free(tensor) {
      const { address, transposed } = tensor as WasmTensor;
      const bytes = tensor.size * bytesOf[tensor.dtype];
      blocks.give(address, bytes);
      if (transposed !== undefined) blocks.give(transposed, bytes);
    },
    write(target, numbers) {
      values(target).set(numbers);
      const { address, transposed, shape } = target as WasmTensor;
      if (transposed !== undefined) kernel("transpose")(transposed, address, shape[1], shape[2]);
    },
    read: async (tensor) => values(tensor).slice(),
    upload(images, labels): WasmImages {
      const bytes = [images, labels].map((from) => {
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
    close() {},

    gather(x, labels, from, rows, { scale, shift }) {
      const { images, labels: imageLabels, dimension } = from as WasmImages;
      const numbers = rowNumbers(rows.byteLength);
      new Uint32Array(memory.buffer, numbers, rows.length).set(rows);
      kernel("gather")(
        at(x),
        (x as WasmTensor).transposed as number,
        at(labels),
        images,
        imageLabels,
        dimension,
        numbers,
        rows.length,
        at(scale),
        at(shift),
      );
    },

    affine(s, w, x, b) {
      const [members, out, n] = s.shape;
      const shared = x.shape[0] === 1 ? 1 : 0;
      const room = scratch(productScratch);
      kernel("affine")(at(s), at(w), at(x), at(b), members, out, w.shape[2], n, shared, room);
    },

    transposeProduct(dx, w, ds) {
      const [members, out, inputs] = w.shape;
      const room = scratch(productScratch);
      kernel("transposeProduct")(at(dx), at(w), at(ds), members, out, inputs, ds.shape[2], room);
    },

    outerProduct(into, ds, x) {
      const [, out, n] = ds.shape;
      const inputs = x.shape[1];
      const room = scratch(productScratch + out * n * size);
      const kept = (x as WasmTensor).transposed;
      const xt = kept ?? transposes(inputs * n * size);
      const outer = kernel("outerProduct");
      const transpose = kernel("transpose");
      const stride = x.shape[0] === 1 ? 0 : inputs * n * size;
      eachMember(into, (target, base, alpha, beta, p) => {
        if (kept === undefined && (stride > 0 || p === 0)) transpose(xt, at(x) + p * stride, inputs, n);
        outer(target, base, alpha, beta, at(ds) + p * out * n * size, xt, out, inputs, n, room);
      });
    },

    sampleSum(into, ds) {
      const [, out, n] = ds.shape;
      const sum = kernel("sampleSum");
      eachMember(into, (target, base, alpha, beta, p) => {
        sum(target, base, alpha, beta, at(ds) + p * out * n * size, out, n);
      });
    },

    relu(h, s) {
      kernel("relu")(at(h), at(s), h.size);
    },

    reluGradient(ds, dh, h) {
      kernel("reluGradient")(at(ds), at(dh), at(h), ds.size);
    },

    softmaxCrossEntropy(p, tally, s, labels) {
      const [members, classes, n] = s.shape;
      const softmax = kernel("softmaxCrossEntropy");
      for (let member = 0; member < members; member++) {
        const offset = member * classes * n * size;
        softmax(at(p) + offset, at(tally) + member * 16, at(s) + offset, at(labels), classes, n);
      }
    },

    softmaxCrossEntropyGradient(ds, p, labels) {
      const [members, classes, n] = p.shape;
      const gradient = kernel("softmaxCrossEntropyGradient");
      for (let member = 0; member < members; member++) {
        const offset = member * classes * n * size;
        gradient(at(ds) + offset, at(p) + offset, at(labels), classes, n);
      }
    },

    squareSum(tally, w) {
      const length = w.size / w.shape[0];
      const sum = kernel("squareSum");
      for (let p = 0; p < w.shape[0]; p++) sum(at(tally) + p * 8, at(w) + p * length * size, length);
    },

    combine(into, g) {
      const length = g.size / g.shape[0];
      const combine = kernel("combine");
      eachMember(into, (target, base, alpha, beta, p) => {
        combine(target, base, alpha, beta, at(g) + p * length * size, length);
      });
    },
  };
}

function at(tensor: Tensor): number {
  return (tensor as WasmTensor).address;
}

async function instantiate(base64: string, memory: WebAssembly.Memory): Promise<WebAssembly.Exports> {
  try {
    const { instance } = await WebAssembly.instantiate(decodeBase64(base64), { env: { memory } });
    return instance.exports;
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

function product(shape: readonly number[]): number {
  return shape.reduce((total, extent) => total * extent, 1);
}
