import { describe, expect, test } from "vitest";
import type { Device, Tensor } from "../src/math/device.ts";
import { stream } from "../src/math/random/stream.ts";
import { createDevice } from "../src/math/select.ts";
import type { ActivationDescription } from "../src/nn/activation.ts";
import { createActivations } from "../src/nn/activations.ts";
import type { Architecture, BatchNorm } from "../src/nn/architecture.ts";
import { intoGradients } from "../src/nn/gradients.ts";
import { squaredNorm } from "../src/nn/l2.ts";
import type { LossDescription } from "../src/nn/loss.ts";
import { mlpBackward, mlpForward } from "../src/nn/mlp.ts";
import { createParameters, parametersOf, penalised } from "../src/nn/parameters.ts";
import { createTape, type Scalar, type Tape } from "./tape.ts";

describe("a tape", () => {
  test.each<[what: string, write: (tape: Tape, a: Scalar, b: Scalar) => Scalar, value: number, da: number, db: number]>(
    [
      ["a + b", (t, a, b) => t.add(a, b), 5, 1, 1],
      ["a - b", (t, a, b) => t.subtract(a, b), -1, 1, -1],
      ["a b", (t, a, b) => t.multiply(a, b), 6, 3, 2],
      ["a / b", (t, a, b) => t.divide(a, b), 2 / 3, 1 / 3, -2 / 9],
      ["e^a", (t, a) => t.exp(a), Math.E ** 2, Math.E ** 2, 0],
      ["log a", (t, a) => t.log(a), Math.LN2, 0.5, 0],
      ["sqrt b", (t, _, b) => t.sqrt(b), Math.sqrt(3), 0, 0.5 / Math.sqrt(3)],
      ["max(0, a)", (t, a) => t.max0(a), 2, 1, 0],
      ["max(0, a - b)", (t, a, b) => t.max0(t.subtract(a, b)), 0, 0, 0],
      ["max(0, a - a)", (t, a) => t.max0(t.subtract(a, a)), 0, 0, 0],
      ["the mean of a, a and b", (t, a, b) => t.mean([a, a, b]), 7 / 3, 2 / 3, 1 / 3],
      ["a^3 / b", (t, a, b) => t.divide(t.multiply(a, t.multiply(a, a)), b), 8 / 3, 4, -8 / 9],
    ],
  )("knows %s and its slopes, at a = 2, b = 3", (_what, write, value, da, db) => {
    const tape = createTape();
    const [a, b] = [tape.scalar(2), tape.scalar(3)];
    const result = write(tape, a, b);
    const gradient = tape.gradient(result);
    expect(tape.value(result)).toBeCloseTo(value, 14);
    expect(gradient[a]).toBeCloseTo(da, 14);
    expect(gradient[b]).toBeCloseTo(db, 14);
  });
});

const examples = 6;
const classes = 4;
const allWidths = [
  [5, classes],
  [5, 4, classes],
  [5, 4, 3, classes],
  [5, 4, 3, 5, classes],
];
const lambda = Float64Array.of(0, 0.03);
const members = lambda.length;

const places = ["before-relu", "after-relu"] as const;
const norms: (BatchNorm | undefined)[] = [
  undefined,
  ...places.flatMap((place) =>
    [true, false].flatMap((affine) =>
      (["all", "all-but-last"] as const).flatMap((layers) =>
        [1e-15, 0.1].map((eps) => ({ place, layers, affine, eps })),
      ),
    ),
  ),
];

/** Everything a cost is made of: a population's numbers, each parameter [members, ...]. */
interface Problem {
  readonly architecture: Architecture;
  readonly parameters: Record<string, Float64Array>;
  readonly inputs: Float64Array; // [dimension, examples]
  readonly labels: readonly number[];
  readonly masks: Float64Array[] | undefined; // [members, width, examples] a hidden layer
  readonly second?: { readonly labels: readonly number[]; readonly share: readonly number[] };
}

function make(
  widths: number[],
  batchNorm: BatchNorm | undefined,
  drops: boolean,
  seed: number,
  { loss, activation, residual }: Pick<Architecture, "loss" | "activation" | "residual"> = {},
): Problem {
  const architecture: Architecture = { members, widths, batchNorm, activation, residual, loss };
  const random = (name: string, ...indices: number[]) => stream(seed, name, ...indices);
  const parameters = Object.fromEntries(
    parametersOf(architecture).map(({ name, shape: [, out, inputs] }) => {
      const centre = name.startsWith("gamma") ? 1 : 0;
      return [name, random(name).normal(centre, 0.5, members * out * inputs)];
    }),
  );
  return {
    architecture,
    parameters,
    inputs: random("inputs").standardNormal(widths[0] * examples),
    labels: Array.from(random("labels").integers(0, classes, examples)),
    masks: drops
      ? widths.slice(1, -1).map((width, index) =>
          random("mask", index)
            .random(members * width * examples)
            .map((value) => (value < 0.3 ? 0 : 1 / 0.7)),
        )
      : undefined,
  };
}

