import type { TextTable } from "./text-table.ts";

interface Judged {
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
}

/** What models come to, alone and together. */
export function ensembleTable({
  members,
  mean,
  vote,
}: {
  readonly members: readonly ({ readonly run: string } & Judged)[];
  readonly mean: Judged;
  readonly vote: Judged;
}): TextTable {
  const percent = (fraction: number) => (100 * fraction).toFixed(2);
  const row = (name: string, { accuracy, low, high }: Judged) => ({
    cells: [name, percent(accuracy), `${percent(low)} to ${percent(high)}`],
  });
  return {
    caption: `Test accuracy of ${members.length} models, alone and together`,
    columns: [
      { header: "who", kind: "text" },
      { header: "test accuracy (%)", kind: "number" },
      { header: "95 % interval", kind: "range" },
    ],
    groups: [
      { heading: "alone", rows: members.map((member) => row(member.run, member)) },
      { heading: "together", rows: [row("mean of probabilities", mean), row("majority vote", vote)] },
    ],
    notes: [
      "95 % interval: Wilson's, of the images drawn. Equal votes are settled by the mean of the probabilities. For a loss other than softmax cross-entropy the probabilities are the softmax of the scores.",
    ],
    explanations: [],
  };
}
