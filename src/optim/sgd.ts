import type { Into } from "../math/device.ts";
import { penaltySlope } from "../nn/l2.ts";
import { isPenalised, type Parameters } from "../nn/parameters.ts";
import type { Update, UpdateSetting } from "./update.ts";

// W <- W - eta (dL/dW + 2 lambda W) = (1 - 2 eta lambda) W - eta dL/dW
// b <- b - eta dL/db

/** The rule `sgd`: a gradient goes straight into its parameter, and the step is taken when it is there. */
export function descent({ parameters, lambda }: UpdateSetting): Update {
  return {
    state: {},
    into: ({ learningRate }) => intoDescent(parameters, learningRate, lambda),
    finish() {},
    startEpoch() {},
  };
}

/** Sends each gradient of the loss straight into its parameter, as one step of gradient descent on the cost. */
function intoDescent(
  parameters: Parameters, // written
  learningRate: Float64Array, // [members]
  lambda: Float64Array, // [members]
): (name: string) => Into {
  const down = learningRate.map((eta) => -eta);
  const shrink = learningRate.map((eta, p) => 1 - eta * penaltySlope(lambda[p]));
  const keep = learningRate.map(() => 1);
  return (name) => ({
    target: parameters[name],
    alpha: down,
    beta: isPenalised(name) ? shrink : keep,
    base: parameters[name],
  });
}
