import { readdirSync, readFileSync } from "node:fs";
import { Fault } from "../fault/fault.ts";

/** What a process may still take; infinite where nothing limits it. */
export interface Room {
  /** Bytes of address space: `ulimit -v`. */
  readonly addresses: number;
  /** Files: `ulimit -n`. */
  readonly files: number;
}

/**
 * What one more thread of Node's takes, by measurement, with a margin: a heap's reserved addresses; its event loop's five files, and
 * three for the modules and data that it reads. Node 26 has 23 open before it trains: `ulimit -n 31` does, where 27 can.
 */
export const aThread: Room = { addresses: 1.1e9, files: 8 };

/** Room left to this process. Only Linux enforces a limit on addresses; elsewhere both count as unlimited. */
export function roomLeft(): Room {
  try {
    const limits = readFileSync("/proc/self/limits", "utf8");
    const status = readFileSync("/proc/self/status", "utf8");
    const limitOf = (name: string) => Number(new RegExp(`^${name}\\s+(\\d+)`, "m").exec(limits)?.[1] ?? Infinity);
    const mapped = 1024 * Number(/^VmSize:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
    const open = readdirSync("/proc/self/fd").length;
    return { addresses: limitOf("Max address space") - mapped, files: limitOf("Max open files") - open };
  } catch {
    return { addresses: Number.POSITIVE_INFINITY, files: Number.POSITIVE_INFINITY };
  }
}

/**
 * What a device may take of the room: threads beside the one that asks, from half of what is left, and bytes of memory, from the
 * other half. Fewer threads give the same numbers.
 */
export function deviceShare({ addresses, files }: Room): { readonly helpers: number; readonly memoryBytes: number } {
  const helpers = Math.min(addresses / 2 / aThread.addresses, files / 2 / aThread.files);
  return { helpers: Math.max(0, Math.floor(helpers)), memoryBytes: addresses / 2 };
}

/** Threads that a device computes with where nobody says how many: `$GRADUS_THREADS`, or one for each processor of this process. */
export function usualThreads(env: Readonly<Record<string, string | undefined>> = process.env): number {
  const { GRADUS_THREADS } = env;
  if (!GRADUS_THREADS) return navigator.hardwareConcurrency;
  if (/^[1-9]\d{0,3}$/.test(GRADUS_THREADS)) return Number(GRADUS_THREADS);
  const complaint = `"${GRADUS_THREADS}" is no number of threads`;
  throw new Fault("device", "GRADUS_THREADS", complaint, "set it to 1 or more, or `unset GRADUS_THREADS`");
}
