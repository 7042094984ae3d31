import type { Device, Tensor } from "../math/device.ts";
import { createActivations } from "../nn/activations.ts";
import { squaredNorm } from "../nn/l2.ts";
import { mlpForward } from "../nn/mlp.ts";
import { createParameters, type Parameters, penalised } from "../nn/parameters.ts";
import type { SmallNetwork } from "./network.ts";
import type { Kink } from "./verdict.ts";

/** Entries moved at once: each moved copy of the network is a member of one population. */
const ENTRIES_AT_ONCE = 16;

/** What a cost is made of, where nothing is moved and by each move; squares are the sum of all W^2. */
interface MovedLosses {
  readonly unmoved: { readonly loss: number; readonly squares: number };
  /** One a move; by entry. */
  readonly moved: readonly { readonly losses: Float64Array; readonly squares: Float64Array }[];
  /** The first kink met by each entry that met one. */
  readonly kinks: ReadonlyMap<number, Omit<Kink, "entry">>;
}

/** The loss with each entry of a parameter moved by each of `moves`, one at a time. */
export async function movedLosses(
  device: Device,
  network: SmallNetwork,
  name: string,
  moves: readonly number[],
): Promise<MovedLosses> {
  const size = network.parameters[name].length;
  const moved = moves.map(() => ({ losses: new Float64Array(size), squares: new Float64Array(size) }));
  const kinks = new Map<number, Omit<Kink, "entry">>();
  // The first member of the population stays where it is.
  const members = 1 + ENTRIES_AT_ONCE * moves.length;
  const memberOf = (entry: number, move: number) => 1 + entry * moves.length + move;
  const population = createPopulation(device, network, members);
  let unmoved = { loss: Number.NaN, squares: Number.NaN };

  for (let from = 0; from < size; from += ENTRIES_AT_ONCE) {
    const count = Math.min(ENTRIES_AT_ONCE, size - from);
    const values = repeat(network.parameters[name], members);
    for (let entry = 0; entry < count; entry++) {
      moves.forEach((distance, move) => {
        values[memberOf(entry, move) * size + from + entry] += distance;
      });
    }
    const { losses, squares, active } = await population.evaluate(name, values);
    unmoved = { loss: losses[0], squares: squares[0] };
    for (let entry = 0; entry < count; entry++) {
      for (const move of moves.keys()) {
        const member = memberOf(entry, move);
        moved[move].losses[from + entry] = losses[member];
        moved[move].squares[from + entry] = squares[member];
        const kink = kinkBetween(active, 0, member);
        if (kink !== undefined && !kinks.has(from + entry)) kinks.set(from + entry, kink);
      }
    }
  }
  return { unmoved, moved, kinks };
}

/** What has corners at 0, layer by layer: hidden activities and the hinge's p, each [members, units, examples]. */
type Activity = readonly {
  readonly layer: number;
  readonly values: ArrayLike<number>;
  readonly units: number;
  readonly examples: number;
}[];

/** Of each member. */
interface Evaluated {
  readonly losses: Float64Array;
  readonly squares: Float64Array;
  readonly active: Activity;
}

function createPopulation(device: Device, network: SmallNetwork, members: number) {
  const { inputs, labels, widths, loss, activation } = network;
  const { batchNorm, residual } = network;
  const architecture = { members, widths, batchNorm, activation, residual, loss };
  const hasCorners = activation === undefined || activation.kind === "relu" || activation.kind === "leaky-relu";
  const parameters: Parameters = createParameters(device, architecture);
  const write = (tensor: Tensor, values: Float64Array) => device.write(tensor, values);
  for (const [name, tensor] of Object.entries(parameters)) write(tensor, repeat(network.parameters[name], members));
  const x = device.batch(widths[0], labels.length);
  device.write(x, inputs);
  const y = device.tensor([1, 1, labels.length]);
  device.write(y, labels);
  const activations = createActivations(device, architecture, labels.length);
  const tally = device.tally(members, 2);
  const norm = device.tally(members, 1);

  return {
    async evaluate(name: string, values: Float64Array): Promise<Evaluated> {
      write(parameters[name], values);
      device.clear(tally);
      device.clear(norm);
      mlpForward(device, architecture, activations, tally, parameters, x, y);
      squaredNorm(device, norm, penalised(parameters));
      const [sums, squares] = [await device.readTally(tally), await device.readTally(norm)];
      const losses = Float64Array.from({ length: members }, (_, p) => sums[2 * p] / labels.length);
      // The hinge has corners too: its p is above 0 for the classes within the margin.
      const cornered = [
        ...(hasCorners ? activations.hidden.map(({ h }, index) => ({ layer: index + 1, tensor: h })) : []),
        ...(loss?.kind === "hinge" ? [{ layer: widths.length - 1, tensor: activations.probabilities }] : []),
      ];
      const active = await Promise.all(
        cornered.map(async ({ layer, tensor }) => ({
          layer,
          values: await device.read(tensor),
          units: tensor.shape[1],
          examples: tensor.shape[2],
        })),
      );
      return { losses, squares, active };
    },
  };
}

function repeat(values: Float64Array, times: number): Float64Array {
  const repeated = new Float64Array(values.length * times);
  for (let p = 0; p < times; p++) repeated.set(values, p * values.length);
  return repeated;
}

// The first hidden unit that is active in one member and not in the other.
function kinkBetween(active: Activity, first: number, second: number): Omit<Kink, "entry"> | undefined {
  for (const { layer, values, units, examples } of active) {
    for (let unit = 0; unit < units; unit++) {
      for (let example = 0; example < examples; example++) {
        const at = (member: number) => values[(member * units + unit) * examples + example] > 0;
        if (at(first) !== at(second)) return { layer, unit, example };
      }
    }
  }
  return undefined;
}
