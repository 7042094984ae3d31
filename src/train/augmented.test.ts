import { describe, expect, test } from "vitest";
import { mixFor } from "../data/mixup.ts";
import type { Split } from "../data/splits.ts";
import { createDevice } from "../math/select.ts";
import { createActivations } from "../nn/activations.ts";
import type { Checkpoint } from "../record/event.ts";
import { parseSpec } from "../record/parse-spec.ts";
import type { Spec, SpecInput } from "../record/spec.ts";
import { createBatches } from "./batches.ts";
import { openBench } from "./bench.ts";
import { changed, data, trained } from "./fixtures/small-runs.ts";
import { outcome, train } from "./train.ts";

// The small images are 3 planes of 10 numbers: 2 rows of 5.
const shaped = (part: Split["train"]) => ({ ...part, shape: [3, 2, 5] as const });
const pictures: Split = {
  train: shaped(data.train),
  validation: shaped(data.validation),
  test: shaped(data.test),
};
const run = (...specs: SpecInput[]) => outcome(train(specs, pictures));
const hash = async (spec: SpecInput) => (await run(spec)).runs[0].weightsSha256;

const kinds = [
  { flip: 0.5 },
  { translate: 1 },
  { translate: 1, border: "edge" },
  { translate: 1, border: "black" },
  { jitter: 0.3 },
  { noise: 0.05 },
  { cutout: 1 },
  { mixup: 0.4 },
];

test("an augmentation that does nothing changes no bit, and each that does something does", async () => {
  const plain = await hash(changed());
  expect(await hash(changed(["data.augment", {}]))).toBe(plain);
  const hashes = await Promise.all(kinds.map((augment) => hash(changed(["data.augment", augment]))));
  expect(new Set([plain, ...hashes]).size).toBe(kinds.length + 1);
});

test.each(kinds)("%j resumes to the same bits after any step, in company and alone", async (augment) => {
  const specs = [
    changed(["data.augment", augment], ["data.orderSeed", 4]),
    changed(["data.augment", augment], ["data.orderSeed", 4], ["seed", 9]),
  ];
  const checkpoints: (readonly Checkpoint[])[] = [];
  const whole = await outcome(train(specs, pictures, { wantsCheckpoint: () => true }), (event) => {
    if (event.kind === "checkpoint") checkpoints.push(event.checkpoints);
  });
  for (const step of [0, 9, 25]) {
    const together = await outcome(train(specs, pictures, { resume: checkpoints[step] }));
    const alone = await outcome(train(specs[1], pictures, { resume: [checkpoints[step][1]] }));
    expect(together.runs.map((each) => each.weightsSha256)).toEqual(whole.runs.map((each) => each.weightsSha256));
    expect(alone.runs[0].weightsSha256).toBe(whole.runs[1].weightsSha256);
  }
});

test("an image is changed as its epoch and its number say, wherever in a batch it comes", async () => {
  const spec = parseSpec(changed(["data.augment", { flip: 0.5, translate: 1, border: "edge", jitter: 0.5 }]));
  const device = await createDevice("wasm", "f64");
  const bench = openBench(device, pictures, spec);
  const { x, labels, load } = createBatches(
    bench,
    spec,
    (step) => ({ rows: Uint32Array.from([5, 3, 40, 8], (row) => (row + step) % 50), next: new Uint32Array(0) }),
    { batch: 4, stepsPerEpoch: 50 },
    createActivations(device, { members: 1, widths: [30, 13, 3] }, 4),
    [],
  );
  const columns = async (step: number) => {
    load(step);
    const [values, y] = [await device.read(x), await device.read(labels)];
    return [0, 1, 2, 3].map((j) => ({ image: Array.from({ length: 30 }, (_, f) => values[f * 4 + j]), label: y[j] }));
  };
  const [first, second, next] = [await columns(0), await columns(2), await columns(50)];
  expect(second[1]).toEqual(first[0]); // image 5
  expect(await columns(0)).toEqual(first);
  expect(next.map(({ label }) => label)).toEqual(first.map(({ label }) => label));
  for (const [j, { image }] of next.entries()) expect(image).not.toEqual(first[j].image);
  device.close();
});

