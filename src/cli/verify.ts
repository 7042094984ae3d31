import { existsSync } from "node:fs";
import { Fault } from "../fault/fault.ts";
import { documentOf } from "../lab/kept-runs.ts";
import { withRunOrFile } from "../lab/open-store.ts";
import { type VerifiableRun, type Verification, verifyRun } from "../lab/verify-run.ts";
import { parseRunDocument } from "../record/parse-run-document.ts";
import { decodeRunEvent } from "../record/run-event.ts";
import { decodeRunFile } from "../record/run-file.ts";
import { runRecord } from "../record/run-record.ts";
import { conclude, createConsole } from "./console.ts";
import { fetchProgress } from "./data.ts";
import { interruptible } from "./interrupt.ts";
import { readInput } from "./read-input.ts";
import { trainingProgress } from "./training-progress.ts";
import { utf8Text } from "./utf8-text.ts";

const remedy = "name a file that `gradus export RUN --out FILE.gradus` or `gradus train --record FILE` wrote";

/** `gradus verify RUN|FILE` */
export async function verifyCommand(
  reference: string,
  options: { readonly json?: boolean; readonly quiet?: boolean },
): Promise<void> {
  const console = createConsole(options);
  const run = existsSync(reference) ? await runIn(reference) : await keptRun(reference);
  const listen = trainingProgress(console);
  const result = await interruptible(
    "verify",
    async (signal) => await verifyRun(run, { signal, onFetch: fetchProgress(console), listen }),
  );
  console.settle();
  if (!console.json) console.say(resultText(result));
  conclude(console, result, failure(result));
}

async function keptRun(reference: string): Promise<VerifiableRun> {
  return await withRunOrFile(reference, remedy, async (_, run) => ({
    document: documentOf(run),
    data: run.data,
    initial: run.initial,
  }));
}

/** A run's file, or the JSON document of one. @throws Fault `data`, Fault `spec` */
async function runIn(file: string): Promise<VerifiableRun> {
  const bytes = await readInput(file, remedy);
  const isJson = /^\s*\{/.test(bytes.subarray(0, 20).toString("latin1"));
  if (isJson) return { document: parseRunDocument(file, parsedJson(utf8Text(bytes, file), file)) };
  const { id, entries } = await decodeRunFile(bytes, file);
  const record = runRecord(
    id,
    entries.map((entry, at) => decodeRunEvent(entry, `${file}: entry ${at}`)),
  );
  if (record === undefined) throw new Fault("data", file, "the log does not begin as a run's does", remedy);
  const state = record.state === "open" ? "interrupted" : record.state;
  return {
    document: documentOf({ ...record, state, entries: entries.length }),
    data: record.data,
    initial: record.initial,
  };
}

function parsedJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Fault("spec", file, `is no record of a run: ${(cause as Error).message}`, remedy, { cause });
  }
}

function resultText({ equal, run, weightsSha256, measurements, device, notes }: Verification): string {
  const hash = weightsSha256.now.slice(0, 16);
  const lines = equal
    ? [
        `Verified: ${run} is the same again, to the last bit.`,
        `weights ${hash}..., ${measurements} measurements and the end, on ${device.now.name} (trained on ${device.before.name}).`,
      ]
    : [
        `Not verified: ${run} comes out differently.`,
        `weights ${weightsSha256.before.slice(0, 16)}..., now ${hash}...`,
      ];
  return [...lines, ...notes].join("\n");
}

function failure({ equal, run, first, weightsSha256, notes }: Verification): Fault | undefined {
  if (equal) return undefined;
  const where =
    first === undefined
      ? `the weights at the end have the SHA-256 ${weightsSha256.now.slice(0, 16)}..., not ${weightsSha256.before.slice(0, 16)}...; all measurements are the same`
      : `the first difference is after update ${first.step}: ${first.series} was ${String(first.before)}, is ${String(first.now)}`;
  const why =
    notes[0] ?? "the record was altered, or something computes wrongly: `gradus check` and `gradus devices` look";
  return new Fault("check", run, where, why);
}
