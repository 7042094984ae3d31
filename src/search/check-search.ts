import { Fault } from "../fault/fault.ts";
import { unknownName } from "../fault/nearest.ts";
import { stream } from "../math/random/stream.ts";
import { parseSpec, setPath } from "../record/parse-spec.ts";
import { type Spec, specSchema } from "../record/spec.ts";
import { show } from "../record/spec-fault.ts";
import { checkDimension } from "./check-dimension.ts";
import { gridSize } from "./dimension.ts";
import { gridSettings, withCounts } from "./grid.ts";
import type { SearchDocument } from "./search-document.ts";
import { mostDimensions } from "./sobol-directions.ts";
import { type Setting, type Space, settingAt } from "./space.ts";

/** Settings that a grid may have. */
const MOST_SETTINGS = 100_000;

/** The spec of a setting. @throws Fault `spec` where it is none */
export function specOf(base: unknown, setting: Setting): Spec {
  return parseSpec(changed(base, setting));
}

/** null, in a setting, leaves the key out: no key of a spec has that value. */
function changed(base: unknown, setting: Setting): unknown {
  let input = base;
  // Whole objects before the keys inside them.
  for (const path of Object.keys(setting).sort()) {
    input = setPath(input, path, setting[path] === null ? undefined : structuredClone(setting[path]));
  }
  return input;
}

/** Refuses a search that cannot go well, before anything is trained. @throws Fault `spec` */
export function checkSearch(document: SearchDocument): void {
  const { vary, spec, stages, enqueue, objectives } = document;
  const paths = Object.keys(vary);
  if (paths.length === 0) throw new Fault("spec", "vary", "nothing is varied", "name a path, e.g. training.lambda");
  for (const path of paths) checkDimension(vary, path);
  if (new Set(objectives).size < objectives.length) {
    throw new Fault("spec", "objectives", `${show(objectives)} names one twice`, "name each once");
  }
  checkPruner(document);
  checkCarried(document);
  for (const [at, { sampler, narrow, count }] of stages.entries()) checkStage(document, at, sampler, narrow, count);
  for (const [at, setting] of enqueue.entries()) checkSetting(vary, spec, setting, `enqueue.${at}`);
  for (const [at, { sampler }] of stages.entries()) {
    if (sampler.kind !== "list") continue;
    for (const [i, setting] of sampler.settings.entries()) {
      checkSetting(vary, spec, setting, `stages.${at}.sampler.settings.${i}`);
    }
  }
  checkSpecs(vary, spec, stages[0].sampler.kind === "grid" ? gridSettings(withCounts(vary, stages[0].count)) : []);
}

/** A chain of trials is known before its first is trained, and all have one shape. */
function checkCarried({ carry, vary, stages, pruner }: SearchDocument): void {
  if (!carry) return;
  const refuse = (complaint: string, remedy: string) => new Fault("spec", "carry", complaint, remedy);
  const reshaping = Object.keys(vary).find((path) => /^(network|data)\b/.test(path));
  if (reshaping !== undefined) throw refuse(`${reshaping} is varied: weights fit one shape`, "vary training only");
  if (stages.length > 1) throw refuse("there are several stages", "give one");
  const { kind } = stages[0].sampler;
  if (kind === "tpe" || kind === "gaussian-process" || kind === "cma-es") {
    throw refuse(`${kind} chooses by the trials before`, "use grid, list, random or sobol");
  }
  if (pruner.kind !== "none")
    throw refuse("a trial that was pruned has no weights to carry on", "leave out the pruner");
}

/** A pruner decides at measurements. */
function checkPruner({ pruner, spec }: SearchDocument): void {
  const { evaluate } = (typeof spec === "object" ? spec : {}) as { evaluate?: { every?: unknown } };
  if (pruner.kind === "none" || evaluate?.every !== "end") return;
  const complaint = `${pruner.kind} decides at measurements, and evaluate.every "end" makes none on the way`;
  throw new Fault("spec", "pruner.kind", complaint, "measure more often: --set evaluate.every= measures every epoch");
}

