import { withSquares } from "./squares.ts";
import type { Update, UpdateDescription, UpdateSetting } from "./update.ts";

// v <- rho v + (1 - rho) g^2,   theta <- theta - eta g / (sqrt(v) + eps),   g = dJ/dtheta

type RmsProp = Extract<UpdateDescription, { kind: "rmsprop" }>;

/** The rule `rmsprop` (Tieleman and Hinton 2012, lecture 6.5); eps stands outside the root, as in PyTorch. */
export function rmsProp(setting: UpdateSetting, descriptions: readonly RmsProp[]): Update {
  const eps = Float64Array.from(descriptions, (description) => description.eps);
  const keep = Float64Array.from(descriptions, ({ rho }) => rho);
  return withSquares(setting, { add: keep.map((rho) => 1 - rho), keep, eps });
}
