import { expect, test } from "vitest";
import { parseSpec } from "../record/parse-spec.ts";
import { findExperiment, published } from "./catalogue.ts";
import { changesText, identityName, identityOf } from "./identity.ts";

const spec = parseSpec(findExperiment("003-E3")?.spec);
const text = (claimant: Parameters<typeof identityOf>[0]) => {
  const identity = identityOf(claimant);
  return identity && [identityName(identity), changesText(identity)];
};

test("a run is the experiment it was begun as, whatever its seed, its device and its name", () => {
  const copy = { ...spec, seed: 9, device: "reference", name: "mine" };
  expect(text({ spec: copy, experiment: "003-E3" })).toEqual(["003-E3", undefined]);
  expect(text({ spec: copy })).toBeUndefined();
  expect(text({ spec })).toEqual(["003-E3", undefined]);
});

test("a changed copy shows that it is one, and what differs, also under the experiment's name", () => {
  const changed = { ...spec, training: { ...spec.training, lambda: 0.5 } };
  const { lambda } = spec.training;
  for (const experiment of ["003-E3", undefined]) {
    expect(text({ spec: changed, experiment })).toEqual(["003-E3*", `003-E3* has training.lambda 0.5 for ${lambda}`]);
  }
  const fork = { run: "20261121T100000Z-a-ffffff", step: 40 };
  expect(text({ spec, fork })).toEqual(["003-E3*", `003-E3* has fork ${fork.run} after update 40`]);
});

test("every protocol of an experiment is that experiment", () => {
  for (const { id, variants } of published) {
    for (const variant of variants) {
      if (variant.kind === "gradient-check") continue;
      for (const protocol of variant.kind === "training" ? [variant.spec] : variant.trials) {
        expect(text({ spec: parseSpec(protocol), experiment: id })).toEqual([id, undefined]);
      }
    }
  }
});
