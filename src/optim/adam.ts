import { power } from "../math/elementary/power.ts";
import { createGradients } from "../nn/gradients.ts";
import { penaltySlope } from "../nn/l2.ts";
import { createParameters, isPenalised } from "../nn/parameters.ts";
import type { Update, UpdateDescription, UpdateSetting } from "./update.ts";

// m <- beta1 m + (1 - beta1) g,   v <- beta2 v + (1 - beta2) g^2
// theta <- theta - eta (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps),   t = 1, 2, ...
// adam: g = dJ/dtheta. adamw: g = dL/dtheta, and weights shrink by 2 eta lambda beside it.

type Adam = Extract<UpdateDescription, { kind: "adam" | "adamw" }>;

/** The rule `adam` (Kingma and Ba 2015, algorithm 1): the penalty is part of the gradient. */
export function adam(setting: UpdateSetting, descriptions: readonly Adam[]): Update {
  return withMoments(
    setting,
    descriptions,
    setting.lambda.map(() => 0),
  );
}

/** The rule `adamw` (Loshchilov and Hutter 2019, algorithm 2): the penalty is a decay of the weights, beside the gradient. */
export function adamW(setting: UpdateSetting, descriptions: readonly Adam[]): Update {
  const { lambda } = setting;
  return withMoments({ ...setting, lambda: lambda.map(() => 0) }, descriptions, lambda.map(penaltySlope));
}

function withMoments(
  setting: UpdateSetting,
  descriptions: readonly Adam[],
  decay: Float64Array, // [members]: of weights, at a rate of 1
): Update {
  const { device, architecture, parameters } = setting;
  const first = createParameters(device, architecture);
  const second = createParameters(device, architecture);
  const { gradients, into } = createGradients(setting);
  const numbers = (value: (description: Adam) => number) => Float64Array.from(descriptions, value);
  const [beta1, beta2, eps] = [
    numbers((description) => description.beta1),
    numbers((description) => description.beta2),
    numbers((description) => description.eps),
  ];
  const [new1, new2] = [beta1, beta2].map((beta) => beta.map((keep) => 1 - keep));
  const ones = eps.map(() => 1);
  return {
    state: { firstMoment: first, secondMoment: second },
    into: () => into,
    finish({ number, learningRate }) {
      const rate = learningRate.map((eta, p) => eta / (1 - power(beta1[p], number + 1)));
      const correction = beta2.map((beta) => 1 / (1 - power(beta, number + 1)));
      const shrink = learningRate.map((eta, p) => 1 - eta * decay[p]);
      for (const [name, theta] of Object.entries(parameters)) {
        const [g, m, v] = [gradients[name], first[name], second[name]];
        device.combine({ target: m, alpha: new1, beta: beta1, base: m }, g);
        device.combineSquares({ target: v, alpha: new2, beta: beta2, base: v }, g);
        device.rootStep(theta, m, v, { keep: isPenalised(name) ? shrink : ones, rate, correction, eps });
      }
    },
    startEpoch() {},
  };
}
