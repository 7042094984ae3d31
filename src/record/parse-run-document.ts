import { Fault } from "../fault/fault.ts";
import { type RunDocument, runDocumentSchema } from "./run-document.ts";
import { specFault } from "./spec-fault.ts";

/**
 * A run's document from what a file holds.
 * @throws Fault `spec` naming `file` and the first key at fault.
 */
export function parseRunDocument(file: string, input: unknown): RunDocument {
  const result = runDocumentSchema.safeParse(input);
  if (result.success) return result.data;
  const { place, complaint } = specFault(result.error.issues, input);
  const remedy = "name a file that `gradus train --record FILE` or `--json` wrote";
  throw new Fault("spec", file, `is no record of a run: ${place}: ${complaint}`, remedy);
}
