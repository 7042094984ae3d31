import { describe, expect, test } from "vitest";
import type { Dataset } from "../data/dataset.ts";
import type { Split } from "../data/splits.ts";
import { runDocument } from "../record/run-document.ts";
import { type Change, changed, data, run, spec } from "./fixtures/small-runs.ts";
import { outcome, train } from "./train.ts";

const circumstances = { run: "r", startedAt: "", seconds: 1, versions: {} };

/** What is noticed of a run: what about, and the sentence. */
async function noticed(images: Split, ...changes: Change[]): Promise<string[]> {
  const { runs } = await outcome(train(changed(...changes), images));
  return runs[0].notices.map(({ about, text, remedy }) => `${about}: ${text}; ${remedy}`);
}

const relabelled = (set: Dataset, label: (label: number) => number, classes = set.classes): Dataset => ({
  ...set,
  labels: set.labels.map(label),
  classes,
});

test("how images and labels were found in one's own files is told, of a published dataset not", async () => {
  const reading = ["labels: column 1, the only one of texts"];
  const read = { ...data, train: { ...data.train, reading } };
  const files: Change[] = [
    ["data.dataset", { train: ["mine.csv", "more.csv"] }],
    ["evaluate.test", false],
  ];
  const told = await noticed(read, ...files);
  expect(told[0]).toMatch(/^read-as: read as labels: column 1, the only one of texts; `gradus data info FILE`/);
  expect(await noticed(read)).toEqual([]);
});

describe("classes that training never sees are named, with the counts of every set", () => {
  const grey = ["red", "green", "blue", "grey"];
  const counts = (set: Dataset, label: number) => set.labels.filter((each) => each === label).length;

  test("one that is only validated and tested", async () => {
    const images = { ...data, train: relabelled(data.train, (label) => (label === 2 ? 1 : label)) };
    const [notice, ...more] = await noticed(images);
    expect(more).toEqual([]);
    expect(notice).toContain(
      `unseen-class: training never sees the class "blue" (0 to train on, ${counts(data.validation, 2)} to validate, ${counts(data.test, 2)} to test)`,
    );
  });

  test("labels from 1 in one set and from 0 in another", async () => {
    const shifted = (set: Dataset) => relabelled(set, (label) => label + 1, grey);
    const images = {
      train: shifted(data.train),
      validation: shifted(data.validation),
      test: relabelled(data.test, (l) => l, grey),
    };
    expect((await noticed(images))[0]).toContain(
      `"red" (0 to train on, 0 to validate, ${counts(data.test, 0)} to test)`,
    );
  });

  test("also in the document; and nothing is said where all are seen", async () => {
    const images = { ...data, train: relabelled(data.train, () => 0) };
    const { runs } = await outcome(train(spec, images));
    expect(runDocument(runs[0], circumstances)?.notices).toMatchObject([{ about: "unseen-class", step: 0 }]);
    expect(runDocument(await run(), circumstances)).not.toHaveProperty("notices");
  });
});

describe("settings that do nothing", () => {
  test.each<[key: string, changes: Change[]]>([
    [
      "network.batchNorm",
      [
        ["network.hidden", []],
        ["network.batchNorm", {}],
      ],
    ],
    ["network.batchNorm.layers", [["network.batchNorm", { layers: "all-but-last" }]]],
    [
      "network.dropout",
      [
        ["network.hidden", []],
        ["network.dropout", 0.5],
      ],
    ],
    ["data.orderSeed", [["data.orderSeed", 3]]],
    ["training.schedule.factor", [["training.schedule", { kind: "step-decay", rate: 0.1, factor: 0.5, every: 50 }]]],
  ])("%s", async (key, changes) => {
    const notices = await noticed(data, ...changes);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(
      new RegExp(`^no-effect: ${key.replaceAll(".", "\\.")} does nothing: .*; leave out ${key}`),
    );
  });

  test("are not named where they do something", async () => {
    expect(
      await noticed(
        data,
        ["network.batchNorm", {}],
        ["network.dropout", 0.1],
        ["data.order", "permuted"],
        ["data.orderSeed", 3],
        ["training.schedule", { kind: "step-decay", rate: 0.1, factor: 0.5 }],
      ),
    ).toEqual([]);
  });
});

