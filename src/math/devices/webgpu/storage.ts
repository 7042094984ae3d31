import { Fault } from "../../../fault/fault.ts";
import type { DeviceStorage, ImageSet, Tally, Tensor } from "../../device.ts";
import { sizeOf } from "../../shape.ts";
import { SQUARE_SCALE } from "./kernels/elementwise.ts";
import { LOSS_SCALE } from "./kernels/losses.ts";
import { type Queue, usage } from "./queue.ts";

interface GpuTensor extends Tensor {
  readonly buffer: GPUBuffer;
}

export interface GpuImages extends ImageSet {
  readonly images: GPUBuffer;
  readonly labels: GPUBuffer;
}

/**
 * A GPU has no double precision: each kernel that adds to a tally leaves its own sums in f32 in a slot of its own, and whoever
 * reads adds the slots up in double precision. [rows, capacity, members, sums].
 */
interface Slots {
  buffer: GPUBuffer;
  capacity: number; // of each row
  readonly used: number[]; // of each row
}

interface GpuTally extends Tally {
  readonly slots: Slots;
  readonly row: number; // the first of its rows
}

/** Where a kernel leaves its sums. */
interface SlotPlace {
  readonly tally: GPUBuffer;
  readonly slot: number;
}

export interface Storage extends DeviceStorage {
  /** Room for one more sum, or for `count` parts of it, in a tally's only row. */
  slotsFor(tally: Tally, count: number): SlotPlace;
  /** The slots of a tally's only row that are in use. */
  slotsOf(tally: Tally): SlotPlace & { readonly slots: number };
  /** Memory for the moment, of a call and the one that follows it. */
  scratch(bytes: number): GPUBuffer;
}

/** Bytes of a number. */
const SIZE = 4;
/** Bytes that nobody uses and that are kept for whoever comes next. */
const MOST_IDLE = 1 << 28;
/** Bytes that are handed over at once. */
const WRITTEN_AT_ONCE = 1 << 24;

