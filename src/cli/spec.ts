import { stringify } from "yaml";
import { Fault } from "../fault/fault.ts";
import { nearest } from "../fault/nearest.ts";
import { properPlace } from "../record/misplaced-key.ts";
import { type JsonSchema, specJsonSchema } from "../record/spec-json-schema.ts";
import { type SpecKey, specKeys } from "../record/spec-keys.ts";
import { exampleFlags, keyExplanation, keysTable, keyTable } from "../report/spec-table.ts";
import { conclude, createConsole } from "./console.ts";
import { applyChange } from "./read-spec.ts";

interface SpecOptions {
  readonly schema?: boolean;
  readonly json?: boolean;
}

/** `gradus spec [KEY]` */
export function specCommand(name: string | undefined, options: SpecOptions): void {
  const console = createConsole(options);
  const schema = specJsonSchema();
  if (options.schema) {
    if (name !== undefined) {
      throw new Fault("usage", "--schema", `is of the whole spec, not of ${name}`, "leave the key out");
    }
    printSchema(schema, options.json ?? false);
    return;
  }
  const all = specKeys(schema);
  const keys = name === undefined ? all.filter(({ isGroup }) => !isGroup) : keysNamed(name, all);
  const explained = keys.map(keyExplanation);
  if (name === undefined) {
    console.table(keysTable("The keys of a spec", explained));
    console.say("\n`gradus spec KEY` explains one, `gradus spec --schema` is for editors; docs/spec.md says it all.");
  }
  for (const [at, key] of (name === undefined ? [] : explained).entries()) {
    if (at > 0) console.say("");
    console.table(keyTable(key));
    sayBelow(key.key, all, console);
    sayExample(key.example, console);
  }
  conclude(console, { keys: explained }, undefined);
}

/** Keys that are held by one. */
function sayBelow(path: string, all: readonly SpecKey[], console: ReturnType<typeof createConsole>): void {
  const below = all.filter((key) => key.path.startsWith(`${path}.`));
  if (below.length === 0) return;
  console.say("");
  console.table(keysTable(`The keys of ${path}`, below.map(keyExplanation)));
}

function sayExample(changes: readonly string[], console: ReturnType<typeof createConsole>): void {
  if (changes.length === 0) return;
  const input = changes.filter((change) => !change.endsWith("=")).reduce(applyChange, {} as unknown);
  const yaml = stringify(input, { lineWidth: 0, collectionStyle: "any" }).trimEnd();
  console.say(`\nIn a file:\n${yaml.replace(/^/gm, "  ")}\nAs flags of \`gradus train\`:\n  ${exampleFlags(changes)}`);
}

/** The key of this path or, of a last part alone, all that end in it. @throws Fault `usage` for a name that is none */
function keysNamed(name: string, all: readonly SpecKey[]): readonly SpecKey[] {
  const exact = all.filter(({ path }) => path === name);
  if (exact.length > 0) return exact;
  const ending = all.filter(({ path }) => path.toLowerCase().endsWith(`.${name.toLowerCase()}`));
  if (ending.length > 0) return ending;
  const proper = properPlace(name, name);
  if (proper !== undefined) return all.filter(({ path }) => path === proper.path);
  const near = nearestKey(
    name,
    all.map(({ path }) => path),
  );
  const hint = near === undefined ? "" : `; did you mean "${near}"?`;
  const remedy = near === undefined ? "`gradus spec` lists all keys" : `write gradus spec ${near}`;
  throw new Fault("usage", name === "" ? '""' : name, `no key of a spec${hint}`, remedy);
}

/** By the whole path where a path was given, else by its last part. */
function nearestKey(name: string, paths: readonly string[]): string | undefined {
  if (name.includes(".")) return nearest(name, paths);
  const lastParts = paths.map((path) => path.slice(path.lastIndexOf(".") + 1));
  const near = nearest(name, lastParts);
  return near === undefined ? undefined : paths[lastParts.indexOf(near)];
}

/** As a file that an editor reads. */
function printSchema(schema: JsonSchema, isCompact: boolean): void {
  createConsole({}).say(JSON.stringify(schema, null, isCompact ? 0 : 2));
}
