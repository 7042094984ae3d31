import type { Device } from "../math/device.ts";
import { weightPenalty } from "../nn/l2.ts";
import { isPenalised } from "../nn/parameters.ts";
import { movedLosses } from "./moved-losses.ts";
import type { SmallNetwork } from "./network.ts";
import type { Kink } from "./verdict.ts";

/** A parameter's numeric gradients, entry by entry. */
export interface NumericGradient {
  readonly forward: Float64Array;
  readonly centred: Float64Array;
  /** The first kink met by each entry that met one. */
  readonly kinks: ReadonlyMap<number, Omit<Kink, "entry">>;
}

export interface DifferenceSteps {
  readonly forward: number;
  readonly centred: number;
}

/**
 * Numeric gradients of the cost with respect to one parameter: those of the loss and of the penalty, added.
 *
 * forward: (J(t + h) - J(t)) / h.
 * centred: the centred difference D(h) = (J(t + h) - J(t - h)) / 2h at h and 2h, combined as (4 D(h) - D(2h)) / 3 so
 * that its error is of order h^4 (Richardson). That allows a step large enough for rounding to stay below 1e-12; with
 * D alone the two errors meet at 1e-11 to 1e-10, too coarse to judge entries of 1e-4 to seven digits.
 *
 * Apart, because a large penalty rounds away the digits in which the loss changes; and of the penalty the moved weight's
 * own term, because the others are the same on both sides.
 */
export async function numericGradient(
  device: Device, // f64: `reference`, the meaning of the kernels
  network: SmallNetwork,
  name: string, // of the parameter
  steps: DifferenceSteps,
): Promise<NumericGradient> {
  const h = steps.centred;
  const moves = [0, steps.forward, h, -h, 2 * h, -2 * h];
  const { unmoved, moved, kinks } = await movedLosses(device, network, name, moves.slice(1));
  const values = network.parameters[name];
  const lambda = isPenalised(name) ? network.lambda : 0;
  const slopes = ([here, ahead, up, down, farUp, farDown]: readonly number[]) => {
    const [near, far] = [(up - down) / (2 * h), (farUp - farDown) / (4 * h)];
    return { forward: (ahead - here) / steps.forward, centred: (4 * near - far) / 3 };
  };
  const differences = Array.from(values, (value, entry) => {
    const loss = slopes([unmoved.loss, ...moved.map(({ losses }) => losses[entry])]);
    const penalty = slopes(moves.map((move) => weightPenalty(lambda, value + move)));
    return { forward: loss.forward + penalty.forward, centred: loss.centred + penalty.centred };
  });
  return {
    forward: Float64Array.from(differences, ({ forward }) => forward),
    centred: Float64Array.from(differences, ({ centred }) => centred),
    kinks,
  };
}

/**
 * The plain differences of the course, of the whole cost J = loss + lambda sum W^2: forward (J(t + h) - J(t)) / h, centred
 * D(h) = (J(t + h) - J(t - h)) / 2h.
 */
export async function plainDifferences(
  device: Device, // f64
  network: SmallNetwork,
  name: string, // of the parameter
  steps: DifferenceSteps,
): Promise<NumericGradient> {
  const h = steps.centred;
  const { unmoved, moved, kinks } = await movedLosses(device, network, name, [steps.forward, h, -h]);
  const cost = unmoved.loss + network.lambda * unmoved.squares;
  const [ahead, up, down] = moved.map(({ losses, squares }) =>
    losses.map((loss, entry) => loss + network.lambda * squares[entry]),
  );
  return {
    forward: ahead.map((J) => (J - cost) / steps.forward),
    centred: up.map((J, entry) => (J - down[entry]) / (2 * h)),
    kinks,
  };
}
