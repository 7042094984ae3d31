import type { Device, ImageSet, Tensor } from "../math/device.ts";
import { type Activations, createActivations, viewActivations } from "../nn/activations.ts";
import type { Architecture } from "../nn/architecture.ts";
import type { Averages } from "../nn/averages.ts";
import { squaredNorm } from "../nn/l2.ts";
import { mlpForward } from "../nn/mlp.ts";
import { type Parameters, penalised } from "../nn/parameters.ts";
import { populationStatistics } from "../nn/population-statistics.ts";
import type { Divergence, Metrics } from "../record/event.ts";
import type { Bench } from "./bench.ts";
import { locateDivergence } from "./divergence.ts";

/** Images a forward pass of a measurement: wide products whose batch is not far from a processor's cache. */
export const measuredAtOnce = 200;

/** Memory for measuring whole sets of images, many at a time. */
export interface Evaluator {
  /** Loss, cost and accuracy of every member on all images of a set; undefined where `signal` cuts it short. */
  measure(
    parameters: Parameters,
    images: ImageSet,
    lambda: Float64Array, // [members]
    signal: StopSignal | undefined,
  ): Promise<Metrics[] | undefined>;
  /** Writes the averages: the statistics of all images of a set. Returns false where `signal` cuts it short. */
  findStatistics(parameters: Parameters, images: ImageSet, signal: StopSignal | undefined): boolean;
  /** Where a member's numbers first leave the finite, batch by batch of a set. */
  locate(parameters: Parameters, images: ImageSet, member: number): Promise<Omit<Divergence, "step">>;
}

/** Says that a training shall stop; whoever is busy looks at it. */
export type StopSignal = { readonly aborted: boolean };

export function createEvaluator(
  device: Device,
  architecture: Architecture,
  { train: { dimension }, standardisation }: Pick<Bench, "train" | "standardisation">,
  averages: Averages, // what hidden layers are normalised by; written by `findStatistics`
  atOnce = measuredAtOnce,
): Evaluator {
  const { members } = architecture;
  const x = device.batch(dimension, atOnce, "measure");
  const labels = device.tensor([1, 1, atOnce]);
  const numbers = new Uint32Array(atOnce);
  const activations = createActivations(device, architecture, atOnce);
  const tally = device.tally(members, 2);
  const norm = device.tally(members, 1);

  return {
    async measure(parameters, images, lambda, signal) {
      device.clear(tally);
      device.clear(norm);
      squaredNorm(device, norm, penalised(parameters));
      for (let from = 0; from < images.count; from += atOnce) {
        if (signal?.aborted) return undefined;
        forward(parameters, images, from);
      }
      const [sums, squares] = [await device.readTally(tally), await device.readTally(norm)];
      return Array.from({ length: members }, (_, p) => {
        const loss = sums[2 * p] / images.count;
        return { loss, cost: loss + lambda[p] * squares[p], accuracy: sums[2 * p + 1] / images.count };
      });
    },
    findStatistics(parameters, images, signal) {
      const parts = { total: images.count, atOnce, load: (from: number, n: number) => load(images, from, n) };
      return populationStatistics(device, architecture, averages, parameters, parts, () => signal?.aborted ?? false);
    },
    async locate(parameters, images, member) {
      for (let from = 0; from < images.count; from += atOnce) {
        const part = forward(parameters, images, from);
        const place = await locateDivergence(device, member, parameters, part, averages);
        if (place.where !== "loss") return place;
      }
      return { layer: activations.hidden.length + 1, where: "loss" };
    },
  };

  /** Adds the images from `from` on, as many as fit, to the tally; returns their activations. */
  function forward(parameters: Parameters, images: ImageSet, from: number): Activations {
    const part = load(images, from, Math.min(atOnce, images.count - from));
    mlpForward(device, architecture, part.activations, tally, parameters, part.x, part.labels, { averages });
    return part.activations;
  }

  /** Brings in the images from number `from` on. */
  function load(images: ImageSet, from: number, n: number) {
    const rows = numbers.subarray(0, n);
    for (let j = 0; j < n; j++) rows[j] = from + j;
    const part = n === atOnce ? { x, labels, activations } : narrowed(n);
    device.gather(part.x, part.labels, images, rows, standardisation);
    return part;
  }

  function narrowed(n: number): { x: Tensor; labels: Tensor; activations: Activations } {
    return {
      x: device.view(x, [1, dimension, n]),
      labels: device.view(labels, [1, 1, n]),
      activations: viewActivations(device, activations, n),
    };
  }
}
