import { withSquares } from "./squares.ts";
import type { Update, UpdateDescription, UpdateSetting } from "./update.ts";

// v <- v + g^2,   theta <- theta - eta g / (sqrt(v) + eps),   g = dJ/dtheta

type Adagrad = Extract<UpdateDescription, { kind: "adagrad" }>;

/** The rule `adagrad` (Duchi et al. 2011, section 1.3, with a diagonal matrix). */
export function adagrad(setting: UpdateSetting, descriptions: readonly Adagrad[]): Update {
  const eps = Float64Array.from(descriptions, (description) => description.eps);
  const ones = eps.map(() => 1);
  return withSquares(setting, { add: ones, keep: ones, eps });
}
