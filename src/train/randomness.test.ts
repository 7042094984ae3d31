import { expect, test } from "vitest";
import { parseSpec } from "../record/parse-spec.ts";
import { type Change, changed } from "./fixtures/small-runs.ts";
import { randomness, randomnessOf } from "./randomness.ts";

const architecture = { members: 1, widths: [30, 13, 3] };
const spec = (...changes: Change[]) => parseSpec(changed(...changes));

test("runs side by side begin as each does alone; those of one seed share what was drawn", () => {
  const he: Change = ["network.initialise", { kind: "he" }];
  const numpy: Change = ["random", "numpy"];
  const specs = [spec(), spec(["training.lambda", 0.5]), spec(["seed", 7]), spec(he), spec(numpy), spec(numpy)];
  const together = randomnessOf(specs, architecture);
  for (const [i, { parameters, order }] of together.entries()) {
    const alone = randomness(specs[i], architecture);
    expect(parameters).toEqual(alone.parameters);
    expect(order(0, 100)).toEqual(alone.order(0, 100));
  }
  expect(together[1].parameters).toBe(together[0].parameters);
  expect(new Set(together.map(({ parameters }) => parameters)).size).toBe(5);
});
