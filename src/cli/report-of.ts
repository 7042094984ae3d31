import { findPublished } from "../experiments/catalogue.ts";
import { identityOf } from "../experiments/identity.ts";
import { Fault } from "../fault/fault.ts";
import type { GradientCheck } from "../gradcheck/verdict.ts";
import { documentOf, findRun, hasEnded, readRun } from "../lab/kept-runs.ts";
import { requireStudy } from "../lab/kept-studies.ts";
import { listRuns } from "../lab/list-runs.ts";
import { reportCheck } from "../lab/report-check.ts";
import type { KeptRun } from "../record/run-record.ts";
import type { Spec } from "../record/spec.ts";
import { type ReportContent, reportContent } from "../report/report-content.ts";
import type { ReportedRun } from "../report/reported-run.ts";
import { runsContent } from "../report/runs-content.ts";
import { type StudyMaterial, studyContent } from "../report/study-content.ts";
import { specOf } from "../search/check-search.ts";
import { searchResult } from "../search/search-result.ts";
import type { StudyState } from "../search/study-state.ts";
import type { Store } from "../store/store.ts";
import { runPictures } from "./run-pictures.ts";
import { ratesOf, reportMaterial } from "./run-report.ts";

interface Content {
  readonly content: ReportContent;
  readonly checks: readonly GradientCheck[];
  /** When what it reports began; empty where that is not kept. */
  readonly day: string;
}

/** A study with what its report needs from the store. */
export interface ReportedStudy extends StudyMaterial {
  readonly gradients: readonly GradientCheck[];
  readonly day: string;
}

/** The report of runs and searches: of one run, of one search, or of several things beside one another. */
export async function contentOf(
  store: Store,
  runs: readonly KeptRun[],
  studies: readonly ReportedStudy[],
): Promise<Content> {
  if (runs.length === 1 && studies.length === 0) return await ofOne(store, runs[0]);
  if (runs.length === 0 && studies.length === 1) {
    const [study] = studies;
    return { content: await studyContent(study), checks: study.gradients, day: study.day };
  }
  const ofRuns = await checksOf(
    store,
    runs.map(({ spec }) => spec),
  );
  const gradients = distinct([...ofRuns, ...studies.flatMap((study) => study.gradients)]);
  const content = await runsContent({
    title: titleOf(runs.length, studies.length),
    gradients,
    runs: runs.map((run) => reportedRun(store, run)),
    studies,
  });
  return { content, checks: gradients, day: runs[0]?.startedAt.slice(0, 10) ?? studies[0].day };
}

function titleOf(runs: number, studies: number): string {
  const parts = [
    ...(runs === 0 ? [] : [`${runs} ${runs === 1 ? "run" : "runs"}`]),
    ...(studies === 0 ? [] : [`${studies} ${studies === 1 ? "search" : "searches"}`]),
  ];
  return `Report of ${parts.join(" and ")}`;
}

async function ofOne(store: Store, run: KeptRun): Promise<Content> {
  const document = documentOf(run);
  const check = await reportCheck(store, run.spec);
  const pictures = await runPictures(store, run, "");
  const content = reportContent({ ...reportMaterial(document, check), pictures });
  return { content, checks: [check], day: run.startedAt.slice(0, 10) };
}

function reportedRun(store: Store, run: KeptRun): ReportedRun {
  const document = documentOf(run);
  return { run, document, rates: ratesOf(document), pictures: (prefix) => runPictures(store, run, prefix) };
}

/** A study by its name. @throws Fault `usage` where there is none, or it has nothing to report yet */
export async function reportedStudy(store: Store, name: string): Promise<ReportedStudy> {
  const { state } = await requireStudy(store, name);
  return await studyMaterial(store, state);
}

