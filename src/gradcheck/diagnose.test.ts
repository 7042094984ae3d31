import { describe, expect, test } from "vitest";
import { createDevice } from "../math/select.ts";
import { diagnose, type TheirGradient } from "./diagnose.ts";
import { mistakes } from "./mistakes.ts";
import { analyticGradients, normalExamples, smallNetwork } from "./network.ts";
import { turned } from "./rearranged.ts";
import { gradientsBy, rightRecipe } from "./recipe.ts";

const data = normalExamples(7, 12, 4, 3);
const problem = { layers: 3, lambda: 0.1, dimensions: 7, hidden: 6, classes: 4, seed: 3, data };
const network = smallNetwork(problem);
const device = await createDevice("reference");
const right = await analyticGradients(device, network);
const { widths } = network;
const copy = (gradients: Readonly<Record<string, Float64Array>> = right) =>
  Object.fromEntries(Object.entries(gradients).map(([name, values]) => [name, Float64Array.from(values)]));
const theirs = (gradients: Readonly<Record<string, Float64Array>>): Record<string, TheirGradient> =>
  Object.fromEntries(Object.entries(gradients).map(([name, values]) => [name, { values, isTurned: false }]));
const judged = (gradients: Readonly<Record<string, Float64Array>>) => diagnose(network, right, theirs(gradients), 1e-6);

/** W1, b1, ..., by hand: numbers that an error cannot hide in. */
const n = data.labels.length;

test("the recipe without a mistake is the gradient of the kernels", () => {
  const plain = gradientsBy(rightRecipe, network);
  for (const [name, values] of Object.entries(right)) {
    for (const [at, value] of values.entries()) expect(plain[name][at]).toBeCloseTo(value, 12);
  }
});

test("right gradients pass, and nothing is said of them", () => {
  const { passed, mistakes: found, parameters, unseen } = judged(right);
  expect({ passed, found, unseen }).toEqual({ passed: true, found: [], unseen: [] });
  expect(parameters.map(({ name, agrees }) => [name, agrees])).toEqual(Object.keys(right).map((name) => [name, true]));
});

describe("a planted mistake is diagnosed as that mistake", () => {
  // Made of the right gradients by hand, where that can be: not by the code that looks for them.
  const { lambda, parameters } = network;
  const each = (change: (values: Float64Array, name: string) => Float64Array): Record<string, Float64Array> =>
    Object.fromEntries(Object.entries(right).map(([name, values]) => [name, change(values, name)]));
  const isWeight = (name: string) => name.startsWith("W");
  const plus = (factor: number, of: (name: string) => boolean): Record<string, Float64Array> =>
    each((values, name) => (of(name) ? values.map((v, at) => v + factor * lambda * parameters[name][at]) : values));
  const loss = plus(-2, isWeight);
  const planted: [name: string, gradients: Record<string, Float64Array>][] = [
    ["penalty-factor", plus(-1, isWeight)],
    ["penalty-missing", loss],
    ["penalty-sign", plus(-4, isWeight)],
    ["bias-penalised", plus(2, (name) => !isWeight(name))],
    ["sum-for-mean", each((values, name) => values.map((v, at) => v + (n - 1) * loss[name][at]))],
    ["bias-sum", each((values, name) => (isWeight(name) ? values : values.map((v) => v * n)))],
    ["sign", each((values) => values.map((v) => -v))],
    ["residual-sign", each((values, name) => values.map((v, at) => v - 2 * loss[name][at]))],
    ["penalty-alone", each((values, name) => values.map((v, at) => v - loss[name][at]))],
  ];

  test.each(planted)("%s", (name, gradients) => {
    const { passed, mistakes: found, isExplained } = judged(gradients);
    expect({ passed, isExplained, found: found.map((mistake) => mistake.name) }).toEqual({
      passed: false,
      isExplained: true,
      found: [name],
    });
  });

  // The others run through a network of their own: each must be told from all others.
  test.each(mistakes.filter(({ isOfBatchNorm }) => !isOfBatchNorm))(
    "$name, of the list, and no other",
    ({ name, change }) => {
      const { passed, mistakes: found } = judged(gradientsBy({ ...rightRecipe, ...change }, network));
      expect({ passed, found: found.map((mistake) => mistake.name) }).toEqual({ passed: false, found: [name] });
    },
  );

  test("transposed, by its shape and, of a square, by its numbers", () => {
    const square = copy();
    square.W2.set(turned(right.W2, [6, 6]));
    expect(judged(square).mistakes).toMatchObject([{ name: "transposed", parameters: ["W2"] }]);
    const byShape = { ...theirs(right), W1: { values: right.W1, isTurned: true } };
    expect(diagnose(network, right, byShape, 1e-6)).toMatchObject({
      passed: false,
      mistakes: [{ name: "transposed", parameters: ["W1"] }],
    });
  });

  test("classes, nodes and inputs in another order", () => {
    const classes = copy();
    for (const name of ["W3", "b3"]) {
      const width = right[name].length / 4;
      classes[name].set(right[name].subarray(0, width), width);
      classes[name].set(right[name].subarray(width, 2 * width), 0);
    }
    expect(judged(classes).mistakes).toMatchObject([{ name: "classes-permuted", parameters: ["W3", "b3"] }]);
    const inputs = copy();
    inputs.W1 = right.W1.map((_, at) => right.W1[at - (at % 7) + (6 - (at % 7))]);
    const [mistake] = judged(inputs).mistakes;
    expect(mistake).toMatchObject({ name: "columns-permuted", parameters: ["W1"] });
    expect(mistake.what).toContain("where 0 belongs, there is 6");
  });

  test("one of each of two parameters, and two together", () => {
    const ofTwo = copy();
    ofTwo.b1 = right.b1.map((v) => v * n);
    ofTwo.W3 = right.W3.map((v, at) => v - lambda * parameters.W3[at]);
    expect(judged(ofTwo).mistakes.map(({ name, parameters: of }) => [name, of])).toEqual(
      [
        ["penalty-factor", ["W3"]],
        ["sum-for-mean", ["b1"]],
      ].sort((a, b) => String(b).localeCompare(String(a))),
    );
    const named = (name: string) => mistakes.find((mistake) => mistake.name === name)?.change;
    const together = gradientsBy({ ...rightRecipe, ...named("penalty-factor"), ...named("relu-missing") }, network);
    const { mistakes: found, isExplained } = judged(together);
    expect({ isExplained, found: found.map(({ name }) => name) }).toEqual({
      isExplained: true,
      found: ["penalty-factor", "relu-missing"],
    });
  });
});

