import { createGradients } from "../nn/gradients.ts";
import { createParameters } from "../nn/parameters.ts";
import type { Update, UpdateSetting } from "./update.ts";

/** How squares of gradients are summed, one number a member. */
interface Summing {
  readonly add: Float64Array; // [members]
  readonly keep: Float64Array; // [members]
  readonly eps: Float64Array; // [members]
}

/** v <- keep v + add g^2, theta <- theta - eta g / (sqrt(v) + eps), g = dJ/dtheta: what `adagrad` and `rmsprop` share. */
export function withSquares(setting: UpdateSetting, { add, keep, eps }: Summing): Update {
  const { device, architecture, parameters } = setting;
  const squares = createParameters(device, architecture);
  const { gradients, into } = createGradients(setting);
  const ones = eps.map(() => 1);
  return {
    state: { squares },
    into: () => into,
    finish({ learningRate }) {
      for (const [name, theta] of Object.entries(parameters)) {
        const [g, v] = [gradients[name], squares[name]];
        device.combineSquares({ target: v, alpha: add, beta: keep, base: v }, g);
        device.rootStep(theta, g, v, { keep: ones, rate: learningRate, correction: ones, eps });
      }
    },
    startEpoch() {},
  };
}
