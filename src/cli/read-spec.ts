import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { experiments, findExperiment } from "../experiments/catalogue.ts";
import type { Experiment } from "../experiments/experiment.ts";
import { Fault } from "../fault/fault.ts";
import { nearest } from "../fault/nearest.ts";
import { parseSpec, setPath } from "../record/parse-spec.ts";
import type { Spec } from "../record/spec.ts";

/** A spec ready to train, and the experiment it belongs to when it was named by one. */
export interface Named {
  readonly spec: Spec;
  readonly experiment?: Experiment;
}

/**
 * The spec in a YAML or JSON file, or of a known experiment, with single values replaced.
 * @param changes `path=value` each; values are YAML, so `[50, 50]` is a list and `0.1` a number
 * @throws Fault `usage` when there is neither such a file nor such an experiment; Fault `spec`
 */
export async function readSpec(name: string, changes: readonly string[]): Promise<Named> {
  const experiment = findExperiment(name);
  let input: unknown = experiment?.spec ?? (await readFileSpec(name));
  for (const change of changes) input = applyChange(input, change);
  const spec = parseSpec(input);
  return experiment === undefined ? { spec } : { spec, experiment };
}

async function readFileSpec(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const known = experiments.map((experiment) => experiment.id);
    const near = nearest(file, known);
    const reason = cause.code === "ENOENT" ? "neither a file nor an experiment" : `cannot be read: ${cause.message}`;
    throw new Fault(
      "usage",
      file,
      `${reason}${near === undefined ? "" : `; did you mean "${near}"?`}`,
      `give a YAML or JSON file, or one of the experiments: ${known.join(", ")}`,
      { cause },
    );
  });
  try {
    return parse(text, { maxAliasCount: 100 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.trimEnd() : String(cause);
    throw new Fault("spec", file, `not YAML or JSON: ${reason}`, "correct the file at the place shown", {
      cause,
    });
  }
}

function applyChange(input: unknown, change: string): unknown {
  const at = change.indexOf("=");
  if (at < 1) {
    throw new Fault(
      "usage",
      "--set",
      `"${change}" is no path=value`,
      "write it like --set training.lambda=0.1; no spaces around =",
    );
  }
  const [path, text] = [change.slice(0, at), change.slice(at + 1)];
  try {
    return setPath(input, path, parse(text));
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault("usage", "--set", `${path}: "${text}" is not a YAML value`, "quote it, or correct it", { cause });
  }
}
