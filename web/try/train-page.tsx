import { useState } from "preact/hooks";
import { Fault } from "../../src/fault/fault.ts";
import type { Spec } from "../../src/record/spec.ts";
import { useAnswer } from "../answer.ts";
import { RefusalNote } from "../refusal-note.tsx";
import { RunCurves } from "../run-curves.tsx";
import { DataSets } from "./data-sets.tsx";
import type { PickedFiles } from "./image-source.ts";
import { Learned } from "./learned.tsx";
import type { Looks } from "./look-messages.ts";
import { look } from "./looker.ts";
import { OpenInGradus } from "./open-in-gradus.tsx";
import { chosenData, writtenSpec } from "./page-spec.ts";
import { Results } from "./results.tsx";
import { SpecForm } from "./spec-form.tsx";
import { TrainTools } from "./train-tools.tsx";
import { training } from "./training.ts";

/** Trains in the page: data, settings, and what becomes of them. */
export function TrainPage() {
  const [picked, setPicked] = useState<PickedFiles>(new Map());
  const names = [...picked.keys()];
  const written = writtenSpec(names);
  const { value: spec, refusal } = useSpec(JSON.stringify(written));
  const images = useImages(spec, picked);
  return (
    <>
      <h1>Train a network in this page</h1>
      <p>Nothing is installed, and nothing leaves the page. The address holds every setting: it is a link to share.</p>
      <DataSets chosen={chosenData()} picked={picked} onPick={setPicked} images={images.value} />
      <div class="bench">
        <section class="settings" aria-label="Settings">
          <SpecForm spec={written} />
        </section>
        <section class="shown" aria-label="The training">
          <Trained spec={spec} picked={picked} images={images.value} refusal={refusal ?? images.refusal} />
          <OpenInGradus written={written} spec={spec} />
        </section>
      </div>
    </>
  );
}

interface TrainedProps {
  readonly spec: Spec | undefined;
  readonly picked: PickedFiles;
  readonly images: Looks["images"] | undefined;
  readonly refusal: unknown;
}

/** All that changes while it trains, and nothing else: the form is large. */
function Trained({ spec, picked, images, refusal }: TrainedProps) {
  const now = training.value;
  const run = now?.run;
  return (
    <>
      <TrainTools spec={spec} picked={picked} />
      <Refused refusal={refusal ?? now?.failure} />
      <Learned spec={spec} picked={picked} images={images} />
      {run === undefined ? null : <RunCurves run={run} name={run.spec.name} id="training" />}
      {now === undefined ? null : <Results training={now} />}
    </>
  );
}

/** The spec made whole, or what is wrong with it. The last one stays until it is known. */
function useSpec(text: string) {
  return useAnswer("spec", () => look({ kind: "spec", written: JSON.parse(text) }), text);
}

/** Looks into the images, off this thread, whenever others are chosen. */
function useImages(spec: Spec | undefined, picked: PickedFiles) {
  const key = spec && JSON.stringify([spec.data.dataset, spec.data.split, [...picked.keys()]]);
  return useAnswer(key, () => look({ kind: "images", spec: spec as Spec, picked }), picked);
}

/** What is wrong, and what helps. */
export function Refused({ refusal }: { readonly refusal: unknown }) {
  if (refusal === undefined) return null;
  if (refusal instanceof Fault) return <RefusalNote refusal={refusal} />;
  const complaint = refusal instanceof Error ? refusal.message : String(refusal);
  return <RefusalNote refusal={{ place: "A defect of Gradus", complaint, remedy: "please report it" }} />;
}
