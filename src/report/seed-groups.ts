import type { Metrics } from "../record/event.ts";
import type { KeptRun } from "../record/run-record.ts";
import { leaves } from "../record/spec-difference.ts";
import { meanInterval } from "../stats/mean-interval.ts";
import { wilsonInterval } from "../stats/wilson.ts";
import { latestMetrics } from "./runs-table.ts";
import { settingText } from "./setting-text.ts";

/** Runs that differ in nothing but their seed and what they are called. */
export interface SeedGroup {
  readonly runs: readonly KeptRun[];
  /** One run of each seed: what a mean is taken over. */
  readonly sample: readonly KeptRun[];
  /** The other runs, whose seed is in the sample already. */
  readonly repeats: readonly Repeat[];
  /** Of the settings that differ among all that are compared, those of this group; undefined where it has none. */
  readonly settings: ReadonlyMap<string, unknown>;
}

/** A run whose seed another one of its group has too: no further sample. */
interface Repeat {
  readonly run: KeptRun;
  readonly of: KeptRun;
  /** Both have ended with the same weights, to the last bit. */
  readonly isExact: boolean;
}

/** An accuracy as a fraction, with its 95 % interval where it has one. */
export interface Accuracy {
  readonly mean: number;
  readonly low?: number;
  readonly high?: number;
  /** Seeds that it is the mean of. Of one, the interval is of the images drawn; of several, of the seeds. */
  readonly n: number;
}

/** What makes no two runs different: the sample varies in the first, people choose the second. */
const aside = ["seed", "name"];

/** Runs by what decides their numbers, seeds apart; in the order in which they were given. */
export function seedGroups(runs: readonly KeptRun[]): readonly SeedGroup[] {
  const settingsOfRuns = runs.map(settingsOf);
  const paths = [...new Set(settingsOfRuns.flatMap((settings) => [...settings.keys()]))];
  const differing = paths.filter(
    (path) => new Set(settingsOfRuns.map((settings) => settingText(settings.get(path)))).size > 1,
  );
  const groups = new Map<string, { runs: KeptRun[]; settings: Map<string, unknown> }>();
  for (const [i, run] of runs.entries()) {
    const settings = new Map(differing.map((path) => [path, settingsOfRuns[i].get(path)]));
    const key = JSON.stringify([...settings]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { runs: [run], settings });
    else group.runs.push(run);
  }
  return [...groups.values()].map((group) => ({ ...group, ...sampleOf(group.runs) }));
}

/** A spec's settings; the device and precision it was trained with, also where the spec left the choice; its data. */
function settingsOf({ spec, data, training, fork }: KeptRun): ReadonlyMap<string, unknown> {
  const settings = new Map(leaves(spec));
  if (training !== undefined) {
    settings.set("device", training.device.name);
    settings.set("dtype", training.device.dtype);
  }
  if (fork !== undefined) settings.set("branched off from", `${fork.run} after update ${fork.step}`);
  for (const { file, sha256 } of data) settings.set(`data ${file}`, sha256.slice(0, 12));
  for (const path of aside) settings.delete(path);
  return settings;
}

function sampleOf(runs: readonly KeptRun[]): Pick<SeedGroup, "sample" | "repeats"> {
  const sample = new Map<number, KeptRun>();
  for (const run of runs) {
    const known = sample.get(run.spec.seed);
    if (known === undefined || (!hasEnded(known) && hasEnded(run))) sample.set(run.spec.seed, run);
  }
  const repeats = runs.flatMap((run) => {
    const of = sample.get(run.spec.seed) ?? run;
    return of === run ? [] : [{ run, of, isExact: hasSameBits(run, of) }];
  });
  return { sample: [...sample.values()], repeats };
}

function hasEnded({ training }: KeptRun): boolean {
  return training?.final !== undefined;
}

function hasSameBits(run: KeptRun, other: KeptRun): boolean {
  const weights = run.training?.weightsSha256;
  return weights !== undefined && weights === other.training?.weightsSha256;
}

/**
 * The accuracy of a group on a set of images; undefined where not all of its sample was measured there. On the images
 * that a network was fitted to, the chance in which images were drawn gives no interval: one seed has none there.
 */
export function accuracyOf({ sample }: SeedGroup, part: "train" | "validation" | "test"): Accuracy | undefined {
  const measured = sample.map((run) => latestMetrics(run)[part]);
  if (!measured.every((metrics): metrics is Metrics => metrics !== undefined)) return undefined;
  const accuracies = measured.map(({ accuracy }) => accuracy);
  if (!accuracies.every(Number.isFinite)) return undefined;
  const [mean] = accuracies;
  // Seeds that came to the same, as few images allow, do not tell how far seeds vary.
  if (accuracies.length > 1 && accuracies.every((accuracy) => accuracy === mean)) return { mean, n: accuracies.length };
  if (accuracies.length > 1) return meanInterval(accuracies);
  const images = sample[0].training?.examples[part] ?? 0;
  if (part === "train" || images === 0) return { mean, n: 1 };
  const [low, high] = wilsonInterval(mean, images);
  return { mean, low, high, n: 1 };
}