function checkStage(
  { vary, objectives }: SearchDocument,
  at: number,
  sampler: SearchDocument["stages"][number]["sampler"],
  narrow: unknown,
  count: number | undefined,
): void {
  const place = `stages.${at}`;
  if (at === 0 && narrow !== undefined) {
    throw new Fault("spec", `${place}.narrow`, "there is no stage before the first", "leave it out");
  }
  const dimensions = Object.entries(vary);
  if (sampler.kind === "cma-es") {
    const misfit = dimensions.find(([, { kind, when }]) => kind === "choice" || when !== undefined);
    if (misfit !== undefined) {
      const complaint = `cma-es is for ranges, and ${misfit[0]} is ${misfit[1].kind === "choice" ? "a choice" : "conditional"}`;
      throw new Fault("spec", `${place}.sampler.kind`, complaint, "use tpe");
    }
    if (dimensions.length < 2) {
      throw new Fault("spec", `${place}.sampler.kind`, "cma-es needs two ranges or more", "use gaussian-process");
    }
  }
  if ((sampler.kind === "sobol" || sampler.kind === "gaussian-process") && dimensions.length > mostDimensions) {
    const complaint = `${sampler.kind} reaches ${mostDimensions} paths, and ${dimensions.length} are varied`;
    throw new Fault("spec", `${place}.sampler.kind`, complaint, "use random");
  }
  if (objectives[0] !== "accuracy" && sampler.kind !== "grid" && sampler.kind !== "list" && sampler.kind !== "random") {
    throw new Fault("spec", "objectives.0", `${sampler.kind} seeks "accuracy"`, "name accuracy first");
  }
  if (sampler.kind !== "grid") return;
  const sizes = Object.entries(withCounts(vary, count)).map(([path, dimension]) => ({
    path,
    size: gridSize(dimension),
  }));
  const open = sizes.find(({ size }) => size === undefined);
  if (open !== undefined) {
    throw new Fault(
      "spec",
      `vary.${open.path}.count`,
      "missing; a grid needs it",
      `give vary.${open.path}.count, e.g. 8: as a flag behind the range, LOW..HIGH:8; or sample it, as with --random 20`,
    );
  }
  const all = sizes.reduce((product, { size = 1 }) => product * size, 1);
  if (all > MOST_SETTINGS) {
    throw new Fault("spec", `${place}.sampler`, `the grid has ${all} settings; at most ${MOST_SETTINGS}`, "use random");
  }
}

function checkSetting(space: Space, spec: unknown, setting: Setting, place: string): void {
  for (const path of Object.keys(setting)) {
    if (path in space) continue;
    throw new Fault("spec", `${place}.${path}`, unknownName(path, Object.keys(space)), "name paths that are varied");
  }
  try {
    specOf(spec, setting);
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    throw new Fault("spec", `${place}.${cause.place}`, cause.complaint, cause.remedy, { cause });
  }
}

/** That ends of ranges and all choices are values their keys can have, and that some setting is a spec. */
function checkSpecs(space: Space, spec: unknown, listed: readonly Setting[]): void {
  for (const [path, dimension] of Object.entries(space)) {
    const ends = dimension.kind === "choice" ? dimension.values : [dimension.low, dimension.high];
    for (const end of ends) {
      const setting = {
        ...settingAt(
          space,
          Object.keys(space).map(() => 0.5),
        ),
        [path]: end,
      };
      const input = changed(spec, setting);
      const issues = specSchema.safeParse(input).error?.issues ?? [];
      const issue = issues.find((candidate) => candidate.path.join(".") === path && candidate.code !== "invalid_union");
      if (issue === undefined || dimension.when !== undefined) continue;
      const { complaint, remedy } = refusal(input);
      throw new Fault("spec", `vary.${path}`, complaint, remedy);
    }
  }
  const settings = Array.from({ length: 64 }, (_, i) =>
    settingAt(space, stream(1, "search.check", i).random(Object.keys(space).length)),
  );
  let first: Fault | undefined;
  for (const setting of [...settings, ...listed]) {
    try {
      specOf(spec, setting);
      return;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      first ??= error;
    }
  }
  if (first !== undefined) {
    throw new Fault("spec", "vary", `no setting of it is a spec: ${first.message}`, first.remedy, { cause: first });
  }
}

function refusal(input: unknown): { complaint: string; remedy: string } {
  try {
    parseSpec(input);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new RangeError("a spec that the schema refuses was taken");
}
