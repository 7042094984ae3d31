import type { TestAnswers } from "../src/server/test-answers.ts";
import { Histogram } from "./histogram.tsx";
import { useLoaded } from "./load.ts";
import { Scroll } from "./text-table.tsx";

/** What the trained network says of the test images. */
export function Answers({ id, hasModel }: { readonly id: string; readonly hasModel: boolean }) {
  const path = `/api/runs/${encodeURIComponent(id)}`;
  const { value: answers, refusal } = useLoaded<TestAnswers>(hasModel ? `${path}/answers` : undefined);
  if (!hasModel) return <p>It has left no model yet, so there are no answers to look at.</p>;
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
      <Confusion answers={answers} />
      <Histogram counts={answers.histogram} id={id} />
      <SurestWrong answers={answers} path={path} />
    </>
  );
}

function Confusion({ answers: { classes, confusion } }: { readonly answers: TestAnswers }) {
  return (
    <section>
      <h2>Confusion matrix</h2>
      <Scroll name="Confusion matrix">
        <table class="confusion">
          <caption>Test images by their class (rows) and by the network's answer (columns)</caption>
          <thead>
            <tr>
              <th scope="col">class</th>
              {classes.map((name) => (
                <th key={name} scope="col">
                  <span>{name}</span>
                </th>
              ))}
              <th scope="col">
                <span>right (%)</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {confusion.map((row, label) => {
              const all = row.reduce((sum, count) => sum + count, 0);
              return (
                <tr key={classes[label]}>
                  <th scope="row">{classes[label]}</th>
                  {row.map((count, answer) => {
                    // Ten shades: a style sheet may colour, a page may not.
                    const shade = all === 0 ? 0 : Math.ceil((9 * count) / all);
                    return (
                      <td key={classes[answer]} class={`shade-${shade} ${answer === label ? "right" : ""}`}>
                        {count}
                      </td>
                    );
                  })}
                  <td class="number">{all === 0 ? "–" : ((100 * row[label]) / all).toFixed(1)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

function SurestWrong({ answers, path }: { readonly answers: TestAnswers; readonly path: string }) {
  const { classes, surestWrong, isPictured } = answers;
  if (surestWrong.length === 0) return <p>Every test image was answered right.</p>;
  return (
    <section>
      <h2>Most confidently wrong</h2>
      <ul class="wrong">
        {surestWrong.map(({ image, label, answer, probability }) => (
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
              <b>{classes[answer]}</b> {(100 * probability).toFixed(0)} %
            </span>
            <span class="quiet">is {classes[label]}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
