import { Fault } from "../../../fault/fault.ts";
import {
  type Arguments,
  aliasesOf,
  argumentWords,
  boundNames,
  type Kernel,
  packArguments,
  sourceOf,
} from "./kernel.ts";

// WebGPU's own numbers, which not every place has as globals.
export const usage = { mapRead: 0x1, copySource: 0x4, copyDestination: 0x8, storage: 0x80 } as const;
const COMPUTE = 0x4;
const MAP_READ = 0x1;

/** Groups in one direction, at most. */
const MOST_GROUPS = 65_535;
/** Calls that are handed over together, at most: a GPU begins while more are written. */
const CALLS_AT_ONCE = 256;
/** Bytes of all that the calls not handed over yet are given, to begin with. */
const FIRST_BYTES = 1 << 18;

/** Calls of kernels, copies and writes, done by the GPU in the order in which they are asked for. */
export interface Queue {
  /** Runs a kernel in so many groups, or in a grid of them. */
  run<K extends Kernel>(kernel: K, groups: number | readonly [number, number, number], given: Arguments<K>): void;
  /** Sets a buffer to zeros. */
  clear(buffer: GPUBuffer): void;
  copy(from: GPUBuffer, fromByte: number, to: GPUBuffer, toByte: number, bytes: number): void;
  write(to: GPUBuffer, bytes: Uint8Array<ArrayBuffer>, toByte?: number): void;
  /** Waits for all that was asked for, and returns the bytes of pieces of buffers, one behind the other. */
  read(pieces: readonly Piece[]): Promise<ArrayBuffer>;
  /** Hands over what was asked for. */
  flush(): void;
  /** Forgets buffers that are going to be destroyed, after all calls that use them. */
  forget(): void;
  close(): void;
}

interface Piece {
  readonly buffer: GPUBuffer;
  readonly from: number; // bytes
  readonly bytes: number;
}

interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  readonly bound: readonly string[];
  readonly number: number;
}

