import type { DeviceStorage, Dtype, ImageSet, Tally, Tensor } from "../../device.ts";
import { sizeOf } from "../../shape.ts";
import type { Blocks } from "./memory.ts";
import type { Kernels } from "./team.ts";

interface WasmTensor extends Tensor {
  readonly address: number;
  /**
   * Addresses of a batch's panels, of X and of its transpose (0 where it is only measured; the same where a variant
   * reads one both ways); it has no other form.
   */
  readonly panels?: Panels;
}

interface Panels {
  readonly forward: number;
  readonly backward: number;
}

interface WasmTally extends Tally {
  readonly address: number;
}

/** Where a set of images lies; bytes that were reserved are not its own. */
export interface WasmImages extends ImageSet {
  readonly images: number;
  readonly labels: number;
  /** Blocks that were taken for it. */
  readonly blocks: readonly { readonly address: number; readonly bytes: number }[];
}

/** Bytes of a number. */
export const bytesOf: Readonly<Record<Dtype, number>> = { f32: 4, f64: 8 };

/** Tensors, batches, tallies and images in the blocks of one memory. */
export function createStorage(
  blocks: Blocks,
  dtype: Dtype,
  kernels: Kernels, // that pack batches
  scratch: (bytes: number) => number, // address of memory for the moment
  readsBothWays: boolean, // whether a batch is kept once, for products with X and with its transpose
): DeviceStorage {
  const { memory } = blocks;
  const size = bytesOf[dtype];
  const panelBytes = kernels[`panelBytes_${dtype}`];
  const reserved = new Map<number, number>(); // bytes by address
  const buffers = new WeakSet<ArrayBufferLike>(); // a memory that grows shows itself as another buffer of the same bytes

  function numbers(address: number, length: number): Float32Array | Float64Array {
    return numbersAt(memory, dtype, address, length);
  }

  function sums({ address, rows, members, sums }: WasmTally): Float64Array {
    return new Float64Array(memory.buffer, address, rows * members * sums);
  }

  return {
    tensor(shape): WasmTensor {
      const length = sizeOf(shape);
      return { shape, size: length, dtype, address: blocks.take(length * size) };
    },
    batch(dimension, n, purpose = "train"): WasmTensor {
      const forward = blocks.take(panelBytes(dimension, n));
      let backward = 0;
      if (purpose === "train") backward = readsBothWays ? forward : blocks.take(panelBytes(n, dimension));
      return { shape: [1, dimension, n], size: dimension * n, dtype, address: 0, panels: { forward, backward } };
    },
    view(of, shape): WasmTensor {
      return { ...(of as WasmTensor), shape, size: sizeOf(shape) };
    },
    tally(members, sums, rows = 1): WasmTally {
      return { rows, members, sums, address: blocks.take(rows * members * sums * bytesOf.f64) };
    },
    tallyRow(of, row): WasmTally {
      const bytes = of.members * of.sums * bytesOf.f64;
      return { ...of, rows: 1, address: tallyAt(of) + row * bytes };
    },
    free(handle) {
      if (!("shape" in handle)) {
        blocks.give(tallyAt(handle), handle.rows * handle.members * handle.sums * bytesOf.f64);
        return;
      }
      const { address, panels, shape } = handle as WasmTensor;
      if (panels === undefined) {
        blocks.give(address, handle.size * size);
        return;
      }
      blocks.give(panels.forward, panelBytes(shape[1], shape[2]));
      if (hasSecond(panels)) blocks.give(panels.backward, panelBytes(shape[2], shape[1]));
    },
    write(target, values) {
      const { address, panels, shape } = target as WasmTensor;
      if (panels === undefined) {
        numbers(address, target.size).set(values);
        return;
      }
      const [, dimension, n] = shape;
      const rows = scratch(target.size * size);
      numbers(rows, target.size).set(values);
      kernels[`pack_${dtype}`](panels.forward, rows, dimension, n);
      if (hasSecond(panels)) kernels[`packTransposed_${dtype}`](panels.backward, rows, n, dimension);
    },
    async read(tensor) {
      const { address, panels, shape } = tensor as WasmTensor;
      if (panels === undefined) return numbers(address, tensor.size).slice();
      const [, dimension, n] = shape;
      const rows = scratch(tensor.size * size);
      kernels[`unpack_${dtype}`](rows, panels.forward, dimension, n);
      return numbers(rows, tensor.size).slice();
    },
    clear(tally) {
      sums(tally as WasmTally).fill(0);
    },
    async readTally(tally) {
      return sums(tally as WasmTally).slice();
    },
    reserve(bytes) {
      const address = blocks.take(bytes, "images");
      reserved.set(address, bytes);
      buffers.add(memory.buffer);
      return new Uint8Array(memory.buffer as unknown as ArrayBuffer, address, bytes);
    },
    unreserve({ byteOffset: address, length }) {
      if (reserved.get(address) !== length) throw new RangeError("unreserve: not the bytes that were reserved");
      reserved.delete(address);
      blocks.give(address, length, "images");
    },
    upload(images, labels): WasmImages {
      const imageBlocks: { address: number; bytes: number }[] = [];
      const addresses = [images, labels].map((bytes) => {
        if (buffers.has(bytes.buffer)) return bytes.byteOffset;
        const address = blocks.take(bytes.length, "images");
        imageBlocks.push({ address, bytes: bytes.length });
        new Uint8Array(memory.buffer, address, bytes.length).set(bytes);
        return address;
      });
      const count = labels.length;
      const dimension = images.length / count;
      return { count, dimension, images: addresses[0], labels: addresses[1], blocks: imageBlocks };
    },
    release(images) {
      for (const { address, bytes } of (images as WasmImages).blocks) blocks.give(address, bytes, "images");
    },
  };
}

/** Numbers in the memory as it is now; when it grows, they must be asked for again. */
export function numbersAt(
  memory: WebAssembly.Memory,
  dtype: Dtype,
  address: number,
  length: number,
): Float32Array | Float64Array {
  return dtype === "f32"
    ? new Float32Array(memory.buffer, address, length)
    : new Float64Array(memory.buffer, address, length);
}

/** Address of a tensor's numbers; 0 where it is a batch, or there is none: nothing lies at address 0. */
export function at(tensor: Tensor | undefined): number {
  return tensor === undefined ? 0 : (tensor as WasmTensor).address;
}

export function tallyAt(tally: Tally): number {
  return (tally as WasmTally).address;
}

/** Addresses of a batch's panels, 0 where it has none. */
export function panelsOf(tensor: Tensor): Panels {
  return (tensor as WasmTensor).panels ?? { forward: 0, backward: 0 };
}

function hasSecond({ forward, backward }: Panels): boolean {
  return backward !== 0 && backward !== forward;
}
