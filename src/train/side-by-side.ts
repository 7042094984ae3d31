import type { Device, Tally } from "../math/device.ts";
import { openScope } from "../math/scope.ts";
import { createActivations } from "../nn/activations.ts";
import { averageStatistics } from "../nn/averages.ts";
import { mlpBackward, mlpForward } from "../nn/mlp.ts";
import { copy } from "../nn/shortcut.ts";
import { averageWeights, beginWeights, hasBegun } from "../optim/averaged-weights.ts";
import { learningRate } from "../optim/schedule.ts";
import type { Divergence } from "../record/event.ts";
import { createBatches, type Order } from "./batches.ts";
import type { Bench } from "./bench.ts";
import { locateDivergence } from "./divergence.ts";
import { createEvaluator, type StopSignal } from "./evaluate.ts";
import type { Measured, Member } from "./member.ts";
import { averageOf, computesStatistics, type Plan } from "./plan.ts";
import { createState, readState, writeMembers } from "./state.ts";
import type { Stretch } from "./stretch.ts";
import type { Weights } from "./weights.ts";

/** Members that take their steps side by side: their memory on a device, and what is done with it. */
export interface SideBySide {
  /** In the order of their numbers; some may have ended since. */
  readonly members: readonly Member[];
  /** Starts the averages from the first batch, which has not been trained on yet. */
  beginAverages(): void;
  /** The forward pass of update `step`: each member's loss, mean over the mini-batch. */
  forward(step: number): Promise<Map<Member, number>>;
  /** The backward pass of the same mini-batch, and the update. */
  backward(step: number): void;
  /** Several updates before a look; absent on devices that cost nothing to look at. */
  readonly stretch: Stretch | undefined;
  /** Where the forward pass left the finite; to be asked before `backward` overwrites what it read. */
  locate(member: Member): Promise<Omit<Divergence, "step">>;
  /** What the training and validation images say after `step` updates; undefined where `signal` cuts it short. */
  measure(step: number, signal: StopSignal | undefined): Promise<Map<Member, Measured> | undefined>;
  /** Where a measurement left the finite. */
  locateMeasured(member: Member): Promise<Omit<Divergence, "step">>;
  /** Everything that training goes on from. */
  read(): Promise<Map<Member, Weights>>;
  /** Returns all memory; to be called once. */
  free(): void;
}

