import { expect, test } from "vitest";
import { dropMask } from "../math/random/drop-mask.ts";
import { stream } from "../math/random/stream.ts";
import { parseSpec } from "../record/parse-spec.ts";
import { type Change, changed, run, trained } from "./fixtures/small-runs.ts";
import { type Randomness, randomness } from "./randomness.ts";

const architecture = { members: 1, widths: [30, 13, 3] };
const random = (...changes: Change[]) => randomness(parseSpec(changed(...changes)), architecture);
const maskOf = ({ dropout: { key, rate } }: Randomness, step: number, layer: number, count: number) =>
  dropMask(count, { keys: key, rates: Float64Array.of(rate), indices: [step, layer] });

test("a mask leaves out the fraction asked for, and what stays makes up for it", () => {
  for (const dropout of [0.1, 0.5, 0.8]) {
    const mask = maskOf(random(["network.dropout", dropout]), 3, 1, 100_000);
    expect(new Set(mask)).toEqual(new Set([0, 1 / (1 - dropout)]));
    const left = mask.filter((value) => value === 0).length / mask.length;
    expect(Math.abs(left - dropout)).toBeLessThan(4 * Math.sqrt((dropout * (1 - dropout)) / mask.length));
    const mean = mask.reduce((sum, value) => sum + value, 0) / mask.length;
    expect(Math.abs(mean - 1)).toBeLessThan(0.03);
  }
});

test("a mask is drawn from the stream of its purpose, step and layer, as recorded runs have it", () => {
  const values = stream(1, "dropout", 8, 1).random(261);
  const expected = values.map((value) => (value < 0.3 ? 0 : 1 / (1 - 0.3)));
  expect(maskOf(random(["network.dropout", 0.3], ["seed", 1]), 8, 1, 261)).toEqual(expected);
});

test("a mask is a function of seed, step and layer", () => {
  const half: Change = ["network.dropout", 0.5];
  const memberRandom = random(half);
  const later = maskOf(memberRandom, 8, 1, 260);
  expect(maskOf(memberRandom, 7, 1, 260)).not.toEqual(later);
  expect(maskOf(memberRandom, 8, 2, 260)).not.toEqual(later);
  expect(maskOf(random(half, ["seed", 2]), 8, 1, 260)).not.toEqual(later);
  expect(maskOf(random(half, ["random", "numpy"], ["training.lambda", 1]), 8, 1, 260)).toEqual(later);
});

test("it is drawn anew at each step, the same again in another run, and shows in what is learned", async () => {
  const half: Change = ["network.dropout", 0.5];
  const dropped = await run(half);
  expect((await run(half)).weightsSha256).toBe(dropped.weightsSha256);
  expect((await run()).weightsSha256).not.toBe(dropped.weightsSha256);
});

test("a mask stays a member's own in company", async () => {
  const half: Change = ["network.dropout", 0.5];
  const members = [changed(half, ["seed", 4]), changed(half, ["network.dropout", 0.2]), changed(half)];
  const { weights } = await trained(members);
  expect(weights[2]).toEqual((await trained(changed(half))).weights[0]);
  expect(weights[2]).not.toEqual(weights[1]);
});

test("measurements leave nothing out", async () => {
  const still: Change[] = [
    ["training.schedule", { kind: "constant", rate: 0 }],
    ["training.lambda", 0],
  ];
  const [dropped, whole] = [await run(...still, ["network.dropout", 0.5]), await run(...still)];
  expect(dropped.series).toEqual(whole.series);
  expect(dropped.final).toEqual(whole.final);
  expect(dropped.batchLoss).not.toBe(whole.batchLoss);
});
