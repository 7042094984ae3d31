import { expect, test } from "vitest";
import { stream } from "../math/random/stream.ts";
import { expectedBest } from "./expected-best.ts";
import { indistinguishable } from "./indistinguishable.ts";
import { mean } from "./moments.ts";
import { normalQuantile } from "./normal.ts";
import { separateImageVariance, sharedImageVariance } from "./sampling-error.ts";

/** A search of known truth: accuracies of settings that differ by nothing but these, measured with the errors of a real one. */
function measured(truth: readonly number[], seeds: number, search: number): number[][] {
  // Run-to-run .43 points, of which .3 go with the seed; 5,000 images: .7 points for all alike, .18 for each its own.
  const random = stream(search, "known truth");
  const normal = (deviation: number) => deviation * random.standardNormal(1)[0];
  const ofSeeds = Array.from({ length: seeds }, () => normal(0.003));
  const ofImages = normal(0.007);
  return truth.map((accuracy) => {
    const ofSetting = normal(0.0018);
    return ofSeeds.map((seed) => accuracy + seed + ofImages + ofSetting + normal(0.0043));
  });
}

const imageVariance = () => 2 * 0.0018 ** 2;

/** Twenty lambdas from 1e-5 to 1e-1: flat up to about 6e-3, then falling, the best at 1e-3. */
const lambdas = Array.from({ length: 20 }, (_, i) => {
  const exponent = -5 + (4 * i) / 19;
  return 0.52 + 0.004 * Math.exp(-((exponent + 3) ** 2)) - 0.12 * Math.max(0, exponent + 2.2) ** 1.5;
});
const alike = lambdas.map((_, i) => 0.5 + (i === 7 ? 1e-6 : 0));
const steps = Array.from({ length: 10 }, (_, i) => 0.5 + 0.002 * i);

test.each([
  ["the reports' lambdas, two seeds", lambdas, 2, 14.2],
  ["the reports' lambdas, three seeds", lambdas, 3, 13.9],
  ["the reports' lambdas, ten seeds", lambdas, 10, 13.2],
  ["twenty that are alike, three seeds", alike, 3, 19.4],
  ["ten, each .2 points above the last, three seeds", steps, 3, 6.1],
  ["ten, each .2 points above the last, ten seeds", steps, 10, 4.3],
])("of 1,000 searches over %s, the set holds the best in 95 %% and more", (_, truth, seeds, meanSize) => {
  const best = truth.indexOf(Math.max(...truth));
  let [hits, size] = [0, 0];
  for (let search = 0; search < 1000; search++) {
    const { members } = indistinguishable(measured(truth, seeds, search), imageVariance);
    if (members.includes(best)) hits += 1;
    size += members.length;
  }
  expect(hits).toBeGreaterThanOrEqual(950);
  expect(size / 1000).toBeCloseTo(meanSize, 0);
});

test("single images: both parts of the variance are estimated from who had which image right", () => {
  // A table of 400 images, each with its own difficulty, some harder for one setting; two settings as good as each other.
  const table = (search: number, setting: number, seeds: number) => {
    const random = stream(search, "images", setting);
    const shared = stream(search, "difficulty").standardNormal(400);
    const ofSetting = random.standardNormal(400);
    return Array.from({ length: seeds }, () => {
      const draws = random.standardNormal(400);
      return Array.from(shared, (difficulty, x) => difficulty + 0.5 * ofSetting[x] + 0.7 * draws[x] > 0);
    });
  };
  const accuracy = (seeds: boolean[][]) => seeds.map((images) => images.filter(Boolean).length / 400);
  let hits = 0;
  let [estimated, true_] = [0, 0];
  const searches = 200;
  for (let search = 0; search < searches; search++) {
    const tables = Array.from({ length: 4 }, (_, setting) => table(search, setting, 3));
    const { members, means } = indistinguishable(tables.map(accuracy), (i, k) =>
      sharedImageVariance(tables[i], tables[k]),
    );
    if (members.includes(0)) hits += 1;
    estimated += sharedImageVariance(tables[0], tables[1]) / searches;
    true_ += (means[0] - means[1]) ** 2 / searches;
  }
  expect(hits / searches).toBeGreaterThanOrEqual(0.95);
  // Between seeds comes on top of it; as though images were not shared it would be over three times as much.
  expect(estimated / true_).toBeGreaterThan(0.5);
  expect(estimated / true_).toBeLessThan(1);
  expect(separateImageVariance(0.5, 0.5, 400) / true_).toBeGreaterThan(3);
});