/** Puts members side by side, after `from` updates. */
export function sideBySide(
  bench: Bench,
  plan: Plan,
  members: readonly Member[],
  order: Order,
  states: ReadonlyMap<Member, Readonly<Record<string, ArrayLike<number>>>>, // what is absent begins at 0
  from: number,
  longest: number, // steps in a stretch, at most
): SideBySide {
  const scope = openScope(bench.device);
  const device: Device = scope.device;
  const architecture = { ...plan.architecture, members: members.length };
  const { stepsPerEpoch, batch, steps } = plan;
  const specs = members.map(({ spec }) => spec);
  const { batchNorm } = specs[0].network;
  const state = createState(device, architecture, specs, from > 0);
  writeMembers(
    device,
    state.all,
    members.map((member) => states.get(member) ?? {}),
  );
  const { parameters, averages, update, averaged } = state;
  const descriptions = specs.flatMap((spec) => averageOf(spec, plan) ?? []);
  const isComputed = computesStatistics(specs[0]);
  const isAdaptive = architecture.batchNorm?.statistics === "adaptive";
  let made = from; // updates
  const activations = createActivations(device, architecture, batch);
  const randomness = members.map(({ random }) => random);
  const batches = createBatches({ ...bench, device }, specs[0], order, plan, activations, randomness);
  const { x, labels, masks, mixture } = batches;
  const tally = device.tally(members.length, 2);
  const evaluator = createEvaluator(device, architecture, bench, averages);
  const lambda = Float64Array.from(specs, ({ training }) => training.lambda);
  const keep = Float64Array.from(specs, ({ network }) => network.batchNorm?.alpha ?? 0);
  const none = keep.map(() => 0);
  const rates = (step: number) => ratesOf(specs, step, { steps, stepsPerEpoch });
  const startsEpoch = (step: number) => step % stepsPerEpoch === 0;
  /** The parameters that are measured: averaged where specs ask for it. */
  const measuredParameters = () => {
    if (averaged === undefined) return parameters;
    if (!hasBegun(descriptions[0], made)) beginWeights(device, averaged, parameters, members.length);
    return averaged;
  };
  const byMember = <T>(values: readonly T[]) => new Map(members.map((member, slot) => [member, values[slot]]));

  async function lossesOf(): Promise<Map<Member, number>> {
    const sums = await device.readTally(tally);
    return byMember(members.map((_, slot) => sums[2 * slot] / batch));
  }

  /** The forward pass of update `step`, into a tally that is empty. */
  function pass(step: number, into: Tally): void {
    batches.load(step);
    batches.drop(step);
    mlpForward(device, architecture, activations, into, parameters, x, labels, { masks, mixture });
    if (isComputed) return;
    const isAnew = startsEpoch(step) && batchNorm?.averages === "reset";
    averageStatistics(device, averages, activations, isAnew ? none : keep);
  }

  function takeUpdate(step: number): void {
    if (startsEpoch(step)) update.startEpoch();
    const at = { number: step, learningRate: rates(step) };
    mlpBackward(device, architecture, activations, update.into(at), parameters, x, labels, { masks, mixture });
    update.finish(at);
    made = step + 1;
    if (averaged !== undefined) averageWeights(device, averaged, parameters, descriptions, made);
  }

  function createStretch(): Stretch {
    const tallies = device.tally(members.length, 2, longest);
    const pairs = Object.values(state.all).map((now) => [now, device.tensor(now.shape)] as const);
    return {
      begin() {
        device.clear(tallies);
        for (const [now, kept] of pairs) copy(device, kept, now);
      },
      take(step, place) {
        pass(step, device.tallyRow(tallies, place));
        takeUpdate(step);
      },
      async losses(count) {
        const sums = await device.readTally(tallies);
        const lossAt = (row: number, slot: number) => sums[2 * (row * members.length + slot)] / batch;
        for (const [slot, { ending }] of members.entries()) {
          for (let row = 0; row < count; row++) {
            if (ending === undefined && !Number.isFinite(lossAt(row, slot))) return undefined;
          }
        }
        return byMember(members.map((_, slot) => lossAt(count - 1, slot)));
      },
      goBack(step) {
        for (const [now, kept] of pairs) copy(device, now, kept);
        made = step;
      },
    };
  }

  return {
    members,
    beginAverages() {
      if (batchNorm === undefined || isComputed) return;
      batches.load(0);
      mlpForward(device, architecture, activations, tally, parameters, x, labels);
      averageStatistics(device, averages, activations, none);
    },
    async forward(step) {
      device.clear(tally);
      pass(step, tally);
      return await lossesOf();
    },
    backward: takeUpdate,
    stretch: device.readsSlowly ? createStretch() : undefined,
    locate: (member) => locateDivergence(device, members.indexOf(member), parameters, activations),
    async measure(step, signal) {
      const measured = measuredParameters();
      const measure = async (images: Bench["train"], finds: boolean) => {
        if (finds && !evaluator.findStatistics(measured, images, signal)) return undefined;
        return await evaluator.measure(measured, images, lambda, signal);
      };
      // Last the training images: their statistics are what the run hands over.
      const early = isAdaptive ? await measure(bench.validation, true) : undefined;
      const train = await measure(bench.train, isComputed);
      const validation = early ?? (train && (await measure(bench.validation, false)));
      if (train === undefined || validation === undefined) return undefined;
      return byMember(train.map((metrics, slot) => ({ step, train: metrics, validation: validation[slot] })));
    },
    async locateMeasured(member) {
      return await evaluator.locate(measuredParameters(), bench.train, members.indexOf(member));
    },
    async read() {
      measuredParameters();
      return byMember(await readState(device, state, members.length));
    },
    free() {
      scope.free();
    },
  };
}

/** Whether so many have ended that the others are worth moving: a quarter, so that all moves of a training cost a few. */
export function isWorthMoving({ members }: SideBySide): boolean {
  const staying = members.filter(({ ending }) => ending === undefined).length;
  return staying > 0 && staying <= 0.75 * members.length;
}

/** Each member's rate in update `step`. */
export function ratesOf(
  specs: readonly Member["spec"][],
  step: number,
  length: Pick<Plan, "steps" | "stepsPerEpoch">,
): Float64Array {
  return Float64Array.from(specs, ({ training }) => learningRate(training.schedule, step, length));
}
