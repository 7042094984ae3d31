import { confusionCounts, truthProbabilities } from "../../src/model/predictions.ts";
import { numberText, percentText } from "../../src/plot/number-text.ts";
import { noticeText } from "../../src/report/run-notes.ts";
import { useAnswer } from "../answer.ts";
import { ConfusionFigure, ProbabilityFigure } from "../answer-figures.tsx";
import { download } from "../download.ts";
import type { Looks } from "./look-messages.ts";
import { look } from "./looker.ts";
import type { PageTraining } from "./training.ts";

/** How a training ended, and what can be taken along. */
export function Results({ training }: { readonly training: PageTraining }) {
  const { run, model, state, seconds } = training;
  const answers = useAnswers(training);
  if (run === undefined) return null;
  const { final, weightsSha256, divergence, device, notices } = run;
  // How files are read is said of files: the page's sets are none.
  const toldNotices = notices.filter(({ about }) => about !== "read-as" || training.picked.size > 0);
  return (
    <section aria-label="Results">
      <p class="note">
        Computed on {device.name} in {device.dtype}: {device.details}. {run.parameters.toLocaleString("en-US")}{" "}
        parameters.
      </p>
      {toldNotices.map((notice) => (
        <p key={`${notice.about} ${notice.step}`} class="note">
          {noticeText(notice)}
        </p>
      ))}
      {divergence === undefined ? null : (
        <p class="headline bad">
          It diverged at update {divergence.step}: {divergence.where} of layer {divergence.layer} left the finite. A
          smaller rate helps.
        </p>
      )}
      {final === undefined ? null : (
        <>
          <p class="headline good">
            {final.test === undefined
              ? `${percentText(final.validation.accuracy)} of the validation images are right.`
              : `${percentText(final.test.accuracy)} of the test images are right, ${percentText(final.validation.accuracy)} of the validation images.`}
          </p>
          <p class="note">
            {run.step.toLocaleString("en-US")} updates in {numberText(seconds, "seconds")} s. SHA-256 of the weights:{" "}
            <code class="hash">{weightsSha256}</code>
          </p>
        </>
      )}
      {model === undefined || state !== "finished" ? null : (
        <div class="tools">
          <button
            type="button"
            onClick={() => download(`${run.spec.name}.safetensors`, model, "application/octet-stream")}
          >
            Model (.safetensors)
          </button>
          <button type="button" onClick={() => void exportAs(model, run.spec.name, "onnx")}>
            Model (.onnx)
          </button>
          <button type="button" onClick={() => void exportAs(model, run.spec.name, "npz")}>
            Weights (.npz)
          </button>
        </div>
      )}
      {answers === undefined ? null : (
        <>
          <ConfusionFigure classes={answers.classes} confusion={confusionCounts(answers)} name={run.spec.name} />
          <ProbabilityFigure {...truthProbabilities(answers)} name={run.spec.name} />
        </>
      )}
    </section>
  );
}

async function exportAs(model: Uint8Array, name: string, format: "onnx" | "npz"): Promise<void> {
  download(`${name}.${format}`, await look({ kind: "convert", model, format }), "application/octet-stream");
}

/** What the network that has ended says of the test images. */
function useAnswers({ state, spec, picked, model, run }: PageTraining): Looks["answers"] | undefined {
  const canAnswer = state === "finished" && model !== undefined && (run?.examples.test ?? 0) > 0;
  const ask = () => look({ kind: "answers", spec, picked, model: model as Uint8Array });
  // What is wrong with the images has been said.
  return useAnswer(canAnswer ? run?.weightsSha256 : undefined, ask, model).value;
}
