import { Fault } from "../../../fault/fault.ts";

/** Threads that run one kernel at a time together, each its own part, over one shared memory. */
export interface Team {
  /** This thread and its helpers. */
  readonly size: number;
  /** Runs a kernel in up to `parts` parts; returns when all are done, how many there were. */
  run(kernel: string, parts: number, args: readonly number[]): number;
  close(): void;
}

/**
 * Starts a thread that runs `source`, an expression that is a function, on `order`, a structured-cloneable value.
 * The thread must not keep the process alive. Returns how to end it.
 */
export type StartHelper = (source: string, order: unknown) => () => void;

/** A module's exports, or what an extension puts in their place. */
export type Kernels = Readonly<Record<string, (...args: number[]) => number>>;

/** Kernels that are not WebAssembly, for every thread of a team. */
export interface Extension {
  /** Makes them. Becomes a helper's source as text: it may use nothing outside itself. */
  readonly extend: (
    data: unknown,
    memory: WebAssembly.Memory,
    kernels: Kernels,
    require: (name: string) => unknown,
  ) => Kernels;
  /** Its first argument, structured-cloneable. */
  readonly data: unknown;
}

/** Bytes of the control block. */
export const controlBytes = 320;

/** Arguments a kernel may have beside part and parts. */
const mostArguments = 24;

/** Where things lie in the control block: int32 counters, two on cache lines of their own, then the arguments as float64. */
const layout = { command: 0, done: 16, kernel: 24, parts: 25, count: 26, failed: 27, ready: 28, arguments: 16 };

/** How long a team waits for its helpers, in milliseconds. */
export interface Patience {
  /** Until all have started. */
  readonly start: number;
  /** Until all have done their parts when this thread has done its own; and at least twenty times as long as that took. */
  readonly part: number;
}

/** What one wait of 10 ms counts for at most, however late this thread came back from it. */
const mostAtOnce = 100;

const patience: Patience = { start: 20_000, part: 60_000 };

/** Looks at a counter before a thread sleeps until it changes: of threads that have a processor each, the next answer comes sooner. */
const mostSpins = 20_000;

/**
 * A team of `size` threads, this one among them. Helpers start with the first kernel that is worth sharing, wait
 * without using a processor, and spin briefly between the kernels of a step.
 */