/** One member's cost, written down from the formulas of the forward pass, with the gradient that the tape finds. */
function onTape({ architecture, parameters, inputs, labels, masks, second }: Problem, member: number) {
  const { widths, batchNorm, loss, activation, residual } = architecture;
  const tape = createTape();
  const scalars = Object.fromEntries(
    Object.entries(parameters).map(([name, values]) => {
      const size = values.length / members;
      return [name, Array.from(values.subarray(member * size, (member + 1) * size), tape.scalar)];
    }),
  );
  const each = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => make(index));
  const hidden = widths.length - 2;

  // x = (s - mean) / sqrt(variance + eps), y = gamma x + beta, over the examples of one node.
  function normalised(s: Scalar[], node: number, layer: number, { affine, eps }: BatchNorm): Scalar[] {
    const mean = tape.mean(s);
    const centred = s.map((value) => tape.subtract(value, mean));
    const variance = tape.mean(centred.map((value) => tape.multiply(value, value)));
    const deviation = tape.sqrt(tape.add(variance, tape.scalar(eps)));
    const x = centred.map((value) => tape.divide(value, deviation));
    if (!affine) return x;
    const [gamma, beta] = [scalars[`gamma${layer}`][node], scalars[`beta${layer}`][node]];
    return x.map((value) => tape.add(tape.multiply(gamma, value), beta));
  }

  // tanh x = (e^x - e^-x) / (e^x + e^-x)
  function hyperbolicTangent(x: Scalar): Scalar {
    const [up, down] = [tape.exp(x), tape.exp(tape.subtract(tape.scalar(0), x))];
    return tape.divide(tape.subtract(up, down), tape.add(up, down));
  }
  function activated(s: Scalar, activation: ActivationDescription = { kind: "relu" }): Scalar {
    switch (activation.kind) {
      case "relu":
        return tape.max0(s);
      case "leaky-relu": {
        const below = tape.max0(tape.subtract(tape.scalar(0), s));
        return tape.subtract(tape.max0(s), tape.multiply(tape.scalar(activation.slope), below));
      }
      case "tanh":
        return hyperbolicTangent(s);
      case "gelu": {
        const cube = tape.multiply(s, tape.multiply(s, s));
        const inner = tape.add(s, tape.multiply(tape.scalar(0.044715), cube));
        const t = hyperbolicTangent(tape.multiply(tape.scalar(Math.sqrt(2 / Math.PI)), inner));
        return tape.multiply(tape.multiply(tape.scalar(0.5), s), tape.add(tape.scalar(1), t));
      }
    }
  }

  let h: Scalar[][] = each(widths[0], (f) => each(examples, (j) => tape.scalar(inputs[f * examples + j])));
  for (let layer = 1; layer < widths.length; layer++) {
    const [W, b] = [scalars[`W${layer}`], scalars[`b${layer}`]];
    const from = h;
    h = each(widths[layer], (node) => {
      const row = W.slice(node * from.length, (node + 1) * from.length);
      let values = each(examples, (j) =>
        tape.add(tape.sum(row.map((weight, k) => tape.multiply(weight, from[k][j]))), b[node]),
      );
      if (layer > hidden) return values;
      const norm = layer < hidden || batchNorm?.layers === "all" ? batchNorm : undefined;
      if (norm?.place === "before-relu") values = normalised(values, node, layer, norm);
      values = values.map((value) => activated(value, activation));
      if (norm?.place === "after-relu") values = normalised(values, node, layer, norm);
      if (masks !== undefined) {
        const at = (member * widths[layer] + node) * examples;
        values = values.map((value, j) => tape.multiply(value, tape.scalar(masks[layer - 1][at + j])));
      }
      return residual && layer > 1 ? values.map((value, j) => tape.add(value, from[node][j])) : values;
    });
  }

  // The loss of one example, from the definition.
  const unity = tape.scalar(1);
  const crossEntropies = (scores: Scalar[]) => {
    const powers = scores.map(tape.exp);
    return powers.map((power) => tape.subtract(tape.scalar(0), tape.log(tape.divide(power, tape.sum(powers)))));
  };
  const lossOf = (scores: Scalar[], label: number): Scalar => {
    if (loss?.kind === "hinge") {
      const beyond = scores.map((score) =>
        tape.max0(tape.add(tape.subtract(score, scores[label]), tape.scalar(loss.margin))),
      );
      return tape.sum(beyond.filter((_, k) => k !== label));
    }
    if (loss?.kind === "sigmoid") {
      const terms = scores.map((score, k) => {
        const p = tape.divide(unity, tape.add(unity, tape.exp(tape.subtract(tape.scalar(0), score))));
        return tape.subtract(tape.scalar(0), tape.log(k === label ? p : tape.subtract(unity, p)));
      });
      return loss.over === "mean" ? tape.mean(terms) : tape.sum(terms);
    }
    const smoothing = loss?.smoothing ?? 0;
    const entropies = crossEntropies(scores);
    return tape.add(
      tape.multiply(tape.scalar(1 - smoothing), entropies[label]),
      tape.multiply(tape.scalar(smoothing), tape.mean(entropies)),
    );
  };
  const losses = labels.map((label, j) => {
    const scores = h.map((row) => row[j]);
    if (second === undefined) return lossOf(scores, label);
    const share = second.share[j];
    return tape.add(
      tape.multiply(tape.scalar(share), lossOf(scores, label)),
      tape.multiply(tape.scalar(1 - share), lossOf(scores, second.labels[j])),
    );
  });
  const weights = Object.keys(scalars).flatMap((name) => (name.startsWith("W") ? scalars[name] : []));
  const penalty = tape.sum(weights.map((weight) => tape.multiply(weight, weight)));
  const cost = tape.add(tape.mean(losses), tape.multiply(tape.scalar(lambda[member]), penalty));
  const gradient = tape.gradient(cost);
  return {
    cost: tape.value(cost),
    gradients: Object.fromEntries(
      Object.entries(scalars).map(([name, at]) => [name, at.map((place) => gradient[place])]),
    ),
  };
}

