import { expect, test } from "vitest";
import { parseSpec, setPath } from "./parse-spec.ts";

const spec = { training: { epochs: 1, schedule: { kind: "triangular", min: 0, max: 1, halfCycle: 2 } } };

test.each([
  ["lambda", 0.1, 'unknown "lambda"; did you mean "training.lambda"?', "write --set training.lambda=0.1"],
  ["batch_size", 10, 'unknown "batch_size"; did you mean "training.batch"?', "write --set training.batch=10"],
  ["network.lambda", 1, 'unknown "lambda"; did you mean "training.lambda"?', "write --set training.lambda=1"],
  ["hidden", [5, 5], 'did you mean "network.hidden"?', 'write --set "network.hidden=[5, 5]"'],
  ["optimizer", "momentum", 'did you mean "training.update.kind"?', "write --set training.update.kind=momentum"],
  ["network.hidden", 50, "50; must be a list", 'write --set "network.hidden=[50]"'],
  [
    "training.schedule.rate",
    0.01,
    'unknown "rate"; training.schedule.rate belongs to the kind constant',
    'write --set "training.schedule={ kind: constant, rate: 0.01 }"',
  ],
  [
    "training.cycles",
    2,
    "epochs and cycles are given",
    "keep one: --set training.epochs= takes epochs away, --set training.cycles= takes cycles away",
  ],
  ["nonsense", 1, 'unknown "nonsense"; known: name,', 'remove or correct the key "nonsense"'],
  ["min", 1, 'unknown "min"; known: name,', 'remove or correct the key "min"'], // several kinds have one
])("%s = %j: the remedy can be pasted", (path, value, complaint, remedy) => {
  const refusal = { code: "spec", message: expect.stringContaining(complaint), remedy };
  expect(() => parseSpec(setPath(spec, path, value))).toThrow(expect.objectContaining(refusal));
});

test("what the remedies say is accepted", () => {
  const hidden = setPath(spec, "network.hidden", [50]);
  expect(parseSpec(hidden).network.hidden).toEqual([50]);
  const constant = setPath(spec, "training.schedule", { kind: "constant", rate: 0.01 });
  expect(parseSpec(constant).training.schedule).toEqual({ kind: "constant", rate: 0.01 });
  const cycles = setPath(setPath(spec, "training.cycles", 2), "training.epochs", undefined);
  expect(parseSpec(cycles).training.cycles).toBe(2);
});
