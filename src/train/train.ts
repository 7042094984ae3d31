import type { Split } from "../data/splits.ts";
import { Fault } from "../fault/fault.ts";
import { type CreateDevice, createDevice } from "../math/select.ts";
import type { TrainingEvent } from "../record/event.ts";
import { fold, type RunState } from "../record/fold.ts";
import { parseSpec } from "../record/parse-spec.ts";
import type { Spec, SpecInput } from "../record/spec.ts";
import { openBench } from "./bench.ts";
import { type PopulationOptions, trainPopulation } from "./population.ts";
import { relayed } from "./relayed.ts";
import type { Weights } from "./weights.ts";

export interface TrainOptions extends PopulationOptions {
  /** Makes the device a spec names; what runs everywhere when absent. */
  readonly create?: CreateDevice;
}

/**
 * Trains one run, or several that share their mini-batches, on the device their spec names.
 *
 * ```ts
 * for await (const event of train(spec, data)) if (event.kind === "measured") console.log(event.measurement);
 * ```
 * @throws Fault for a spec that is wrong, that does not fit the data, or a device that is not here.
 */
export async function* train(
  specs: SpecInput | readonly SpecInput[],
  data: Split,
  { create = createDevice, ...options }: TrainOptions = {},
): AsyncGenerator<TrainingEvent, Weights[]> {
  const members = parseMembers(specs, options);
  const device = await create(members[0].device, members[0].dtype);
  try {
    const bench = openBench(device, data, members[0]);
    try {
      return yield* trainPopulation(members, bench, options);
    } finally {
      bench.free();
    }
  } finally {
    device.close();
  }
}

/** @throws Fault for a spec that is wrong, for none, and for weights or checkpoints that are not one a spec */
export function parseMembers(
  specs: SpecInput | readonly SpecInput[],
  options: Pick<PopulationOptions, "initial" | "resume">,
): Spec[] {
  const members = (Array.isArray(specs) ? specs : [specs]).map(parseSpec);
  if (members.length === 0) throw new Fault("spec", "members", "none is given", "give one spec or more");
  for (const place of ["initial", "resume"] as const) {
    const count = options[place]?.length ?? members.length;
    if (count === members.length) continue;
    throw new Fault("usage", place, `${count} for ${members.length} specs`, "give as many as there are specs");
  }
  return members;
}

/** What a training that ran to its end leaves. */
export interface Outcome {
  readonly runs: readonly RunState[];
  /** Per member. */
  readonly weights: readonly Weights[];
}

/** Runs a training to its end, folding its events; `listen` hears each one. */
export async function outcome(
  training: AsyncGenerator<TrainingEvent, Weights[]>,
  listen: (event: TrainingEvent, runs: readonly RunState[]) => void | Promise<void> = () => {},
  before: readonly RunState[] = [], // of runs that are resumed
): Promise<Outcome> {
  let runs = before;
  const folding = relayed(training, async (event) => {
    runs = fold(runs, event);
    await listen(event, runs);
  });
  for (;;) {
    const next = await folding.next();
    if (next.done) return { runs, weights: next.value };
  }
}