/** Every member's cost and gradients, by the formulas that were derived by hand. */
async function byHand(device: Device, { architecture, parameters, inputs, labels, masks, second }: Problem) {
  const filled = (tensor: Tensor, values: ArrayLike<number>) => {
    device.write(tensor, values);
    return tensor;
  };
  const values = createParameters(device, architecture);
  for (const name of Object.keys(values)) device.write(values[name], parameters[name]);
  const gradients = createParameters(device, architecture);
  const x = filled(device.batch(architecture.widths[0], examples), inputs);
  const y = filled(device.tensor([1, 1, examples]), labels);
  const activations = createActivations(device, architecture, examples);
  const dropped = masks?.map((mask, index) => filled(device.tensor(activations.hidden[index].h.shape), mask));
  const mixture = second && {
    labels: filled(device.tensor([1, 1, examples]), second.labels),
    share: filled(device.tensor([1, 1, examples]), second.share),
  };
  const [tally, norm] = [device.tally(members, 2), device.tally(members, 1)];
  mlpForward(device, architecture, activations, tally, values, x, y, { masks: dropped, mixture });
  mlpBackward(device, architecture, activations, intoGradients(gradients, values, lambda), values, x, y, {
    masks: dropped,
    mixture,
  });
  squaredNorm(device, norm, penalised(values));
  const [sums, squares] = [await device.readTally(tally), await device.readTally(norm)];
  const read = await Promise.all(
    Object.entries(gradients).map(async ([name, tensor]) => [name, await device.read(tensor)] as const),
  );
  return Array.from(lambda, (memberLambda, member) => ({
    cost: sums[2 * member] / examples + memberLambda * squares[member],
    gradients: Object.fromEntries(
      read.map(([name, all]) => {
        const size = all.length / members;
        return [name, all.subarray(member * size, (member + 1) * size)];
      }),
    ),
  }));
}

