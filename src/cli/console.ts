import { Fault } from "../fault/fault.ts";
import { toJson } from "../record/number.ts";
import { printable } from "../report/console-table.ts";
import { exitCodes } from "./exit-code.ts";

/** Where a command speaks: results on standard output, everything else on standard error. */
export interface Console {
  /** With `--json`: standard output holds one JSON document and nothing else. */
  readonly json: boolean;
  /** Whether progress is a live line on a terminal. */
  readonly live: boolean;
  /** A line for a person; on standard error with `--json`. */
  say(text: string): void;
  /** The JSON document; nothing without `--json`. */
  document(value: unknown): void;
  /** On a terminal a live line of as many parts as fit; on anything else a plain line for each new `landmark`. */
  progress(parts: readonly string[], landmark: string): void;
  /** Ends a live line. */
  settle(): void;
}

export function createConsole({ json = false, quiet = false }: { json?: boolean; quiet?: boolean }): Console {
  const live = process.stderr.isTTY === true;
  let lineIsOpen = false;
  const landmarks = new Set<string>();

  function settle(): void {
    if (lineIsOpen) process.stderr.write("\n");
    lineIsOpen = false;
  }

  return {
    json,
    live,
    say(text) {
      settle();
      (json ? process.stderr : process.stdout).write(`${text}\n`);
    },
    document(value) {
      settle();
      if (json) process.stdout.write(`${toJson(value)}\n`);
    },
    progress(parts, landmark) {
      if (quiet) return;
      if (live) {
        process.stderr.write(`\r\x1b[2K${fitting(parts, (process.stderr.columns || 80) - 1)}`);
        lineIsOpen = true;
      } else if (!landmarks.has(landmark)) {
        process.stderr.write(`${parts.join("  ")}\n`);
        landmarks.add(landmark);
      }
    },
    settle,
  };
}

function fitting(parts: readonly string[], width: number): string {
  const count = parts.findLastIndex((_, index) => parts.slice(0, index + 1).join("  ").length <= width) + 1;
  return parts.slice(0, Math.max(1, count)).join("  ").slice(0, width);
}

/** A reader that goes away (`gradus ... | head`) is no error; a full disk behind standard output is one. */
export function guardStreams(): void {
  process.stderr.on("error", () => {});
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    const isKnown = process.exitCode !== undefined && process.exitCode !== 0;
    if (error.code === "EPIPE" || isKnown) return;
    report(new Fault("output", "standard output", error.message, "free some space, or write elsewhere"), false);
  });
}

/** Ends a command with its result, and with the fault that the result shows, if any: JSON holds both. */
export function conclude(console: Console, result: object, failure: Fault | undefined): void {
  if (failure === undefined) console.document(result);
  else report(failure, console.json, result);
}

/** Reports what stopped a command and sets the exit code; nothing is thrown on. JSON holds `result` beside it. */
export function report(error: unknown, json: boolean, result: object = {}): void {
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[2K");
  if (error instanceof Fault) {
    const lines = `gradus: ${error.message}\n  remedy: ${error.remedy}`.split("\n");
    process.stderr.write(`${lines.map(printable).join("\n")}\n`);
    process.exitCode = exitCodes[error.code];
    const { code, message, place, remedy } = error;
    if (json) process.stdout.write(`${toJson({ ...result, error: { code, message, place, remedy } })}\n`);
    return;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`gradus: a defect of Gradus, not of your input; please report it:\n${text}\n`);
  process.exitCode = 1;
  if (json) {
    const message = error instanceof Error ? error.message : String(error);
    const remedy = "report it with the command that led here";
    process.stdout.write(`${toJson({ error: { code: "defect", message, place: "gradus", remedy } })}\n`);
  }
}
