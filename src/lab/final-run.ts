import { Fault } from "../fault/fault.ts";
import { encodeRunEvent } from "../record/run-event.ts";
import type { Spec } from "../record/spec.ts";
import { specOf } from "../search/check-search.ts";
import { conclusion } from "../search/conclusion.ts";
import type { StudyState } from "../search/study-state.ts";
import type { Store } from "../store/store.ts";
import type { KeptStudy } from "./kept-studies.ts";
import { type TrainingOptions, trainAndKeep } from "./train-and-keep.ts";

/**
 * Trains a study's best setting for good, and asks the test set, which no trial has seen, what it gives: once, for the answer is
 * kept, and asked again is given again.
 * @throws Fault `usage` where no trial has finished; Fault `diverged` where the final run diverges
 */
export async function finalRun(store: Store, study: KeptStudy, options: TrainingOptions): Promise<StudyState> {
  if (study.state.final !== undefined) return study.state;
  const [trial] = conclusion(study.state).order;
  if (trial === undefined) {
    const remedy = `\`gradus search ${study.name}\` goes on with it`;
    throw new Fault("usage", study.name, "has no finished trial to train for good", remedy);
  }
  const spec = finalSpec(study.state, trial);
  const [{ run, document }] = await trainAndKeep(store, [{ spec }], options);
  const label = encodeRunEvent({ kind: "labelled", tags: [study.name] });
  await store.append({ log: run.id, kind: "run", at: run.entries, entries: [label] });
  const { test } = document.final;
  if (document.state === "diverged" || test === undefined) {
    const remedy = "give the document's final other settings, and begin a study of its own with --fork";
    throw new Fault("diverged", run.id, "the final run diverged: the test set was not asked", remedy);
  }
  const { train: trainImages, test: testImages } = document.examples;
  const { accuracy: testAccuracy, loss: testLoss } = test;
  await study.append([{ kind: "final", trial, run: run.id, trainImages, testImages, testAccuracy, testLoss }]);
  return study.state;
}

/** The winner's spec; of a published dataset all images but 1,000 train where the document says nothing else. */
function finalSpec({ document, trials }: StudyState, trial: number): Spec {
  const setting = trials[trial].setting;
  const spec = specOf(document.spec, setting);
  const all = typeof spec.data.dataset === "string" ? { "data.split": { kind: "hold-out", validation: 1000 } } : {};
  const changes = { ...setting, ...(document.final ?? all), "evaluate.test": true, name: `${document.name}-final` };
  return specOf(document.spec, changes);
}
