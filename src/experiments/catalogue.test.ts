import { describe, expect, test } from "vitest";
import { parseSpec } from "../record/parse-spec.ts";
import { populationKey } from "../train/plan.ts";
import { experiment004E2 } from "./004-e2.ts";
import { experiments, findExperiment, findPublished, published } from "./catalogue.ts";
import { climbs, staysLevel } from "./claims.ts";
import type { SearchRow, SearchVariant, TrainingVariant } from "./experiment.ts";

const counts = { "000": 9, "001": 6, "002": 11, "003": 5, "004": 6 };
const trainings = published.flatMap(({ id, variants }) =>
  variants
    .filter((variant): variant is TrainingVariant => variant.kind === "training")
    .map((variant) => ({ id, ...variant })),
);
const searches = published.flatMap(({ id, variants }) =>
  variants
    .filter((variant): variant is SearchVariant => variant.kind === "search")
    .map((variant) => ({ id, ...variant })),
);

test("37 experiments, in the reports' order, each in a file of its own", () => {
  const ids = Object.entries(counts).flatMap(([report, count]) =>
    Array.from({ length: count }, (_, i) => `${report}-E${i + 1}`),
  );
  expect(published.map(({ id }) => id)).toEqual(ids);
});

test("an experiment is found in any case; only trainings can be trained", () => {
  expect(findPublished("001-e4")?.id).toBe("001-E4");
  expect(findPublished("005-E1")).toBeUndefined();
  expect(findExperiment("004-e2")).toBe(experiment004E2);
  expect(findExperiment("004-E4")).toBeUndefined();
  expect(experiments.length).toBe(new Set(trainings.map(({ id }) => id)).size);
});

test.each(published)(
  "$id: the intended protocol comes first, and two differ by something that is said",
  (experiment) => {
    expect(experiment.variants[0].name).toBe("as-intended");
    expect(new Set(experiment.variants.map(({ name }) => name)).size).toBe(experiment.variants.length);
    if (experiment.variants.length > 1) {
      expect(experiment.fault).toBeDefined();
      expect(experiment.variants[1].differs).toBeDefined();
    }
  },
);

test.each(trainings)("$id, $name: a spec named like it, and ranges that can be met and missed", (training) => {
  expect(parseSpec(training.spec).name).toBe(training.id);
  expect(training.numbers.length).toBeGreaterThan(0);
  for (const { low, high, because } of training.numbers) {
    expect(low).toBeLessThan(high);
    expect(because).not.toBe("");
  }
});

describe.each(searches)("$id, $name", ({ id, trials, claims }) => {
  test("its trials can train side by side, and have a penalty or a rate of their own", () => {
    const specs = trials.map((trial) => parseSpec(trial));
    expect(specs.every(({ name }) => name === id)).toBe(true);
    expect(new Set(specs.map(populationKey)).size).toBe(1);
    expect(new Set(specs.map(({ training }) => JSON.stringify([training.lambda, training.schedule]))).size).toBe(
      specs.length,
    );
  });

  test("no claim holds of just any table", () => {
    const rows = trials.map((trial, i): SearchRow => {
      const { lambda } = parseSpec(trial).training;
      return {
        lambda,
        eta: 0.1,
        trainAccuracy: 0.1 + 0.8 * (i % 2),
        validationAccuracy: i === 0 ? 0.9 : 0.1,
        testAccuracy: 0.1,
      };
    });
    const level = rows.map((row, i) => ({
      ...row,
      trainAccuracy: i < rows.length / 2 ? 0.1 : 0.9,
      validationAccuracy: 0.1 + 0.01 * (i % 2),
    }));
    for (const claim of claims) expect(claim.holds(rows) && claim.holds(level), claim.text).toBe(false);
  });
});

const reportedOf = (id: string) => published.find((experiment) => experiment.id === id)?.reported;

test.each(["001-E4", "001-E5"])("%s: weights were carried, its own table says", (id) => {
  const { rows } = reportedOf(id) as { rows: readonly SearchRow[] };
  expect(rows).toHaveLength(30);
  expect(climbs.holds(rows)).toBe(true);
  expect(staysLevel.holds(rows)).toBe(false);
  const fresh = rows.map((row) => ({ ...row, trainAccuracy: rows[0].trainAccuracy }));
  expect(climbs.holds(fresh)).toBe(false);
  expect(staysLevel.holds(fresh)).toBe(true);
});

test("the searches of report 004 hold of what it printed", () => {
  for (const [id, name] of [
    ["004-E4", "as-intended"],
    ["004-E5", "as-reported"],
  ]) {
    const search = published.find((experiment) => experiment.id === id);
    const { rows } = reportedOf(id) as { rows: readonly { lambda: number; validationAccuracy: number }[] };
    const variant = search?.variants.find((candidate) => candidate.name === name);
    if (variant?.kind !== "search") throw new Error(`${id} is no search`);
    const table = rows.map((row) => ({ ...row, eta: 0.1, trainAccuracy: 0.6, testAccuracy: 0.5 }));
    for (const claim of variant.claims) expect(claim.holds(table), claim.text).toBe(true);
  }
});
