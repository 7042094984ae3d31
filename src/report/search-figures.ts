import { accuracyAgainstParameter, type SearchFigure } from "../plot/against-parameter.ts";
import { parallelCoordinates } from "../plot/parallel-coordinates.ts";
import { searchCourse } from "../plot/search-course.ts";
import type { SearchParameter, SearchPoint } from "../plot/search-points.ts";
import { twoParameters } from "../plot/two-parameters.ts";
import type { SearchResult } from "../search/search-result.ts";

/** A figure of a search, by the name of its file. */
export interface NamedFigure {
  readonly name: string;
  readonly caption: string;
  readonly svg: (id: string, width?: number) => string;
}

/** Paths that pictures of pairs are drawn of, the most important ones. */
const MOST_PAIRS = 3;

/** All figures of a search. */
export function searchFigures(result: SearchResult): NamedFigure[] {
  const { document, study, importance } = result;
  const paths = Object.keys(document.vary);
  const parameters = searchParameters(result);
  const points = searchPoints(result);
  const figure = (draw: (about: SearchFigure) => string, title: string) => (id: string, width?: number) =>
    draw({ points, parameters, id, title, ...(width === undefined ? {} : { width }) });
  const byImportance = [...paths.keys()].sort((a, b) => (importance?.[paths[b]] ?? 0) - (importance?.[paths[a]] ?? 0));
  const pairs = byImportance.flatMap((first, i) => byImportance.slice(i + 1).map((second) => [first, second]));
  return [
    ...paths.map((path, index) => ({
      name: `accuracy-${path}`,
      caption: `Accuracy on the validation images against ${path}, with 95 % intervals; shaded, what may be the best.`,
      svg: figure((about) => accuracyAgainstParameter(about, index), `${study}: accuracy against ${path}`),
    })),
    ...pairs.slice(0, MOST_PAIRS).map(([first, second]) => ({
      name: `${paths[first]}-${paths[second]}`,
      caption: `${paths[second]} against ${paths[first]}: darker where trials rank higher, numbers are ranks.`,
      svg: figure((about) => twoParameters(about, first, second), `${study}: ${paths[second]} against ${paths[first]}`),
    })),
    ...(paths.length < 2
      ? []
      : [
          {
            name: "parallel",
            caption: "Every finished trial as a line through its parameters and its accuracy.",
            svg: figure(parallelCoordinates, `${study}: parallel coordinates`),
          },
        ]),
    {
      name: "course",
      caption: "The trials in the order they were proposed, and the best so far.",
      svg: figure(searchCourse, `${study}: the course of the search`),
    },
  ];
}

/** What was varied, in the document's order, as figures take it. */
export function searchParameters({ document }: SearchResult): SearchParameter[] {
  return Object.entries(document.vary).map(([name, dimension]) => {
    const isLog = dimension.kind === "log" || (dimension.kind === "integer" && dimension.scale === "log");
    return { name, scale: dimension.kind === "choice" ? "choice" : isLog ? "log" : "linear" };
  });
}

/** The trials that have ended, as figures take them. */
export function searchPoints({ document, stages, indistinguishable }: SearchResult): SearchPoint[] {
  const paths = Object.keys(document.vary);
  const best = new Set(indistinguishable.trials);
  return stages.flatMap(({ trials }) =>
    trials
      .filter(({ state }) => state !== "waiting" && state !== "refused" && state !== "pruned")
      .map(({ trial, stage, setting, state, accuracy, low, high }) => ({
        trial,
        stage,
        values: paths.map((path) => plain(setting[path])),
        ...(state === "finished" && accuracy !== undefined ? { accuracy } : {}),
        ...(low === undefined || high === undefined ? {} : { low, high }),
        mayBeBest: best.has(trial),
      })),
  );
}

function plain(value: unknown): number | string | undefined {
  if (value === undefined || typeof value === "number" || typeof value === "string") return value;
  return JSON.stringify(value);
}
