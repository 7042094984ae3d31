import { expect, test } from "vitest";
import type { Dataset } from "../data/dataset.ts";
import type { Split } from "../data/splits.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../record/checkpoint-file.ts";
import type { Checkpoint } from "../record/event.ts";
import type { RunState } from "../record/fold.ts";
import type { SpecInput } from "../record/spec.ts";
import { type Change, changed, data, trained } from "./fixtures/small-runs.ts";
import { outcome, train } from "./train.ts";

/** Everything that a step can remember of those before it. */
const remembering: readonly (readonly [what: string, changes: readonly Change[]])[] = [
  ["descent", []],
  ["double precision", [["dtype", "f64"]]],
  [
    "kept velocities, averages",
    [
      ["training.update", { kind: "momentum", rho: 0.8 }],
      ["network.batchNorm", {}],
    ],
  ],
  [
    "velocities and averages that begin anew each epoch",
    [
      ["training.update", { kind: "momentum", rho: 0.8, velocities: "reset" }],
      ["network.batchNorm", { averages: "reset", affine: false }],
    ],
  ],
  ...(["nesterov", "adam", "adamw", "adagrad", "rmsprop"] as const).map(
    (kind) =>
      [
        kind,
        [
          ["training.update", { kind }],
          ["training.schedule.max", 0.02],
        ],
      ] as const,
  ),
  ...([{ kind: "softmax", smoothing: 0.1 }, { kind: "sigmoid" }, { kind: "hinge" }] as const).map(
    (loss) => [`the loss ${loss.kind}`, [["training.loss", loss]]] as const,
  ),
  ["orthogonal first weights", [["network.initialise", { kind: "orthogonal" }]]],
  [
    "clipped gradients of momentum",
    [
      ["training.update", { kind: "momentum" }],
      ["training.clip", 0.3],
    ],
  ],
  [
    "permuted batches and dropout",
    [
      ["data.order", "permuted"],
      ["network.dropout", 0.2],
    ],
  ],
  [
    "a generator drawn from in order",
    [
      ["random", "numpy"],
      ["data.order", "permuted"],
    ],
  ],
  [
    "a limit on the cost",
    [
      ["training.costLimit", 50],
      ["training.schedule", { kind: "step-decay", rate: 0.1, factor: 0.9 }],
    ],
  ],
  [
    "the best weights so far, and how long ago they were",
    [
      ["training.schedule", { kind: "ramp", min: 0.001, max: 20 }],
      ["evaluate", { every: 2, keep: "best" }],
      ["training.patience", 100],
      ["network.batchNorm", {}],
    ],
  ],
  ...(
    [
      { kind: "ema", decay: 0.9 },
      { kind: "swa", from: 12, every: 5 },
    ] as const
  ).map(
    (average) =>
      [
        `weights averaged by ${average.kind}, normalised`,
        [
          ["training.average", average],
          ["network.batchNorm", {}],
          ["evaluate.keep", "best"],
        ],
      ] as const,
  ),
  ...(["precise", "adaptive"] as const).map(
    (statistics) => [`${statistics} statistics`, [["network.batchNorm", { statistics }]]] as const,
  ),
  ...(["leaky-relu", "gelu", "tanh"] as const).map(
    (activation) => [`the activation ${activation}`, [["network.activation", activation]]] as const,
  ),
  [
    "shortcuts",
    [
      ["network.hidden", [9, 9]],
      ["network.residual", true],
      ["network.dropout", 0.2],
    ],
  ],
  ["measured at the end only", [["evaluate.every", "end"]]],
];

/** The checkpoints of a training before its first step and after each, and its end. */
async function checkpointed(specs: readonly SpecInput[]) {
  const checkpoints: (readonly Checkpoint[])[] = [];
  const whole = await outcome(train(specs, data, { wantsCheckpoint: () => true }), (event) => {
    if (event.kind === "checkpoint") checkpoints.push(event.checkpoints);
  });
  return { checkpoints, whole };
}

test.each(remembering)("resumed after any step it ends as it would have: %s", async (_what, changes) => {
  const specs = [changed(...changes), changed(...changes, ["training.lambda", 0.01])];
  const { checkpoints, whole } = await checkpointed(specs);
  expect(checkpoints.map(([{ step }]) => step)).toEqual(Array.from({ length: 51 }, (_, i) => i));
  for (const resume of [0, 1, 9, 10, 11, 19, 20, 37, 49, 50].map((step) => checkpoints[step])) {
    // One member resumes in company, the other alone; each hears only what came after.
    const together = await trained(specs, { resume });
    const alone = await trained(specs[1], { resume: [resume[1]] });
    for (const [again, before] of [
      ...together.runs.map((run, i) => [run, whole.runs[i]]),
      [alone.runs[0], whole.runs[1]],
    ]) {
      expect(again.weightsSha256).toBe(before.weightsSha256);
      expect(again.final).toEqual(before.final);
      expect(again.best).toEqual(before.best);
      expect(again.series).toEqual(before.series.filter(({ step }) => step > resume[0].step));
    }
  }
});

