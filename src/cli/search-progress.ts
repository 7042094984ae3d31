import type { Place } from "../lab/run-study.ts";
import { percentText } from "../plot/number-text.ts";
import type { TrainingEvent } from "../record/event.ts";
import type { RunState } from "../record/fold.ts";
import { settingText } from "../report/search-table.ts";
import { trialResult } from "../search/search-result.ts";
import { meanAccuracy, type StudyState, trialState } from "../search/study-state.ts";
import type { Console } from "./console.ts";
import { searchNotices } from "./search-notices.ts";
import { duration } from "./training-progress.ts";

/** How far the population is that trains at the moment. */
interface Within {
  readonly members: number;
  readonly part: number;
  readonly text: readonly string[];
}

/** Shows a search as it goes: a line for each trial that has ended, the best so far with its interval, and the time left. */
export function searchProgress(
  console: Console,
  begun: StudyState,
  clock: () => number = performance.now.bind(performance),
) {
  const began = clock();
  const already = endedRuns(begun);
  const endedOf = ({ trials, document }: StudyState) =>
    trials.filter((trial) => trialState(trial, document) !== "waiting");
  // Many machines end trials in any order.
  const shown = new Set(endedOf(begun).map(({ number }) => number));
  let within: Within = { members: 0, part: 0, text: [] };
  let best = bestText(begun);
  const notices = searchNotices(console);

  const line = (state: StudyState, landmark?: string) => {
    const all = plannedRuns(state);
    const done = endedRuns(state) + within.members * within.part;
    const left = ((clock() - began) / 1000) * ((all - done) / Math.max(1e-9, done - already));
    const parts = [
      `trial ${ended(state)}/${plannedTrials(state)}`,
      ...within.text,
      ...(best === undefined ? [] : [best]),
    ];
    // Nothing is told from the first moments.
    if (done - already > 0.02 * all) parts.push(`${duration(left)} left`);
    console.progress(parts, landmark ?? `search ${Math.floor((10 * done) / all)}`);
  };
  line(begun, "begun");
  return {
    listen(event: TrainingEvent, runs: readonly RunState[], place: Place): void {
      const { packs, index, link } = place;
      notices.listen(event, place);
      if (event.kind !== "progress") return;
      const { steps } = runs[0];
      const text = `${runs.length > 1 ? `${runs.length} side by side, ` : ""}update ${event.step}/${steps}`;
      within = { members: runs.length, part: link + event.step / steps, text: [text] };
      line(packs[index][0].study.state);
    },
    onTrials(state: StudyState): void {
      within = { members: 0, part: 0, text: [] };
      notices.flush();
      best = bestText(state);
      const fresh = endedOf(state).filter(({ number }) => !shown.has(number));
      for (const trial of fresh) shown.add(trial.number);
      if (!console.json) {
        for (const trial of fresh.map((one) => trialResult(one, state.document, state))) {
          const setting = Object.entries(trial.setting).map(([path, value]) => `${path} ${settingText(value)}`);
          const result = trial.accuracy === undefined ? trial.state : percentText(trial.accuracy);
          const [why] = trial.runs.flatMap(({ complaint }) => complaint ?? []);
          console.say(`trial ${trial.trial}  ${setting.join("  ")}  ${result}${why === undefined ? "" : `: ${why}`}`);
        }
      }
      line(state, `ended ${shown.size}`);
    },
  };
}

function ended({ trials, document }: StudyState): number {
  return trials.filter((trial) => trialState(trial, document) !== "waiting").length;
}

function endedRuns({ trials }: StudyState): number {
  return trials.reduce((sum, { runs }) => sum + runs.length, 0);
}

function plannedRuns(state: StudyState): number {
  const { seeds, folds = 1 } = state.document;
  return plannedTrials(state) * seeds * folds;
}

/** Trials of all stages, as far as they are known. */
function plannedTrials({ document, trials }: StudyState): number {
  return document.stages.reduce((sum, { sampler, count }, stage) => {
    if ("trials" in sampler) return sum + sampler.trials;
    if (sampler.kind === "list") return sum + sampler.settings.length;
    const sizes = Object.values(document.vary).map((dimension) =>
      dimension.kind === "choice" ? dimension.values.length : (count ?? dimension.count ?? 1),
    );
    const all = sizes.reduce((product, size) => product * size, 1);
    return sum + Math.max(all, trials.filter((trial) => trial.stage === stage).length);
  }, document.enqueue.length);
}

/** `best 52.30 % (51.62 to 52.98) at training.lambda 0.001` */
function bestText(state: StudyState): string | undefined {
  const finished = state.trials.filter((trial) => trialState(trial, state.document) === "finished");
  if (finished.length === 0) return undefined;
  const first = finished.reduce((a, b) => (meanAccuracy(b) > meanAccuracy(a) ? b : a));
  const trial = trialResult(first, state.document, state);
  if (trial.accuracy === undefined) return undefined;
  const { accuracy, low = accuracy, high = accuracy, setting } = trial;
  const settingTexts = Object.entries(setting).map(([path, value]) => `${path} ${settingText(value)}`);
  return `best ${percentText(accuracy)} (${percentText(low)} to ${percentText(high)}) at ${settingTexts.join(", ")}`;
}
