import { requireDataset } from "../data/dataset.ts";
import { preprocessing } from "../data/preprocess.ts";
import type { Split } from "../data/splits.ts";
import type { NamedTensors } from "../files/safetensors.ts";
import type { Device, ImageSet, Standardisation, Tensor } from "../math/device.ts";
import { createActivations } from "../nn/activations.ts";
import { averageStatistics, createAverages } from "../nn/averages.ts";
import { mlpBackward, mlpForward } from "../nn/mlp.ts";
import { createParameters, type Parameters, parameterCount } from "../nn/parameters.ts";
import { learningRate } from "../optim/schedule.ts";
import { createUpdate } from "../optim/update.ts";
import type { Checkpoint, Metrics, TrainingEvent } from "../record/event.ts";
import type { Spec } from "../record/spec.ts";
import { requireFitting } from "./checkpoint.ts";
import { locateDivergence } from "./divergence.ts";
import { createEvaluator } from "./evaluate.ts";
import { plan } from "./plan.ts";
import { randomness } from "./randomness.ts";
import { learned, readMembers, type Weights, weightsSha256 } from "./weights.ts";

/** Steps between two `progress` events. */
const PROGRESS_EVERY = 20;

export interface PopulationOptions {
  /** Ends the training after the step it is in, without `finished` events. */
  readonly signal?: AbortSignal | undefined;
  /** Weights to begin from in place of random ones, one a member; averages begin anew all the same. */
  readonly initial?: readonly Weights[] | undefined;
  /** Checkpoints of one step to go on from, one a member. */
  readonly resume?: readonly Checkpoint[] | undefined;
  /** Asked before the first step and after each, `isLast` when no more follow now: true yields a `checkpoint` event. */
  readonly wantsCheckpoint?: ((step: number, isLast: boolean) => boolean) | undefined;
}

/**
 * Trains runs that share their mini-batches side by side. Yields what happens; touches no disk, clock or screen.
 * Where `signal` is aborted it stops after the step it is in, without `finished` events.
 * Returns each member's weights.
 *
 * @throws Fault `spec` when the runs do not fit together or do not fit the data.
 */
