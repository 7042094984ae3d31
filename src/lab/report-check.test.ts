import { expect, test } from "vitest";
import { parseSpec } from "../record/parse-spec.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { reportCheck } from "./report-check.ts";

const training = { epochs: 1, schedule: { kind: "constant", rate: 0.1 } } as const;

test("the gradients of a run's own kind of network are checked, once for all runs that share it", async () => {
  const store = createMemoryStore();
  const network = { hidden: [50], batchNorm: { place: "after-relu" } } as const;
  const spec = parseSpec({ seed: 7, network, training: { ...training, lambda: 0.01 } });
  const check = await reportCheck(store, spec);
  expect(check).toMatchObject({ passed: true, problem: { batchNorm: { place: "after-relu" } } });
  expect(check.parameters.map(({ name, layers, lambda }) => [name, layers, lambda])).toEqual(
    ["W1", "b1", "gamma1", "beta1", "W2", "b2"].map((name) => [name, 2, 0.01]),
  );
  expect(await reportCheck(store, { ...spec, seed: 8, name: "another" })).toEqual(check);
  expect(await store.logs()).toHaveLength(1);
  const linear = await reportCheck(store, parseSpec({ network: { ...network, hidden: [] }, training }));
  expect(linear.parameters.map(({ name, layers }) => [name, layers])).toEqual([
    ["W1", 1],
    ["b1", 1],
  ]);
  expect(await store.logs()).toHaveLength(2);
});
