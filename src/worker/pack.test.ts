import { expect, test } from "vitest";
import { parseSpec } from "../record/parse-spec.ts";
import type { SpecInput } from "../record/spec.ts";
import { pack, type Task } from "./pack.ts";

const base: SpecInput = {
  training: { schedule: { kind: "triangular", min: 1e-5, max: 0.1, halfCycle: 500 }, cycles: 1 },
};

function task(key: string, change: Partial<SpecInput["training"]> = {}, hidden = [50], count = 1): Task {
  const spec = parseSpec({ ...base, network: { hidden }, training: { ...base.training, ...change } });
  return { key, chain: new Array(count).fill(spec) };
}

const keysOf = (packs: readonly (readonly Task[])[]) => packs.map((tasks) => tasks.map(({ key }) => key));

test("what differs in penalty and rate trains together; another shape, length or chain does not", () => {
  const packs = pack(
    [
      task("a"),
      task("b", { lambda: 0.1 }),
      task("other shape", {}, [30]),
      task("c", { schedule: { kind: "triangular", min: 0, max: 1, halfCycle: 250 }, cycles: 2 }), // as long
      task("longer", { cycles: 3 }),
      task("chain", {}, [50], 2),
    ],
    () => 32,
  );
  expect(keysOf(packs)).toEqual([["a", "b", "c"], ["other shape"], ["longer"], ["chain"]]);
});

test("no population is larger than allowed, and none much smaller than another of its kind", () => {
  const tasks = Array.from({ length: 50 }, (_, i) => task(String(i)));
  expect(pack(tasks, () => 32).map(({ length }) => length)).toEqual([25, 25]);
  expect(pack(tasks, () => 50)).toHaveLength(1);
  expect(pack(tasks, () => 7).flat()).toEqual(tasks);
});
