import { describe, expect, test } from "vitest";
import type { Device, Tensor } from "../math/device.ts";
import { createDevice } from "../math/select.ts";
import { checkGradients } from "./check.ts";
import { compare, compareWithZero } from "./compare.ts";
import { everyForm } from "./forms.ts";

// The time goes with the entries times the examples; `gradus check` is tested with the sizes that it takes by itself.
const small = { dimensions: 9, hidden: 7, classes: 5 };

test("every gradient of one to four layers agrees, with and without penalty, for several seeds", async () => {
  const device = await createDevice("wasm", "f64");
  for (const seed of [1, 2]) {
    const { passed, parameters, networks } = await checkGradients(device, { ...small, layers: [1, 2, 3, 4], seed });
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

test.each([1e2, 1e5, 1e8])(
  "right gradients agree beside a penalty of %d, which takes no digit of the loss",
  async (lambda) => {
    const device = await createDevice("wasm", "f64");
    for (const batchNorm of [undefined, {}]) {
      const { passed, parameters } = await checkGradients(device, {
        ...small,
        layers: [1, 2, 3],
        lambda: [lambda],
        ...(batchNorm && { batchNorm }),
      });
      const worst = parameters.reduce((most, { maxRelative }) => Math.max(most, maxRelative), 0);
      expect({ passed, worst }).toMatchObject({ passed: true });
      expect(worst).toBeLessThan(1e-7);
    }
  },
);

test("a wrong penalty is found at any size of it, and so is a wrong loss beside it", async () => {
  for (const lambda of [0.1, 1e5]) {
    for (const [index, culprits] of [[2, ["W1", "W2"]] as const, [1, ["b1", "b2"]] as const]) {
      const device = await broken(faults[index].change);
      const { parameters } = await checkGradients(device, { ...small, layers: [2], lambda: [lambda] });
      expect(parameters.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual(culprits);
    }
  }
});

test("gradients that are 0 throughout have checked nothing, and do not pass", async () => {
  const device = await createDevice("wasm", "f64");
  const data = { inputs: new Float64Array(20 * 10), labels: Uint8Array.from({ length: 10 }, (_, i) => i) };
  const { passed, parameters } = await checkGradients(device, { layers: [1], lambda: [0], data });
  expect(passed).toBe(false);
  const rows = parameters.map(({ name, largest, maxRelative, passed }) => [name, largest === 0, maxRelative, passed]);
  expect(rows).toEqual([
    ["W1", true, 0, false],
    ["b1", false, expect.any(Number), true],
  ]);
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
  const { passed, parameters } = await checkGradients(await broken(change), { ...small, layers: [2], lambda: [0.1] });
  expect(passed).toBe(false);
  const failed = parameters.filter((parameter) => !parameter.passed).map(({ name }) => name);
  expect(failed).toEqual(culprits);
});

describe("batch normalisation", () => {
  const norms = (["before-relu", "after-relu"] as const).flatMap((place) =>
    (["all", "all-but-last"] as const).flatMap((layers) => [true, false].map((affine) => ({ place, layers, affine }))),
  );

  test.each(norms.map((norm, at) => [norm, 1 + at] as const))(
    "every gradient of one to four layers agrees: %j, seed %i",
    async (batchNorm, seed) => {
      const device = await createDevice("wasm", "f64");
      const options = { ...small, layers: [1, 2, 3, 4], seed, batchNorm };
      const { passed, problem, step, parameters } = await checkGradients(device, options);
      expect({ passed, problem, step }).toMatchObject({
        passed: true,
        problem: { batchNorm },
        step: { centred: 3e-4 },
      });
      for (const { name, layers, zero, maxRelative, normRelative, maxAbsolute } of parameters) {
        expect(maxRelative).toBeLessThan(1e-7);
        expect(normRelative).toBeLessThan(1e-9);
        const normalised = Number(name.slice(1)) < (batchNorm.layers === "all" ? layers : layers - 1);
        expect(zero, name).toBe(
          name.startsWith("b") && normalised && batchNorm.place === "before-relu" ? true : undefined,
        );
        // Both gradients are 0 but for rounding.
        if (zero) expect(maxAbsolute).toBeLessThan(1e-11);
      }
      const gains = parameters.filter(({ name }) => /^(gamma|beta)/.test(name));
      const normalised = batchNorm.layers === "all" ? 1 + 2 + 3 : 0 + 1 + 2;
      expect(gains.length).toBe(batchNorm.affine ? 2 * 2 * normalised : 0);
    },
  );

  test("gains and offsets begin where a wrong one shows", async () => {
    const device = await createDevice("wasm", "f64");
    const { networks } = await checkGradients(device, { layers: [3], lambda: [0], batchNorm: {} });
    const { gamma1, gamma2, beta1, beta2 } = networks[0].parameters;
    for (const gains of [gamma1, gamma2]) for (const gain of gains) expect(Math.abs(gain - 1)).toBeLessThan(0.5);
    for (const offsets of [beta1, beta2]) for (const offset of offsets) expect(Math.abs(offset)).toBeLessThan(0.5);
    expect(new Set([...gamma1, ...gamma2, ...beta1, ...beta2]).size).toBe(40);
  });

  type Gradient = Device["batchNormGradient"];
  /** r gamma dy: the mean and the variance taken for constants. */
  const straight =
    (right: Device): Gradient =>
    (ds, dy, _normalised, variance, gamma, eps) => {
      const none = () => right.tensor(variance.shape);
      right.normalise(ds, dy, { mean: none(), variance }, gamma && { gamma, beta: none() }, eps);
    };
  /** Without the last term: what reaches the cost through the variance. */
  const withoutVariance =
    (right: Device): Gradient =>
    (ds, dy, normalised, variance, gamma, eps) =>
      right.batchNormGradient(ds, dy, right.tensor(normalised.shape), variance, gamma, eps);
  /** Without the middle term, what goes through the mean: the whole, and the difference of the two above. */
  const withoutMean =
    (right: Device): Gradient =>
    (ds, dy, normalised, variance, gamma, eps) => {
      const [straightly, centred] = [right.tensor(dy.shape), right.tensor(dy.shape)];
      straight(right)(straightly, dy, normalised, variance, gamma, eps);
      withoutVariance(right)(centred, dy, normalised, variance, gamma, eps);
      right.batchNormGradient(ds, dy, normalised, variance, gamma, eps);
      const add = (factor: number, to: Tensor, term: Tensor) =>
        right.combine({ target: to, base: to, alpha: Float64Array.of(factor), beta: Float64Array.of(1) }, term);
      add(1, ds, straightly);
      add(-1, ds, centred);
    };

  const faults: { what: string; change: (right: Device) => Partial<Device>; culprits: string[] }[] = [
    {
      what: "a gradient that forgets the mean",
      change: (right) => ({ batchNormGradient: withoutMean(right) }),
      culprits: ["W1", "b1"],
    },
    {
      what: "a gradient that forgets the variance",
      change: (right) => ({ batchNormGradient: withoutVariance(right) }),
      culprits: ["W1"],
    },
    {
      what: "a gradient that takes both for constants",
      change: (right) => ({ batchNormGradient: straight(right) }),
      culprits: ["W1", "b1"],
    },
    {
      what: "a gradient that forgets gamma",
      change: (right) => ({
        batchNormGradient: (ds, dy, normalised, variance, _gamma, eps) =>
          right.batchNormGradient(ds, dy, normalised, variance, undefined, eps),
      }),
      culprits: ["W1"],
    },
    {
      what: "a gamma that sees no normalised scores",
      change: (right) => ({ sampleProductSum: (into, dy) => right.sampleSum(into, dy) }),
      culprits: ["gamma1"],
    },
    {
      what: "sums over samples of half the size",
      change: (right) => ({
        sampleSum: (into, ds) => right.sampleSum({ ...into, alpha: into.alpha.map((a) => a / 2) }, ds),
      }),
      culprits: ["beta1", "b2"],
    },
  ];

  test.each(faults)("$what is found, and the parameters it spoils are named", async ({ change, culprits }) => {
    const { passed, parameters } = await checkGradients(await broken(change), {
      ...small,
      layers: [2],
      lambda: [0.1],
      batchNorm: {},
    });
    expect(passed).toBe(false);
    const failed = parameters.filter((parameter) => !parameter.passed).map(({ name }) => name);
    expect(failed).toEqual(culprits);
  });

  test("after the ReLU too, and in every layer below the fault", async () => {
    const device = await broken((right) => ({ batchNormGradient: withoutMean(right) }));
    const { parameters } = await checkGradients(device, {
      layers: [3],
      lambda: [0],
      batchNorm: { place: "after-relu", affine: false },
    });
    const failed = parameters.filter((parameter) => !parameter.passed).map(({ name }) => name);
    expect(failed).toEqual(["W1", "b1", "W2", "b2"]);
  });
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

test("the measures of what must be 0, worked out by hand", () => {
  const measures = compareWithZero(
    Float64Array.of(1e-9, 0),
    Float64Array.of(0, -3e-9),
    Float64Array.of(0.3, -0.4),
    1e-4,
  );
  expect(measures.maxAbsolute).toBe(3e-9);
  expect(measures.maxRelative).toBeCloseTo(3e-9 / 0.4, 20);
  expect(measures.normRelative).toBeCloseTo(3e-9 / 0.5, 20);
  expect(measures.decimals).toBe(8);
  // Two gradients that agree, and are not 0.
  const same = Float64Array.of(0.1);
  expect(compareWithZero(same, same, Float64Array.of(0.4), 1e-4).maxRelative).toBe(0.25);
  expect(compareWithZero(Float64Array.of(NaN), Float64Array.of(0), same, 1e-4).maxRelative).toBeNaN();
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
  await expect(checkGradients(device, { layers: "1" as unknown as number[] })).rejects.toThrow(/^layers: 1/);
  await expect(checkGradients(device, { step: { centred: 0 } })).rejects.toThrow(/^step.centred: 0/);
  await expect(checkGradients(device, { tolerance: Number.NaN })).rejects.toThrow(/^tolerance: NaN/);
  const unknown = { inputs: new Float64Array(2), labels: Uint8Array.of(1, 200) };
  await expect(checkGradients(device, { dimensions: 1, data: unknown })).rejects.toThrow(
    /^data.labels: 200 is no label/,
  );
  for (const examples of [1, 2]) {
    const normalised = checkGradients(device, { layers: [2], examples, batchNorm: {} });
    await expect(normalised).rejects.toThrow(new RegExp(`^examples: ${examples}: batch normalisation`));
  }
  // Nothing is normalised without hidden layers.
  expect((await checkGradients(device, { layers: [1], examples: 1, batchNorm: {} })).passed).toBe(true);
  await expect(checkGradients(device, { dimensions: 3, data })).rejects.toThrow(
    /^data.inputs: 5 numbers for 2 examples of 3/,
  );
});

const losses = [
  { kind: "softmax", smoothing: 0.1 },
  { kind: "sigmoid", over: "mean" },
  { kind: "sigmoid", over: "sum" },
  { kind: "hinge", margin: 1 },
] as const;

test.each(losses)("gradients of %j agree, and one that is of another loss is found", async (loss) => {
  const device = await createDevice("wasm", "f64");
  const options = { ...small, layers: [1, 2, 3], lambda: [0.1], loss };
  const { passed, problem } = await checkGradients(device, options);
  expect({ passed, loss: problem.loss }).toEqual({ passed: true, loss });
  const forgetful: Device = {
    ...device,
    classLossGradient: (ds, p, labels) => device.softmaxCrossEntropyGradient(ds, p, labels),
  };
  const isSame = loss.kind === "sigmoid" && loss.over === "sum"; // P - Y, of another P
  expect((await checkGradients(forgetful, options)).passed).toBe(isSame);
});

test.each([2, 3, 10])("whatever the seed, a hinge over %i classes is checked to its last bias", async (classes) => {
  const device = await createDevice("wasm", "f64");
  const options = { layers: [3], lambda: [0], dimensions: 6, hidden: 5, examples: 2 * classes, classes };
  for (let seed = 1; seed <= 10; seed++) {
    const { parameters } = await checkGradients(device, { ...options, seed, loss: { kind: "hinge", margin: 1 } });
    expect(parameters.filter(({ passed }) => !passed)).toEqual([]);
  }
});

test("every form of network agrees, and a slope of another activation is found", async () => {
  const device = await createDevice("wasm", "f64");
  const forms = everyForm();
  expect(forms).toHaveLength(3 * 4 * 2 + 4);
  for (const form of forms) {
    const smaller = { layers: [3], lambda: [0.1], dimensions: 6, hidden: 5, classes: 4, examples: 12 };
    const { passed, problem } = await checkGradients(device, { ...form, ...smaller });
    expect({ passed, form: problem }).toMatchObject({ passed: true, form });
  }
  for (const kind of ["gelu", "tanh"] as const) {
    const confused = await broken((right) => ({
      activationGradient: (ds, dh, from) => right.activationGradient(ds, dh, from, { kind: "leaky-relu", slope: 0.5 }),
    }));
    const { parameters } = await checkGradients(confused, { ...small, layers: [2], lambda: [0], activation: { kind } });
    expect(parameters.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual(["W1", "b1"]);
  }
});

test("a shortcut whose gradient is forgotten is found", async () => {
  // The only sum of two gradients of a network without penalty: base and beta of 1.
  const forgetful = await broken((right) => ({
    combine: (into, g) =>
      right.combine({ ...into, beta: into.target === into.base ? into.beta : into.beta.map(() => 0) }, g),
  }));
  const options = { ...small, layers: [4], lambda: [0], residual: true };
  expect((await checkGradients(await createDevice("wasm", "f64"), options)).passed).toBe(true);
  const { parameters } = await checkGradients(forgetful, options);
  expect(parameters.filter(({ passed }) => !passed).map(({ name }) => name)).not.toEqual([]);
});

test("smooth activations have no kinks, and a kink of the hinge behind them is the last layer's", async () => {
  const device = await createDevice("wasm", "f64");
  for (const kind of ["gelu", "tanh"] as const) {
    const { parameters } = await checkGradients(device, { layers: [3], lambda: [0], activation: { kind } });
    expect(parameters.flatMap(({ kinks }) => kinks)).toEqual([]);
  }
  const loss = { kind: "hinge", margin: 1 } as const;
  const options = {
    layers: [3],
    lambda: [0],
    activation: { kind: "tanh" },
    loss,
    step: { centred: 0.05 },
    tolerance: 1,
  } as const;
  const kinks = (await checkGradients(device, options)).parameters.flatMap((parameter) => parameter.kinks);
  expect(new Set(kinks.map(({ layer }) => layer))).toEqual(new Set([3]));
});
