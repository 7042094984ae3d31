import { expect, test } from "vitest";
import { createDevice } from "../math/select.ts";
import { checkGradients } from "./check.ts";
import { reportStyleCheck } from "./report-style.ts";

const problem = { layers: 2, lambda: 0, dimensions: 20, examples: 2, hidden: 50 };

test("the differences of the reports have the errors of the reports", async () => {
  const device = await createDevice("wasm", "f64");
  const rows = await reportStyleCheck(device, problem);
  expect(rows.map(({ name }) => name)).toEqual(["W1", "b1", "W2", "b2"]);
  for (const { centred, forward } of rows) {
    // Report 000 printed 3e-11 to 4e-11 for centred and 1.3e-7 to 6.4e-7 for forward differences.
    expect(centred.maxAbsolute).toBeGreaterThan(5e-12);
    expect(centred.maxAbsolute).toBeLessThan(1.5e-10);
    expect(forward.maxAbsolute).toBeGreaterThan(5e-8);
    expect(forward.maxAbsolute).toBeLessThan(2e-6);
  }
});

test("each difference has its own step, and errors that grow with it as they should", async () => {
  const device = await createDevice("wasm", "f64");
  const error = async (step: { forward?: number; centred?: number }) => {
    const rows = await reportStyleCheck(device, { ...problem, step });
    return Object.fromEntries(rows.map(({ name, forward, centred }) => [name, { forward, centred }]));
  };
  const [near, far] = [await error({ forward: 1e-5, centred: 1e-3 }), await error({ forward: 1e-4, centred: 2e-3 })];
  expect(far.b2.forward.maxAbsolute / near.b2.forward.maxAbsolute).toBeCloseTo(10, 0); // order h
  expect(far.b2.centred.maxAbsolute / near.b2.centred.maxAbsolute).toBeCloseTo(4, 1); // order h^2: not extrapolated
});

test("eps is the floor of the relative measures", async () => {
  const device = await createDevice("wasm", "f64");
  const [{ centred: bare }] = await reportStyleCheck(device, problem);
  const [{ centred: floored }] = await reportStyleCheck(device, { ...problem, eps: 1000 });
  expect(floored.maxRelative).toBeCloseTo(bare.maxAbsolute / 1000, 20);
  expect(floored.maxRelative).toBeLessThan(bare.maxRelative);
  expect(floored.maxAbsolute).toBe(bare.maxAbsolute);
});

test("the network is the one that checkGradients checks", async () => {
  const device = await createDevice("wasm", "f64");
  const batchNorm = { place: "before-relu", layers: "all", affine: true, eps: 1e-15 } as const;
  const options = { dimensions: 6, examples: 9, hidden: 5, seed: 3, batchNorm };
  const { parameters } = await checkGradients(device, { ...options, layers: [3], lambda: [0] });
  const rows = await reportStyleCheck(device, { ...options, layers: 3, lambda: 0, step: { forward: 1e-6 } });
  expect(rows.map(({ name, zero, forward }) => ({ name, zero, absolute: forward.maxAbsolute }))).toEqual(
    parameters.map(({ name, zero, forward }) => ({ name, zero, absolute: forward.maxAbsolute })),
  );
});

test("problems that cannot be are refused", async () => {
  const device = await createDevice("wasm", "f64");
  await expect(reportStyleCheck(device, { ...problem, layers: 0 })).rejects.toThrow(/^layers: 0/);
  const data = { inputs: new Float64Array(5), labels: Uint8Array.of(1, 2) };
  await expect(reportStyleCheck(device, { ...problem, data })).rejects.toThrow(
    /^data.inputs: 5 numbers for 2 examples/,
  );
});
