import { address, choose } from "../address.ts";
import { useAnswer } from "../answer.ts";
import { look } from "./looker.ts";
import { type Entry, nextNetwork, type Quantity, stepsOf } from "./steps.ts";
import { firstNetwork, type TinyNetwork, type TinySettings } from "./tiny.ts";

/** Where each quantity stands: what is given, the way there, the way back, the step. */
const parts = [
  { name: "Forward", names: ["X", "W1", "b1", "S1", "H", "W2", "b2", "S2", "P"] },
  { name: "Cost", names: ["Y", "L", "J"] },
  { name: "Backward", names: ["G", "dW2", "db2", "dH", "dS1", "dW1", "db1"] },
  { name: "Step", names: ["W1 next", "b1 next", "W2 next", "b2 next"] },
];

/** Updates that an address may ask for: each is worked out from the one before. */
const mostSteps = 500;

/** A network of two layers and two examples, number by number, beside the formulas of its derivation. */
export function StepPage() {
  const { choices } = address.value;
  const settings = { lambda: numberOf(choices, "lambda", 0.05), rate: numberOf(choices, "rate", 0.5) };
  const step = Math.min(mostSteps, Math.floor(numberOf(choices, "step", 0)));
  const quantities = useSteps(settings, step);
  const at = entryOf(choices.get("at") ?? "", quantities ?? []);
  const shown = quantities?.find(({ name }) => name === at?.name);
  const inputs = at === undefined || shown === undefined ? [] : shown.from(at.row, at.column);
  const isInput = (entry: Entry) => inputs.some((each) => isSame(each, entry));
  return (
    <>
      <h1>Step by step</h1>
      <p>
        Two inputs, two hidden nodes, two classes, two examples. Point at a number, or reach it with the Tab key: the
        numbers that it comes from are marked, and how it is worked out stands below.
      </p>
      <div class="tools">
        <button
          type="button"
          class="main"
          disabled={step >= mostSteps}
          onClick={() => choose({ step: String(step + 1) })}
        >
          Take the step
        </button>
        <button type="button" disabled={step === 0} onClick={() => choose({ step: undefined })}>
          Back to the start
        </button>
        <Choice name="lambda" value={settings.lambda} options={[0, 0.01, 0.05, 0.5]} />
        <Choice name="rate" value={settings.rate} options={[0.01, 0.1, 0.5, 2]} />
        <span class="note">after update {step}</span>
      </div>
      <p class="working" role="status">
        {at === undefined || shown === undefined ? "No number is pointed at." : sentence(at, shown, quantities ?? [])}
      </p>
      {quantities === undefined
        ? null
        : parts.map((part) => (
            <section key={part.name} aria-label={part.name}>
              <h2>{part.name}</h2>
              <div class="quantities">
                {part.names.map((name) => (
                  <Matrix
                    key={name}
                    quantity={quantities.find((each) => each.name === name) as Quantity}
                    at={at}
                    isInput={isInput}
                    point={(entry) => choose({ at: [entry.name, entry.row + 1, entry.column + 1].join() })}
                  />
                ))}
              </div>
            </section>
          ))}
    </>
  );
}

function useSteps(settings: TinySettings, step: number): readonly Quantity[] | undefined {
  const worked = async (network: TinyNetwork) =>
    stepsOf(network, await look({ kind: "tiny", network, settings }), settings);
  const work = async () => {
    let network = firstNetwork;
    for (let done = 0; done < step; done++) network = nextNetwork(network, await worked(network));
    return await worked(network);
  };
  return useAnswer("steps", work, JSON.stringify([settings, step])).value;
}

interface ChoiceProps {
  readonly name: "lambda" | "rate";
  readonly value: number;
  readonly options: readonly number[];
}

function Choice({ name, value, options }: ChoiceProps) {
  return (
    <label class="speed">
      {name}{" "}
      <select value={value} onChange={({ currentTarget }) => choose({ [name]: currentTarget.value })}>
        {[...new Set([...options, value])].map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}

interface MatrixProps {
  readonly quantity: Quantity;
  readonly at: Entry | undefined;
  readonly isInput: (entry: Entry) => boolean;
  readonly point: (entry: Entry) => void;
}

function Matrix({
  quantity: { name, about, formula, derivation, rows, columns, values },
  at,
  isInput,
  point,
}: MatrixProps) {
  return (
    <figure class="quantity">
      <figcaption>
        <b>{name}</b> {about}
        {formula === undefined ? null : <code>{formula}</code>}
        {derivation === undefined ? null : <span class="derivation">docs/derivations/{derivation}</span>}
      </figcaption>
      <table>
        <tbody>
          {Array.from({ length: rows }, (_, row) => (
            <tr key={row}>
              {Array.from({ length: columns }, (_, column) => {
                const entry = { name, row, column };
                const kind = at !== undefined && isSame(at, entry) ? "pointed" : isInput(entry) ? "input" : "";
                const value = shortNumber(values[row * columns + column]);
                return (
                  <td key={column}>
                    <button
                      type="button"
                      class={`entry ${kind}`}
                      aria-label={`${nameOf(entry)}: ${value}${kind === "input" ? ", an input of the number pointed at" : ""}`}
                      onFocus={() => point(entry)}
                      onPointerEnter={() => point(entry)}
                    >
                      {value}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

/** `S1[1,2] = 0.5 * 1 + ...`, entries counted from 1. */
function sentence(at: Entry, quantity: Quantity, quantities: readonly Quantity[]): string {
  const value = (entry: Entry) => {
    const { values, columns } = quantities.find(({ name }) => name === entry.name) as Quantity;
    return values[entry.row * columns + entry.column];
  };
  const text = (entry: Entry) => {
    const written = shortNumber(value(entry));
    return written.startsWith("-") ? `(${written})` : written;
  };
  const inputs = quantity.from(at.row, at.column);
  if (inputs.length === 0) return `${nameOf(at)} = ${shortNumber(value(at))}, given`;
  return `${nameOf(at)} = ${quantity.working(at.row, at.column, text)} = ${shortNumber(value(at))}`;
}

/** `dW1,1,2`, as the address has it; undefined for what is not there. */
function entryOf(text: string, quantities: readonly Quantity[]): Entry | undefined {
  const [, name, row, column] = /^(.+),(\d{1,2}),(\d{1,2})$/.exec(text) ?? [];
  const entry = { name, row: Number(row) - 1, column: Number(column) - 1 };
  const { rows = 0, columns = 0 } = quantities.find((each) => each.name === name) ?? {};
  const isThere = entry.row >= 0 && entry.row < rows && entry.column >= 0 && entry.column < columns;
  return isThere ? entry : undefined;
}

function nameOf({ name, row, column }: Entry): string {
  return `${name}[${row + 1},${column + 1}]`;
}

function isSame(a: Entry, b: Entry): boolean {
  return a.name === b.name && a.row === b.row && a.column === b.column;
}

/** Five significant digits at most. */
function shortNumber(value: number): string {
  return String(Number(value.toPrecision(5)));
}

function numberOf(choices: URLSearchParams, name: string, fallback: number): number {
  const value = Number(choices.get(name) ?? fallback);
  return Number.isFinite(value) && value >= 0 ? value : fallback;
}
