import type { RunDocument } from "../record/run-document.ts";

/** An early end and a choice among the weights: what the numbers are of. */
export function circumstances({ steps, ended, best, spec }: RunDocument): readonly string[] {
  const why = {
    patience: `${spec.training.patience} measurements in a row had not bettered its validation accuracy`,
    retired: "it was let go by the search that watched it",
  };
  return [
    ...(ended === undefined ? [] : [`It ended after update ${ended.step} of ${steps}: ${why[ended.why]}.`]),
    ...(best === undefined
      ? []
      : [
          `Its numbers are of the weights after update ${best.step}, the best of ${best.looks} looks at the validation images: its validation accuracy is that of the best look, and so is optimistic.`,
        ]),
  ];
}

/** A notice in one line, with what to try. */
export function noticeText({ text, remedy }: { readonly text: string; readonly remedy: string }): string {
  return `${text}; ${remedy}.`;
}
