import { Fault } from "../fault/fault.ts";
import { withStore } from "../lab/open-store.ts";
import { numberText, percentText } from "../plot/number-text.ts";
import { parseSpec } from "../record/parse-spec.ts";
import { conclude, createConsole } from "./console.ts";
import { changesOf, readSpec, type SpecFlags } from "./read-spec.ts";
import { trainKept } from "./train-kept.ts";

interface OverfitOptions extends SpecFlags {
  readonly examples: number;
  readonly epochs: number;
  readonly rate: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `gradus overfit SPEC`: a network that cannot learn a few examples by heart has a fault somewhere. */
export async function overfitCommand(name: string, options: OverfitOptions): Promise<void> {
  const console = createConsole(options);
  const { examples, epochs, rate } = options;
  const { spec } = await readSpec(name, changesOf(options));
  const { costLimit: _, steps: __, cycles: ___, ...training } = spec.training;
  const small = parseSpec({
    ...spec,
    name: `${spec.name}, overfitting ${examples} examples`,
    data: { ...spec.data, limit: { train: examples, validation: examples } },
    // One update an epoch, without a penalty.
    training: { ...training, batch: examples, lambda: 0, schedule: { kind: "constant", rate }, epochs },
    evaluate: { every: Math.max(1, Math.round(epochs / 10)), test: false },
  });
  const newRun = { spec: small, purpose: "overfit" };
  const { document } = await withStore((store) => trainKept("overfit", store, newRun, console));
  const { train, validation } = document.final;
  if (!console.json) {
    const [first] = document.series;
    console.say(
      `${examples} examples, ${epochs} updates at rate ${rate}: training loss ${numberText(first.train.loss, "nats")} ` +
        `to ${numberText(train.loss, "nats")}, training accuracy ${percentText(train.accuracy)}; ` +
        `${examples} validation examples: ${percentText(validation.accuracy)}.`,
    );
    if (train.accuracy === 1) console.say("The network learns its examples by heart, as it should.");
  }
  conclude(console, document, train.accuracy === 1 ? undefined : notLearned(train.accuracy, document.state));
}

function notLearned(accuracy: number, state: "finished" | "diverged"): Fault {
  const complaint =
    state === "diverged" ? "the run diverged" : `only ${percentText(accuracy)} of the examples were learned by heart`;
  return new Fault(
    "check",
    "overfit",
    complaint,
    "try another --rate or more --epochs; if no rate learns them, the network, its initial weights or its gradients are at fault (gradus check)",
  );
}
