import type { Published, SearchVariant, TrainingVariant } from "../experiments/experiment.ts";
import { largestOf, smallestOf } from "../math/extremes.ts";
import { parseSpec } from "../record/parse-spec.ts";
import { differences } from "../record/spec-difference.ts";
import { parseSearch, type SearchDocument, type SearchInput } from "../search/search-document.ts";

/** A published protocol as a search: of the settings that its trials differ in, the list; of a training, one that changes nothing. */
export function publishedStudy(
  { id }: Pick<Published, "id">,
  variant: SearchVariant | TrainingVariant,
  seeds: number,
): SearchDocument {
  const trials = variant.kind === "training" ? [variant.spec] : variant.trials;
  const specs = trials.map(parseSpec);
  const paths = [...new Set(specs.flatMap((spec) => differences(specs[0], spec).map(({ path }) => path)))];
  const settings = specs.map((spec) => Object.fromEntries(paths.map((path) => [path, valueAt(spec, path)])));
  return parseSearch({
    name: `${id}-${variant.name}`,
    spec: trials[0],
    vary: Object.fromEntries(paths.map((path) => [path, dimensionOf(settings.map((setting) => setting[path]))])),
    stages: [{ sampler: { kind: "list", settings } }],
    seeds: seeds * (variant.kind === "training" ? (variant.runs ?? 1) : 1),
    carry: variant.kind === "search" && variant.carryWeights === true,
  });
}

function valueAt(spec: unknown, path: string): unknown {
  return path.split(".").reduce((value: unknown, key) => (value as Record<string, unknown>)[key], spec);
}

/** What holds all of these values. */
function dimensionOf(values: readonly unknown[]): SearchInput["vary"][string] {
  const numbers = values.filter((value) => typeof value === "number");
  if (numbers.length < values.length) return { kind: "choice", values: [...new Set(values)] as never };
  const [low, high] = [smallestOf(numbers), largestOf(numbers)];
  return { kind: low > 0 ? "log" : "uniform", low, high };
}
