// Where the time of a training step goes, kernel by kernel: node bench/profile.ts [DEVICE] [THREADS] [MEMBERS]

import { availableParallelism } from "node:os";
import type { Device, Tensor } from "../src/math/device.ts";
import { smallestOf } from "../src/math/extremes.ts";
import { createNodeDevice } from "../src/math/select.node.ts";
import { openBench } from "../src/train/bench.ts";
import { trainPopulation } from "../src/train/population.ts";
import { median } from "./median.ts";
import { table } from "./report.ts";
import { dimension, stepData, stepSpec } from "./work.ts";

const [name = "auto", threads = String(availableParallelism()), members = "1"] = process.argv.slice(2);
const count = Number(members);
const device = await createNodeDevice(name, "f32", { threads: Number(threads) });
const times = new Map<string, number>();

/** The device, with a clock around each kernel; kernels that read or write something as wide as an image are told apart. */
const timed = Object.fromEntries(
  Object.entries(device).map(([key, value]) => {
    if (typeof value !== "function") return [key, value];
    const call = value as (...args: unknown[]) => unknown;
    return [
      key,
      (...args: unknown[]) => {
        const began = performance.now();
        const result = call(...args);
        const kernel = args.some(isWide) ? `${key} (${dimension} inputs)` : key;
        times.set(kernel, (times.get(kernel) ?? 0) + performance.now() - began);
        return result;
      },
    ];
  }),
) as unknown as Device;

function isWide(argument: unknown): boolean {
  const { shape, target } = (argument ?? {}) as { shape?: Tensor["shape"]; target?: Tensor };
  return (shape ?? target?.shape ?? []).includes(dimension);
}

const specs = Array.from({ length: count }, () => stepSpec("two"));
const training = trainPopulation(specs, openBench(timed, await stepData(), specs[0]));
const perRound = Math.max(20, Math.round(20 / count) * 20);
const totals: number[] = [];
const rounds: Map<string, number>[] = [];
let began = performance.now();
let next = perRound;
for await (const event of training) {
  if (event.kind !== "progress" || event.step < next) continue;
  // The first round warms up.
  if (next > perRound) {
    totals.push(performance.now() - began);
    rounds.push(new Map(times));
  }
  if (totals.length === 9) break;
  next = event.step + perRound;
  times.clear();
  began = performance.now();
}
device.close();

interface Line {
  readonly what: string;
  /** Microseconds of a member's step: the median of the rounds, and the least. */
  readonly usual: number;
  readonly least: number;
}

function line(what: string, milliseconds: readonly number[]): Line {
  const [usual, least] = [median(milliseconds), smallestOf(milliseconds)];
  return { what, usual: (usual * 1000) / perRound / count, least: (least * 1000) / perRound / count };
}

const kernels = [...rounds[0].keys()]
  .map((kernel) =>
    line(
      kernel,
      rounds.map((round) => round.get(kernel) ?? 0),
    ),
  )
  .sort((a, b) => b.usual - a.usual);
const inKernels = rounds.map((round) => [...round.values()].reduce((sum, time) => sum + time, 0));
const between = line(
  "between kernels",
  totals.map((total, round) => total - inKernels[round]),
);
const lines = [...kernels, between, line("a member's step", totals)];
process.stdout.write(
  `${device.name}: ${device.details}; ${count} member${count === 1 ? "" : "s"}\n` +
    `${table(
      ["kernel", "microseconds", "least"],
      lines.map(({ what, usual, least }) => [what, usual.toFixed(1), least.toFixed(1)]),
    )}\n`,
);
process.exit();
