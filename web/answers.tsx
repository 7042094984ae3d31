import type { TestAnswers } from "../src/server/test-answers.ts";
import { ConfusionFigure, ProbabilityFigure } from "./answer-figures.tsx";
import { useLoaded } from "./load.ts";

interface AnswersProps {
  readonly id: string;
  readonly hasModel: boolean;
  /** Whether the run may still leave one. */
  readonly isOpen: boolean;
}

/** What the trained network says of the test images. */
export function Answers({ id, hasModel, isOpen }: AnswersProps) {
  const path = `/api/runs/${encodeURIComponent(id)}`;
  const { value: answers, refusal } = useLoaded<TestAnswers>(hasModel ? `${path}/answers` : undefined);
  if (!hasModel) return <p>It has left no model{isOpen ? " yet" : ""}, so there are no answers to look at.</p>;
  if (refusal !== undefined) {
    return (
      <p>
        No answers: {refusal.complaint}; {refusal.remedy}.
      </p>
    );
  }
  if (answers === undefined) return <p role="status">Asking the network about the test images…</p>;
  return (
    <>
      <ConfusionFigure classes={answers.classes} confusion={answers.confusion} name={id} />
      <ProbabilityFigure right={answers.right} wrong={answers.wrong} name={id} />
      <SurestWrong answers={answers} path={path} />
    </>
  );
}

function SurestWrong({ answers, path }: { readonly answers: TestAnswers; readonly path: string }) {
  const { classes, surestWrong, isPictured } = answers;
  if (surestWrong.length === 0) return <p>Every test image was answered right.</p>;
  return (
    <section>
      <h2>Most confidently wrong</h2>
      <ul class="wrong">
        {surestWrong.map(({ image, label, predicted, probability }) => (
          <li key={image}>
            {isPictured ? (
              <img
                class="pixels"
                src={`${path}/test-images/${image}`}
                alt={`number ${image} of the test, ${classes[label]}`}
              />
            ) : (
              <span class="id">image {image}</span>
            )}
            <span>
              <b>{classes[predicted]}</b> {(100 * probability).toFixed(0)} %
            </span>
            <span class="quiet">is {classes[label]}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
