import { expect, test } from "vitest";
import type { Device } from "../math/device.ts";
import { type CreateDevice, createDevice } from "../math/select.ts";
import type { TrainingEvent } from "../record/event.ts";
import type { SpecInput } from "../record/spec.ts";
import { type Change, changed, data } from "./fixtures/small-runs.ts";
import type { PopulationOptions } from "./population.ts";
import { train } from "./train.ts";

// A device that computes what wasm computes, and says that it is slow to read: what comes of it must be the same to the bit.

/** Counts how often a training reads losses. */
function slowToRead(): { create: CreateDevice; reads: () => number } {
  let reads = 0;
  return {
    reads: () => reads,
    create: async (...of): Promise<Device> => {
      const device = await createDevice(...of);
      return {
        ...device,
        readsSlowly: true,
        readTally(tally) {
          reads += 1;
          return device.readTally(tally);
        },
      };
    },
  };
}

interface Heard {
  readonly events: readonly TrainingEvent[];
  readonly weights: unknown;
}

async function heard(
  specs: readonly SpecInput[],
  create: CreateDevice,
  options: () => PopulationOptions,
): Promise<Heard> {
  const events: TrainingEvent[] = [];
  const training = train(specs, data, { create, ...options() });
  for (;;) {
    const next = await training.next();
    if (next.done) return { events, weights: next.value };
    events.push(next.value);
  }
}

async function requireSame(specs: readonly SpecInput[], options: () => PopulationOptions = () => ({})) {
  const slow = slowToRead();
  const expected = await heard(specs, createDevice, options);
  const obtained = await heard(specs, slow.create, options);
  expect(obtained).toEqual(expected);
  return { ...expected, reads: slow.reads() };
}

const common: readonly Change[] = [["device", "wasm"]];
const everything: readonly Change[] = [
  ...common,
  ["network.hidden", [13, 7]],
  ["network.batchNorm", { alpha: 0.8 }],
  ["network.dropout", 0.2],
  ["training.steps", 67],
];
const explosive: readonly Change[] = [["training.schedule", { kind: "constant", rate: 1e30 }]];

test("several steps between two looks give the same bits, and a tenth of the looks", async () => {
  const { reads } = await requireSame([changed(...everything, ["evaluate.every", "end"])]);
  // Epochs of 10 steps: 7 stretches, and two sets and their penalties at the end, and the test images.
  expect(reads).toBeLessThan(16);
});

test.each<readonly [string, readonly Change[]]>([
  ["velocities that each epoch resets", [["training.update", { kind: "momentum", rho: 0.9, velocities: "reset" }]]],
  [
    "Adam, clipped and averaged",
    [
      ["training.update", { kind: "adam" }],
      ["training.clip", 0.5],
      ["training.average", { kind: "ema", decay: 0.9 }],
    ],
  ],
  ["NumPy's generator", [["random", "numpy"]]],
])("%s: the same bits", async (_what, changes) => {
  await requireSame([
    changed(...everything, ...changes),
    changed(...everything, ...changes, ["training.lambda", 0.01]),
  ]);
});

test("a member that diverges amid a stretch ends at the same step, and the others go on as if nothing had been", async () => {
  const slow = changed(...everything, ["training.update", { kind: "momentum", rho: 0.9, velocities: "reset" }]);
  const fast = changed(
    ...everything,
    ["training.update", { kind: "momentum", rho: 0.9, velocities: "reset" }],
    ...explosive,
  );
  const { events } = await requireSame([slow, fast, slow, slow, slow]);
  const diverged = events.find((event) => event.kind === "diverged");
  expect(diverged).toMatchObject({ member: 1 });
  expect(diverged?.kind === "diverged" && diverged.divergence.step % 10).toBeGreaterThan(1);
});

test("checkpoints that are wanted amid a stretch are taken there, also where it is walked again", async () => {
  const wants = (step: number, isLast: boolean) => isLast || step === 3 || step === 17;
  for (const specs of [[changed(...everything)], [changed(...everything), changed(...everything, ...explosive)]]) {
    const { events } = await requireSame(specs, () => ({ wantsCheckpoint: wants }));
    const steps = events.flatMap((event) => (event.kind === "checkpoint" ? [event.step] : []));
    expect(steps).toEqual([3, 17, 67]);
  }
});

test("a training that is stopped amid a stretch ends there", async () => {
  const stopAfter = (looks: number) => () => {
    let seen = 0;
    return {
      signal: {
        get aborted() {
          return ++seen > looks;
        },
      },
      wantsCheckpoint: (_step: number, isLast: boolean) => isLast,
    };
  };
  const slow = slowToRead();
  const { events } = await heard([changed(...everything)], slow.create, stopAfter(40));
  const last = events.at(-1);
  expect(last?.kind).toBe("checkpoint");
  if (last?.kind !== "checkpoint") return;
  expect(last.step).toBeGreaterThan(0);
  // It is what a training that was not stopped had there.
  const whole = await heard([changed(...everything)], createDevice, () => ({
    wantsCheckpoint: (step) => step === last.step,
  }));
  const there = whole.events.find((event) => event.kind === "checkpoint");
  expect(last.checkpoints[0].tensors).toEqual(there?.kind === "checkpoint" ? there.checkpoints[0].tensors : undefined);
});