/** Tensors, tallies and images in buffers of a GPU. */
export function createStorage(device: GPUDevice, queue: Queue, adapterName: string): Storage {
  const idle = new Map<number, GPUBuffer[]>(); // by size
  let idleBytes = 0;
  let scratchBuffer: GPUBuffer | undefined;
  const most = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);

  /** A buffer of zeros, or of whatever there was. */
  function take(bytes: number, isCleared = true): GPUBuffer {
    // One whole number at least, and few different sizes among small ones.
    const size = Math.max(64, SIZE * Math.ceil(bytes / SIZE));
    if (size > most) throw tooLarge(size, most, adapterName);
    const buffer = idle.get(size)?.pop();
    if (buffer === undefined) {
      return device.createBuffer({ size, usage: usage.storage | usage.copySource | usage.copyDestination });
    }
    idleBytes -= size;
    if (isCleared) queue.clear(buffer);
    return buffer;
  }

  function give(buffer: GPUBuffer): void {
    const sameSize = idle.get(buffer.size) ?? [];
    sameSize.push(buffer);
    idle.set(buffer.size, sameSize);
    idleBytes += buffer.size;
    if (idleBytes <= MOST_IDLE) return;
    queue.flush();
    queue.forget();
    for (const buffers of idle.values()) for (const unused of buffers) unused.destroy();
    idle.clear();
    idleBytes = 0;
  }

  function put(buffer: GPUBuffer, bytes: Uint8Array<ArrayBuffer>): void {
    for (let from = 0; from < bytes.length; from += WRITTEN_AT_ONCE) {
      queue.write(buffer, bytes.subarray(from, from + WRITTEN_AT_ONCE), from);
    }
  }

  /** Bytes on a page may lie in shared memory, which WebGPU does not read. */
  function kept(bytes: Uint8Array): GPUBuffer {
    const buffer = take(bytes.length, false);
    const isPlain = bytes.buffer instanceof ArrayBuffer;
    put(buffer, isPlain ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes));
    return buffer;
  }

  function grow({ members, sums, slots }: GpuTally, least: number): void {
    const capacity = Math.max(least, 2 * slots.capacity);
    const step = members * sums * SIZE;
    const rows = slots.used.length;
    const larger = take(rows * capacity * step, false);
    for (const [row, used] of slots.used.entries()) {
      if (used === 0) continue;
      queue.copy(slots.buffer, row * slots.capacity * step, larger, row * capacity * step, used * step);
    }
    give(slots.buffer);
    slots.buffer = larger;
    slots.capacity = capacity;
  }

  return {
    tensor: (shape): GpuTensor => {
      const size = sizeOf(shape);
      return { shape, size, dtype: "f32", buffer: take(size * SIZE) };
    },
    batch: (dimension, n): GpuTensor => {
      return { shape: [1, dimension, n], size: dimension * n, dtype: "f32", buffer: take(dimension * n * SIZE) };
    },
    view: (of, shape): GpuTensor => ({ ...(of as GpuTensor), shape, size: sizeOf(shape) }),
    tally(members, sums, rows = 1): GpuTally {
      const capacity = 4;
      const buffer = take(rows * capacity * members * sums * SIZE, false);
      return { rows, members, sums, row: 0, slots: { buffer, capacity, used: new Array(rows).fill(0) } };
    },
    tallyRow: (of, row): GpuTally => ({ ...(of as GpuTally), rows: 1, row: (of as GpuTally).row + row }),
    free(memory) {
      give("shape" in memory ? bufferOf(memory) : (memory as GpuTally).slots.buffer);
    },
    write(target, values) {
      const floats = new Float32Array(values);
      queue.write(bufferOf(target), new Uint8Array(floats.buffer));
    },
    async read(tensor) {
      return new Float32Array(await queue.read([{ buffer: bufferOf(tensor), from: 0, bytes: SIZE * tensor.size }]));
    },
    clear(tally) {
      const { slots, row, rows } = tally as GpuTally;
      slots.used.fill(0, row, row + rows);
    },
    async readTally(tally) {
      const { slots, row, rows, members, sums } = tally as GpuTally;
      const width = members * sums;
      const used = slots.used.slice(row, row + rows);
      const pieces = used.map((count, at) => ({
        buffer: slots.buffer,
        from: (row + at) * slots.capacity * width * SIZE,
        bytes: count * width * SIZE,
      }));
      const values = new Float32Array(await queue.read(pieces.filter(({ bytes }) => bytes > 0)));
      const scales = sums === 1 ? [SQUARE_SCALE] : [LOSS_SCALE, 1];
      const totals = new Float64Array(rows * width);
      let at = 0;
      for (const [place, count] of used.entries()) {
        for (let slot = 0; slot < count; slot++) {
          for (let k = 0; k < width; k++) totals[place * width + k] += values[at++] * scales[k % sums];
        }
      }
      return totals;
    },
    reserve: (bytes) => new Uint8Array(bytes),
    unreserve() {},
    upload(images, labels): GpuImages {
      const count = labels.length;
      return { count, dimension: images.length / count, images: kept(images), labels: kept(labels) };
    },
    release(images) {
      const { images: bytes, labels } = images as GpuImages;
      give(bytes);
      give(labels);
    },
    slotsFor(tally, count) {
      const gpuTally = tally as GpuTally;
      const { slots, row } = gpuTally;
      if (slots.used[row] + count > slots.capacity) grow(gpuTally, slots.used[row] + count);
      const slot = row * slots.capacity + slots.used[row];
      slots.used[row] += count;
      return { tally: slots.buffer, slot };
    },
    slotsOf(tally) {
      const { slots, row } = tally as GpuTally;
      return { tally: slots.buffer, slot: row * slots.capacity, slots: slots.used[row] };
    },
    scratch(bytes) {
      if (scratchBuffer === undefined || scratchBuffer.size < bytes) {
        if (scratchBuffer !== undefined) give(scratchBuffer);
        scratchBuffer = take(bytes, false);
      }
      return scratchBuffer;
    },
  };
}

export function bufferOf(tensor: Tensor): GPUBuffer {
  return (tensor as GpuTensor).buffer;
}

function tooLarge(bytes: number, most: number, adapterName: string): Fault {
  const megabytes = (count: number) => `${Math.ceil(count / 1e6).toLocaleString("en-US")} MB`;
  const complaint = `webgpu: ${megabytes(bytes)} in one piece, and ${adapterName} takes ${megabytes(most)} at most`;
  const remedy = "give fewer images (--set data.limit.train=N) or fewer members at once, or --device wasm";
  return new Fault("device", "device", complaint, remedy);
}
