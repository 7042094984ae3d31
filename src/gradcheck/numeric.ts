import type { Device, Tensor } from "../math/device.ts";
import { createActivations } from "../nn/activations.ts";
import { squaredNorm } from "../nn/l2.ts";
import { mlpForward } from "../nn/mlp.ts";
import { createParameters, type Parameters, penalised } from "../nn/parameters.ts";
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

/** Entries moved at once: each moved copy of the network is a member of one population. */
const ENTRIES_AT_ONCE = 16;

/**
 * Numeric gradients of the cost with respect to one parameter.
 *
 * forward: (J(t + h) - J(t)) / h.
 * centred: the centred difference D(h) = (J(t + h) - J(t - h)) / 2h at h and 2h, combined as (4 D(h) - D(2h)) / 3 so
 * that its error is of order h^4 (Richardson). That allows a step large enough for rounding to stay below 1e-12; with
 * D alone the two errors meet at 1e-11 to 1e-10, too coarse to judge entries of 1e-4 to seven digits.
 */
export async function numericGradient(
  device: Device, // f64: `reference`, the meaning of the kernels
  network: SmallNetwork,
  name: string, // of the parameter
  steps: DifferenceSteps,
): Promise<NumericGradient> {
  const h = steps.centred;
  const { cost, moved, kinks } = await movedCosts(device, network, name, [steps.forward, h, -h, 2 * h, -2 * h]);
  const [ahead, up, down, farUp, farDown] = moved;
  return {
    forward: ahead.map((J) => (J - cost) / steps.forward),
    centred: up.map((J, entry) => {
      const [near, far] = [(J - down[entry]) / (2 * h), (farUp[entry] - farDown[entry]) / (4 * h)];
      return (4 * near - far) / 3;
    }),
    kinks,
  };
}

/** The plain differences of the course: forward (J(t + h) - J(t)) / h, centred D(h) = (J(t + h) - J(t - h)) / 2h. */
export async function plainDifferences(
  device: Device, // f64
  network: SmallNetwork,
  name: string, // of the parameter
  steps: DifferenceSteps,
): Promise<NumericGradient> {
  const h = steps.centred;
  const { cost, moved, kinks } = await movedCosts(device, network, name, [steps.forward, h, -h]);
  const [ahead, up, down] = moved;
  return {
    forward: ahead.map((J) => (J - cost) / steps.forward),
    centred: up.map((J, entry) => (J - down[entry]) / (2 * h)),
    kinks,
  };
}

interface MovedCosts {
  /** Where nothing is moved. */
  readonly cost: number;
  /** A move, then an entry. */
  readonly moved: readonly Float64Array[];
  readonly kinks: NumericGradient["kinks"];
}

/** The cost with each entry of a parameter moved by each of `moves`, one at a time. */
async function movedCosts(
  device: Device,
  network: SmallNetwork,
  name: string,
  moves: readonly number[],
): Promise<MovedCosts> {
  const size = network.parameters[name].length;
  const moved = moves.map(() => new Float64Array(size));
  const kinks = new Map<number, Omit<Kink, "entry">>();
  // The first member of the population stays where it is.
  const members = 1 + ENTRIES_AT_ONCE * moves.length;
  const memberOf = (entry: number, move: number) => 1 + entry * moves.length + move;
  const population = createPopulation(device, network, members);
  let unmoved = Number.NaN;

  for (let from = 0; from < size; from += ENTRIES_AT_ONCE) {
    const here = Math.min(ENTRIES_AT_ONCE, size - from);
    const values = repeat(network.parameters[name], members);
    for (let entry = 0; entry < here; entry++) {
      moves.forEach((distance, move) => {
        values[memberOf(entry, move) * size + from + entry] += distance;
      });
    }
    const { cost, active } = await population.evaluate(name, values);
    unmoved = cost[0];
    for (let entry = 0; entry < here; entry++) {
      for (const move of moves.keys()) {
        const member = memberOf(entry, move);
        moved[move][from + entry] = cost[member];
        const kink = kinkBetween(active, 0, member);
        if (kink !== undefined && !kinks.has(from + entry)) kinks.set(from + entry, kink);
      }
    }
  }
  return { cost: unmoved, moved, kinks };
}

/** Hidden activities of every layer, each [members, units, examples]. */
type Activity = readonly { readonly values: ArrayLike<number>; readonly units: number; readonly examples: number }[];

function createPopulation(device: Device, network: SmallNetwork, members: number) {
  const { widths, batchNorm, inputs, labels, lambda } = network;
  const architecture = { members, widths, batchNorm };
  const parameters: Parameters = createParameters(device, architecture);
  const write = (tensor: Tensor, values: Float64Array) => device.write(tensor, values);
  for (const [name, tensor] of Object.entries(parameters)) write(tensor, repeat(network.parameters[name], members));
  const x = device.batch(widths[0], labels.length);
  device.write(x, inputs);
  const y = device.tensor([1, 1, labels.length]);
  device.write(y, labels);
  const activations = createActivations(device, architecture, labels.length);
  const tally = device.tensor([members, 2], "f64");
  const norm = device.tensor([members, 1], "f64");

  return {
    async evaluate(name: string, values: Float64Array): Promise<{ cost: Float64Array; active: Activity }> {
      write(parameters[name], values);
      write(tally, new Float64Array(tally.size));
      write(norm, new Float64Array(norm.size));
      mlpForward(device, architecture, activations, tally, parameters, x, y);
      squaredNorm(device, norm, penalised(parameters));
      const [sums, squares] = [await device.read(tally), await device.read(norm)];
      const cost = Float64Array.from({ length: members }, (_, p) => sums[2 * p] / labels.length + lambda * squares[p]);
      const active = await Promise.all(
        activations.hidden.map(async ({ h }) => ({
          values: await device.read(h),
          units: h.shape[1],
          examples: h.shape[2],
        })),
      );
      return { cost, active };
    },
  };
}

function repeat(values: Float64Array, times: number): Float64Array {
  const repeated = new Float64Array(values.length * times);
  for (let p = 0; p < times; p++) repeated.set(values, p * values.length);
  return repeated;
}

// The first hidden unit that is active in one member and not in the other.
function kinkBetween(active: Activity, one: number, other: number): Omit<Kink, "entry"> | undefined {
  for (const [index, { values, units, examples }] of active.entries()) {
    for (let unit = 0; unit < units; unit++) {
      for (let example = 0; example < examples; example++) {
        const at = (member: number) => values[(member * units + unit) * examples + example] > 0;
        if (at(one) !== at(other)) return { layer: index + 1, unit, example };
      }
    }
  }
  return undefined;
}
