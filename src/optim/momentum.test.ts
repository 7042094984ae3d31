import { describe, expect, test } from "vitest";
import { stream } from "../math/random/stream.ts";
import { createDevice } from "../math/select.ts";
import { createParameters, parametersOf } from "../nn/parameters.ts";
import { createUpdate } from "./rules.ts";
import type { UpdateDescription } from "./update.ts";

const members = 3;
const architecture = {
  members,
  widths: [4, 3, 2],
  batchNorm: { place: "before-relu", layers: "all", affine: true, eps: 1e-15 },
} as const;
const names = parametersOf(architecture).map(({ name }) => name);
const steps = 7;
const random = (name: string, step: number, count: number) => stream(1, name, step).standardNormal(count);
const rates = (step: number) => Float64Array.of(0.1, 0.3 / (step + 1), 0.01 * step);
const lambda = Float64Array.of(0, 0.05, 0.2);
const rho = [0.9, 0, 0.5];
type Numbers = Record<string, Float64Array>;

const momentum = (velocities: "kept" | "reset"): UpdateDescription[] =>
  rho.map((memberRho) => ({ kind: "momentum", rho: memberRho, velocities }));

/** Seven steps of an update, each along its own gradient of the loss; an epoch begins before every third. */
async function afterSteps(descriptions: readonly UpdateDescription[]): Promise<Numbers> {
  const device = await createDevice("wasm", "f64");
  const parameters = createParameters(device, architecture);
  for (const name of names) device.write(parameters[name], random(name, 1000, parameters[name].size));
  const update = createUpdate({ device, architecture, parameters, lambda, isMoving: false }, descriptions);
  for (let step = 0; step < steps; step++) {
    if (step % 3 === 0) update.startEpoch();
    const at = { number: step, learningRate: rates(step) };
    const into = update.into(at);
    for (const name of names) {
      // As the backward pass does: target <- alpha gradient + beta base.
      const gradient = device.tensor(parameters[name].shape);
      device.write(gradient, random(name, step, gradient.size));
      device.combine(into(name), gradient);
    }
    update.finish(at);
  }
  const read = names.map(async (name) => [name, Float64Array.from(await device.read(parameters[name]))] as const);
  return Object.fromEntries(await Promise.all(read));
}

/** v <- rho v + eta (dL + 2 lambda W), W <- W - v, number by number. */
function byHand(rhoOf: readonly number[], isReset: (step: number) => boolean): Numbers {
  return Object.fromEntries(
    parametersOf(architecture).map(({ name, shape: [, out, inputs] }) => {
      const size = out * inputs;
      const theta = Float64Array.from(random(name, 1000, members * size));
      const v = new Float64Array(members * size);
      for (let step = 0; step < steps; step++) {
        if (isReset(step)) v.fill(0);
        const gradient = random(name, step, members * size);
        for (let i = 0; i < theta.length; i++) {
          const member = Math.floor(i / size);
          const penalty = name.startsWith("W") ? 2 * lambda[member] * theta[i] : 0;
          v[i] = rhoOf[member] * v[i] + rates(step)[member] * (gradient[i] + penalty);
          theta[i] -= v[i];
        }
      }
      return [name, theta];
    }),
  );
}

function expectSame(values: Numbers, expected: Numbers): void {
  expect(Object.keys(values)).toEqual(names);
  for (const name of names) {
    values[name].forEach((value, i) => {
      expect(Math.abs(value - expected[name][i]), `${name}[${i}]`).toBeLessThan(1e-13);
    });
  }
}

describe("momentum", () => {
  test("is the plain loop, for members that differ in rho, lambda and rates", async () => {
    expectSame(
      await afterSteps(momentum("kept")),
      byHand(rho, () => false),
    );
  });

  test("whose velocities are reset begins each epoch at rest", async () => {
    const reset = await afterSteps(momentum("reset"));
    expectSame(
      reset,
      byHand(rho, (step) => step % 3 === 0),
    );
    expect(reset.W1).not.toEqual((await afterSteps(momentum("kept"))).W1);
  });

  test("with rho 0 is descent", async () => {
    const none: UpdateDescription[] = rho.map(() => ({ kind: "momentum", rho: 0, velocities: "kept" }));
    expectSame(await afterSteps(none), await afterSteps(rho.map(() => ({ kind: "sgd" }))));
  });
});

test("descent is the plain loop without velocities, and knows no epochs", async () => {
  expectSame(
    await afterSteps(rho.map(() => ({ kind: "sgd" }))),
    byHand([0, 0, 0], () => false),
  );
});
