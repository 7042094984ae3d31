import { Fault } from "../../../fault/fault.ts";

/** Bytes every block starts on: a cache line. */
const ALIGNMENT = 64;
const PAGE = 65_536;
/** 4 GiB, all that 32-bit addresses reach. */
const MAXIMUM_PAGES = 65_536;

/** The linear memory of one module, handed out in blocks. */
export interface Blocks {
  readonly memory: WebAssembly.Memory;
  /** Address of `bytes` free bytes, zeroed. */
  take(bytes: number): number;
  /** Gives a block back; the next `take` of the same size gets it. */
  give(address: number, bytes: number): void;
}

export function createBlocks(memory: WebAssembly.Memory, firstFree: number): Blocks {
  let next = align(firstFree);
  const free = new Map<number, number[]>();
  return {
    memory,
    take(wanted) {
      const bytes = align(wanted);
      const freed = free.get(bytes)?.pop();
      if (freed !== undefined) {
        new Uint8Array(memory.buffer, freed, bytes).fill(0);
        return freed;
      }
      const address = next;
      grow(memory, next + bytes);
      next += bytes;
      return address; // memory that was never used is zero
    },
    give(address, given) {
      const bytes = align(given);
      const same = free.get(bytes);
      if (same === undefined) free.set(bytes, [address]);
      else same.push(address);
    },
  };
}

function grow(memory: WebAssembly.Memory, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
  if (missing <= 0) return;
  const full = new Fault(
    "device",
    "device",
    `wasm: ${Math.ceil(bytes / 1e6)} MB of memory needed, which this machine does not give`,
    "use fewer images (data.limit), a smaller network or a smaller population",
  );
  if (bytes > MAXIMUM_PAGES * PAGE) throw full;
  // Grown by a quarter at least, so that many small tensors do not each move the memory.
  const spare = Math.min(Math.ceil(memory.buffer.byteLength / PAGE / 4), MAXIMUM_PAGES - Math.ceil(bytes / PAGE));
  for (const pages of [missing + spare, missing]) {
    try {
      memory.grow(pages);
      return;
    } catch {
      // Not that much; the exact need is tried next.
    }
  }
  throw full;
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
