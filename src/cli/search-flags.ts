import { Fault } from "../fault/fault.ts";
import { unknownName } from "../fault/nearest.ts";
import type { SearchInput } from "../search/search-document.ts";
import { fromYaml } from "./read-spec.ts";

type Varied = SearchInput["vary"][string];

const wording = "write it like training.lambda=log:1e-5..1e-1:8, batch=choice:[50,100] or rate=0.1,0.2,0.4";

/**
 * One `--vary`: `PATH=log:LOW..HIGH:COUNT`, as well `uniform` and `integer`, COUNT for grids; `PATH=choice:[...]`, or values
 * separated by commas.
 * @throws Fault `usage`
 */
export function varied(text: string): [path: string, dimension: Varied] {
  const at = text.indexOf("=");
  if (at < 1) throw refusal(`"${text}" is no path=range`);
  const [path, range] = [text.slice(0, at), text.slice(at + 1)];
  const [, kind, rest] = /^([a-z]+):(.*)$/s.exec(range) ?? [undefined, "choice", `[${range}]`];
  if (kind === "choice") {
    const values = fromYaml(rest, (reason) => refusal(`${path}: ${reason}`));
    if (!Array.isArray(values)) throw refusal(`${path}: "${rest}" is no list`);
    return [path, { kind, values }];
  }
  if (kind !== "log" && kind !== "uniform" && kind !== "integer") {
    throw refusal(`${path}: "${kind}" is none of log, uniform, integer and choice`);
  }
  const [, low, high, count] = /^([^:]*?)\.\.([^:]*)(?::(\d+))?$/.exec(rest) ?? [];
  const ends = [low, high].map((end) => (end === undefined || end.trim() === "" ? Number.NaN : Number(end)));
  if (!ends.every(Number.isFinite)) throw refusal(`${path}: "${rest}" is no range LOW..HIGH or LOW..HIGH:COUNT`);
  return [path, { kind, low: ends[0], high: ends[1], ...(count === undefined ? {} : { count: Number(count) }) }];
}

/** One `--enqueue`: `path=value`, several joined by spaces. @throws Fault `usage` */
export function enqueued(text: string): Record<string, never> {
  const pairs = text
    .trim()
    .split(/\s+(?=[A-Za-z.]+=)/)
    .map((pair) => {
      const at = pair.indexOf("=");
      if (at < 1)
        throw new Fault("usage", "--enqueue", `"${pair}" is no path=value`, "write --enqueue training.lambda=0");
      const refuse = (reason: string) => new Fault("usage", "--enqueue", `${pair}: ${reason}`, "correct it");
      return [pair.slice(0, at), fromYaml(pair.slice(at + 1), refuse)];
    });
  return Object.fromEntries(pairs);
}

/** `accuracy,parameters`: the first decides. @throws Fault `usage` */
export function objectivesOf(text: string): NonNullable<SearchInput["objectives"]> {
  const known = ["accuracy", "parameters", "seconds"] as const;
  return text.split(",").map((part) => {
    const name = part.trim();
    const objective = known.find((candidate) => candidate === name);
    if (objective !== undefined) return objective;
    const complaint = name === "" ? `"${text}" leaves one without a name` : unknownName(name, known);
    throw new Fault("usage", "--objectives", complaint, "give some of them, e.g. accuracy,parameters");
  });
}

const halvings = ["successive-halving", "hyperband", "asynchronous-successive-halving"] as const;

/** `median`, `median:3`, or `KIND:FIRST:ETA` with a kind of halving; `asha` is short for the asynchronous one. @throws Fault `usage` */
export function prunerOf(text: string): NonNullable<SearchInput["pruner"]> {
  const [name, first, eta] = text.split(":");
  const kind = name === "asha" ? "asynchronous-successive-halving" : name;
  const numbers = [first, eta].map((part) => (part === undefined ? undefined : Number(part)));
  const remedy =
    "give median, median:AFTER, successive-halving:UPDATES:ETA, hyperband:UPDATES:ETA or asha:UPDATES:ETA, e.g. asha:900:3";
  if (numbers.some((number) => number !== undefined && !Number.isSafeInteger(number))) {
    throw new Fault("usage", "--prune", `"${text}" has parts that are no whole numbers`, remedy);
  }
  const [whole, third] = numbers;
  if (kind === "none") return { kind };
  if (kind === "median") return { kind, ...(whole === undefined ? {} : { after: whole }) };
  const halving = halvings.find((known) => known === kind);
  if (halving !== undefined && whole !== undefined) {
    return { kind: halving, first: whole, ...(third === undefined ? {} : { eta: third }) };
  }
  throw new Fault("usage", "--prune", `"${text}" is no pruner`, remedy);
}

function refusal(complaint: string): Fault {
  return new Fault("usage", "--vary", complaint, wording);
}
