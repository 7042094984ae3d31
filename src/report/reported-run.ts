import type { Rate } from "../plot/run-lines.ts";
import type { RunDocument } from "../record/run-document.ts";
import type { KeptRun } from "../record/run-record.ts";
import type { ReportFigure } from "./report-figures.ts";

/** One of a report's runs; its pictures are shown where it is the first of its settings. */
export interface ReportedRun {
  readonly run: KeptRun;
  readonly document: RunDocument;
  readonly rates?: readonly Rate[];
  /** What it has learned, for files whose names begin so. */
  readonly pictures: (prefix: string) => Promise<readonly ReportFigure[]>;
}
