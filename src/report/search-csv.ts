import type { SearchResult } from "../search/search-result.ts";

/** All runs of all trials, one a row: numbers whole, as a program reads them. */
export function searchCsv({ stages, document }: SearchResult): string {
  const paths = Object.keys(document.vary);
  const header = [
    "trial",
    "stage",
    "state",
    ...paths,
    "seed",
    "fold",
    "run",
    "validation_accuracy",
    "validation_loss",
    "train_accuracy",
    "parameters",
    "seconds",
  ];
  const rows = stages.flatMap(({ trials }) =>
    trials.flatMap(({ trial, stage, state, setting, runs }) => {
      const first = [trial, stage + 1, state, ...paths.map((path) => setting[path])];
      const empty = [undefined, undefined, undefined, undefined, undefined, undefined, undefined, undefined];
      if (runs.length === 0) return [[...first, ...empty]];
      return runs.map((run) => [
        ...first,
        run.seed,
        run.fold,
        run.run,
        run.accuracy,
        run.loss,
        run.trainAccuracy,
        run.parameters,
        run.seconds,
      ]);
    }),
  );
  return `${[header, ...rows].map((cells) => cells.map(cellText).join(",")).join("\n")}\n`;
}

function cellText(value: unknown): string {
  if (value === undefined) return "";
  const text = typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