test.each([undefined, { flip: 0.5, jitter: 0.3 }])(
  "mixed images are those of the epoch, mixed; labels have the same shares: with %j",
  async (changes) => {
    const spec = parseSpec(changed(["data.augment", { ...changes, mixup: 1 }]));
    const without = parseSpec(changed(["data.augment", { ...changes }]));
    const device = await createDevice("wasm", "f64");
    const bench = openBench(device, pictures, spec);
    const batchesOf = (spec: Spec, rows: readonly number[]) =>
      createBatches(
        bench,
        spec,
        () => ({ rows: Uint32Array.from(rows), next: new Uint32Array(0) }),
        { batch: rows.length, stepsPerEpoch: 1 },
        createActivations(device, { members: 1, widths: [30, 13, 3] }, rows.length),
        [],
      );
    const rows = [5, 3, 40, 8];
    const mixes = rows.map((row) => mixFor(1, 1, 7, row, 210));
    const [mixed, own, others] = [
      batchesOf(spec, rows),
      batchesOf(without, rows),
      batchesOf(
        without,
        mixes.map(({ other }) => other),
      ),
    ];
    for (const batches of [mixed, own, others]) batches.load(7);
    const [x, a, b] = await Promise.all([mixed, own, others].map((batches) => device.read(batches.x)));
    const scale = await device.read(bench.standardisation.scale);
    for (let at = 0; at < x.length; at++) {
      const { share } = mixes[at % 4];
      // Half a byte of rounding.
      expect(Math.abs(x[at] - (share * a[at] + (1 - share) * b[at]))).toBeLessThan(0.5001 * scale[Math.floor(at / 4)]);
    }
    expect(own.mixture).toBe(undefined);
    if (mixed.mixture === undefined) throw new Error("no mixture");
    expect([...(await device.read(mixed.labels))]).toEqual([...(await device.read(own.labels))]);
    expect([...(await device.read(mixed.mixture.labels))]).toEqual([...(await device.read(others.labels))]);
    expect([...(await device.read(mixed.mixture.share))]).toEqual(mixes.map(({ share }) => share));
    device.close();
  },
);

test("what is measured is never changed: without a rate nothing is learned, and every number stays what it was", async () => {
  const still = ["training.schedule", { kind: "constant", rate: 0 }] as const;
  const { runs } = await run(changed(still, ["data.augment", { flip: 0.5, noise: 0.5, translate: 1, mixup: 1 }]));
  const plain = await run(changed(still));
  expect(runs[0].series).toEqual(plain.runs[0].series);
  expect(runs[0].final).toEqual(plain.runs[0].final);
});

test("runs whose augmentations are of different seeds do not share batches", async () => {
  const augmented = (seed: number) => changed(["data.augment", { flip: 0.5 }], ["seed", seed]);
  await expect(run(augmented(1), augmented(2))).rejects.toMatchObject({ code: "spec", place: "members.1" });
});

describe("is refused, before the first update, where it cannot be", () => {
  test("data that are no pictures", async () => {
    const attempt = trained(changed(["data.augment", { flip: 0.5 }]));
    await expect(attempt).rejects.toMatchObject({
      code: "spec",
      place: "data.augment",
      message: /nothing says that what train holds are pictures/,
    });
  });

  test.each(["translate", "cutout"])("%s of all of a picture", async (key) => {
    const attempt = run(changed([`data.augment.${key}`, 2]));
    await expect(attempt).rejects.toMatchObject({
      code: "spec",
      place: `data.augment.${key}`,
      message: /2 pixels of pictures of 2 by 5 leave nothing of some/,
    });
  });
});
