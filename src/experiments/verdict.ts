import type { RunDocument } from "../record/run-document.ts";
import { type Spec, type SpecInput, specSchema } from "../record/spec.ts";
import type { Experiment, ReportedNumber } from "./experiment.ts";

/** A reported number beside the run's own. */
export interface Verdict extends ReportedNumber {
  /** The run's number, as a fraction; absent when the run did not measure it. */
  readonly obtained?: number;
  /** Whether it lies in the accepted range, ends included. A run that diverged passes nothing. */
  readonly passed: boolean;
}

/** One verdict a number of the experiment, in its order. */
export function verdict(experiment: Experiment, run: RunDocument): readonly Verdict[] {
  const { train, validation, test } = run.final;
  const measured = {
    trainAccuracy: train.accuracy,
    validationAccuracy: validation.accuracy,
    testAccuracy: test?.accuracy,
    trainLoss: train.loss,
    validationLoss: validation.loss,
  };
  return experiment.numbers.map((number) => {
    const obtained = measured[number.what];
    if (obtained === undefined) return { ...number, passed: false };
    const inRange = obtained >= number.low && obtained <= number.high;
    return { ...number, obtained, passed: inRange && run.state === "finished" };
  });
}

/** A setting in which a run is not the experiment's; values as JSON, `undefined` where one has none. */
export interface Departure {
  /** `training.lambda` */
  readonly key: string;
  readonly published: string | undefined;
  readonly taken: string | undefined;
}

/** What may differ between two runs of one experiment: names, random numbers, measurements and where it is computed. */
const free = ["name", "seed", "random", "device", "dtype", "evaluate.", "data.orderSeed"];

/** Every setting of a run that the experiment's accepted ranges do not hold for. */
export function departures(experiment: Experiment, run: RunDocument): readonly Departure[] {
  return departuresFrom(experiment.spec, run.spec);
}

/** Every setting of a spec that is not a protocol's. */
export function departuresFrom(protocol: SpecInput, spec: Spec): readonly Departure[] {
  const published = settingsOf(protocol, () => specSchema.parse(protocol));
  const taken = settingsOf(spec);
  const changed = [...published.keys()].filter((key) => published.get(key) !== taken.get(key));
  const added = [...taken.keys()].filter((key) => !published.has(key));
  return [...changed, ...added]
    .filter((key) => !free.some((name) => key === name || (name.endsWith(".") && key.startsWith(name))))
    .map((key) => ({ key, published: published.get(key), taken: taken.get(key) }));
}

const known = new WeakMap<object, ReadonlyMap<string, string>>();

/** The settings of a spec, or of what `parsed` makes of it: taken apart once, however many it is compared with. */
function settingsOf(spec: SpecInput, parsed = () => spec): ReadonlyMap<string, string> {
  const settings = known.get(spec) ?? leaves(parsed());
  known.set(spec, settings);
  return settings;
}

/** The values of a spec by their dotted keys, as JSON; lists are values. */
function leaves(value: unknown, prefix = ""): ReadonlyMap<string, string> {
  const isGroup = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isGroup) return new Map(value === undefined ? [] : [[prefix, JSON.stringify(value)]]);
  return new Map(
    Object.entries(value).flatMap(([key, item]) => [...leaves(item, prefix === "" ? key : `${prefix}.${key}`)]),
  );
}
