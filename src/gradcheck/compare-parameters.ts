import { isPenalised } from "../nn/parameters.ts";
import { compare, compareWithZero, largest } from "./compare.ts";
import { type CheckedNetwork, isAlwaysZero, shapesOf } from "./network.ts";
import type { NumericGradient } from "./numeric.ts";
import type { ComparedParameter } from "./verdict.ts";

/** The analytic gradients of a network against numeric ones, parameter by parameter. */
export async function compareParameters(
  network: CheckedNetwork,
  numericOf: (name: string) => Promise<NumericGradient>,
  eps: number,
): Promise<ComparedParameter[]> {
  const compared: ComparedParameter[] = [];
  let weights: NumericGradient | undefined; // of the layer: they come first
  for (const [name, shape] of shapesOf(network)) {
    const analytic = network.gradients[name];
    const numeric = await numericOf(name);
    if (isPenalised(name)) weights = numeric;
    const layerWeights = weights;
    const isZero = layerWeights !== undefined && isAlwaysZero(network, name);
    const against = (scheme: "forward" | "centred") =>
      isZero
        ? compareWithZero(analytic, numeric[scheme], layerWeights[scheme], eps)
        : compare(analytic, numeric[scheme], eps, numeric.kinks);
    compared.push({
      name,
      shape,
      ...(isZero ? { zero: true as const } : {}),
      largest: Math.max(largest(analytic, numeric.kinks), largest(numeric.centred, numeric.kinks)),
      forward: against("forward"),
      centred: against("centred"),
      kinks: [...numeric.kinks].map(([entry, kink]) => ({ entry: indices(entry, shape), ...kink })),
    });
  }
  return compared;
}

function indices(entry: number, shape: readonly number[]): number[] {
  return shape.length === 1 ? [entry] : [Math.floor(entry / shape[1]), entry % shape[1]];
}
