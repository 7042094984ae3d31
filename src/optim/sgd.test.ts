import { expect, test } from "vitest";
import { stream } from "../math/random/stream.ts";
import { createDevice } from "../math/select.ts";
import { createActivations } from "../nn/activations.ts";
import { intoGradients } from "../nn/gradients.ts";
import { mlpBackward, mlpForward } from "../nn/mlp.ts";
import { createParameters } from "../nn/parameters.ts";
import { descent } from "./sgd.ts";

test("a descent step is the parameters less rate times the cost's gradient, for every member", async () => {
  const architecture = { members: 2, widths: [5, 4, 3] };
  const device = await createDevice("wasm", "f64");
  const random = (name: string, count: number) => stream(1, name).standardNormal(count);
  const parameters = createParameters(device, architecture);
  for (const [name, tensor] of Object.entries(parameters)) device.write(tensor, random(name, tensor.size));
  const x = device.batch(5, 6);
  device.write(x, random("x", 30));
  const labels = device.tensor([1, 1, 6]);
  device.write(labels, [0, 1, 2, 0, 1, 2]);
  const [rate, lambda] = [Float64Array.of(0.1, 0.3), Float64Array.of(0, 0.02)];
  const gradients = createParameters(device, architecture);
  const before: Record<string, ArrayLike<number>> = {};
  for (const name of Object.keys(parameters)) before[name] = await device.read(parameters[name]);

  const activations = createActivations(device, architecture, 6);
  const pass = () => mlpForward(device, architecture, activations, device.tally(2, 2), parameters, x, labels);
  pass();
  mlpBackward(device, architecture, activations, intoGradients(gradients, parameters, lambda), parameters, x, labels);
  pass();
  const { into } = descent({ device, architecture, parameters, lambda, isMoving: false });
  mlpBackward(device, architecture, activations, into({ number: 0, learningRate: rate }), parameters, x, labels);

  for (const name of Object.keys(parameters)) {
    const [after, gradient] = [await device.read(parameters[name]), await device.read(gradients[name])];
    after.forEach((value, i) => {
      const member = Math.floor(i / (after.length / 2));
      expect(value).toBeCloseTo(before[name][i] - rate[member] * gradient[i], 13);
    });
  }
});
