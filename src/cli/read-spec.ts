import { createReadStream } from "node:fs";
import { parseDocument } from "yaml";
import { experiments, findExperiment, findPublished } from "../experiments/catalogue.ts";
import type { Experiment } from "../experiments/experiment.ts";
import { Fault } from "../fault/fault.ts";
import { nearest } from "../fault/nearest.ts";
import { parseSpec, setPath } from "../record/parse-spec.ts";
import type { Spec } from "../record/spec.ts";
import { utf8Text } from "./utf8-text.ts";

/** A spec ready to train, and the experiment it belongs to when it was named by one. */
export interface Named {
  readonly spec: Spec;
  readonly experiment?: Experiment;
}

/** The flags that change a spec. */
export interface SpecFlags {
  readonly set?: readonly string[];
  readonly device?: string;
  readonly dtype?: string;
  readonly seed?: string;
}

/** `path=value` for each flag, those that are short for one after those of `--set`. */
export function changesOf({ set = [], ...short }: SpecFlags): string[] {
  const names = ["device", "dtype", "seed"] as const;
  return [...set, ...names.filter((name) => short[name] !== undefined).map((name) => `${name}=${short[name]}`)];
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

/** In bytes. A larger file was named by mistake, and would take YAML long to refuse. */
const LARGEST_SPEC = 100_000;

/** The keys and values of a YAML or JSON file. @throws Fault */
export async function readFileSpec(file: string): Promise<unknown> {
  const input = fromYaml(await readText(file), (reason) => {
    return new Fault("spec", file, `not YAML or JSON: ${reason}`, "correct the file");
  });
  if (typeof input === "object" && input !== null && !Array.isArray(input)) return input;
  const complaint = input === null ? "it is empty" : "it holds no keys";
  throw new Fault("spec", file, complaint, "write keys and values; docs/examples holds specs to begin with");
}

async function readText(file: string): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of createReadStream(file, { end: LARGEST_SPEC })) {
      pieces.push(piece);
      size += piece.length;
    }
  } catch (cause) {
    throw unreadable(file, cause as NodeJS.ErrnoException);
  }
  if (size > LARGEST_SPEC) {
    throw new Fault("spec", file, `it is larger than ${LARGEST_SPEC} bytes`, "name a spec; they are far smaller");
  }
  return utf8Text(Buffer.concat(pieces), file);
}

function unreadable(file: string, cause: NodeJS.ErrnoException): Fault {
  const experiment = findPublished(file);
  if (experiment !== undefined) {
    const kind = experiment.variants[0].kind === "search" ? "a search" : "a gradient check";
    return new Fault(
      "usage",
      file,
      `it is ${kind}, not one training`,
      `run it with: gradus replicate ${experiment.id}`,
      {
        cause,
      },
    );
  }
  const known = experiments.map((experiment) => experiment.id);
  const near = nearest(file, known);
  const reasons: Record<string, string> = { ENOENT: "neither a file nor an experiment", EISDIR: "it is a folder" };
  const reason = reasons[cause.code ?? ""] ?? `cannot be read: ${cause.message}`;
  return new Fault(
    "usage",
    file === "" ? '""' : file,
    `${reason}${near === undefined ? "" : `; did you mean "${near}"?`}`,
    "give a YAML or JSON file, or one of the experiments that `gradus experiments` lists",
    { cause },
  );
}

/** One `--set path=value` of a spec not yet parsed. @throws Fault `usage`, Fault `spec` */
export function applyChange(input: unknown, change: string): unknown {
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
  if (text === "") return setPath(input, path, undefined);
  const value = fromYaml(text, (reason) => {
    return new Fault("usage", "--set", `${path}: "${text}" is not a YAML value: ${reason}`, "quote it, or correct it");
  });
  return setPath(input, path, value);
}

/** The data a YAML text means: what JSON can hold. Warnings are refused too, as an unknown tag is. */
export function fromYaml(text: string, refusal: (reason: string) => Fault): unknown {
  const document = parseDocument(text);
  const [problem] = [...document.errors, ...document.warnings];
  // The parser's advice on several documents in one file is for programmers.
  if (problem !== undefined) throw refusal(problem.message.replace(/; please use .*?\(\)/, "").trimEnd());
  try {
    const value = document.toJS({ maxAliasCount: 100 });
    JSON.stringify(value); // refuses what refers to itself
    return value;
  } catch (cause) {
    throw refusal(cause instanceof ReferenceError ? cause.message : "an alias refers to what it is a part of");
  }
}
