import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { type Contestant, enter } from "./contestant.ts";
import { fastestOctave, fastestPython } from "./interpreters.ts";
import { works } from "./rows.ts";
import { productFlops } from "./work.ts";

/** A process to start, and what it is asked for. */
export interface Entrant {
  /** A device of Gradus, or a peer: the `device` of its rows. */
  readonly device: string;
  readonly threads: number;
  readonly entries: readonly Entry[];
  /** @throws Error when it is not here */
  start(): Promise<Contestant>;
  /** How to get it. */
  readonly install: string;
}

export interface Entry {
  readonly what: string;
  /** Its name in the contestant. */
  readonly work: string;
  readonly members: number;
  /** What the time of one unit is divided by to be that of one member's step. */
  readonly per: number;
  /** The key of the known answer: what the contestant's value must be. */
  readonly expected?: "step" | "threeLayerStep" | "evaluation";
}

const step: Entry = { what: works.step, work: "step", members: 1, per: 1, expected: "step" };
const threeLayerStep: Entry = {
  what: works.threeLayerStep,
  work: "three-layer-step",
  members: 1,
  per: 1,
  expected: "threeLayerStep",
};
const evaluation: Entry = {
  what: works.evaluation,
  work: "evaluation",
  members: 1,
  per: 1,
  expected: "evaluation",
};
const alone = (what: string, work: string): Entry => ({ what, work, members: 1, per: 1 });
const limit: Entry = { ...alone(works.limit, "sgemm"), per: (2 * 2048 ** 3) / productFlops };
const population = (members: number): Entry => ({ ...step, work: `step-${members}`, members, per: members });

/** Everyone, each with one thread and with as many as there are processors. */
export function entrants(initialWeights: string, images: string): Entrant[] {
  const all = availableParallelism();
  return [...new Set([1, all])].flatMap((threads) => [
    gradus("native", threads, all),
    gradus("wasm", threads, all),
    gradus("blas", threads, all),
    {
      device: "onnxruntime",
      threads,
      entries: [step],
      start: () => node("onnxruntime.ts", String(threads)),
      install: peersInstall,
    },
    {
      device: "numpy",
      threads,
      entries: [step, threeLayerStep, evaluation, { ...alone(works.search, "search") }, limit],
      start: async () => await (await fastestPython("numpy_peer.py", [images, initialWeights])).start(threads),
      install: "Debian: apt install python3-numpy libopenblas0-pthread; elsewhere: pip install numpy",
    },
    {
      device: "pytorch",
      threads,
      entries: [step],
      start: async () => await (await fastestPython("pytorch_peer.py", [images, initialWeights])).start(threads),
      install: "Debian: apt install python3-torch libopenblas0-pthread; elsewhere: pip install torch numpy",
    },
    {
      device: "octave",
      threads,
      entries: [step],
      start: async () => await (await fastestOctave([images, initialWeights])).start(threads),
      install: "Debian: apt install octave libopenblas0-pthread",
    },
    ...(threads > 1 ? [] : singleThreaded()),
  ]);
}

const peersInstall = "npm ci in the folder bench, which the first `npm run bench` does";

const howToInstall: Readonly<Record<string, string>> = {
  native: "a C compiler; Debian: apt install gcc",
  blas: "a BLAS that Gradus finds; Debian: apt install libopenblas0-pthread",
};

function gradus(device: string, threads: number, all: number): Entrant {
  const entries = [
    ...[1, 8, 32].map(population),
    threeLayerStep,
    evaluation,
    alone(works.evaluationProducts, "evaluation-products"),
  ];
  if (device === "blas") entries.push(limit);
  if (device === "wasm" && threads === 1)
    entries.push(alone(works.forward, "forward"), alone(works.gradient, "gradient"));
  // A training takes as many threads as there are.
  if (threads === all) entries.push({ ...alone(works.search, "search"), members: 8, per: 8 });
  return {
    device,
    threads,
    entries,
    start: () => node("gradus.ts", device, String(threads)),
    install: howToInstall[device] ?? "",
  };
}

function singleThreaded(): Entrant[] {
  const flagged = { ...step, what: works.flaggedStep, work: "step-flags" };
  return [
    {
      device: "tensorflowjs",
      threads: 1,
      entries: [step, flagged],
      start: () => node("tensorflowjs.ts"),
      install: peersInstall,
    },
    {
      device: "wasm",
      threads: 1,
      entries: [alone(works.peak, "peak")],
      start: () => node("fma-peak.ts"),
      install: "an engine with WebAssembly SIMD",
    },
  ];
}

function node(file: string, ...rest: string[]): Promise<Contestant> {
  const path = fileURLToPath(new URL(`contestants/${file}`, import.meta.url));
  return enter(process.execPath, [...process.execArgv, path, ...rest]);
}
