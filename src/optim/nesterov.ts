import { createGradients } from "../nn/gradients.ts";
import { createParameters } from "../nn/parameters.ts";
import type { Update, UpdateDescription, UpdateSetting } from "./update.ts";

// v <- rho v + eta g,   theta <- theta - (eta g + rho v),   g = dJ/dtheta
// Nesterov's method with the parameters where the gradient is taken (Bengio et al. 2013, eq. 7).

type Nesterov = Extract<UpdateDescription, { kind: "nesterov" }>;

/** The rule `nesterov`. */
export function nesterov(setting: UpdateSetting, descriptions: readonly Nesterov[]): Update {
  const { device, architecture, parameters } = setting;
  const velocity = createParameters(device, architecture);
  const { gradients, into } = createGradients(setting);
  const rho = Float64Array.from(descriptions, (description) => description.rho);
  const back = rho.map((keep) => -keep);
  const ones = rho.map(() => 1);
  return {
    state: { velocity },
    into: () => into,
    finish({ learningRate }) {
      const down = learningRate.map((eta) => -eta);
      for (const [name, theta] of Object.entries(parameters)) {
        const [g, v] = [gradients[name], velocity[name]];
        device.combine({ target: v, alpha: learningRate, beta: rho, base: v }, g);
        device.combine({ target: theta, alpha: down, beta: ones, base: theta }, g);
        device.combine({ target: theta, alpha: back, beta: ones, base: theta }, v);
      }
    },
    startEpoch() {},
  };
}
