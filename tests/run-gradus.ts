import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect } from "vitest";
import { exitCodes } from "../src/cli/exit-code.ts";
import type { FaultCode } from "../src/fault/fault.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What a command left behind. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** A process of its own, as a user has it; so is every command with one of the options below. */
  readonly process?: boolean;
  /** The working directory; the repository's root when absent. */
  readonly cwd?: string;
  /** Whose process it is, where it is another's. */
  readonly as?: { readonly uid?: number; readonly gid?: number };
  /** Runs in place of node, with node and its arguments behind it. */
  readonly through?: readonly string[];
  readonly onStart?: (child: ChildProcess) => void;
  /** Called with the child and with what it has said on standard error so far. */
  readonly onError?: (child: ChildProcess, text: string) => void;
}

/**
 * Runs `gradus` from the sources, in the repository's root, to its end: the same program, loaded once by Node itself, in this
 * process, which is several times as fast as one of its own. Commands that are begun together are run one after the other.
 */
export async function gradus(commandLine: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
  const { env = {}, cwd, as, through, onStart, onError } = options;
  // Node looks at its own variables when it starts.
  const isApart = options.process === true || Object.keys(env).some((name) => name.startsWith("NODE_"));
  if (isApart || [cwd, as, through, onStart, onError].some((option) => option !== undefined)) {
    return await gradusProcess(commandLine, options);
  }
  const result = before.then(() => gradusHere(commandLine, env));
  before = result.catch(() => {});
  return await result;
}

let before: Promise<unknown> = Promise.resolve();

/** Not through Vite, which would transform the sources and load them once more. */
const importByNode: (url: string) => Promise<{ main(argv: readonly string[]): Promise<void> }> = createRequire(
  import.meta.url,
)("./import-by-node.cjs");

async function gradusHere(
  commandLine: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  const file = join(root, "src/cli/main.ts");
  const { main } = await importByNode(pathToFileURL(file).href);
  const texts = { stdout: "", stderr: "" };
  const streams = ["stdout", "stderr"] as const;
  const writes = streams.map((name) => process[name].write);
  const listeners = streams.map((name) => process[name].listeners("error"));
  const outside = { env: { ...process.env }, exitCode: process.exitCode };
  for (const name of streams) {
    process[name].write = (text: string | Uint8Array) => {
      texts[name] += typeof text === "string" ? text : Buffer.from(text).toString();
      return true;
    };
  }
  // Vitest asks for colours where it has them itself.
  delete process.env.FORCE_COLOR;
  Object.assign(process.env, env);
  process.exitCode = undefined;
  try {
    await main([process.execPath, file, ...commandLine]);
    return { exitCode: Number(process.exitCode ?? 0), ...texts };
  } finally {
    process.exitCode = outside.exitCode;
    for (const name of Object.keys(process.env)) if (!(name in outside.env)) delete process.env[name];
    Object.assign(process.env, outside.env);
    for (const [index, name] of streams.entries()) {
      process[name].write = writes[index];
      for (const listener of process[name].listeners("error")) {
        if (!listeners[index].includes(listener)) process[name].off("error", listener as () => void);
      }
    }
  }
}

/** Runs `gradus` in a process of its own, to its end. */
async function gradusProcess(commandLine: readonly string[], options: RunOptions): Promise<CommandResult> {
  const { env, cwd = root, as = {}, through = [], onStart, onError } = options;
  const [program, ...rest] = [...through, process.execPath, join(root, "src/cli/main.ts"), ...commandLine];
  const child = spawn(program, rest, {
    ...as,
    cwd,
    env: { ...process.env, FORCE_COLOR: undefined, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onStart?.(child);
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    onError?.(child, stderr);
  });
  return await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}

/** The one JSON document of a command that must succeed. */
export async function gradusJson(commandLine: readonly string[], options?: RunOptions) {
  const { exitCode, stdout, stderr } = await gradus([...commandLine, "--json"], options);
  expect(exitCode, stderr).toBe(0);
  expect(stdout, "one line").toMatch(/^.*\n$/);
  return JSON.parse(stdout);
}

/** A refusal: the place exactly, message and remedy in part. */
export interface Refusal {
  readonly code: FaultCode;
  readonly place: string;
  readonly complaint: string | RegExp;
  readonly remedy: string | RegExp;
  /** What the document holds beside the error: a result that was refused. Nothing when absent. */
  readonly result?: object;
}

/**
 * Expects a command to be refused, with the same words in both tongues: for people on standard error, and as the one
 * JSON document on standard output.
 */
export async function expectRefusal(commandLine: readonly string[], refusal: Refusal, options?: RunOptions) {
  const { exitCode, stdout, stderr } = await gradus([...commandLine, "--json"], options);
  expect(stdout, stderr).toMatch(/^.*\n$/);
  const { error, ...rest } = JSON.parse(stdout);
  expect(rest).toMatchObject(refusal.result ?? {});
  if (refusal.result === undefined) expect(rest).toEqual({});
  expect(error).toEqual({
    code: refusal.code,
    place: refusal.place,
    message: saying(refusal.complaint),
    remedy: saying(refusal.remedy),
  });
  expect(error.message.startsWith(`${refusal.place}: `), error.message).toBe(true);
  const lines = printable(`gradus: ${error.message}\n  remedy: ${error.remedy}\n`);
  expect(stderr.endsWith(lines), stderr).toBe(true);
  expect(stderr).not.toMatch(/\n\s+at .*:\d+/);
  expect(exitCode).toBe(exitCodes[refusal.code]);
}

function saying(part: string | RegExp): unknown {
  return typeof part === "string" ? expect.stringContaining(part) : expect.stringMatching(part);
}

function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n]/gu, "\ufffd");
}

/** A new empty folder, and what removes it. */
export function temporaryFolder(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "gradus-test-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}
