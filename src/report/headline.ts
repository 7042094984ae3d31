import type { Experiment } from "../experiments/experiment.ts";
import { reportedNumbers } from "../experiments/reported-number.ts";
import { departures, verdict } from "../experiments/verdict.ts";
import { percentText } from "../plot/number-text.ts";
import { divergencePlace } from "../record/divergence-place.ts";
import type { RunDocument } from "../record/run-document.ts";
import { acceptedText, obtainedText, publishedText, unitOf, withUnit } from "./reported-text.ts";

/** The result in one sentence. */
export interface Headline {
  readonly text: string;
  /** `plain` where there is nothing to pass or fail. */
  readonly tone: "good" | "bad" | "plain";
}

/** What a reader should know first: divergence before verdicts, verdicts before plain numbers. */
export function headline(run: RunDocument, experiment?: Experiment): Headline {
  if (run.state === "diverged") return { text: divergedText(run), tone: "bad" };
  if (experiment === undefined || experiment.numbers.length === 0) return { text: accuraciesText(run), tone: "plain" };
  const keys = departures(experiment, run).map(({ key }) => key);
  if (keys.length > 0) {
    const text = `Not the settings of ${experiment.id} (${keys.join(", ")}), so its ranges decide nothing. ${accuraciesText(run)}`;
    return { text, tone: "plain" };
  }
  const verdicts = verdict(experiment, run);
  const failed = verdicts.filter(({ passed }) => !passed);
  const sentences = (failed.length > 0 ? failed : verdicts).map((verdict) => {
    const { what, obtained, reported, passed } = verdict;
    const { name } = reportedNumbers[what];
    if (obtained === undefined) return `${name} not measured`;
    const result = `${name} ${withUnit(what, obtainedText(what, obtained))}`;
    if (!passed) return `${result}, accepted ${acceptedText(verdict)} ${unitOf(what)}`;
    return reported === undefined ? result : `${result} (reported ${withUnit(what, publishedText(what, reported))})`;
  });
  return {
    text: `${failed.length > 0 ? "Not reproduced" : "Reproduced"}: ${sentences.join("; ")}.`,
    tone: failed.length > 0 ? "bad" : "good",
  };
}

function divergedText({ divergence, spec }: RunDocument): string {
  if (divergence === undefined) return "Diverged: its numbers left the finite.";
  const { step, where } = divergence;
  if (where === "cost") {
    const limit =
      spec.training.costLimit === undefined ? "its limit" : `${spec.training.costLimit} times its first value`;
    return `Diverged after update ${step}: the cost on the training images exceeded ${limit}.`;
  }
  const { name, isPlural } = divergencePlace(divergence);
  return `Diverged after update ${step}: ${name} ${isPlural ? "are" : "is"} not finite.`;
}

function accuraciesText({ final: { train, validation, test } }: RunDocument): string {
  const accuracies = [
    ...(test === undefined ? [] : [`test ${percentText(test.accuracy)}`]),
    `validation ${percentText(validation.accuracy)}`,
    `training ${percentText(train.accuracy)}`,
  ];
  return `Accuracy: ${accuracies.join(", ")}.`;
}