test("the bytes of a checkpoint do not tell whether the run was resumed, nor when", async () => {
  const { checkpoints } = await checkpointed([changed()]);
  const bytes = async ([checkpoint]: readonly Checkpoint[]) => Buffer.from(await encodeCheckpoint(checkpoint));
  const last = await bytes(checkpoints[checkpoints.length - 1]);
  for (const [checkpoint] of checkpoints) {
    // As a store gives it back.
    const read = await decodeCheckpoint(await encodeCheckpoint(checkpoint), "checkpoint");
    let final: readonly Checkpoint[] = [];
    await outcome(train(changed(), data, { resume: [read], wantsCheckpoint: () => true }), (event) => {
      if (event.kind === "checkpoint") final = event.checkpoints;
    });
    expect((await bytes(final)).equals(last), `from update ${checkpoint.step}`).toBe(true);
  }
});

test("a run that is resumed and interrupted again and again ends as it would have", async () => {
  const spec = changed(...remembering[2][1], ...remembering[4][1]);
  const { whole } = await checkpointed([spec]);
  let resume: readonly Checkpoint[] | undefined;
  let runs: readonly RunState[] = [];
  for (let sessions = 0; runs[0]?.state !== "finished"; sessions++) {
    expect(sessions).toBeLessThan(12);
    const controller = new AbortController();
    const until = (resume?.[0].step ?? 0) + 5;
    ({ runs } = await outcome(
      train(spec, data, {
        signal: controller.signal,
        resume,
        wantsCheckpoint(step, isAborted) {
          if (step >= until && sessions < 8) controller.abort();
          return isAborted || controller.signal.aborted;
        },
      }),
      (event) => {
        if (event.kind === "checkpoint") resume = event.checkpoints;
      },
      runs,
    ));
  }
  // Its series has every measurement once, whatever session it is of.
  expect(runs).toEqual(whole.runs);
});

test("stopped before a measurement that was due, it is made when the run goes on", async () => {
  const { whole } = await checkpointed([changed()]);
  const controller = new AbortController();
  let resume: readonly Checkpoint[] = [];
  const options = { signal: controller.signal, wantsCheckpoint: (_: number, isLast: boolean) => isLast };
  const stopped = await outcome(train(changed(), data, options), (event) => {
    if (event.kind === "progress" && event.step === 20) controller.abort();
    if (event.kind === "checkpoint") resume = event.checkpoints;
  });
  expect(resume[0]).toMatchObject({ step: 20, isUnmeasured: true });
  expect(stopped.runs[0].series.map(({ step }) => step)).toEqual([0, 10]);
  const { runs } = await outcome(train(changed(), data, { resume }), undefined, stopped.runs);
  expect(runs).toEqual(whole.runs);
});

test("whenever a stop is looked for, amid a measurement too, the run goes on to the same end", async () => {
  const many = changed(["training.steps", 12], ["evaluate.every", 5]);
  const large: Split = {
    train: repeated(data.train, 4),
    validation: repeated(data.validation, 6),
    test: repeated(data.test, 5),
  };
  const until = async (looks: number) => {
    let [looked, resume]: [number, readonly Checkpoint[] | undefined] = [0, undefined];
    const signal = {
      get aborted() {
        looked += 1;
        return looked > looks;
      },
    };
    const training = train(many, large, { signal, wantsCheckpoint: (step, isLast) => isLast || step === 0 });
    const stopped = await outcome(training, (event) => {
      if (event.kind === "checkpoint") resume = event.checkpoints;
    });
    return { ...stopped, looked, resume: resume as readonly Checkpoint[] | undefined };
  };
  const whole = await until(Number.POSITIVE_INFINITY);
  const ways = new Set<string>();
  for (let looks = 1; looks < whole.looked; looks++) {
    const stopped = await until(looks);
    const [{ state, series, step }] = stopped.runs;
    const isUnmeasured = stopped.resume?.[0].isUnmeasured;
    ways.add(`${state}, ${isUnmeasured ? "a measurement cut short" : step === 12 ? "all measured" : "between steps"}`);
    if (isUnmeasured) expect(series.some((measurement) => measurement.step === stopped.resume?.[0].step)).toBe(false);
    const { runs } = await outcome(train(many, large, { resume: stopped.resume }), undefined, stopped.runs);
    const [{ final, weightsSha256, series: all }] = runs;
    expect({ final, weightsSha256, series: all }).toEqual({
      final: whole.runs[0].final,
      weightsSha256: whole.runs[0].weightsSha256,
      series: whole.runs[0].series,
    });
  }
  expect([...ways].sort()).toEqual([
    "running, a measurement cut short",
    "running, all measured", // amid the images of the test
    "running, between steps",
  ]);
});

