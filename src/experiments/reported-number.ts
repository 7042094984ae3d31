import type { Metrics } from "../record/event.ts";
import type { RunDocument } from "../record/run-document.ts";
import type { ReportedNumber } from "./experiment.ts";

interface Described {
  readonly name: string;
  readonly metric: keyof Metrics;
  /** The images it was measured on. */
  readonly part: keyof RunDocument["examples"];
}

/** What a report calls the numbers it compares, and what they are. */
export const reportedNumbers: Readonly<Record<ReportedNumber["what"], Described>> = {
  trainAccuracy: { name: "training accuracy", metric: "accuracy", part: "train" },
  validationAccuracy: { name: "validation accuracy", metric: "accuracy", part: "validation" },
  testAccuracy: { name: "test accuracy", metric: "accuracy", part: "test" },
  trainLoss: { name: "training loss", metric: "loss", part: "train" },
  validationLoss: { name: "validation loss", metric: "loss", part: "validation" },
};
