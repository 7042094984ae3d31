import { expect, test } from "vitest";
import type { Device } from "../math/device.ts";
import { createDevice } from "../math/select.ts";
import { checkGradients } from "./check.ts";
import { compare } from "./compare.ts";

test("every gradient of one to four layers agrees, with and without penalty, for several seeds", async () => {
  const device = await createDevice("wasm", "f64");
  for (const seed of [1, 2, 3]) {
    const { passed, parameters, networks } = await checkGradients(device, { layers: [1, 2, 3, 4], hidden: 7, seed });
    expect(passed).toBe(true);
    expect(networks.length).toBe(8);
    expect(parameters.length).toBe(2 * 2 * (1 + 2 + 3 + 4));
    for (const { maxRelative, normRelative, forward } of parameters) {
      expect(maxRelative).toBeLessThan(1e-7);
      expect(normRelative).toBeLessThan(1e-9);
      // The forward difference's own error is of order h = 1e-6: it is measured, and is no copy of the centred one.
      expect(forward.maxAbsolute).toBeLessThan(1e-5);
      expect(forward.maxAbsolute).toBeGreaterThan(1e-11);
    }
  }
});

/** A device with one kernel replaced. */
async function broken(change: (right: Device) => Partial<Device>): Promise<Device> {
  const right = await createDevice("wasm", "f64");
  return { ...right, ...change(right) };
}

const faults: { what: string; change: (right: Device) => Partial<Device>; culprits: string[] }[] = [
  {
    what: "a ReLU that lets every gradient through",
    change: () => ({ reluGradient: () => {} }),
    culprits: ["W1", "b1"],
  },
  {
    what: "a bias gradient of half the size",
    change: (right) => ({
      sampleSum: (into, ds) => right.sampleSum({ ...into, alpha: into.alpha.map((a) => a / 2) }, ds),
    }),
    culprits: ["b1", "b2"],
  },
  {
    what: "a penalty with a 1/2 in front",
    change: (right) => ({
      outerProduct: (into, ds, x) => right.outerProduct({ ...into, beta: into.beta.map((b) => b / 2) }, ds, x),
    }),
    culprits: ["W1", "W2"],
  },
  {
    what: "one class's label gradient forgotten",
    change: (right) => ({
      softmaxCrossEntropyGradient: (ds, p, labels) => {
        const wrong = right.tensor(labels.shape);
        right.softmaxCrossEntropyGradient(ds, p, wrong);
      },
    }),
    culprits: ["W1", "b1", "W2", "b2"],
  },
];

test.each(faults)("$what is found, and the parameters it spoils are named", async ({ change, culprits }) => {
  const { passed, parameters } = await checkGradients(await broken(change), { layers: [2], lambda: [0.1] });
  expect(passed).toBe(false);
  const failed = parameters.filter((parameter) => !parameter.passed).map(({ name }) => name);
  expect(failed).toEqual(culprits);
});

test("a hidden node on its corner is named, and is no error", async () => {
  const device = await createDevice("wasm", "f64");
  // One input of 0 and one of 1: moving an input weight of the second moves the score by as much.
  const inputs = Float64Array.of(0, 1);
  const options = { layers: [2], lambda: [0], dimensions: 2, examples: 1, hidden: 40, classes: 3 };
  const check = await checkGradients(device, {
    ...options,
    step: { centred: 0.02 },
    data: { inputs, labels: Uint8Array.of(2) },
    tolerance: 1e-2,
  });
  const kinks = check.parameters.flatMap((parameter) =>
    parameter.kinks.map((kink) => ({ name: parameter.name, ...kink })),
  );
  expect(kinks.length).toBeGreaterThan(0);
  for (const { name, entry, layer, unit, example } of kinks) {
    expect(["W1", "b1"]).toContain(name);
    expect(entry[0]).toBe(unit); // a first-layer entry moves its own node only
    if (name === "W1") expect(entry[1]).toBe(1); // the input that is not 0
    expect([layer, example]).toEqual([1, 0]);
  }
  expect(check.passed).toBe(true);
});

test("the measures, worked out by hand", () => {
  const analytic = Float64Array.of(1, -2, 0, 5);
  const numeric = Float64Array.of(1.01, -2, 1e-9, 99);
  const measures = compare(analytic, numeric, 1e-6, new Set([3]));
  expect(measures.maxAbsolute).toBeCloseTo(0.01, 12);
  expect(measures.maxRelative).toBeCloseTo(0.01 / 2.01, 12);
  expect(measures.normRelative).toBeCloseTo(0.01 / (Math.sqrt(5) + Math.sqrt(1.01 ** 2 + 4)), 8);
  expect(measures.decimals).toBe(2);
});

test("NaN never passes for agreement", () => {
  const measures = compare(Float64Array.of(Number.NaN, 1), Float64Array.of(0, 1), 1e-6, new Set());
  expect(measures.maxRelative).toBeNaN();
  expect(measures.decimals).toBe(0);
});

test("problems that cannot be are refused", async () => {
  const device = await createDevice("wasm", "f64");
  const data = { inputs: new Float64Array(5), labels: Uint8Array.of(1, 2) };
  await expect(checkGradients(device, { layers: [0] })).rejects.toThrow(/^layers: 0/);
  await expect(checkGradients(device, { lambda: [-1] })).rejects.toThrow(/^lambda: -1/);
  await expect(checkGradients(device, { examples: 0 })).rejects.toThrow(/^examples: 0/);
  await expect(checkGradients(device, { dimensions: 3, data })).rejects.toThrow(
    /^data.inputs: 5 numbers for 2 examples of 3/,
  );
});
