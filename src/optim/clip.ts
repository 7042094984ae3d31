import { createGradients } from "../nn/gradients.ts";
import type { Update, UpdateSetting } from "./update.ts";

// g <- g min(1, c / |g|), |g| the norm of dL/dtheta over all parameters of a member (Pascanu et al. 2013, algorithm 1).
// The penalty's part of a gradient comes after it, in the rule.

/** A rule whose gradients of the loss are shortened to a norm of `limit` before it sees them. */
export function clipped(
  rule: Update,
  setting: UpdateSetting,
  limit: Float64Array, // [members]
): Update {
  const { device, architecture, lambda } = setting;
  const { gradients, into } = createGradients({ ...setting, lambda: lambda.map(() => 0) });
  const squares = device.tally(architecture.members, 1);
  return {
    state: rule.state,
    into: () => into,
    finish(step) {
      device.clear(squares);
      for (const g of Object.values(gradients)) device.squareSum(squares, g);
      const onward = rule.into(step);
      for (const [name, g] of Object.entries(gradients)) {
        device.clip(g, squares, limit);
        device.combine(onward(name), g);
      }
      rule.finish(step);
    },
    startEpoch: () => rule.startEpoch(),
  };
}
