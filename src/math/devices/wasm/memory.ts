import { Fault } from "../../../fault/fault.ts";

/** Bytes every block starts on: a cache line. */
const ALIGNMENT = 64;
const PAGE = 65_536;
/** 4 GiB, all that 32-bit addresses reach. */
const MAXIMUM_PAGES = 65_536;
const FIRST_PAGES = 16;

/** The linear memory of one module, handed out in blocks. */
export interface Blocks {
  readonly memory: WebAssembly.Memory;
  /** Bytes that are taken. */
  readonly takenBytes: number;
  /**
   * Address of `bytes` free bytes, zeroed.
   * @throws Fault `device` where there are not so many
   */
  take(bytes: number, purpose?: "images"): number;
  /** Gives a whole block back: any later `take` may get it, alone, in part or with its neighbours. */
  give(address: number, bytes: number, purpose?: "images"): void;
}

/** Memory that grows up to so many bytes. @throws Fault `device` where there is none at all */
export function createMemory(mostBytes: number): WebAssembly.Memory {
  const maximum = Math.min(MAXIMUM_PAGES, Math.max(FIRST_PAGES, Math.floor(mostBytes / PAGE)));
  try {
    return new WebAssembly.Memory({ initial: FIRST_PAGES, maximum, shared: true });
  } catch (cause) {
    const complaint = "wasm: this machine gives no memory";
    throw new Fault("device", "device", complaint, "end other programs, or raise a limit: `ulimit -v unlimited`", {
      cause,
    });
  }
}

interface Hole {
  readonly address: number;
  readonly bytes: number;
}

export function createBlocks(memory: WebAssembly.Memory, firstFree: number): Blocks {
  let end = align(firstFree); // of the last block
  let touched = end; // memory beyond was never used, and is zero
  let holes: Hole[] = []; // by address; no two touch, and none touches the end
  let takenBytes = 0;
  let images = 0;

  function zero(address: number, bytes: number): void {
    const dirty = Math.min(bytes, touched - address);
    if (dirty > 0) new Uint8Array(memory.buffer, address, dirty).fill(0);
  }

  /** The smallest hole that is large enough: what is left of it stays a hole. */
  function fromHole(bytes: number): number | undefined {
    const fitting = holes.filter((hole) => hole.bytes >= bytes);
    if (fitting.length === 0) return undefined;
    const hole = fitting.reduce((best, candidate) => (candidate.bytes < best.bytes ? candidate : best));
    const rest = { address: hole.address + bytes, bytes: hole.bytes - bytes };
    holes = holes.flatMap((candidate) => (candidate !== hole ? [candidate] : rest.bytes > 0 ? [rest] : []));
    return hole.address;
  }

  function fromEnd(bytes: number): number {
    const address = end;
    grow(memory, address + bytes, images > address / 2);
    end += bytes;
    return address;
  }

  return {
    memory,
    get takenBytes() {
      return takenBytes;
    },
    take(size, purpose) {
      const bytes = align(size);
      const address = fromHole(bytes) ?? fromEnd(bytes);
      zero(address, bytes);
      touched = Math.max(touched, end);
      takenBytes += bytes;
      if (purpose === "images") images += bytes;
      return address;
    },
    give(address, size, purpose) {
      const bytes = align(size);
      if (bytes === 0) return;
      takenBytes -= bytes;
      if (purpose === "images") images -= bytes;
      const before = holes.find((hole) => hole.address + hole.bytes === address);
      const after = holes.find((hole) => hole.address === address + bytes);
      const joined = {
        address: before?.address ?? address,
        bytes: (before?.bytes ?? 0) + bytes + (after?.bytes ?? 0),
      };
      const separate = holes.filter((hole) => hole !== before && hole !== after);
      if (joined.address + joined.bytes === end) {
        end = joined.address;
        holes = separate;
      } else {
        holes = [...separate, joined].sort((a, b) => a.address - b.address);
      }
    },
  };
}

function grow(memory: WebAssembly.Memory, bytes: number, isMostlyImages: boolean): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
  if (missing <= 0) return;
  const isBeyondReach = bytes > MAXIMUM_PAGES * PAGE;
  // Grown by a quarter at least, so that many small tensors do not each move the memory.
  const spare = Math.min(Math.ceil(memory.buffer.byteLength / PAGE / 4), MAXIMUM_PAGES - Math.ceil(bytes / PAGE));
  for (const pages of isBeyondReach ? [] : [missing + spare, missing]) {
    try {
      memory.grow(pages);
      return;
    } catch {
      // Not that much; the exact need is tried next.
    }
  }
  const reason = isBeyondReach ? "more than the 4,295 MB that it can address" : "which this machine does not give";
  const limited = isBeyondReach ? "" : "; where `ulimit -v` shows a limit, raise it";
  throw new Fault(
    "device",
    "device",
    `wasm: ${Math.ceil(bytes / 1e6).toLocaleString("en")} MB of memory needed, ${reason}`,
    isMostlyImages
      ? `most of it is images: use fewer with data.limit.train${limited}`
      : `give fewer nodes in network.hidden, a smaller training.batch, or train fewer members at once${limited}`,
  );
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