/** The largest difference from the tape's gradients, of all members, as a part of the layer's largest gradient. */
async function apart(device: Device, problem: Problem): Promise<Record<string, number>> {
  const derived = await byHand(device, problem);
  const worst: Record<string, number> = {};
  derived.forEach(({ cost, gradients }, member) => {
    const expected = onTape(problem, member);
    worst.cost = Math.max(worst.cost ?? 0, Math.abs(cost - expected.cost) / expected.cost);
    for (const [name, values] of Object.entries(expected.gradients)) {
      // Not of its own: what a later normalisation takes out, as a bias or a lone node's gain, has none.
      const scale = largest(values.concat(expected.gradients[`W${name.match(/\d+$/)}`]));
      const difference = largest(values.map((value, i) => value - gradients[name][i]));
      worst[name] = Math.max(worst[name] ?? 0, difference / (scale || 1));
    }
  });
  return worst;
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

describe.each(["reference", "wasm"])("the gradients on %s are the tape's", (name) => {
  describe.each(allWidths)("widths %j", (...widths) => {
    test.each(norms)("%j", async (batchNorm) => {
      const device = await createDevice(name, "f64");
      for (const drops of [false, true]) {
        for (const seed of [1, 2, 3]) {
          const problem = make(widths, batchNorm, drops, seed);
          const differences = await apart(device, problem);
          expect(Object.keys(differences)).toEqual(["cost", ...Object.keys(problem.parameters)]);
          for (const [parameter, difference] of Object.entries(differences)) {
            expect(difference, `${parameter}, seed ${seed}, dropout ${drops}`).toBeLessThan(1e-12);
          }
        }
      }
      device.close();
    });
  });
});

const losses: readonly LossDescription[] = [
  { kind: "softmax", smoothing: 0.1 },
  { kind: "sigmoid", over: "mean" },
  { kind: "sigmoid", over: "sum" },
  { kind: "hinge", margin: 1 },
  { kind: "hinge", margin: 0.3 },
];

test.each(losses)("the gradients of %j are the tape's, on every device", async (loss) => {
  for (const name of ["reference", "wasm"]) {
    const device = await createDevice(name, "f64");
    for (const widths of allWidths.slice(0, 3)) {
      for (const seed of [1, 2, 3]) {
        const differences = await apart(device, make(widths, norms[1], true, seed, { loss }));
        for (const [parameter, difference] of Object.entries(differences)) {
          expect(difference, `${parameter}, seed ${seed}`).toBeLessThan(1e-12);
        }
      }
    }
    device.close();
  }
});

test.each([undefined, ...losses.slice(0, 3)])("the gradients of mixed labels are the tape's, with %j", async (loss) => {
  const second = { labels: [0, 1, 2, 3, 0, 1], share: [0, 0.3, 0.5, 0.9, 1, 0.25] };
  for (const name of ["reference", "wasm"]) {
    const device = await createDevice(name, "f64");
    const problem = { ...make([5, 4, classes], undefined, true, 2, { loss }), second };
    const differences = await apart(device, problem);
    for (const [parameter, difference] of Object.entries(differences))
      expect(difference, parameter).toBeLessThan(1e-12);
    device.close();
  }
});

const forms: readonly Pick<Architecture, "activation" | "residual">[] = [
  ...(
    [
      { kind: "relu" },
      { kind: "leaky-relu", slope: 0 },
      { kind: "leaky-relu", slope: 0.2 },
      { kind: "gelu" },
      { kind: "tanh" },
    ] as const
  ).flatMap((activation) => [{ activation }, { activation, residual: true }]),
];

test.each(forms)("the gradients with %j are the tape's, with every normalisation, on every device", async (form) => {
  const widthsOfForm = form.residual
    ? [
        [5, 4, 4, classes],
        [5, 4, 4, 4, classes],
      ]
    : allWidths.slice(1, 3);
  for (const name of ["reference", "wasm"]) {
    const device = await createDevice(name, "f64");
    for (const widths of widthsOfForm) {
      for (const batchNorm of norms.filter((norm) => norm?.eps !== 1e-15)) {
        for (const drops of [false, true]) {
          const differences = await apart(device, make(widths, batchNorm, drops, 1, form));
          for (const [parameter, difference] of Object.entries(differences)) {
            expect(difference, `${parameter}, ${JSON.stringify(batchNorm)}, dropout ${drops}`).toBeLessThan(1e-12);
          }
        }
      }
    }
    device.close();
  }
});

test("a kernel that forgets something is told apart", async () => {
  const right = await createDevice("reference");
  const problem = make([5, 4, classes], { place: "before-relu", layers: "all", affine: true, eps: 1e-15 }, true, 1);
  const broken: Device = {
    ...right,
    batchNormGradient: (ds, dy, normalised, variance, _gamma, eps) =>
      right.batchNormGradient(ds, dy, normalised, variance, undefined, eps),
  };
  const differences = await apart(broken, problem);
  expect(Object.keys(differences).filter((name) => differences[name] > 1e-12)).toEqual(["W1"]);
  expect(differences.W1).toBeGreaterThan(0.01);
});
