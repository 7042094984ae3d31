import { Fault } from "../fault/fault.ts";
import { arithmeticOf } from "../record/arithmetic.ts";
import type { DeviceDescription, TrainingEvent } from "../record/event.ts";
import type { RunState } from "../record/fold.ts";
import type { RunDocument } from "../record/run-document.ts";
import type { DataFile } from "../record/run-event.ts";
import { leaves } from "../record/spec-difference.ts";
import { relayed } from "../train/relayed.ts";
import { datasetFiles } from "../train/split.node.ts";
import { outcome } from "../train/train.ts";
import { trainInThread } from "../worker/train-in-thread.node.ts";
import { type Fetching, fetchOnFirstUse } from "./first-use.ts";
import { deviceToGoOnWith, isExactOn } from "./same-arithmetic.ts";
import { numbersVersion } from "./versions.ts";

/** A run that was trained, as far as it can be trained again. */
export interface VerifiableRun {
  readonly document: RunDocument;
  /** The dataset's files that it was trained on, where they are known. */
  readonly data?: readonly DataFile[] | undefined;
  /** SHA-256 of the weights that it began from in place of its seed's. */
  readonly initial?: string | undefined;
}

/** The first number of two trainings that differs: of a measurement, or of the measurements at the end. */
interface FirstDifference {
  readonly step: number;
  /** `train.loss`, `learningRate`, ... */
  readonly series: string;
  readonly before: unknown;
  readonly now: unknown;
}

/** A run and the same trained again. */
export interface Verification {
  readonly run: string;
  /** Whether every bit is the same: of the weights, of every measurement and of the end. */
  readonly equal: boolean;
  readonly weightsSha256: { readonly before: string; readonly now: string };
  /** Where they part; absent where all numbers that were kept are the same. */
  readonly first?: FirstDifference;
  readonly measurements: number;
  readonly device: { readonly before: DeviceDescription; readonly now: DeviceDescription };
  /** What may be why, where they differ: another version of the numbers. */
  readonly notes: readonly string[];
}

export interface VerifyOptions extends Fetching {
  readonly listen?: (event: TrainingEvent, runs: readonly RunState[]) => void;
}

/**
 * Trains a run again by its spec, keeping nothing, and compares bits.
 * @throws Fault `usage` for a run that its spec alone does not make; Fault `data` where the images are others; Fault `device` where
 * this machine cannot compute the same bits
 */
export async function verifyRun(
  { document, data, initial }: VerifiableRun,
  options: VerifyOptions = {},
): Promise<Verification> {
  requireWhole(document, initial);
  const { signal, onFetch, listen } = options;
  await fetchOnFirstUse(document.spec.data, { signal, onFetch });
  if (data !== undefined) requireSameFiles(document.run, data, await datasetFiles(document.spec.data));
  const device = deviceToGoOnWith(document.spec.device, document.device);
  const spec = { ...document.spec, device, dtype: document.device.dtype };
  const begin = (event: TrainingEvent) => {
    if (event.kind === "started") requireComparable(document, event.device);
  };
  const { runs } = await outcome(
    relayed(trainInThread([spec], { signal }), async (event) => begin(event)),
    listen,
  );
  signal?.throwIfAborted();
  const [again] = runs;
  const now = again.weightsSha256 ?? "";
  const first = firstDifference(document, again);
  const notes =
    document.versions.numbers === undefined || document.versions.numbers === numbersVersion
      ? []
      : [
          `it was computed by version ${document.versions.numbers} of the numbers, and this Gradus computes version ${numbersVersion}`,
        ];
  return {
    run: document.run,
    equal: first === undefined && now === document.weightsSha256,
    weightsSha256: { before: document.weightsSha256, now },
    ...(first === undefined ? {} : { first }),
    measurements: document.series.length,
    device: { before: document.device, now: again.device },
    notes,
  };
}

function requireWhole({ run, fork, ended }: RunDocument, initial: string | undefined): void {
  const refuse = (complaint: string) => {
    throw new Fault(
      "usage",
      run,
      `${complaint}: its spec alone does not make it`,
      "verify a run that was trained from its beginning",
    );
  };
  if (fork !== undefined) refuse(`it branched off ${fork.run} after update ${fork.step}`);
  if (initial !== undefined) refuse("it began from weights that are not its seed's");
  if (ended?.why === "retired") refuse(`a search ended it after update ${ended.step}`);
}

function requireSameFiles(run: string, before: readonly DataFile[], now: readonly DataFile[]): void {
  const other = before.find(({ file, sha256 }) => now.find((known) => known.file === file)?.sha256 !== sha256);
  if (other === undefined) return;
  const hash = now.find(({ file }) => file === other.file)?.sha256 ?? "missing";
  const complaint = `${other.file} was ${other.sha256.slice(0, 12)}, is ${hash.slice(0, 12)}`;
  throw new Fault("data", run, `its images have changed: ${complaint}`, "give it the files that it was trained on");
}

/** @throws Fault `device` where equal bits cannot be expected */
function requireComparable({ run, device }: RunDocument, now: DeviceDescription): void {
  const [before, here] = [arithmeticOf(device), arithmeticOf(now)];
  if (isExactOn(device, now)) return;
  const what = (described: DeviceDescription, arithmetic: string) =>
    `${described.name} ${described.dtype} with ${arithmetic} multiply-adds`;
  const complaint = `it was computed on ${what(device, before)}, and here it would be on ${what(now, here)}: other bits`;
  throw new Fault(
    "device",
    run,
    complaint,
    "verify it on a machine like the one that trained it, or compare: gradus train, then gradus compare",
  );
}

/** Measurement after measurement, then the end, then how many there are. */
function firstDifference({ series, final, steps }: RunDocument, again: RunState): FirstDifference | undefined {
  for (let at = 0; at < Math.max(series.length, again.series.length); at++) {
    const [before, now] = [series[at], again.series[at]];
    if (before === undefined || now === undefined) {
      const { step } = before ?? now;
      return { step, series: "number of measurements", before: series.length, now: again.series.length };
    }
    const difference = differenceOf(before, now);
    if (difference !== undefined) return { step: before.step, ...difference };
  }
  const difference = differenceOf(final, again.final ?? {});
  return difference && { step: again.step || steps, ...difference, series: `final ${difference.series}` };
}

function differenceOf(before: object, now: object) {
  const [left, right] = [leaves(before), leaves(now)];
  // A document in JSON has lost the sign of a 0.
  const isSame = (key: string) => left.get(key) === right.get(key) || Object.is(left.get(key), right.get(key));
  const path = [...new Set([...left.keys(), ...right.keys()])].find((key) => !isSame(key));
  return path === undefined ? undefined : { series: path, before: left.get(path), now: right.get(path) };
}
