import type { GradientCheck } from "../gradcheck/verdict.ts";
import { numberText } from "../plot/number-text.ts";

type Form = Pick<GradientCheck["problem"], "batchNorm" | "activation" | "residual" | "loss">;

/** What a network does beside its products where it is not the usual, as a heading goes on: `, batch norm before the ReLU`. */
export function formText({ batchNorm, activation, residual }: Form): string {
  const name = activationName(activation);
  const place = batchNorm?.place === "after-relu" ? "after" : "before";
  return [
    batchNorm === undefined ? "" : `, batch norm ${place} the ${name}`,
    activation === undefined || batchNorm !== undefined ? "" : `, ${name}`,
    residual ? ", residual" : "",
  ].join("");
}

function activationName(activation: Form["activation"]): string {
  switch (activation?.kind) {
    case undefined:
    case "relu":
      return "ReLU";
    case "leaky-relu":
      return `leaky ReLU (${numberText(activation.slope, "rate")})`;
    case "gelu":
      return "GELU";
    case "tanh":
      return "tanh";
  }
}

export function lossText(loss: NonNullable<Form["loss"]>): string {
  if (loss.kind === "softmax")
    return `softmax cross-entropy with label smoothing ${numberText(loss.smoothing, "rate")}`;
  if (loss.kind === "hinge") return `hinge loss with margin ${numberText(loss.margin, "rate")}`;
  return `binary cross-entropies, their ${loss.over} over the classes`;
}