/** The same of a study's state. @throws Fault `usage` where no trial has finished */
export async function studyMaterial(store: Store, state: StudyState): Promise<ReportedStudy> {
  const result = searchResult(state);
  const { study, document, order, stages, final } = result;
  const trials = stages.flatMap((stage) => stage.trials);
  const [best] = order;
  if (best === undefined) {
    throw new Fault("usage", study, "has no finished trial to report", `\`gradus search ${study}\` goes on with it`);
  }
  const finalRun = final === null ? undefined : await runThatIsKept(store, final.run);
  const first = finalRun ?? (await runThatIsKept(store, trials[best].runs[0].run));
  return {
    result,
    final: finalRun && reportedRun(store, finalRun),
    gradients: await checksOf(store, architectures(order.map((at) => specOf(document.spec, trials[at].setting)))),
    day: first?.startedAt.slice(0, 10) ?? "",
  };
}

async function runThatIsKept(store: Store, id: string | undefined): Promise<KeptRun | undefined> {
  if (id === undefined || (await store.read(id)).length === 0) return undefined;
  return await readRun(store, id);
}

/** The gradient checks of networks, each kind of network once. */
async function checksOf(store: Store, specs: readonly Spec[]): Promise<readonly GradientCheck[]> {
  const checks: GradientCheck[] = [];
  for (const spec of specs) checks.push(await reportCheck(store, spec));
  return distinct(checks);
}

/** Of each architecture the first: a search over the penalty is one network. */
function architectures(specs: readonly Spec[]): readonly Spec[] {
  const kinds = specs.map(({ network: { hidden, batchNorm }, training: { loss } }) =>
    JSON.stringify([hidden.length, batchNorm, loss]),
  );
  return specs.filter((_, at) => kinds.indexOf(kinds[at]) === at);
}

function distinct(checks: readonly GradientCheck[]): readonly GradientCheck[] {
  const keyed = checks.map((check) => {
    const { problem, parameters } = check;
    return [JSON.stringify([problem, parameters.map(({ layers, lambda }) => [layers, lambda])]), check] as const;
  });
  return [...new Map(keyed).values()];
}

/**
 * Runs by name, all that are an experiment, and all that have ended with one of the tags; each once.
 * @param say hears how many with a tag have not ended
 * @throws Fault `usage` where there is none
 */
export async function chosenRuns(
  store: Store,
  references: readonly string[],
  tags: readonly string[],
  say: (sentence: string) => void,
): Promise<KeptRun[]> {
  const hasLists = tags.length > 0 || references.some((reference) => findPublished(reference) !== undefined);
  const { runs: allRuns } = hasLists ? await listRuns(store) : { runs: [] };
  const ids: string[] = [];
  for (const reference of references) {
    const published = findPublished(reference);
    if (published === undefined) {
      ids.push(await findRun(store, reference));
      continue;
    }
    const ofExperiment = allRuns.filter((run) => {
      const identity = identityOf(run);
      return identity?.published.id === published.id && identity.departures.length === 0 && run.state === "finished";
    });
    if (ofExperiment.length === 0) {
      const complaint = "no finished run of this experiment is kept";
      throw new Fault("usage", reference, complaint, `train it: \`gradus train ${published.id}\``);
    }
    ids.push(...ofExperiment.map(({ id }) => id));
  }
  for (const tag of tags) {
    const tagged = allRuns.filter((run) => run.tags.includes(tag));
    if (tagged.length === 0) {
      const complaint = `no run has the tag ${tag}`;
      throw new Fault("usage", "--tag", complaint, "`gradus runs` lists the runs with their tags");
    }
    const ended = tagged.filter(hasEnded);
    if (ended.length === 0) {
      const remedy = "wait for their end, or bring them to it: `gradus resume`";
      throw new Fault("usage", "--tag", `none of ${tagged.length} runs with the tag ${tag} has ended`, remedy);
    }
    if (ended.length < tagged.length)
      say(`left out: ${tagged.length - ended.length} with the tag ${tag} that have not ended`);
    ids.push(...ended.map(({ id }) => id));
  }
  return await Promise.all([...new Set(ids)].map((id) => readRun(store, id)));
}
