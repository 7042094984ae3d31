import { largestOf } from "../math/extremes.ts";
import { parameterCount, parameterNamed } from "../nn/parameters.ts";
import type { Checkpoint, TrainingEvent } from "../record/event.ts";
import type { Spec } from "../record/spec.ts";
import { createOrder } from "./batches.ts";
import { type Bench, benchKey } from "./bench.ts";
import { requireFitting } from "./checkpoint.ts";
import type { StopSignal } from "./evaluate.ts";
import { finish, handedOver } from "./finish.ts";
import { measurements, type Retire } from "./measurements.ts";
import { checkpointOf, createMember, type Member, stateOf } from "./member.ts";
import { noticesAtStart } from "./notices.ts";
import { isMeasured, type Plan, plan } from "./plan.ts";
import { randomnessOf } from "./randomness.ts";
import { isWorthMoving, ratesOf, type SideBySide, sideBySide } from "./side-by-side.ts";
import { valuesOf } from "./state.ts";
import { endOfStretch, takeStretch } from "./stretch.ts";
import type { Weights } from "./weights.ts";

/** Steps between two `progress` events, and in a stretch at most. */
const PROGRESS_EVERY = 20;

export interface PopulationOptions {
  /** Ends the training after the step it is in, or amid a measurement, without `finished` events. */
  readonly signal?: StopSignal | undefined;
  /** Weights to begin from in place of random ones, one a member; averages begin anew all the same. */
  readonly initial?: readonly Weights[] | undefined;
  /** Checkpoints of one step to go on from, one a member; those that had ended by then stay what they were. */
  readonly resume?: readonly Checkpoint[] | undefined;
  /** Asked before the first step and after each, `isLast` when no more follow now: true yields a `checkpoint` event. */
  readonly wantsCheckpoint?: ((step: number, isLast: boolean) => boolean) | undefined;
  /** Lets members go after a measurement: a pruner. */
  readonly retire?: Retire | undefined;
}

/**
 * Trains runs that share their mini-batches side by side. Yields what happens; touches no disk, clock or screen.
 * A member that ends before the others leaves what it would leave alone, and costs nothing from then on.
 * Where `signal` is aborted it stops after the step it is in, or amid a measurement, without `finished` events.
 * Returns each member's weights.
 *
 * @throws Fault `spec` when the runs do not fit together or do not fit the data.
 */
