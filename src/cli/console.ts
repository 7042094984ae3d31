import { Fault } from "../fault/fault.ts";
import { toJson } from "../record/number.ts";
import { exitCodes } from "./exit-code.ts";

/** Where a command speaks: results on standard output, everything else on standard error. */
export interface Console {
  /** With `--json`: standard output holds one JSON document and nothing else. */
  readonly json: boolean;
  /** A line for a person; on standard error with `--json`. */
  say(text: string): void;
  /** The JSON document; nothing without `--json`. */
  document(value: unknown): void;
  /** A live line on a terminal; on anything else one plain line each time `landmark` is a new one. */
  progress(text: string, landmark: string | number): void;
  /** Ends a live line. */
  settle(): void;
}

export function createConsole({ json = false, quiet = false }: { json?: boolean; quiet?: boolean }): Console {
  const live = process.stderr.isTTY === true;
  let lineIsOpen = false;
  let lastLandmark: string | number | undefined;

  function settle(): void {
    if (lineIsOpen) process.stderr.write("\n");
    lineIsOpen = false;
  }

  return {
    json,
    say(text) {
      settle();
      (json ? process.stderr : process.stdout).write(`${text}\n`);
    },
    document(value) {
      settle();
      if (json) process.stdout.write(`${toJson(value)}\n`);
    },
    progress(text, landmark) {
      if (quiet) return;
      if (live) {
        const width = Math.max(20, process.stderr.columns ?? 80) - 1;
        process.stderr.write(`\r\x1b[2K${text.slice(0, width)}`);
        lineIsOpen = true;
      } else if (landmark !== lastLandmark) {
        process.stderr.write(`${text}\n`);
      }
      lastLandmark = landmark;
    },
    settle,
  };
}

/** Reports what stopped a command and sets the exit code; nothing is thrown on. */
export function report(error: unknown, json: boolean): void {
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[2K");
  if (error instanceof Fault) {
    process.stderr.write(`gradus: ${error.message}\n  remedy: ${error.remedy}\n`);
    process.exitCode = exitCodes[error.code];
    const { code, message, place, remedy } = error;
    if (json) process.stdout.write(`${toJson({ error: { code, message, place, remedy } })}\n`);
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
