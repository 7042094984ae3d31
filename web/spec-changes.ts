import { address, choose } from "./address.ts";

/** What an address changes of a spec, by paths as `--set` takes them: `set.training.lambda=0.1`, JSON each; null takes away. */
export function changesOf(choices: URLSearchParams): Readonly<Record<string, unknown>> {
  const changes = [...choices].filter(([name]) => name.startsWith("set."));
  return Object.fromEntries(changes.map(([name, text]) => [name.slice("set.".length), parsed(text)]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A spec with its changes, in the order they were made; the spec itself stays as it is. */
export function withChanges(spec: unknown, changes: Readonly<Record<string, unknown>>): unknown {
  return Object.entries(changes).reduce((changed, [path, value]) => withValue(changed, path.split("."), value), spec);
}

function withValue(spec: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  const entries = typeof spec === "object" && spec !== null && !Array.isArray(spec) ? Object.entries(spec) : [];
  const inner = entries.find(([name]) => name === key)?.[1];
  const next = rest.length === 0 ? (value ?? undefined) : withValue(inner, rest, value);
  const others = entries.filter(([name]) => name !== key);
  return Object.fromEntries(next === undefined ? others : [...others, [key, next]]);
}

/** Changes a value of the spec, in the address; undefined takes its default. */
export function changeSpec(path: string, value: unknown): void {
  const changes = changesOf(address.value.choices);
  const isKind = path.endsWith(".kind");
  // Another kind has other settings.
  const above = path.slice(0, -".kind".length);
  const dropped = isKind ? Object.keys(changes).filter((key) => key.startsWith(`${above}.`)) : [];
  const next = isKind ? { [above]: value === undefined ? undefined : { kind: value } } : { [path]: value };
  const encoded = Object.entries(next).map(([key, changed]) => [`set.${key}`, JSON.stringify(changed) ?? "null"]);
  choose({ ...Object.fromEntries(dropped.map((key) => [`set.${key}`, undefined])), ...Object.fromEntries(encoded) });
}
