import { describe, expect, test } from "vitest";
import type { Architecture, BatchNorm } from "./architecture.ts";
import { isPenalised, memberShape, parameterCount, parameterName, parameterNamed, parametersOf } from "./parameters.ts";

/** Names and shapes. */
const listed = (architecture: Architecture) => parametersOf(architecture).map(({ name, shape }) => [name, shape]);

test("parameters are named layer by layer, with a member axis", () => {
  expect(listed({ members: 3, widths: [3072, 50, 10] })).toEqual([
    ["W1", [3, 50, 3072]],
    ["b1", [3, 50, 1]],
    ["W2", [3, 10, 50]],
    ["b2", [3, 10, 1]],
  ]);
  expect(parameterCount({ members: 3, widths: [3072, 50, 10] })).toBe(154_160);
});

describe("normalised layers", () => {
  const batchNorm: BatchNorm = { place: "before-relu", layers: "all", affine: true, eps: 1e-15 };
  const namesOf = (change: Partial<BatchNorm>) =>
    parametersOf({ members: 2, widths: [6, 5, 4, 3], batchNorm: { ...batchNorm, ...change } }).map(({ name }) => name);

  test("have gain and offset after their bias, and the last layer has none", () => {
    const architecture = { members: 2, widths: [6, 5, 4, 3], batchNorm };
    expect(listed(architecture)).toEqual([
      ["W1", [2, 5, 6]],
      ["b1", [2, 5, 1]],
      ["gamma1", [2, 5, 1]],
      ["beta1", [2, 5, 1]],
      ["W2", [2, 4, 5]],
      ["b2", [2, 4, 1]],
      ["gamma2", [2, 4, 1]],
      ["beta2", [2, 4, 1]],
      ["W3", [2, 3, 4]],
      ["b3", [2, 3, 1]],
    ]);
    expect(parameterCount(architecture)).toBe(30 + 3 * 5 + 20 + 3 * 4 + 12 + 3);
  });

  test("may be all but the last hidden one, and may learn neither", () => {
    expect(namesOf({ layers: "all-but-last" })).toEqual(["W1", "b1", "gamma1", "beta1", "W2", "b2", "W3", "b3"]);
    expect(namesOf({ affine: false })).toEqual(["W1", "b1", "W2", "b2", "W3", "b3"]);
    expect(parametersOf({ members: 1, widths: [6, 3], batchNorm }).map(({ name }) => name)).toEqual(["W1", "b1"]);
  });
});

test("a name says role and layer, and what is penalised; what is no parameter's name says so", () => {
  const batchNorm: BatchNorm = { place: "before-relu", layers: "all", affine: true, eps: 1e-15 };
  const parameters = parametersOf({ members: 2, widths: [6, 1, 3], batchNorm });
  for (const { name, role, layer } of parameters) {
    expect(parameterName(role, layer)).toBe(name);
    expect(parameterNamed(name)).toEqual({ role, layer });
    expect(isPenalised(name)).toBe(role === "W");
  }
  expect(parameters.map(memberShape)).toEqual([[1, 6], [1], [1], [1], [3, 1], [3]]);
  for (const name of ["mean1", "variance12", "velocity.W1", "W", "W0", "Weights", "beta"]) {
    expect(parameterNamed(name), name).toBeUndefined();
    expect(isPenalised(name)).toBe(false);
  }
});
