import type { CheckOptions } from "../../src/gradcheck/check.ts";
import { address, choose, link } from "../address.ts";
import { useAnswer } from "../answer.ts";
import { TextTableView } from "../text-table.tsx";
import { Tick } from "../tick.tsx";
import { breakages } from "./breakages.ts";
import type { Looks } from "./look-messages.ts";
import { look } from "./looker.ts";
import { Refused } from "./train-page.tsx";

const losses: Readonly<Record<string, CheckOptions["loss"]>> = {
  softmax: undefined,
  smoothed: { kind: "softmax", smoothing: 0.1 },
  sigmoid: { kind: "sigmoid", over: "mean" },
  hinge: { kind: "hinge", margin: 1 },
};

/** Compares hand-derived gradients with numeric ones, of a network that is right or one that is broken on purpose. */
export function CheckPage() {
  const { choices } = address.value;
  const broken = choices.get("break") ?? "";
  const layers = (choices.get("layers") ?? "1,2")
    .split(",")
    .map(Number)
    .filter((layer) => layer >= 1 && layer <= 4);
  const loss = choices.get("loss") ?? "softmax";
  const isNormalised = choices.get("norm") === "yes";
  const { value, refusal } = useCheck(layers, loss, isNormalised, broken);
  const breakage = breakages.find(({ id }) => id === broken);
  return (
    <>
      <h1>Gradient check</h1>
      <p>
        Every gradient of Gradus is derived by hand (docs/derivations). Here each is compared with differences of the
        cost, entry by entry. Break one on purpose, and see what the check says.
      </p>
      <div class="filters">
        <label>
          Break
          <select value={broken} onChange={({ currentTarget }) => choose({ break: currentTarget.value })}>
            <option value="">nothing: the gradients as they are</option>
            {breakages.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
            <option value="standardisation">Skip the standardisation of the inputs</option>
          </select>
        </label>
        <label>
          Layers
          <select value={layers.join()} onChange={({ currentTarget }) => choose({ layers: currentTarget.value })}>
            {["1", "2", "1,2", "3", "4"].map((each) => (
              <option key={each} value={each}>
                {each.replace(",", " and ")}
              </option>
            ))}
          </select>
        </label>
        <label>
          Loss
          <select value={loss} onChange={({ currentTarget }) => choose({ loss: currentTarget.value })}>
            {Object.keys(losses).map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <Tick checked={isNormalised} onTick={(isTicked) => choose({ norm: isTicked ? "yes" : undefined })}>
          batch normalisation
        </Tick>
      </div>
      {breakage === undefined ? null : (
        <p>
          What the broken code does: <code>{breakage.formula}</code>
        </p>
      )}
      <Refused refusal={refusal} />
      {value === undefined ? (
        refusal === undefined && <p role="status">Checking every entry of every gradient…</p>
      ) : (
        <>
          <p class={`headline ${value.passed ? "good" : "bad"}`} role="status">
            {verdict(value, broken)}
          </p>
          <TextTableView table={value.table} />
        </>
      )}
      {broken === "standardisation" ? <Standardisation /> : null}
    </>
  );
}

function verdict({ passed, parameters }: Looks["gradients"], broken: string): string {
  const failed = [...new Set(parameters.filter((parameter) => !parameter.passed).map(({ name }) => name))];
  if (!passed) return `The check fails, and says where: ${failed.join(", ")}.`;
  if (broken === "") return "The check passes: every gradient is right.";
  if (broken === "standardisation")
    return "The check passes: no gradient is wrong where the data are. It cannot see this mistake.";
  return "The check passes: this network does not use what is broken. Choose another network, and it shows.";
}

function Standardisation() {
  const set = (preprocess: string) =>
    link("train", "", { data: "shapes", "set.data.preprocess": JSON.stringify(preprocess) });
  return (
    <p>
      What suffers is the training. Train <a href={set("none")}>without it</a>, bytes from 0 to 255 as they are, and{" "}
      <a href={set("standardise")}>with it</a>.
    </p>
  );
}

function useCheck(layers: readonly number[], loss: string, isNormalised: boolean, broken: string) {
  const chosen = losses[loss];
  const options: CheckOptions = {
    layers: [...layers],
    ...(chosen === undefined ? {} : { loss: chosen }),
    ...(isNormalised ? { batchNorm: {} } : {}),
  };
  return useAnswer(JSON.stringify([options, broken]), () => look({ kind: "gradients", options, breakage: broken }));
}
