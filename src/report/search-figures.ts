import { accuracyAgainstParameter, type SearchFigure } from "../plot/against-parameter.ts";
import { parallelCoordinates } from "../plot/parallel-coordinates.ts";
import { searchCourse } from "../plot/search-course.ts";
import { searchText } from "../plot/search-marks.ts";
import type { SearchParameter, SearchPoint } from "../plot/search-points.ts";
import { twoParameters } from "../plot/two-parameters.ts";
import type { SearchResult } from "../search/search-result.ts";
import type { ReportFigure } from "./report-figures.ts";
import { againstData, courseData, ranksData } from "./search-data.ts";
import { plainLook } from "./search-table.ts";

/** Paths that pictures of pairs are drawn of, the most important ones. */
const MOST_PAIRS = 3;

/** All figures of a search, each with the numbers that it shows. */
export function searchFigures(result: SearchResult, look = plainLook): ReportFigure[] {
  const { document, study, importance } = result;
  const paths = Object.keys(document.vary);
  const parameters = searchParameters(result, look);
  const points = searchPoints(result, look);
  const draw =
    (picture: (about: SearchFigure) => string, title: string): ReportFigure["draw"] =>
    ({ id, width }) =>
      picture({ points, parameters, id: idOf(id), title, ...(width === undefined ? {} : { width }) });
  const summary = `${searchText(points, parameters)}`;
  const byImportance = [...paths.keys()].sort((a, b) => (importance?.[paths[b]] ?? 0) - (importance?.[paths[a]] ?? 0));
  const pairs = byImportance.flatMap((first, i) => byImportance.slice(i + 1).map((second) => [first, second]));
  const against = paths.map((path, index): ReportFigure => {
    const title = `${study}: accuracy against ${look.name(path)}`;
    return {
      name: `accuracy-${path}`,
      title,
      isNarrow: true,
      caption: `Accuracy on the validation images against ${look.name(path)}, with 95 % intervals; shaded, what may be the best.${index === 0 ? ` ${summary}` : ""}`,
      draw: draw((about) => accuracyAgainstParameter(about, index), title),
      data: againstData(result, path, look),
    };
  });
  const together = pairs.slice(0, MOST_PAIRS).map(([first, second]): ReportFigure => {
    const title = `${study}: ${look.name(paths[second])} against ${look.name(paths[first])}`;
    return {
      name: `${paths[first]}-${paths[second]}`,
      title,
      isNarrow: true,
      caption: `${look.name(paths[second])} against ${look.name(paths[first])}: bluer where trials rank higher, numbers are ranks.`,
      draw: draw((about) => twoParameters(about, first, second), title),
      data: ranksData(result, [paths[first], paths[second]], look),
    };
  });
  const course: ReportFigure = {
    name: "course",
    title: `${study}: the course of the search`,
    isNarrow: true,
    caption: "The trials in the order they were proposed, and the best so far.",
    draw: draw(searchCourse, `${study}: the course of the search`),
    data: courseData(result),
  };
  if (paths.length < 2) return [...against, course];
  const parallel: ReportFigure = {
    name: "parallel",
    title: `${study}: parallel coordinates`,
    caption: "Every finished trial as a line through its parameters and its accuracy.",
    draw: draw((about) => parallelCoordinates(about), `${study}: parallel coordinates`),
    data: ranksData(result, paths, look),
  };
  return [...against, ...together, parallel, course];
}

/** A name as an id: no dots, no spaces. */
function idOf(name: string): string {
  return name.replace(/[^A-Za-z0-9-]+/g, "-");
}

/** What was varied, in the document's order, as figures take it. */
export function searchParameters({ document }: SearchResult, look = plainLook): SearchParameter[] {
  return Object.entries(document.vary).map(([path, dimension]) => {
    const isLog = dimension.kind === "log" || (dimension.kind === "integer" && dimension.scale === "log");
    return { name: look.name(path), scale: dimension.kind === "choice" ? "choice" : isLog ? "log" : "linear" };
  });
}

/** The trials that have ended, as figures take them. */
export function searchPoints({ document, stages, indistinguishable }: SearchResult, look = plainLook): SearchPoint[] {
  const paths = Object.keys(document.vary);
  const best = new Set(indistinguishable.trials);
  return stages.flatMap(({ trials }) =>
    trials
      .filter(({ state }) => state !== "waiting" && state !== "refused" && state !== "pruned")
      .map(({ trial, stage, setting, state, accuracy, low, high }) => ({
        trial,
        stage,
        values: paths.map((path) => {
          const value = setting[path];
          return value === undefined || typeof value === "number" ? value : look.value(path, value);
        }),
        ...(state === "finished" && accuracy !== undefined ? { accuracy } : {}),
        ...(low === undefined || high === undefined ? {} : { low, high }),
        mayBeBest: best.has(trial),
      })),
  );
}
