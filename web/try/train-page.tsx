import { useEffect, useState } from "preact/hooks";
import { Fault } from "../../src/fault/fault.ts";
import type { Spec } from "../../src/record/spec.ts";
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

/** What the page knows of the images that are chosen. */
export interface ChosenImages {
  readonly images?: Looks["images"] | undefined;
  readonly refusal?: unknown;
}

/** Trains in the page: data, settings, and what becomes of them. */
export function TrainPage() {
  const [picked, setPicked] = useState<PickedFiles>(new Map());
  const names = [...picked.keys()];
  const written = writtenSpec(names);
  const { spec, refusal } = useSpec(JSON.stringify(written));
  const images = useImages(spec, picked);
  const now = training.value;
  const run = now?.run;
  return (
    <>
      <h1>Train a network in this page</h1>
      <p>Nothing is installed, and nothing leaves the page. The address holds every setting: it is a link to share.</p>
      <DataSets chosen={chosenData()} picked={picked} onPick={setPicked} images={images} />
      <div class="bench">
        <section class="settings" aria-label="Settings">
          <SpecForm spec={written} />
        </section>
        <section class="shown" aria-label="The training">
          <TrainTools spec={spec} picked={picked} />
          <Refused refusal={refusal ?? images.refusal ?? now?.failure} />
          <Learned spec={spec} picked={picked} images={images.images} />
          {run === undefined ? null : <RunCurves run={run} name={run.spec.name} id="training" />}
          {now === undefined ? null : <Results training={now} />}
          <OpenInGradus written={written} spec={spec} />
        </section>
      </div>
    </>
  );
}

interface CheckedSpec {
  readonly spec?: Spec | undefined;
  readonly refusal?: unknown;
}

/** The spec made whole, or what is wrong with it. The last good one stays until it is known. */
function useSpec(text: string): CheckedSpec {
  const [checked, setChecked] = useState<CheckedSpec>({});
  useEffect(() => {
    let isWanted = true;
    look({ kind: "spec", written: JSON.parse(text) }).then(
      (spec) => isWanted && setChecked({ spec }),
      (refusal: unknown) => isWanted && setChecked({ refusal }),
    );
    return () => {
      isWanted = false;
    };
  }, [text]);
  return checked;
}

/** Looks into the images, off this thread, whenever others are chosen. */
function useImages(spec: Spec | undefined, picked: PickedFiles): ChosenImages {
  const [chosen, setChosen] = useState<ChosenImages & { readonly key?: string }>({});
  const key = spec && JSON.stringify([spec.data.dataset, spec.data.split, [...picked.keys()]]);
  useEffect(() => {
    if (spec === undefined) return;
    let isWanted = true;
    look({ kind: "images", spec, picked }).then(
      (images) => isWanted && setChosen({ images, ...(key === undefined ? {} : { key }) }),
      (refusal: unknown) => isWanted && setChosen({ refusal, ...(key === undefined ? {} : { key }) }),
    );
    return () => {
      isWanted = false;
    };
  }, [key, picked]);
  return chosen.key === key ? chosen : {};
}

/** What is wrong, and what helps. */
export function Refused({ refusal }: { readonly refusal: unknown }) {
  if (refusal === undefined) return null;
  const isFault = refusal instanceof Fault;
  return (
    <div class="refusal" role="alert">
      <p>
        <b>{isFault ? refusal.place : "A defect of Gradus"}:</b>{" "}
        {isFault ? refusal.complaint : refusal instanceof Error ? refusal.message : String(refusal)}
      </p>
      <p>{isFault ? refusal.remedy : "please report it"}</p>
    </div>
  );
}
