import { numberText } from "../plot/number-text.ts";
import type { RunDocument } from "../record/run-document.ts";
import { intervalNote, intervalText } from "./accuracy-text.ts";
import type { TextTable } from "./text-table.ts";

/** The end of a run on each set of images it was measured on. */
export function resultsTable(run: RunDocument): TextTable {
  const { train, validation, test } = run.final;
  const measured = [
    { name: "training", part: "train", images: run.examples.train, metrics: train },
    { name: "validation", part: "validation", images: run.examples.validation, metrics: validation },
    ...(test === undefined ? [] : [{ name: "test", part: "test", images: run.examples.test, metrics: test } as const]),
  ] as const;
  return {
    caption: `Results after ${numberText(updatesMade(run), "count")} ${updatesMade(run) === 1 ? "update" : "updates"}`,
    columns: [
      { header: "images", kind: "text" },
      { header: "number", kind: "number" },
      { header: "loss (nats)", kind: "number" },
      { header: "cost (nats)", kind: "number" },
      { header: "accuracy (%)", kind: "number" },
      { header: "95 % interval (%)", kind: "range" },
    ],
    groups: [
      {
        rows: measured.map(({ name, part, images, metrics: { loss, cost, accuracy } }) => ({
          cells: [
            name,
            numberText(images, "count"),
            numberText(loss, "nats"),
            numberText(cost, "nats"),
            numberText(accuracy, "fraction"),
            intervalText(accuracy, part, images),
          ],
        })),
      },
    ],
    notes: [],
    explanations: [
      `Loss: mean of -log p of the right class. Cost: loss plus lambda = ${numberText(run.spec.training.lambda, "rate")} times the sum of all squared weights.`,
      intervalNote,
    ],
  };
}

/** The updates a run made: all it was to make, unless it ended early. */
export function updatesMade({ steps, divergence, ended }: RunDocument): number {
  return divergence?.step ?? ended?.step ?? steps;
}