export async function* trainPopulation(
  specs: readonly Spec[], // parsed
  bench: Bench, // of the specs' data
  { signal, initial, resume, wantsCheckpoint = () => false, retire }: PopulationOptions = {},
): AsyncGenerator<TrainingEvent, Weights[]> {
  const course = plan(specs, bench.data, bench.device.dtype);
  if (benchKey(specs[0]) !== bench.key) throw new RangeError("trainPopulation: the bench has other images");
  const { architecture, batch, steps, stepsPerEpoch } = course;
  if (resume !== undefined) requireFitting(resume, course, specs[0]);
  const from = largestOf([0, ...(resume ?? []).map((checkpoint) => checkpoint.step)]);
  const random = randomnessOf(specs, architecture);
  const members = specs.map((spec, place) => createMember(place, spec, random[place], resume?.[place]));
  const running = () => members.filter(({ ending }) => ending === undefined);
  yield started(members, bench, course, resume && from);
  if (resume === undefined) yield* noticeEvents(members, bench, course);
  yield* finish(
    bench,
    course,
    members.filter(({ ended }) => ended !== undefined),
    signal,
  );

  const order = createOrder(members[0].random, bench.data.train.count, batch, stepsPerEpoch);
  const beginnings = new Map(members.map((member) => [member, beginning(member, initial, resume)]));
  let step = from;
  let careful = from; // until then one step is looked at after the other
  let wished: number | undefined; // where a stretch ended for a checkpoint
  let together = sideBySide(bench, course, running(), order, beginnings, from, PROGRESS_EVERY);
  try {
    if (resume === undefined) together.beginAverages();
    const isDue =
      resume === undefined ? course.measureEvery !== undefined : resume.some((checkpoint) => checkpoint.isUnmeasured);
    const isCut = isDue && !(yield* measurements(together, step, course, { retire, signal }));
    yield* leave();
    if (running().length > 0 && wantsCheckpoint(step, signal?.aborted ?? false)) yield await checkpoint(isCut);

    while (step < steps && running().length > 0 && !signal?.aborted) {
      const { stretch } = together;
      const end = endOfStretch(step, PROGRESS_EVERY, course);
      const taken = stretch && step >= careful ? await takeStretch(stretch, step, end, endsAt) : undefined;
      let losses = taken?.losses;
      if (taken !== undefined && losses !== undefined) {
        step = taken.step;
      } else {
        if (taken !== undefined) careful = taken.step;
        losses = await together.forward(step);
        const divergences = await divergencesIn(together, losses, step + 1);
        together.backward(step);
        step += 1;
        for (const event of divergences) yield event;
      }

      if (step % PROGRESS_EVERY === 0 || step === steps) yield progress(losses);
      const isDue = isMeasured(course, step);
      const isUnmeasured = isDue && !(yield* measurements(together, step, course, { retire, signal }));
      const isLast = step === steps || (signal?.aborted ?? false);
      yield* leave();
      if (running().length > 0 && (step === wished || wantsCheckpoint(step, isLast)))
        yield await checkpoint(isUnmeasured);
    }
    if (!signal?.aborted) {
      for (const member of running()) member.ending = "complete";
      yield* leave();
    }
    const states = running().length > 0 ? await together.read() : undefined;
    return members.map((member) => handedOver(member, architecture, states?.get(member)));
  } finally {
    together.free();
  }

  /** Takes leave of members that have just ended; the others close ranks where that pays. */
  async function* leave(): AsyncGenerator<TrainingEvent> {
    const leaving = together.members.filter(({ ending, ended }) => ending !== undefined && ended === undefined);
    if (leaving.length === 0) return;
    const states = await together.read();
    for (const member of leaving) member.ended = { step, tensors: states.get(member) ?? {} };
    if (isWorthMoving(together)) {
      const values = new Map([...states].map(([member, tensors]) => [member, valuesOf(tensors)]));
      together.free();
      together = sideBySide(bench, course, running(), order, values, step, PROGRESS_EVERY);
    }
    // Those that a stopped training leaves are said to have finished when it is resumed.
    if (!signal?.aborted) yield* finish(bench, course, leaving, signal);
  }

  /** Whether a stretch shall end after `step` updates: for whoever stops the training, or wants a checkpoint. */
  function endsAt(step: number): boolean {
    if (signal?.aborted) return true;
    if (wantsCheckpoint(step, false)) wished = step;
    return step === wished;
  }

  async function checkpoint(isUnmeasured: boolean): Promise<TrainingEvent> {
    const states = await together.read();
    const checkpoints = members.map((member) => {
      const { ended } = member;
      if (ended !== undefined) return checkpointOf(member, ended.step, ended.tensors, false);
      return checkpointOf(member, step, states.get(member) ?? {}, isUnmeasured);
    });
    return { kind: "checkpoint", step, checkpoints };
  }

  function progress(losses: ReadonlyMap<Member, number>): TrainingEvent {
    const loss = members.map((member) =>
      member.ended === undefined ? (losses.get(member) ?? Number.NaN) : Number.NaN,
    );
    return { kind: "progress", step, loss, learningRate: [...ratesOf(specs, step - 1, course)] };
  }
}

function started(members: readonly Member[], bench: Bench, course: Plan, from: number | undefined): TrainingEvent {
  const { device, data } = bench;
  const { train, validation, test } = data;
  return {
    kind: "started",
    members: members.map(({ spec }) => spec),
    device: { name: device.name, dtype: device.dtype, arithmetic: device.arithmetic, details: device.details },
    steps: course.steps,
    stepsPerEpoch: course.stepsPerEpoch,
    parameters: parameterCount(course.architecture),
    examples: { train: train.count, validation: validation.count, test: test.count },
    ...(from === undefined ? {} : { from }),
  };
}

function* noticeEvents(members: readonly Member[], { data }: Bench, course: Plan): Generator<TrainingEvent> {
  for (const { place, spec } of members) {
    for (const notice of noticesAtStart(spec, data, course)) yield { kind: "noticed", member: place, step: 0, notice };
  }
}

/** The numbers that a member begins or goes on with; those that are absent begin at 0. */
function beginning(
  { place, random }: Member,
  initial: readonly Weights[] | undefined,
  resume: readonly Checkpoint[] | undefined,
): Record<string, ArrayLike<number>> {
  if (resume !== undefined) return valuesOf(stateOf(resume[place]));
  if (initial === undefined) return random.parameters;
  const parameters = Object.entries(initial[place]).filter(([name]) => parameterNamed(name) !== undefined);
  return valuesOf(Object.fromEntries(parameters));
}

/** Members whose loss is no number any more, and where it broke; asked before the backward pass poisons the rest. */
async function divergencesIn(
  together: SideBySide,
  losses: ReadonlyMap<Member, number>,
  step: number,
): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  for (const [member, loss] of losses) {
    // The loss is finite for any scores a network can compute with.
    if (member.ending !== undefined || Number.isFinite(loss)) continue;
    member.ending = "diverged";
    const place = await together.locate(member);
    events.push({ kind: "diverged", member: member.place, divergence: { step, ...place } });
  }
  return events;
}
