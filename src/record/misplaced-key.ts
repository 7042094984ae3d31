import { specSchema } from "./spec.ts";
import { pathsOf, type SpecPath } from "./spec-paths.ts";

/** What other programs call keys of a spec, in small letters and without `-` and `_`. */
const otherNames: Readonly<Record<string, string>> = {
  lr: "training.schedule.rate",
  learningrate: "training.schedule.rate",
  eta: "training.schedule.rate",
  batchsize: "training.batch",
  weightdecay: "training.lambda",
  l2: "training.lambda",
  optimizer: "training.update.kind",
  optimiser: "training.update.kind",
  hiddensize: "network.hidden",
  hiddenlayers: "network.hidden",
};

/**
 * Where a key belongs that is unknown where it was given: the one path that ends with its
 * name; undefined where there is none, or several.
 */
export function properPlace(key: string, at: string): SpecPath | undefined {
  const name = key.toLowerCase().replace(/[-_]/g, "");
  const paths = pathsOf(specSchema);
  const synonymPath = otherNames[name];
  const matching = paths.filter(({ path }) =>
    synonymPath === undefined
      ? name !== "kind" && path.split(".").at(-1)?.toLowerCase() === name
      : path === synonymPath,
  );
  const [first, ...others] = matching;
  if (first === undefined) return undefined;
  if (first.path.endsWith(".kind")) return { path: first.path };
  // Of several kinds that have it, the first will do where no other path is meant.
  const isMeant = synonymPath !== undefined || first.path === at;
  return others.length === 0 || (isMeant && others.every(({ path }) => path === first.path)) ? first : undefined;
}

/** A change of one value as `--set` takes it, in quotes where a shell needs them. */
export function asFlag(path: string, value: unknown): string {
  return asChangeFlag(`${path}=${flow(value)}`);
}

/** The same of a change that is a text already: `training.lambda=0.1`. */
export function asChangeFlag(change: string): string {
  return /^[\w.+=-]*$/.test(change) ? `--set ${change}` : `--set "${change}"`;
}

/** YAML on one line, without the quotes that names need not have. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const pairs = Object.entries(value).map(([key, item]) => `${key}: ${flow(item)}`);
    return `{ ${pairs.join(", ")} }`;
  }
  return typeof value === "string" && /^[A-Za-z][\w.-]*$/.test(value) ? value : JSON.stringify(value);
}