export function createTeam(
  size: number,
  startHelper: StartHelper,
  module: WebAssembly.Module,
  memory: WebAssembly.Memory, // shared
  kernels: Kernels, // this thread's, extended
  control: number, // address of `controlBytes` bytes in the memory
  extension?: Extension,
  { start: mostStart, part: mostPart }: Patience = patience,
): Team {
  const names = Object.keys(kernels);
  const counters = new Int32Array(memory.buffer, control, controlBytes / 4);
  const numbers = new Float64Array(memory.buffer, control, controlBytes / 8);
  const spins = size > (globalThis.navigator?.hardwareConcurrency ?? 1) ? 0 : mostSpins;
  let stops: (() => void)[] | undefined;

  function start(): (() => void)[] {
    const source = `(order) => (${help.toString()})(order, ${extension?.extend.toString()})`;
    const order = { module, memory, control, controlBytes, layout, names, spins, data: extension?.data };
    try {
      const started = Array.from({ length: size - 1 }, (_, index) =>
        startHelper(source, { ...order, part: index + 1 }),
      );
      if (!everyoneAt(layout.ready, mostStart)) throw new Error(`not within ${mostStart / 1000} s`);
      return started;
    } catch (cause) {
      const complaint = `wasm: ${size - 1} helper threads were wanted, and ${counters[layout.ready]} started`;
      const remedy =
        "allow more threads and memory (`ulimit -u`, `-n`, `-v`), or compute with one thread (`GRADUS_THREADS=1` before the command)";
      throw new Fault("device", "device", complaint, remedy, { cause });
    }
  }

  /**
   * Waits until a counter has every helper in it; false where it takes longer than so many milliseconds. Time in which the process was
   * stopped (Ctrl-Z, a computer that slept) does not count: its helpers were too.
   */
  function everyoneAt(counter: number, milliseconds: number): boolean {
    let [waited, before] = [0, 0];
    for (let looks = 0; ; looks++) {
      const count = Atomics.load(counters, counter);
      if (count === size - 1) return true;
      if (looks < spins) continue;
      const now = performance.now();
      if (before > 0) waited += Math.min(now - before, mostAtOnce);
      before = now;
      if (waited >= milliseconds) return false;
      Atomics.wait(counters, counter, count, Math.min(milliseconds - waited, 10));
    }
  }

  return {
    size,
    run(kernel, limit, args) {
      const parts = Math.min(limit, size);
      if (parts <= 1) {
        kernels[kernel](0, 1, ...args);
        return 1;
      }
      if (args.length > mostArguments) throw new RangeError(`${kernel} has too many arguments`);
      stops ??= start();
      counters[layout.kernel] = names.indexOf(kernel);
      counters[layout.parts] = parts;
      counters[layout.count] = args.length;
      numbers.set(args, layout.arguments);
      Atomics.store(counters, layout.done, 0);
      Atomics.add(counters, layout.command, 1);
      Atomics.notify(counters, layout.command);
      const began = performance.now();
      kernels[kernel](0, parts, ...args);
      const elapsed = performance.now() - began;
      // Every helper answers, with or without a part, so that none can read the next command half written.
      if (!everyoneAt(layout.done, Math.max(mostPart, 20 * elapsed))) {
        const remedy = "run the command again, or `gradus resume` the run; a helper may have been ended for its memory";
        throw new Fault("device", "device", `wasm: a helper thread does not answer: ${kernel}`, remedy);
      }
      if (counters[layout.failed] !== 0) throw new Error(`${kernel} failed in another thread`);
      return parts;
    },
    close() {
      for (const stop of stops ?? []) stop();
    },
  };
}

/** Only the thread that asks. */
export function loneTeam(kernels: Kernels): Team {
  return {
    size: 1,
    run(kernel, _parts, args) {
      kernels[kernel](0, 1, ...args);
      return 1;
    },
    close() {},
  };
}

interface Order {
  readonly part: number;
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: number;
  readonly controlBytes: number;
  readonly layout: Readonly<Record<keyof typeof layout, number>>;
  readonly names: readonly string[];
  readonly spins: number;
  readonly data: unknown;
}

/** What a helper thread does, for ever. Becomes the thread's source as text: it may use nothing outside itself. */
export function help(order: Order, extend?: Extension["extend"]): void {
  const { part, module, memory, control, controlBytes, layout, names, spins } = order;
  const counters = new Int32Array(memory.buffer, control, controlBytes / 4);
  const numbers = new Float64Array(memory.buffer, control, controlBytes / 8);
  let kernels: Kernels = {};
  try {
    kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels;
    if (extend !== undefined) kernels = extend(order.data, memory, kernels, require);
  } catch {
    counters[layout.failed] = 1;
  }
  Atomics.add(counters, layout.ready, 1);
  Atomics.notify(counters, layout.ready);
  let lastCommand = 0;
  for (;;) {
    for (let looks = 0; Atomics.load(counters, layout.command) === lastCommand; looks++) {
      if (looks >= spins) Atomics.wait(counters, layout.command, lastCommand);
    }
    lastCommand = Atomics.load(counters, layout.command);
    const parts = counters[layout.parts];
    if (part < parts) {
      const args = numbers.subarray(layout.arguments, layout.arguments + counters[layout.count]);
      try {
        kernels[names[counters[layout.kernel]]](part, parts, ...args);
      } catch {
        counters[layout.failed] = 1; // whoever waits for this part is told
      }
    }
    Atomics.add(counters, layout.done, 1);
    Atomics.notify(counters, layout.done);
  }
}