/** @param gone what became of a GPU that no longer answers; undefined as long as nothing is known */
export function createQueue(device: GPUDevice, gone: () => Error | undefined): Queue {
  const pipelines = new Map<Kernel, Map<string, Pipeline>>();
  const bindings = new Map<string, GPUBindGroup>();
  const numbers = new WeakMap<GPUBuffer, number>();
  const idle: GPUBuffer[] = []; // to map
  let count = 0; // of buffers and pipelines that have a number
  let room = roomOf(FIRST_BYTES);
  let used = 0; // words
  let calls = 0;
  let encoder: GPUCommandEncoder | undefined;
  let pass: GPUComputePassEncoder | undefined;

  function roomOf(bytes: number) {
    // The last call may name more bytes than it has.
    const buffer = device.createBuffer({ size: 2 * bytes, usage: usage.storage | usage.copyDestination });
    const memory = new ArrayBuffer(bytes);
    return { bytes, buffer, words: new Uint32Array(memory), floats: new Float32Array(memory) };
  }

  function encoding(): GPUCommandEncoder {
    encoder ??= device.createCommandEncoder();
    return encoder;
  }

  function endPass(): void {
    pass?.end();
    pass = undefined;
  }

  function flush(): void {
    endPass();
    if (encoder === undefined) return;
    if (used > 0) device.queue.writeBuffer(room.buffer, 0, room.words, 0, used);
    device.queue.submit([encoder.finish()]);
    encoder = undefined;
    used = 0;
    calls = 0;
  }

  function pipelineOf(kernel: Kernel, given: Readonly<Record<string, unknown>>): Pipeline {
    const aliases = aliasesOf(kernel, given);
    const variant = aliases.size === 0 ? "" : [...aliases].join(";");
    const known = pipelines.get(kernel) ?? new Map<string, Pipeline>();
    pipelines.set(kernel, known);
    const pipeline = known.get(variant);
    if (pipeline !== undefined) return pipeline;
    const bound = boundNames(kernel, aliases);
    const entry = (binding: number, type: GPUBufferBindingType, hasDynamicOffset = false) => {
      return { binding, visibility: COMPUTE, buffer: { type, hasDynamicOffset } };
    };
    const layout = device.createBindGroupLayout({
      entries: [
        entry(0, "read-only-storage", true),
        ...bound.map((name, at) => entry(at + 1, kernel.written.includes(name) ? "storage" : "read-only-storage")),
      ],
    });
    const module = device.createShaderModule({ label: kernel.name, code: sourceOf(kernel, aliases) });
    const made = {
      pipeline: device.createComputePipeline({
        label: kernel.name,
        layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
        compute: { module, entryPoint: "main" },
      }),
      layout,
      bound,
      number: count++,
    };
    known.set(variant, made);
    return made;
  }

  function numberOf(buffer: GPUBuffer): number {
    let number = numbers.get(buffer);
    if (number === undefined) {
      number = count++;
      numbers.set(buffer, number);
    }
    return number;
  }

  function bindGroup({ layout, bound, number }: Pipeline, bytes: number, given: Readonly<Record<string, unknown>>) {
    let key = `${number}:${bytes}`;
    for (const name of bound) key += `,${numberOf(given[name] as GPUBuffer)}`;
    let group = bindings.get(key);
    if (group === undefined) {
      const buffers = bound.map((name, at) => ({ binding: at + 1, resource: { buffer: given[name] as GPUBuffer } }));
      const words = { binding: 0, resource: { buffer: room.buffer, size: bytes } };
      group = device.createBindGroup({ layout, entries: [words, ...buffers] });
      bindings.set(key, group);
    }
    return group;
  }

  /** A buffer to map of at least so many bytes. */
  function toMap(bytes: number): GPUBuffer {
    const place = idle.findIndex(({ size }) => size >= bytes);
    if (place >= 0) return idle.splice(place, 1)[0];
    for (const buffer of idle.splice(4)) buffer.destroy();
    return device.createBuffer({ size: bytes, usage: usage.mapRead | usage.copyDestination });
  }

  return {
    run(kernel, groups, given) {
      let bytes = 256;
      while (bytes < 4 * argumentWords(kernel, given)) bytes *= 2;
      if (calls === CALLS_AT_ONCE || 4 * used + bytes > room.bytes) flush();
      if (bytes > room.bytes) {
        const outgrown = room.buffer;
        room = roomOf(2 * bytes);
        bindings.clear();
        outgrown.destroy();
      }
      const pipeline = pipelineOf(kernel, given);
      const group = bindGroup(pipeline, bytes, given);
      const offset = 4 * used;
      // The next begins where WebGPU lets an offset lie.
      used += 64 * Math.ceil(packArguments(room.words, room.floats, used, kernel, given) / 64);
      pass ??= encoding().beginComputePass();
      pass.setPipeline(pipeline.pipeline);
      pass.setBindGroup(0, group, [offset]);
      const [x, y, z] = typeof groups === "number" ? gridOf(groups) : groups;
      pass.dispatchWorkgroups(x, y, z);
      calls += 1;
    },
    clear(buffer) {
      endPass();
      encoding().clearBuffer(buffer);
    },
    copy(from, fromByte, to, toByte, bytes) {
      endPass();
      encoding().copyBufferToBuffer(from, fromByte, to, toByte, bytes);
    },
    write(to, bytes, toByte = 0) {
      flush();
      // WebGPU writes whole words.
      const whole = bytes.length - (bytes.length % 4);
      if (whole > 0) device.queue.writeBuffer(to, toByte, bytes, 0, whole);
      if (whole === bytes.length) return;
      const rest = new Uint8Array(4);
      rest.set(bytes.subarray(whole));
      device.queue.writeBuffer(to, toByte + whole, rest);
    },
    async read(pieces) {
      const bytes = pieces.reduce((sum, piece) => sum + piece.bytes, 0);
      if (bytes === 0) return new ArrayBuffer(0);
      const mapped = toMap(bytes);
      endPass();
      let at = 0;
      for (const piece of pieces) {
        encoding().copyBufferToBuffer(piece.buffer, piece.from, mapped, at, piece.bytes);
        at += piece.bytes;
      }
      flush();
      try {
        await mapped.mapAsync(MAP_READ, 0, bytes);
      } catch (cause) {
        await new Promise((resolve) => setTimeout(resolve)); // what became of it is told apart
        throw gone() ?? new Fault("device", "device", "webgpu: the GPU does not answer", goOnElsewhere, { cause });
      }
      const copy = mapped.getMappedRange(0, bytes).slice(0);
      mapped.unmap();
      idle.push(mapped);
      const failure = gone();
      if (failure !== undefined) throw failure;
      return copy;
    },
    flush,
    forget() {
      bindings.clear();
    },
    close() {
      endPass();
      encoder = undefined;
      bindings.clear();
    },
  };
}

/** What helps where a GPU has gone. */
export const goOnElsewhere =
  "go on from the last checkpoint, or train on wasm, which nothing takes away: --device wasm";

/** So many groups in two directions. */
function gridOf(groups: number): readonly [number, number, number] {
  const y = Math.ceil(groups / MOST_GROUPS);
  return [Math.ceil(groups / y), y, 1];
}
