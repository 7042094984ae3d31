import { describe, expect, test } from "vitest";
import { stream } from "../math/random/stream.ts";
import { createDevice } from "../math/select.ts";
import { createActivations, viewActivations } from "./activations.ts";
import type { Architecture, BatchNorm } from "./architecture.ts";
import { type Averages, averageStatistics, createAverages } from "./averages.ts";
import { intoGradients } from "./gradients.ts";
import { initialParameters } from "./initialise.ts";
import { squaredNorm } from "./l2.ts";
import { mlpBackward, mlpForward } from "./mlp.ts";
import { createParameters, penalised } from "./parameters.ts";

describe("normalised layers", () => {
  const batchNorm: BatchNorm = { place: "before-relu", layers: "all", affine: true, eps: 1e-15 };

  test("begin as the plain normalisation, with the weights that they would have without it", () => {
    const widths = [6, 5, 4, 3];
    const initial = (architecture: Architecture) =>
      initialParameters(architecture, { kind: "he" }, (layer) => stream(1, "w", layer));
    const { gamma1, beta1, gamma2, beta2, ...others } = initial({ members: 2, widths, batchNorm });
    expect([...gamma1, ...gamma2]).toEqual(new Array(9).fill(1));
    expect([...beta1, ...beta2]).toEqual(new Array(9).fill(0));
    expect(others).toEqual(initial({ members: 2, widths }));
  });

  test("on 10,000 samples a pass by averages that are the samples' own statistics is the same pass", async () => {
    const device = await createDevice("wasm", "f64");
    const [widths, n] = [[6, 5, 4, 3], 10_000];
    const x = device.batch(6, n);
    device.write(x, stream(1, "x").standardNormal(6 * n));
    const labels = device.tensor([1, 1, n]);
    for (const place of ["before-relu", "after-relu"] as const) {
      const architecture = { members: 1, widths, batchNorm: { ...batchNorm, place } };
      const parameters = createParameters(device, architecture);
      const values = initialParameters(architecture, { kind: "he" }, (layer) => stream(1, "w", layer));
      for (const [name, tensor] of Object.entries(parameters)) device.write(tensor, values[name]);
      const scores = async (averages?: Averages) => {
        const activations = createActivations(device, architecture, n);
        const tally = device.tally(1, 2);
        mlpForward(device, architecture, activations, tally, parameters, x, labels, { averages });
        const batchAverages = createAverages(device, architecture);
        if (averages === undefined) averageStatistics(device, batchAverages, activations, Float64Array.of(0));
        return { batchAverages, scores: await device.read(activations.scores) };
      };
      const batch = await scores();
      const averaged = await scores(batch.batchAverages);
      batch.scores.forEach((score, i) => {
        expect(Math.abs(score - averaged.scores[i])).toBeLessThan(1e-12);
      });
    }
  });
});

// A network small enough to work out by hand: 2 inputs, 2 hidden nodes, 2 classes, one example.
//   h = max(0, [1*1 + 2*2, 1*(-3) + 2*1] + [0, 0]) = [5, 0];  scores = [5 + 1, -5] = [6, -5]
async function byHand() {
  const device = await createDevice("reference");
  const architecture = { members: 1, widths: [2, 2, 2] };
  const parameters = createParameters(device, architecture);
  device.write(parameters.W1, [1, 2, -3, 1]);
  device.write(parameters.W2, [1, 7, -1, 7]);
  device.write(parameters.b2, [1, 0]);
  const x = device.batch(2, 1);
  device.write(x, [1, 2]);
  const labels = device.tensor([1, 1, 1]);
  device.write(labels, [1]);
  const activations = createActivations(device, architecture, 1);
  const tally = device.tally(1, 2);
  mlpForward(device, architecture, activations, tally, parameters, x, labels);
  return { device, architecture, parameters, x, labels, activations, tally };
}

test("forward: hidden nodes, scores and loss of a network worked out by hand", async () => {
  const { device, activations, tally } = await byHand();
  expect([...(await device.read(activations.hidden[0].h))]).toEqual([5, 0]);
  expect([...(await device.read(activations.scores))]).toEqual([6, -5]);
  const [loss, correct] = await device.readTally(tally);
  expect(loss).toBeCloseTo(11 + Math.log1p(Math.exp(-11)), 12); // -log p_1
  expect(correct).toBe(0);
});

test("backward: every gradient of the same network, the dead node's zero", async () => {
  const { device, architecture, parameters, x, labels, activations } = await byHand();
  const gradients = createParameters(device, architecture);
  const lambda = Float64Array.of(0.5);
  mlpBackward(device, architecture, activations, intoGradients(gradients, parameters, lambda), parameters, x, labels);
  const g = 1 / (1 + Math.exp(-11)); // p_0, so dS2 = [g, -g] and dh = [2 g, 0]
  const close = async (name: string, expected: number[]) => {
    const values = await device.read(gradients[name]);
    expected.forEach((value, i) => {
      expect(values[i], `${name}[${i}]`).toBeCloseTo(value, 12);
    });
  };
  await close("W1", [2 * g + 1, 4 * g + 2, -3, 1]); // dL + 2 * 0.5 * W
  await close("b1", [2 * g, 0]);
  await close("W2", [5 * g + 1, 7, -5 * g - 1, 7]);
  await close("b2", [g, -g]);
});

test("a view of the activations serves fewer samples", async () => {
  const { device, architecture, parameters, x, labels } = await byHand();
  const wide = viewActivations(device, createActivations(device, architecture, 9), 1);
  mlpForward(device, architecture, wide, device.tally(1, 2), parameters, x, labels);
  expect([...(await device.read(wide.scores))]).toEqual([6, -5]);
});

test("the penalty counts weights and no biases", async () => {
  const { device, parameters } = await byHand();
  const tally = device.tally(1, 1);
  squaredNorm(device, tally, penalised(parameters));
  expect([...(await device.readTally(tally))]).toEqual([1 + 4 + 9 + 1 + 1 + 49 + 1 + 49]);
});

test.each([
  { description: { kind: "fan-in" } as const, deviations: [1 / Math.sqrt(400), 1 / Math.sqrt(300)] },
  { description: { kind: "he" } as const, deviations: [Math.sqrt(2 / 400), Math.sqrt(2 / 300)] },
  { description: { kind: "normal", sigma: 0.01 } as const, deviations: [0.01, 0.01] },
  {
    description: { kind: "uniform", low: 0, high: 0.001 } as const,
    deviations: [0.001 / Math.sqrt(12), 0.001 / Math.sqrt(12)],
  },
])(
  "$description.kind weights have their standard deviation, layer by layer; biases are 0",
  ({ description, deviations }) => {
    const values = initialParameters({ members: 1, widths: [400, 300, 200] }, description, (layer) =>
      stream(3, "w", layer),
    );
    [values.W1, values.W2].forEach((w, index) => {
      const mean = w.reduce((sum, value) => sum + value, 0) / w.length;
      const deviation = Math.sqrt(w.reduce((sum, value) => sum + (value - mean) ** 2, 0) / w.length);
      expect(deviation / deviations[index]).toBeCloseTo(1, 1);
      expect(Math.abs(mean - (description.kind === "uniform" ? 0.0005 : 0))).toBeLessThan(
        5 * (deviation / Math.sqrt(w.length)),
      );
    });
    expect(values.b1.every((value) => value === 0)).toBe(true);
    expect(values.W1.slice(0, 5)).not.toEqual(values.W2.slice(0, 5));
  },
);
