import { styleText } from "node:util";
import { Fault } from "../fault/fault.ts";
import { toJson } from "../record/number.ts";
import { consoleTable, type Tone } from "../report/console-table.ts";
import { printable, printableJson } from "../report/printable.ts";
import type { TextTable } from "../report/text-table.ts";
import { splitAt, textWidth } from "../report/text-width.ts";
import { exitCodes } from "./exit-code.ts";

/** Where a command speaks: results on standard output, everything else on standard error. */
export interface Console {
  /** With `--json`: standard output holds one JSON document and nothing else. */
  readonly json: boolean;
  /** Whether progress is a live line on a terminal. */
  readonly live: boolean;
  /** Lines for a person; on standard error with `--json`. What could move a cursor or mislead an eye is replaced. */
  say(text: string): void;
  /** A table for a person, as wide as the terminal allows; nothing with `--json`. */
  table(table: TextTable): void;
  /** The JSON document; nothing without `--json`. */
  document(value: unknown): void;
  /** On a terminal a live line of as many parts as fit; on anything else a plain line for each new `landmark`. */
  progress(parts: readonly string[], landmark: string): void;
  /** Ends a live line. */
  settle(): void;
}

export function createConsole({ json = false, quiet = false }: { json?: boolean; quiet?: boolean }): Console {
  const live = hasLiveLine();
  let lineIsOpen = false;
  const landmarks = new Set<string>();

  function settle(): void {
    if (lineIsOpen) process.stderr.write("\n");
    lineIsOpen = false;
  }

  function say(text: string): void {
    settle();
    (json ? process.stderr : process.stdout).write(`${printableLines(text)}\n`);
  }

  return {
    json,
    live,
    say,
    table(table) {
      if (json) return;
      settle();
      const columns = process.stdout.isTTY ? process.stdout.columns : undefined;
      process.stdout.write(`${consoleTable(table, columns, toned)}\n`);
    },
    document(value) {
      settle();
      if (json) writeJson(value);
    },
    progress(parts, landmark) {
      if (quiet) return;
      const shown = parts.map(printable);
      if (live) {
        process.stderr.write(`${clearLine}${fitting(shown, (process.stderr.columns || 80) - 1)}`);
        lineIsOpen = true;
      } else if (!landmarks.has(landmark)) {
        process.stderr.write(`${shown.join("  ")}\n`);
        landmarks.add(landmark);
      }
    },
    settle,
  };
}

const tones = { good: "green", bad: "red" } as const;

/** A verdict in its colour. Whether there are colours, Node decides by the terminal, NO_COLOR, FORCE_COLOR and TERM. */
function toned(text: string, tone: Tone): string {
  return styleText(tones[tone], text, { stream: process.stdout });
}

/** Back to the first column, and the line cleared. */
const clearLine = "\r\x1b[2K";

/** A terminal that knows no escapes (TERM=dumb, as in an editor) gets progress line by line, like a file. */
function hasLiveLine(): boolean {
  return process.stderr.isTTY === true && process.env.TERM !== "dumb";
}

function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

function writeJson(value: unknown): void {
  process.stdout.write(`${printableJson(toJson(value))}\n`);
}

function fitting(parts: readonly string[], width: number): string {
  const count = parts.findLastIndex((_, index) => textWidth(parts.slice(0, index + 1).join("  ")) <= width) + 1;
  return splitAt(parts.slice(0, Math.max(1, count)).join("  "), width)[0];
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
  if (hasLiveLine()) process.stderr.write(clearLine);
  if (error instanceof Fault) {
    const name = styleText(["red", "bold"], "gradus:", { stream: process.stderr });
    const remedy = styleText("bold", "remedy:", { stream: process.stderr });
    process.stderr.write(`${name} ${printableLines(error.message)}\n  ${remedy} ${printableLines(error.remedy)}\n`);
    process.exitCode = exitCodes[error.code];
    const { code, message, place } = error;
    if (json) writeJson({ ...result, error: { code, message, place, remedy: error.remedy } });
    return;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`gradus: a defect of Gradus, not of your input; please report it:\n${printableLines(text)}\n`);
  process.exitCode = 1;
  if (json) {
    const message = error instanceof Error ? error.message : String(error);
    const remedy = "report it with the command that led here";
    writeJson({ error: { code: "defect", message, place: "gradus", remedy } });
  }
}
