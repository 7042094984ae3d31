import { useCallback } from "preact/hooks";
import { confusion as drawConfusion } from "../src/plot/confusion.ts";
import { probabilityHistogram } from "../src/plot/probability-histogram.ts";
import { Figure } from "./figure.tsx";

interface ConfusionProps {
  readonly name: string;
  readonly classes: readonly string[];
  /** [class][answer]: how many test images. */
  readonly confusion: readonly (readonly number[])[];
}

/** Test images by their class and by the network's answer. */
export function ConfusionFigure({ name, classes, confusion }: ConfusionProps) {
  const draw = useCallback(
    (width: number) =>
      drawConfusion({
        id: "confusion",
        title: "Confusion matrix",
        classes,
        counts: confusion,
        width: Math.min(width, 640),
      }),
    [classes, confusion],
  );
  const data = () => ({
    columns: [
      { name: "class", quantity: "text" as const },
      ...classes.map((answer) => ({ name: answer, quantity: "count" as const })),
      { name: "right", quantity: "fraction" as const },
    ],
    rows: confusion.map((row, label) => {
      const all = row.reduce((sum, count) => sum + count, 0);
      return [classes[label], ...row, all === 0 ? Number.NaN : row[label] / all];
    }),
  });
  return (
    <section class="narrow">
      <h2>Confusion matrix</h2>
      <Figure
        name={`${name}-confusion`}
        caption="Test images by their class (rows) and by the network's answer (columns)."
        draw={draw}
        data={data}
      />
    </section>
  );
}

interface ProbabilityProps {
  readonly name: string;
  /** What each test image's class was given, of those that are answered right and of the others. */
  readonly right: readonly number[];
  readonly wrong: readonly number[];
}

/** How sure the network was of the right class, image by image. */
export function ProbabilityFigure({ name, right, wrong }: ProbabilityProps) {
  const draw = useCallback(
    (width: number) =>
      probabilityHistogram({
        ...{ id: "probabilities", title: "Probability of the right class", right, wrong },
        width: Math.min(width, 640),
      }),
    [right, wrong],
  );
  const data = () => ({
    columns: [
      { name: "answered", quantity: "text" as const },
      { name: "probability of the right class", quantity: "rate" as const },
    ],
    rows: [...right.map((value) => ["right", value] as const), ...wrong.map((value) => ["wrong", value] as const)],
  });
  return (
    <section class="narrow">
      <h2>Probability of the right class</h2>
      <Figure
        name={`${name}-probabilities`}
        caption="Test images by the probability that the network gave to their right class."
        draw={draw}
        data={data}
      />
    </section>
  );
}