describe("runs that are dead", () => {
  test("at chance from the first measurement to the last", async () => {
    const dead: Change[] = [
      ["network.initialise", { kind: "normal", sigma: 0 }],
      ["network.hidden", [13, 7]],
    ];
    expect(await noticed(data, ...dead)).toEqual([expect.stringMatching(/^at-chance: it learned nothing: .*lr-range/)]);
    expect(await noticed(data)).toEqual([]);
    // A test of rates begins with some that are too low.
    const ramp: Change = ["training.schedule", { kind: "ramp", min: 1e-9, max: 1e-8 }];
    expect(await noticed(data, ...dead, ramp)).toEqual([]);
    // Less than an epoch proves nothing.
    expect(await noticed(data, ...dead, ["training.steps", 10])).toHaveLength(1);
    expect(await noticed(data, ...dead, ["training.steps", 9])).toEqual([]);
  });

  test("but not one that had learned something before it was resumed", async () => {
    const still = changed(["training.schedule", { kind: "constant", rate: 0 }]);
    const tensors = { W1: [13, 30], b1: [13], W2: [3, 13], b2: [3] };
    const zeros = Object.entries(tensors).map(
      ([name, shape]) => [name, { shape, values: new Float32Array(shape.reduce((a, b) => a * b)) }] as const,
    );
    const from = { step: 20, firstCost: 1, looks: 2, tensors: Object.fromEntries(zeros) };
    const endedWith = async (highest: number) => {
      const { runs } = await outcome(train(still, data, { resume: [{ ...from, highest }] }));
      return runs[0].notices.map(({ about }) => about);
    };
    expect(await endedWith(0.9)).toEqual([]);
    expect(await endedWith(0.3)).toEqual(["at-chance"]);
  });

  test("a rate of 0 is a setting that does nothing too", async () => {
    const [notice] = await noticed(data, ["training.schedule", { kind: "constant", rate: 0 }]);
    expect(notice).toMatch(/^no-effect: training.schedule does nothing: its rate is 0/);
  });

  test("a cost that ends above ten times its start", async () => {
    const high: Change[] = [
      ["training.schedule", { kind: "constant", rate: 4 }],
      ["training.lambda", 0.01],
      ["network.hidden", []],
      ["data.preprocess", "none"],
    ];
    const { state, final, series } = await run(...high);
    expect(state).toBe("finished");
    expect((final?.train.cost as number) / series[0].train.cost).toBeGreaterThan(10);
    expect(await noticed(data, ...high)).toContainEqual(
      expect.stringMatching(/^cost-grew: it ended with \d+ times .*costLimit=10/),
    );
  });
});

describe("what cannot be trained is refused before it begins", () => {
  test("batch normalisation of batches of one image", async () => {
    const batchesOfOne: Change[] = [
      ["training.batch", 1],
      ["network.batchNorm", {}],
    ];
    await expect(run(...batchesOfOne)).rejects.toMatchObject({ code: "spec", place: "training.batch" });
    // Where no layer is normalised, there is nothing to refuse.
    await expect(run(...batchesOfOne, ["network.batchNorm.layers", "all-but-last"])).resolves.toMatchObject({
      state: "finished",
    });
  });

  test("a margin between classes where there is one class", async () => {
    const margin = changed(["training.loss", { kind: "hinge" }]);
    const withClasses = (count: number) => {
      const classes = data.train.classes.slice(0, count);
      const few = (set: Dataset) => relabelled(set, (label) => label % count, classes);
      return { train: few(data.train), validation: few(data.validation), test: few(data.test) };
    };
    const complaint = 'hinge: there is one class, "red", and nothing to tell it from';
    const attempt = outcome(train(margin, withClasses(1)));
    await expect(attempt).rejects.toMatchObject({ code: "spec", place: "training.loss.kind", complaint });
    expect((await outcome(train(margin, withClasses(2)))).runs[0].state).toBe("finished");
  });

  test.each(["train", "validation", "test"] as const)("no images to %s", async (part) => {
    const empty = { ...data[part], images: new Uint8Array(0), labels: new Uint8Array(0), count: 0 };
    const attempt = (input = spec) => outcome(train(input, { ...data, [part]: empty }));
    await expect(attempt()).rejects.toMatchObject({ code: "data", place: `data.${part}` });
    if (part === "test") await expect(attempt(changed(["evaluate.test", false]))).resolves.toBeDefined();
  });
});
