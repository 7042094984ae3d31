import { numberText } from "../src/plot/number-text.ts";
import type { StudyRow } from "../src/server/study-routes.ts";
import { link } from "./address.ts";
import { lab, searchesVersion } from "./lab.ts";
import { useLoaded } from "./load.ts";
import { StateMark } from "./state-mark.tsx";
import { Scroll } from "./text-table.tsx";

/** All searches of the store. */
export function SearchesPage() {
  const { value: studies } = useLoaded<readonly StudyRow[]>("/api/studies", searchesVersion.value);
  return (
    <>
      <h1>Searches</h1>
      {lab.value?.isReadOnly !== false ? null : (
        <div class="tools">
          <a href={link("new-search")}>New search</a>
        </div>
      )}
      {studies === undefined ? null : studies.length === 0 ? (
        <p>
          None yet. They appear here as they go, also those of other programs on this machine:{" "}
          <code>gradus search 004-E2 --vary training.lambda=log:1e-5..1e-1</code>.
        </p>
      ) : (
        <Scroll name="Searches">
          <table class="runs">
            <thead>
              <tr>
                <th scope="col">search</th>
                <th scope="col">state</th>
                <th scope="col">varied</th>
                <th scope="col" class="number">
                  stages
                </th>
                <th scope="col" class="number">
                  trials
                </th>
                <th scope="col" class="number">
                  best validation (%)
                </th>
                <th scope="col" class="number">
                  may be best
                </th>
              </tr>
            </thead>
            <tbody>
              {studies.map((study) => (
                <Row key={study.name} study={study} />
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </>
  );
}

function Row({
  study: { name, isGoing, paths, stages, stagesBegun, trials, best, mayBeBest },
}: {
  readonly study: StudyRow;
}) {
  const all = Object.values(trials).reduce((sum, count) => sum + count, 0);
  const waiting = trials.waiting ?? 0;
  return (
    <tr>
      <th scope="row">
        <a href={link("search", name)}>{name}</a>
      </th>
      <td>
        <StateMark run={{ state: searchState({ isGoing, waiting, isThrough: stagesBegun === stages }) }} />
      </td>
      <td>{paths.join(", ")}</td>
      <td class="number">
        {stagesBegun} of {stages}
      </td>
      <td class="number">
        {all - waiting} of {all}
      </td>
      <td class="number">{best === undefined ? "–" : numberText(best, "fraction")}</td>
      <td class="number">{mayBeBest}</td>
    </tr>
  );
}

interface Course {
  readonly isGoing: boolean;
  /** Trials that have not ended. */
  readonly waiting: number;
  readonly isThrough: boolean;
}

export function searchState({ isGoing, waiting, isThrough }: Course): "running" | "finished" | "interrupted" {
  return isGoing ? "running" : waiting === 0 && isThrough ? "finished" : "interrupted";
}