test("of one seed nothing is known between seeds: the images alone decide", () => {
  const values = [[0.5], [0.51], [0.46]];
  const set = indistinguishable(values, (i, k) => separateImageVariance(values[i][0], values[k][0], 5000));
  expect(set).toMatchObject({ members: [1, 0], seedDeviation: undefined });
  // Sidak of two comparisons: z of .0253 is 1.955; sqrt(2 .25 / 5000) = .01.
  expect(set.margin).toBeCloseTo(1.9545 * 0.01, 4);
});

test("a setting that diverged with any seed is never among the best, and does not widen the others' error", () => {
  const good = [
    [0.5, 0.501, 0.502],
    [0.45, 0.452, 0.451],
  ];
  const none = () => 0;
  const broken = [
    [Number.NaN, 0.9, 0.9],
    [Number.POSITIVE_INFINITY, 0.9, 0.9],
    [0.9, 0.9, Number.NEGATIVE_INFINITY],
  ];
  expect(indistinguishable([...good, ...broken], none)).toMatchObject({
    ...indistinguishable(good, none),
    means: [expect.closeTo(0.501, 12), expect.closeTo(0.451, 12), Number.NaN, Number.NaN, Number.NaN],
  });
  expect(indistinguishable(broken, none).members).toEqual([]);
  expect(indistinguishable([], none).members).toEqual([]);
  expect(() => indistinguishable([[1, 2], [1]], none)).toThrow(RangeError);
});

test("what the best is expected to give elsewhere is right on average, where the best itself is half a point too high", () => {
  let [tooHigh, off, within] = [0, 0, 0];
  const searches = 1000;
  for (let search = 0; search < searches; search++) {
    const { members, means, seedDeviation = 0 } = indistinguishable(measured(lambdas, 3, search), imageVariance);
    const error = Math.sqrt(seedDeviation ** 2 / 3 + 0.0018 ** 2);
    const {
      measured: best,
      expected,
      low,
      high,
    } = expectedBest(
      members.map((i) => means[i]),
      error,
      0.007,
    );
    const truth = lambdas[members[0]];
    tooHigh += (best - truth) / searches;
    off += (expected - truth) / searches;
    if (low <= truth && truth <= high) within += 1 / searches;
  }
  expect(tooHigh).toBeGreaterThan(0.004);
  expect(Math.abs(off)).toBeLessThan(0.001);
  expect(within).toBeGreaterThan(0.93);
});

test("a lone contender was not chosen by chance, and keeps its value", () => {
  expect(expectedBest([0.5], 0.01, 0).expected).toBe(0.5);
  const values = [0.5, 0.52, 0.54];
  expect(expectedBest(values, 1, 0).expected).toBeCloseTo(mean(values), 12); // all of the spread can be error
  expect(expectedBest(values, 0.01, 0).expected).toBeCloseTo(0.52 + 0.75 * 0.02, 12); // 4e-4 of spread, 1e-4 of error
});

test("the margin is that of the best and the second, whatever their places", () => {
  // One seed: what the images make of a difference is all there is. The variance says which two were asked for.
  const variance = (i: number, k: number) => (10 * Math.min(i, k) + Math.max(i, k)) / 1e4;
  const { margin, members } = indistinguishable([[0.2], [0.9], [0.1], [0.85]], variance);
  const tail = 1 - 0.95 ** (1 / 3); // Sidak, of three comparisons
  expect(margin).toBeCloseTo(-normalQuantile(tail) * Math.sqrt(0.0013), 12);
  expect(members).toEqual([1, 3]);
});
