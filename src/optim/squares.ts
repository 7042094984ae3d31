import { createGradients } from "../nn/gradients.ts";
import { createParameters } from "../nn/parameters.ts";
import type { Update, UpdateSetting } from "./update.ts";

/** How squares of gradients are summed, one number a member. */
interface Summing {
  readonly taken: Float64Array; // [members]
  readonly kept: Float64Array; // [members]
  readonly eps: Float64Array; // [members]
}

/** v <- kept v + taken g^2, theta <- theta - eta g / (sqrt(v) + eps), g = dJ/dtheta: what `adagrad` and `rmsprop` share. */
export function withSquares(setting: UpdateSetting, { taken, kept, eps }: Summing): Update {
  const { device, architecture, parameters } = setting;
  const squares = createParameters(device, architecture);
  const { gradients, into } = createGradients(setting);
  const one = eps.map(() => 1);
  return {
    state: { squares },
    into: () => into,
    finish({ learningRate }) {
      for (const [name, theta] of Object.entries(parameters)) {
        const [g, v] = [gradients[name], squares[name]];
        device.combineSquares({ target: v, alpha: taken, beta: kept, base: v }, g);
        device.rootStep(theta, g, v, { keep: one, rate: learningRate, correction: one, eps });
      }
    },
    startEpoch() {},
  };
}
