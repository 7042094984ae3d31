import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Contestant, enter } from "./contestant.ts";

/** An interpreter with its settings, found to be the fastest for a peer's program. */
export interface Interpreter {
  start(threads: number): Promise<Contestant>;
}

type Start = (threads: number) => Promise<Contestant>;

const interpreters = new Map<string, Promise<Interpreter>>();

/** Among `$GRADUS_BENCH_PYTHON`, or `python3` and `/usr/bin/python3`, with each setting of OpenBLAS. */
export function fastestPython(program: string, programArguments: readonly string[]): Promise<Interpreter> {
  const { GRADUS_BENCH_PYTHON: chosen } = process.env;
  const pythons = chosen ? [chosen] : ["python3", "/usr/bin/python3"];
  return fastest(program, pythons, (threads) => [...programArguments, String(threads)]);
}

export function fastestOctave(programArguments: readonly string[]): Promise<Interpreter> {
  return fastest("octave_peer.m", ["octave-cli"], () => programArguments);
}

/** Every library's own word for the number of threads. */
function threadLimits(threads: number): Record<string, string> {
  const names = ["OPENBLAS", "OMP", "MKL", "BLIS"].map((library) => `${library}_NUM_THREADS`);
  return Object.fromEntries([...names, "VECLIB_MAXIMUM_THREADS"].map((name) => [name, String(threads)]));
}

function fastest(
  program: string,
  commands: readonly string[],
  programArguments: (threads: number) => readonly string[],
): Promise<Interpreter> {
  const path = fileURLToPath(new URL(`peers/${program}`, import.meta.url));
  const starts = commands.flatMap((command) =>
    coreTypes().map(
      (coreType): Start =>
        (threads) =>
          enter(command, [path, ...programArguments(threads)], {
            ...threadLimits(threads),
            ...coreType,
            PYTHONDONTWRITEBYTECODE: "1",
          }),
    ),
  );
  const known = interpreters.get(program) ?? choose(starts);
  interpreters.set(program, known);
  return known;
}

/** Steps of each alone on one thread. @throws Error of the first when none works */
async function choose(starts: readonly Start[]): Promise<Interpreter> {
  let best: { microseconds: number; start: Start } | undefined;
  let refusal: unknown;
  for (const start of starts) {
    let contestant: Contestant | undefined;
    try {
      contestant = await start(1);
      await contestant.ask("step", 50);
      let microseconds = Number.POSITIVE_INFINITY;
      for (let i = 0; i < 4; i++) {
        microseconds = Math.min(microseconds, (await contestant.ask("step", 50)).microseconds);
      }
      if (best === undefined || microseconds < best.microseconds) best = { microseconds, start };
    } catch (error) {
      refusal ??= error;
    } finally {
      contestant?.leave();
    }
  }
  if (best === undefined) throw refusal;
  return best;
}

/** OpenBLAS takes a processor newer than itself for an old one; a user who knows that tells it what to take it for. */
function coreTypes(): Record<string, string>[] {
  if (process.platform !== "linux" || process.arch !== "x64" || process.env.OPENBLAS_CORETYPE) return [{}];
  const flags = readFileSync("/proc/cpuinfo", "utf8").match(/^flags.*$/m)?.[0] ?? "";
  if (/\bavx512f\b/.test(flags)) return [{}, { OPENBLAS_CORETYPE: "SkylakeX" }];
  return /\bavx2\b/.test(flags) ? [{}, { OPENBLAS_CORETYPE: "Haswell" }] : [{}];
}