export async function* trainPopulation(
  members: readonly Spec[], // parsed
  data: Split, // of the specs' dataset, split and limits
  device: Device,
  { signal, initial, resume, wantsCheckpoint = () => false }: PopulationOptions = {},
): AsyncGenerator<TrainingEvent, Weights[]> {
  for (const [part, dataset] of Object.entries(data)) requireDataset(dataset, `data.${part}`);
  const { architecture, batch, steps, stepsPerEpoch, measureEvery } = plan(members, data, device.dtype);
  const { train: images, validation, test } = data;
  const random = members.map((spec) => randomness(spec, architecture));
  const lambda = Float64Array.from(members, (spec) => spec.training.lambda);
  const rates = (step: number) =>
    Float64Array.from(members, ({ training }) => learningRate(training.schedule, step, { steps, stepsPerEpoch }));

  const parameters = createParameters(device, architecture);
  writeInitial(
    device,
    parameters,
    initial === undefined ? random.map((own) => own.parameters) : initial.map(parameterValues),
  );
  const averages = createAverages(device, architecture);
  const from = resume?.[0].step ?? 0;
  const { network } = members[0];
  const keep = Float64Array.from(members, (spec) => spec.network.batchNorm?.alpha ?? 0);
  const none = keep.map(() => 0);
  const updates = members.map((spec) => spec.training.update);
  const update = createUpdate(device, architecture, parameters, updates, lambda, from > 0);
  const state = { ...learned(parameters, averages), ...prefixed("velocity.", update.velocities) };
  if (resume !== undefined) {
    requireFitting(resume, state, { steps, stepsPerEpoch }, members[0]);
    writeInitial(
      device,
      state,
      resume.map(({ tensors }) => parameterValues(tensors)),
    );
  }
  const standardisation = standardise(device, members[0], data);
  const resident = { train: upload(device, images), validation: upload(device, validation) };

  const x = device.batch(images.dimension, batch);
  const labels = device.tensor([1, 1, batch]);
  const activations = createActivations(device, architecture, batch);
  const tally = device.tally(members.length, 2);
  const evaluator = createEvaluator(device, architecture, images.dimension, standardisation, averages);
  const masks = network.dropout === 0 ? undefined : activations.hidden.map(({ h }) => device.tensor(h.shape));
  const measure = (set: ImageSet) => evaluator.measure(parameters, set, lambda);
  const diverged = members.map((_, member) => resume?.[member].hasDiverged ?? false);
  const firstCost: (number | undefined)[] = members.map((_, member) => resume?.[member].firstCost);
  let latest: { step: number; train: Metrics[]; validation: Metrics[] } | undefined;

  yield {
    kind: "started",
    members,
    device: { name: device.name, dtype: device.dtype, arithmetic: device.arithmetic, details: device.details },
    steps,
    stepsPerEpoch,
    parameters: parameterCount(architecture),
    examples: { train: images.count, validation: validation.count, test: test.count },
    ...(resume === undefined ? {} : { from }),
  };
  let step = from;
  let order = random[0].order(0, images.count);
  // A generator that is drawn from in order is brought to where it was.
  for (let epoch = 1; epoch * stepsPerEpoch < from; epoch++) order = random[0].order(epoch, images.count);
  if (network.batchNorm !== undefined && resume === undefined) {
    // The averages start from the first batch, which has not been trained on yet.
    device.gather(x, labels, resident.train, order.subarray(0, batch), standardisation);
    mlpForward(device, architecture, activations, tally, parameters, x, labels);
    averageStatistics(device, averages, activations, none);
  }
  const isMeasured = (at: number) => at % (measureEvery ?? steps) === 0 || at === steps;
  if (resume === undefined ? measureEvery !== undefined : resume[0].isUnmeasured) yield* measurements();
  if (wantsCheckpoint(step, false)) yield { kind: "checkpoint", step, checkpoints: await checkpoints(false) };

  while (step < steps && !diverged.every(Boolean) && !signal?.aborted) {
    const within = step % stepsPerEpoch;
    if (within === 0) {
      if (step > 0) order = random[0].order(step / stepsPerEpoch, images.count);
      update.startEpoch();
    }
    const rate = rates(step);
    device.gather(x, labels, resident.train, order.subarray(within * batch, (within + 1) * batch), standardisation);
    device.clear(tally);
    if (masks !== undefined) writeMasks(masks);
    mlpForward(device, architecture, activations, tally, parameters, x, labels, { masks });
    const isAnew = within === 0 && network.batchNorm?.averages === "reset";
    averageStatistics(device, averages, activations, isAnew ? none : keep);
    mlpBackward(device, architecture, activations, update.into(rate), parameters, x, labels, masks);
    update.finish(rate);
    step += 1;

    const sums = await device.readTally(tally);
    for (const member of members.keys()) {
      if (!diverged[member] && !Number.isFinite(sums[2 * member])) yield* divergence(member);
    }
    if (step % PROGRESS_EVERY === 0 || step === steps) {
      const loss = members.map((_, member) => sums[2 * member] / batch);
      yield { kind: "progress", step, loss, learningRate: [...rate] };
    }
    const isDue = isMeasured(step);
    const isUnmeasured = isDue && (signal?.aborted ?? false);
    if (isDue && !isUnmeasured) yield* measurements();
    const isLast = step === steps || (signal?.aborted ?? false);
    if (!diverged.every(Boolean) && wantsCheckpoint(step, isLast)) {
      yield { kind: "checkpoint", step, checkpoints: await checkpoints(isUnmeasured) };
    }
  }

  const weights = await readMembers(device, learned(parameters, averages), members.length);
  if (!signal?.aborted) yield* finals();
  return weights;

  async function checkpoints(isUnmeasured: boolean): Promise<Checkpoint[]> {
    const tensors = await readMembers(device, state, members.length);
    return tensors.map((own, member) => ({
      step,
      tensors: own,
      ...(firstCost[member] === undefined ? {} : { firstCost: firstCost[member] }),
      ...(isUnmeasured ? { isUnmeasured } : {}),
      ...(diverged[member] ? { hasDiverged: true } : {}),
    }));
  }

  function writeMasks(masks: readonly Tensor[]): void {
    masks.forEach((mask, index) => {
      const own = mask.size / members.length;
      const values = new Float64Array(mask.size);
      random.forEach(({ mask }, member) => {
        values.set(mask(step, index + 1, own), member * own);
      });
      device.write(mask, values);
    });
  }

  async function* measurements(): AsyncGenerator<TrainingEvent> {
    latest = { step, train: await measure(resident.train), validation: await measure(resident.validation) };
    const rate = rates(Math.min(step, steps - 1));
    for (const member of members.keys()) {
      if (diverged[member]) continue;
      const { loss, cost } = latest.train[member];
      if (!Number.isFinite(loss)) {
        yield* divergence(member);
        continue;
      }
      firstCost[member] ??= cost;
      if (cost > (members[member].training.costLimit ?? Number.POSITIVE_INFINITY) * (firstCost[member] ?? cost)) {
        diverged[member] = true;
        yield { kind: "diverged", member, divergence: { step, layer: architecture.widths.length - 1, where: "cost" } };
        continue;
      }
      const measurement = {
        step,
        learningRate: rate[member],
        train: latest.train[member],
        validation: latest.validation[member],
      };
      yield { kind: "measured", member, measurement };
    }
  }

  // The loss is finite for any scores a network can compute with: where it is not, an update overflowed.
  async function* divergence(member: number): AsyncGenerator<TrainingEvent> {
    diverged[member] = true;
    const found = await locateDivergence(device, member, step, parameters, activations);
    yield { kind: "diverged", member, divergence: found };
  }

  async function* finals(): AsyncGenerator<TrainingEvent> {
    if (latest?.step !== step) {
      latest = { step, train: await measure(resident.train), validation: await measure(resident.validation) };
    }
    const onTest = members[0].evaluate.test ? await measure(upload(device, test)) : undefined;
    for (const member of members.keys()) {
      const final = { train: latest.train[member], validation: latest.validation[member] };
      yield {
        kind: "finished",
        member,
        step,
        final: onTest === undefined ? final : { ...final, test: onTest[member] },
        weightsSha256: await weightsSha256(weights[member]),
      };
    }
  }
}

function prefixed(prefix: string, tensors: Parameters): Parameters {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));
}

function parameterValues(weights: NamedTensors): Record<string, ArrayLike<number>> {
  return Object.fromEntries(Object.entries(weights).map(([name, { values }]) => [name, values]));
}

function writeInitial(
  device: Device,
  parameters: Parameters,
  initial: readonly Readonly<Record<string, ArrayLike<number>>>[],
): void {
  for (const [name, tensor] of Object.entries(parameters)) {
    const values = new Float64Array(tensor.size);
    for (const [member, own] of initial.entries()) values.set(own[name], member * own[name].length);
    device.write(tensor, values);
  }
}

function standardise(device: Device, { data }: Spec, { train }: Split): Standardisation {
  const { scale, shift } = preprocessing(data.preprocess, train);
  const tensors = { scale: device.tensor([train.dimension]), shift: device.tensor([train.dimension]) };
  device.write(tensors.scale, scale);
  device.write(tensors.shift, shift);
  return tensors;
}

function upload(device: Device, { images, labels }: Split["train"]): ImageSet {
  return device.upload(images, labels);
}