function repeated(set: Dataset, times: number): Dataset {
  const all = (bytes: Uint8Array) =>
    Uint8Array.from({ length: bytes.length * times }, (_, i) => bytes[i % bytes.length]);
  return { ...set, images: all(set.images), labels: all(set.labels), count: set.count * times };
}

test("a limit to the cost is of the first cost, whenever the run is resumed", async () => {
  const growing = changed(
    ["training.schedule", { kind: "ramp", min: 0.01, max: 10 }],
    ["training.costLimit", 4],
    ["evaluate.every", 1],
  );
  const { checkpoints, whole } = await checkpointed([growing]);
  const [{ state, divergence }] = whole.runs;
  expect({ state, where: divergence?.where }).toEqual({ state: "diverged", where: "cost" });
  // Were the first cost that of the first measurement after it, nothing would seem to have grown.
  const resumed = checkpoints[checkpoints.length - 1];
  const { runs } = await outcome(train(growing, data, { resume: resumed }), undefined, whole.runs);
  expect(runs[0].divergence).toEqual(divergence);
  expect(runs[0].weightsSha256).toBe(whole.runs[0].weightsSha256);
});

test("a member that has diverged stays so, and its company goes on", async () => {
  const specs = [changed(), changed(["training.schedule.max", 1e30])];
  const { checkpoints, whole } = await checkpointed(specs);
  expect(whole.runs.map(({ state }) => state)).toEqual(["finished", "diverged"]);
  const before = whole.runs.map((run) => ({ ...run, series: run.series.filter(({ step }) => step <= 30) }));
  const { runs } = await outcome(train(specs, data, { resume: checkpoints[30] }), undefined, before);
  expect(runs).toEqual(whole.runs);
  const alone = await checkpointed([specs[1]]);
  expect(alone.checkpoints.every(([{ tensors }]) => tensors.W1.values.every(Number.isFinite))).toBe(true);
});

test("a checkpoint of another network is refused, and one of another step than its company's", async () => {
  const both = await checkpointed([changed(), changed()]);
  const mixed = [both.checkpoints[4][0], both.checkpoints[5][1]];
  await expect(trained([changed(), changed()], { resume: mixed })).rejects.toThrow(
    /is of update 5, another's of update 4/,
  );
});

test.each([-1, 1.5, Number.NaN])("a checkpoint of update %s is refused", async (step) => {
  const { checkpoints } = await checkpointed([changed()]);
  const attempt = trained(changed(), { resume: [{ ...checkpoints[4][0], step }] });
  await expect(attempt).rejects.toMatchObject({ code: "data", place: "checkpoint", complaint: `is of update ${step}` });
});

test.each<[key: string, says: RegExp, changes: readonly Change[]]>([
  ["network.hidden", /\[14\]; the checkpoint's network has \[13\]/, [["network.hidden", [14]]]],
  ["network.hidden", /\[13,13\]; the checkpoint's network has \[13\]/, [["network.hidden", [13, 13]]]],
  ["network.batchNorm", /the checkpoint has no gamma1/, [["network.batchNorm", {}]]],
  ["training.update", /momentum.*: the checkpoint has no velocity.W1/, [["training.update", { kind: "momentum" }]]],
  ["training.steps", /39: 39 updates in all, and the checkpoint has made 40/, [["training.steps", 39]]],
])("a checkpoint that does not fit is refused, naming the key: %s", async (place, message, changes) => {
  const { checkpoints } = await checkpointed([changed()]);
  const attempt = trained(changed(...changes), { resume: checkpoints[40] });
  await expect(attempt).rejects.toMatchObject({ code: "spec", place, message });
});

test("a checkpoint of other images is refused, naming the data", async () => {
  const { checkpoints } = await checkpointed([changed()]);
  const of = (part: Dataset, change: Partial<Dataset>) => ({ ...part, ...change });
  const every = (change: (part: Dataset) => Partial<Dataset>): Split => ({
    train: of(data.train, change(data.train)),
    validation: of(data.validation, change(data.validation)),
    test: of(data.test, change(data.test)),
  });
  const smaller = every(({ count }) => ({ dimension: 15, images: new Uint8Array(15 * count) }));
  const more = every(({ classes }) => ({ classes: [...classes, "grey"] }));
  for (const [images, message] of [
    [smaller, /images of 15 numbers; the checkpoint's network takes 30/],
    [more, /4 classes; the checkpoint's network has 3/],
  ] as const) {
    const attempt = outcome(train(changed(), images, { resume: checkpoints[4] }));
    await expect(attempt).rejects.toMatchObject({ code: "spec", place: "data.dataset", message });
  }
});
