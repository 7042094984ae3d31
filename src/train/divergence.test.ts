import { describe, expect, test } from "vitest";
import type { Device, Tensor } from "../math/device.ts";
import { stream } from "../math/random/stream.ts";
import { createDevice } from "../math/select.ts";
import { type Activations, createActivations } from "../nn/activations.ts";
import type { Architecture, BatchNorm } from "../nn/architecture.ts";
import { mlpForward } from "../nn/mlp.ts";
import { createParameters, type Parameters, parametersOf } from "../nn/parameters.ts";
import { locateDivergence } from "./divergence.ts";
import { changed, trained } from "./fixtures/small-runs.ts";

const norm: BatchNorm = { place: "before-relu", layers: "all", affine: true, eps: 1e-12 };
const architectures: readonly (readonly [string, Architecture])[] = [
  ["plain", { members: 2, widths: [6, 5, 4, 3] }],
  ["normalised before the ReLU", { members: 2, widths: [6, 5, 4, 3], batchNorm: norm }],
  ["normalised after the ReLU", { members: 2, widths: [6, 5, 4, 3], batchNorm: { ...norm, place: "after-relu" } }],
];

describe.each(architectures)("%s", (_what, architecture) => {
  test("an infinity in a parameter is found in that parameter, whatever it spoilt above", async () => {
    for (const { name, layer } of parametersOf(architecture)) {
      const { device, parameters, activations, forward } = await network(architecture);
      await plant(device, parameters[name], 1);
      forward();
      expect(await locateDivergence(device, 1, parameters, activations)).toEqual({ layer, where: name });
      expect((await locateDivergence(device, 0, parameters, activations)).where).toBe("loss");
      // What another member has come to is its own.
      await plant(device, parameters.W1, 0);
      forward();
      expect(await locateDivergence(device, 1, parameters, activations)).toEqual({ layer, where: name });
      expect(await locateDivergence(device, 0, parameters, activations)).toEqual({ layer: 1, where: "W1" });
    }
  });

  test("an infinity in what a layer comes to is found there", async () => {
    const { device, parameters, activations, forward } = await network(architecture);
    forward();
    for (const [where, layer, tensor] of quantities(activations, architecture)) {
      const before = await device.read(tensor);
      await plant(device, tensor, 1);
      expect(await locateDivergence(device, 1, parameters, activations), where).toEqual({ layer, where });
      device.write(tensor, before);
    }
    expect((await locateDivergence(device, 1, parameters, activations)).where).toBe("loss");
  });
});

/** Everything that the forward pass writes and the backward pass reads, by the name it is reported under. */
function quantities({ hidden, scores }: Activations, { batchNorm }: Architecture): [string, number, Tensor][] {
  return [
    ...hidden.flatMap(({ h, output, norm }, index): [string, number, Tensor][] => [
      ["activations", index + 1, h],
      ...(norm === undefined
        ? []
        : ([
            ["mean", index + 1, norm.statistics.mean],
            ["variance", index + 1, norm.statistics.variance],
            ["normalised", index + 1, norm.normalised],
          ] as [string, number, Tensor][])),
      ...(batchNorm?.place === "after-relu"
        ? ([["normalised activations", index + 1, output]] as [string, number, Tensor][])
        : []),
    ]),
    ["scores", hidden.length + 1, scores],
  ];
}

async function network(architecture: Architecture) {
  const device = await createDevice("wasm", "f64");
  const parameters: Parameters = createParameters(device, architecture);
  for (const [name, tensor] of Object.entries(parameters)) {
    device.write(tensor, stream(1, name).standardNormal(tensor.size));
  }
  const [x, labels] = [device.batch(6, 8), device.tensor([1, 1, 8])];
  device.write(x, stream(1, "x").standardNormal(48));
  const activations = createActivations(device, architecture, 8);
  const forward = () => mlpForward(device, architecture, activations, device.tally(2, 2), parameters, x, labels);
  return { device, parameters, activations, forward };
}

async function plant(device: Device, tensor: Tensor, member: number): Promise<void> {
  const values = await device.read(tensor);
  values[(member * values.length) / 2] = Number.POSITIVE_INFINITY;
  device.write(tensor, values);
}

describe("a training", () => {
  test.each<[where: string, layer: number]>([
    ["W1", 1],
    ["b1", 1],
    ["W2", 2],
    ["b2", 2],
  ])("names %s, planted in what it begins with", async (where, layer) => {
    const [begin] = (await trained(changed(["training.steps", 1]))).weights;
    const values = begin[where].values.map((value, at) => (at === 0 ? Number.POSITIVE_INFINITY : value));
    const initial = [{ ...begin, [where]: { ...begin[where], values: values as typeof begin.W1.values } }];
    // Found by the first measurement, and where there is none, by the first update.
    const outcomes = { measured: await trained(changed(), { initial }) };
    const unmeasured = await trained(changed(["evaluate.every", "end"]), { initial });
    expect(outcomes.measured.runs[0].divergence).toEqual({ step: 0, layer, where });
    expect(unmeasured.runs[0].divergence).toEqual({ step: 1, layer, where });
  });
});
