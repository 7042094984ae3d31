import { describe, expect, test } from "vitest";
import type { Device } from "../math/device.ts";
import { createDevice } from "../math/select.ts";
import type { Checkpoint } from "../record/event.ts";
import type { RunState } from "../record/fold.ts";
import { parseSpec, setPath } from "../record/parse-spec.ts";
import type { SpecInput } from "../record/spec.ts";
import { openBench } from "./bench.ts";
import { type Change, changed, data, trained } from "./fixtures/small-runs.ts";
import { trainPopulation } from "./population.ts";
import { outcome, type TrainOptions, train } from "./train.ts";

/** Two layers with velocities and masks: what goes on in a member's state beside its weights. */
const stateful: readonly Change[] = [
  ["network.hidden", [13, 7]],
  ["network.dropout", 0.1],
  ["training.update", { kind: "momentum", rho: 0.8 }],
  ["training.schedule", { kind: "constant", rate: 0.05 }],
  ["evaluate.every", 3],
];
const normalised: Change = ["network.batchNorm", { alpha: 0.8 }];

interface Way {
  readonly way: string;
  /** Updates after which the member ends. */
  readonly step: number;
  readonly changes: readonly Change[];
  /** The update after which the member at place 0 is let go. */
  readonly letGo?: number;
}

/** Every way of ending before the others. */
const ways: readonly Way[] = [
  {
    way: "a limit to the cost",
    step: 3,
    changes: [
      ["training.schedule.rate", 20],
      ["training.costLimit", 2],
    ],
  },
  { way: "a batch loss that is not finite", step: 2, changes: [["training.schedule.rate", 1e30]] },
  {
    way: "a measurement that is not finite",
    step: 3,
    changes: [
      ["training.schedule", { kind: "triangular", min: 0, max: 2e38, halfCycle: 2 }],
      ["training.update.rho", 0],
    ],
  },
  {
    way: "patience",
    step: 9,
    changes: [
      ["training.schedule.rate", 0],
      ["training.patience", 3],
    ],
  },
  { way: "being let go before its first update", step: 0, changes: [normalised], letGo: 0 },
  { way: "being let go", step: 9, changes: [normalised], letGo: 9 },
  ...(
    [
      ["training.average", { kind: "ema", decay: 0.9 }],
      ["training.average", { kind: "swa", from: 5, every: 2 }],
      ["network.batchNorm.statistics", "precise"],
      ["network.batchNorm.statistics", "adaptive"],
    ] as const
  ).map((change) => ({
    way: `being let go, with ${JSON.stringify(change)}`,
    step: 9,
    changes: [normalised, change],
    letGo: 9,
  })),
  {
    way: "being let go, its best weights kept",
    step: 21,
    changes: [normalised, ["training.schedule.rate", 2], ["evaluate.keep", "best"]],
    letGo: 21,
  },
];

function population(changes: readonly Change[], others: number): SpecInput[] {
  const first = changed(...stateful, ...changes);
  // The others share the shape, and go on to the end.
  const calm = changes.reduce<unknown>((input, [path]) => {
    return /schedule|costLimit|patience/.test(path)
      ? setPath(input, path.split(".").slice(0, 2).join("."), undefined)
      : input;
  }, first);
  const rate = setPath(calm, "training.schedule", { kind: "constant", rate: 0.05 });
  return [first, ...Array.from({ length: others }, (_, i) => setPath(rate, "seed", i + 2) as SpecInput)];
}

/** What was last heard of a mini-batch is of the session that heard it. */
function withoutProgress({ batchLoss, learningRate, ...run }: RunState) {
  return run;
}

function lettingGo(at: number | undefined): TrainOptions {
  if (at === undefined) return {};
  return { retire: (running, step) => running.filter(({ member }) => member === 0 && step === at).map(() => 0) };
}

describe.each(ways)("$way", ({ step, changes, letGo }) => {
  test.each([1, 3, 7])("ends a member as it would alone, beside %i others, who go on", async (others) => {
    const specs = population(changes, others);
    const alone = await trained(specs[0], lettingGo(letGo));
    const together = await trained(specs, lettingGo(letGo));
    expect(alone.runs[0].step).toBe(step);
    expect(together.runs[0]).toEqual(alone.runs[0]);
    expect(together.weights[0]).toEqual(alone.weights[0]);
    const last = await trained(specs[others]);
    expect(together.runs[others]).toEqual(last.runs[0]);
    expect(last.runs[0].step).toBe(50);
  });

  test("is resumed as ended, and the others go on as they would have", async () => {
    const specs = population(changes, 3);
    const checkpoints: (readonly Checkpoint[])[] = [];
    const whole = await outcome(train(specs, data, { ...lettingGo(letGo), wantsCheckpoint: () => true }), (event) => {
      if (event.kind === "checkpoint") checkpoints[event.step] = event.checkpoints;
    });
    for (const at of [step + 1, step + 13, 49]) {
      expect(checkpoints[at][0]).toMatchObject({ step, ended: expect.any(String) });
      const before = whole.runs.map(
        (run): RunState => ({ ...run, series: run.series.filter((row) => row.step <= at) }),
      );
      const { runs, weights } = await outcome(train(specs, data, { resume: checkpoints[at] }), undefined, before);
      expect(runs.map(withoutProgress)).toEqual(whole.runs.map(withoutProgress));
      expect(weights).toEqual(whole.weights);
    }
  });
});

test("a population frees all that it took of its device, however it ends", async () => {
  const device = await createDevice("wasm", "f32");
  const live = new Set<unknown>();
  const counted: Device = {
    ...device,
    tensor: (...of) => entered(device.tensor(...of)),
    batch: (...of) => entered(device.batch(...of)),
    tally: (...of) => entered(device.tally(...of)),
    upload: (...of) => entered(device.upload(...of)),
    free(memory) {
      expect(live.delete(memory)).toBe(true);
      device.free(memory);
    },
    release(images) {
      expect(live.delete(images)).toBe(true);
      device.release(images);
    },
  };
  function entered<T>(memory: T): T {
    live.add(memory);
    return memory;
  }
  for (const { changes, letGo } of ways) {
    const specs = population(changes, 3).map(parseSpec);
    const bench = openBench(counted, data, specs[0]);
    const standing = live.size;
    await outcome(trainPopulation(specs, bench, lettingGo(letGo)));
    // The test images stay where they are for the next population.
    expect(live.size).toBe(standing + 1);
    for await (const event of trainPopulation(specs, bench)) if (event.kind === "progress") break;
    expect(live.size).toBe(standing + 1);
    bench.free();
    expect(live.size).toBe(0);
  }
});

test("members that have ended cost nothing once a quarter of a population has", async () => {
  const device = await createDevice("wasm", "f32");
  const stepped: number[] = [];
  const watched: Device = {
    ...device,
    softmaxCrossEntropyGradient(ds, p, labels) {
      stepped.push(ds.shape[0]);
      device.softmaxCrossEntropyGradient(ds, p, labels);
    },
  };
  const specs = population([normalised], 7).map(parseSpec);
  const bench = openBench(watched, data, specs[0]);
  // One member ends at update 3, another at 6, all but one at 9.
  const leaving: Record<number, readonly number[]> = { 3: [0], 6: [5], 9: [1, 2, 3, 4, 6] };
  await outcome(trainPopulation(specs, bench, { retire: (_, step) => leaving[step] ?? [] }));
  bench.free();
  const times = (count: number, members: number) => new Array<number>(count).fill(members);
  expect(stepped).toEqual([...times(6, 8), ...times(3, 6), ...times(41, 1)]);
});
