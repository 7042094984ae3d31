import type { Argument, Command, Option } from "commander";
import { experiments, published } from "../experiments/catalogue.ts";
import { changedRuns } from "../lab/list-runs.ts";
import { withListedStore } from "../lab/open-store.ts";
import { nodeDevices } from "../math/select.node.ts";
import type { KeptSummary } from "../record/run-summary.ts";
import { specJsonSchema } from "../record/spec-json-schema.ts";
import { specKeys } from "../record/spec-keys.ts";
import { shells } from "./completion-scripts.ts";
import { createConsole } from "./console.ts";
import { templates } from "./templates.ts";

/** What a word may become: whole words, and whether the shell shall offer files as well. */
export interface Candidates {
  readonly words: readonly string[];
  readonly files: boolean;
}

/** What is asked of the store; `runs` is called only where a run may stand. */
export interface Kept {
  runs(): Promise<readonly Pick<KeptSummary, "id" | "tags">[]>;
}

/** `gradus complete -- WORD...`: for the scripts of `gradus completion`; the last word is the one that is being typed. */
export async function completeCommand(program: Command, words: readonly string[]): Promise<void> {
  const runs = async () => await withListedStore(async (store) => (await changedRuns(store, 0, [])).runs);
  // Whatever goes wrong: a shell that completes says nothing.
  const { words: candidates, files } = await complete(program, words, { runs }).catch(() => nothing);
  const lines = [...candidates, ...(files ? [":files"] : [])];
  if (lines.length > 0) createConsole({}).say(lines.join("\n"));
}

const nothing: Candidates = { words: [], files: false };

/** What the last word may become, by commander's own table of commands, arguments and flags. */
export async function complete(program: Command, words: readonly string[], kept: Kept): Promise<Candidates> {
  const current = words.at(-1) ?? "";
  const { command, positions, waiting } = walk(program, words.slice(0, -1));
  const [, flag, value] = current.match(/^(--[\w-]+)=(.*)$/s) ?? [];
  const assigned = command.options.find(({ long, required }) => flag !== undefined && long === flag && required);
  if (assigned !== undefined) {
    const { words: values, files } = await valuesOf(assigned, kept, value);
    return { words: values.filter((word) => word.startsWith(value)).map((word) => `${flag}=${word}`), files };
  }
  const candidates =
    waiting !== undefined
      ? await valuesOf(waiting, kept, current)
      : current.startsWith("-")
        ? { words: flagsOf(command), files: false }
        : await argumentsOf(command, positions, kept, current);
  return { ...candidates, words: candidates.words.filter((word) => word.startsWith(current)) };
}

/** The command that words name, how many of its arguments are there, and the flag that waits for its value. */
function walk(program: Command, words: readonly string[]) {
  let command = program;
  let positions = 0;
  let waiting: Option | undefined;
  for (const word of words) {
    if (waiting !== undefined) {
      waiting = undefined;
      continue;
    }
    if (word.startsWith("-") && word !== "-") {
      const option = command.options.find(({ long, short }) => word === long || word === short);
      waiting = option?.required ? option : undefined;
      continue;
    }
    const inner = positions === 0 ? command.commands.find((each) => each.name() === word) : undefined;
    if (inner === undefined) positions += 1;
    else command = inner;
  }
  return { command, positions, waiting };
}

function flagsOf(command: Command): string[] {
  const names = command.options.filter(({ hidden }) => !hidden).map(({ long, short }) => long ?? short ?? "");
  return [...names, "--help"];
}

/** What may follow a flag: its choices, what the store or this machine has, or else a file. */
async function valuesOf({ long, argChoices, flags }: Option, kept: Kept, current: string): Promise<Candidates> {
  if (argChoices !== undefined) return { words: argChoices, files: false };
  if (long === "--tag") {
    const tags = (await kept.runs()).flatMap((run) => run.tags);
    return { words: [...new Set(tags)], files: false };
  }
  if (long === "--device") return { words: ["auto", ...nodeDevices.map(({ name }) => name)], files: false };
  if (long === "--set" || long === "--vary") {
    return { words: current.includes("=") ? [] : valuedKeys().map((path) => `${path}=`), files: false };
  }
  return { words: [], files: /<(file|folder|path)>/.test(flags) };
}

async function argumentsOf(command: Command, positions: number, kept: Kept, current: string): Promise<Candidates> {
  if (command.commands.length > 0 && positions === 0) {
    const visible = command.createHelp().visibleCommands(command);
    const names = command.commands.filter((each) => visible.includes(each)).map((each) => each.name());
    return { words: names, files: false };
  }
  const { registeredArguments: all } = command;
  const argument = all[positions] ?? (all.at(-1)?.variadic ? all.at(-1) : undefined);
  return argument === undefined ? nothing : await valuesOfArgument(command, argument, kept, current);
}

/** What an argument may be, by its name. */
async function valuesOfArgument(
  command: Command,
  argument: Argument,
  kept: Kept,
  current: string,
): Promise<Candidates> {
  switch (argument.name()) {
    case "run":
    case "runs":
      return { words: await runNames(kept, current), files: /file/.test(argument.description) };
    case "model":
      return { words: await runNames(kept, current), files: true };
    case "spec":
      return { words: experiments.map(({ id }) => id), files: true };
    case "experiment":
    case "ids":
      return { words: published.map(({ id }) => id), files: false };
    case "key":
      return { words: specKeys(specJsonSchema()).map(({ path }) => path), files: false };
    case "what":
      return { words: Object.keys(templates), files: false };
    case "shell":
      return { words: shells, files: false };
    case "kind":
      return { words: argument.description.match(/[a-z]+(?=[,;.]|$| or)/g) ?? [], files: false };
    case "tags":
    case "command":
      return { words: command.parent?.commands.map((each) => each.name()) ?? [], files: false };
    default:
      return { words: [], files: true };
  }
}

/** Ids and `latest`; for a word that begins none of them, the six characters at their ends. */
async function runNames(kept: Kept, current: string): Promise<string[]> {
  const ids = ["latest", ...(await kept.runs()).map(({ id }) => id)];
  const ends = ids.map((id) => id.slice(id.lastIndexOf("-") + 1));
  return current !== "" && !ids.some((id) => id.startsWith(current)) ? ends : ids;
}

function valuedKeys(): string[] {
  return specKeys(specJsonSchema())
    .filter(({ isGroup }) => !isGroup)
    .map(({ path }) => path);
}