describe("with batch normalisation", async () => {
  const batchNorm = { place: "before-relu", layers: "all", affine: true, eps: 1e-5 } as const;
  const normed = smallNetwork({ ...problem, batchNorm });
  const rightOfNormed = await analyticGradients(device, normed);
  const judgedNormed = (gradients: Readonly<Record<string, Float64Array>>) =>
    diagnose(normed, rightOfNormed, theirs(gradients), 1e-6);

  test("the recipe without a mistake is the gradient of the kernels, gamma and beta too", () => {
    const plain = gradientsBy(rightRecipe, normed);
    expect(Object.keys(plain).sort()).toEqual(Object.keys(rightOfNormed).sort());
    for (const [name, values] of Object.entries(rightOfNormed)) {
      for (const [at, value] of values.entries()) expect(plain[name][at]).toBeCloseTo(value, 12);
    }
  });

  test("what rounding leaves where a bias has no gradient is right, and a sum there is not", () => {
    const rounded = copy(rightOfNormed);
    rounded.b1 = rounded.b1.map((_, at) => (at - 2) * 1e-17);
    expect(judgedNormed(rounded)).toMatchObject({ passed: true, mistakes: [] });
    rounded.b1[2] = 1e-4;
    expect(judgedNormed(rounded).passed).toBe(false);
  });

  test("the mean and the variance as constants, by hand: ds = gamma G / sqrt(v + eps)", () => {
    // The last hidden layer alone: above it nothing changes, and its own dW = ds h^T / n.
    const { mistakes: found, isExplained } = judgedNormed(
      gradientsBy({ ...rightRecipe, normThrough: "neither" }, normed),
    );
    expect({ isExplained, found: found.map(({ name }) => name) }).toEqual({
      isExplained: true,
      found: ["norm-as-constants"],
    });
    const gradients = gradientsBy({ ...rightRecipe, normThrough: "neither" }, normed);
    expect(gradients.W3).toEqual(gradientsBy(rightRecipe, normed).W3);
    expect(Math.max(...gradients.b2.map(Math.abs))).toBeGreaterThan(1e-3); // no longer 0
  });

  test.each(mistakes)("$name, of the list, and no other", ({ name, change }) => {
    const gradients = gradientsBy({ ...rightRecipe, ...change }, normed);
    const { passed, mistakes: found } = judgedNormed(gradients);
    expect({ passed, found: found.map((mistake) => mistake.name) }).toEqual({ passed: false, found: [name] });
  });
});

test("a mistake that has no name: where the biggest difference is", () => {
  const gradients = copy();
  gradients.W2[2 * 6 + 5] += 0.5;
  const { passed, isExplained, mistakes: found, parameters } = judged(gradients);
  expect({ passed, isExplained, found }).toEqual({ passed: false, isExplained: false, found: [] });
  const [wrong, ...others] = parameters.filter(({ agrees }) => !agrees);
  expect(others).toEqual([]);
  expect(wrong.farthest.place).toBe("W2[2, 5]");
  expect(wrong.farthest.theirs - wrong.farthest.right).toBeCloseTo(0.5, 12);
  gradients.b1[3] = Number.NaN;
  expect(judged(gradients).parameters.find(({ name }) => name === "b1")).toMatchObject({
    agrees: false,
    farthest: { place: "b1[3]" },
  });
});

test("everything times a number", () => {
  const halves = Object.fromEntries(Object.entries(right).map(([name, values]) => [name, values.map((v) => v / 2)]));
  const { mistakes: found } = judged(halves);
  expect(found).toMatchObject([{ name: "factor", what: "everything is 0.5 times what it should be" }]);
  expect(found[0].parameters).toEqual(Object.keys(right));
});

test("what lambda 0 and biases of 0 cannot show is named", async () => {
  const parameters = Object.fromEntries(
    Object.entries(network.parameters).map(([name, v]) => [name, name.startsWith("b") ? v.map(() => 0) : v]),
  );
  const plain = { ...network, lambda: 0, parameters };
  const { passed, unseen } = diagnose(
    plain,
    await analyticGradients(device, plain),
    theirs(await analyticGradients(device, plain)),
    1e-6,
  );
  expect(passed).toBe(true);
  for (const name of ["penalty-factor", "penalty-missing", "bias-penalised", "without-biases"])
    expect(unseen).toContain(name);
  expect(unseen).not.toContain("relu-missing");
  expect(widths).toEqual([7, 6, 6, 4]);
});
