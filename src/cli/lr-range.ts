import { stringify } from "yaml";
import { Fault } from "../fault/fault.ts";
import { withStore } from "../lab/open-store.ts";
import { trainingImages } from "../lab/training-images.ts";
import { accuracyAgainstRate } from "../plot/against-rate.ts";
import { numberText, percentText } from "../plot/number-text.ts";
import type { Measurement } from "../record/event.ts";
import { parseSpec } from "../record/parse-spec.ts";
import { rateRange } from "../train/rate-range.ts";
import { conclude, createConsole } from "./console.ts";
import { figureWriter } from "./figure-file.ts";
import { checkOutputs, figureEndings, writeOutput } from "./output-file.ts";
import { changesOf, readSpec, type SpecFlags } from "./read-spec.ts";
import { trainKept } from "./train-kept.ts";

interface RangeOptions extends SpecFlags {
  readonly from: number;
  readonly to: number;
  readonly epochs: number;
  readonly points: number;
  readonly out?: string;
  readonly figure?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `gradus lr-range SPEC`: raises the rate step by step and finds between which rates the network learns. */
export async function rangeCommand(name: string, options: RangeOptions): Promise<void> {
  const console = createConsole(options);
  const { from, to, epochs, points } = options;
  if (from >= to) throw new Fault("usage", "--from", `${from} does not lie below --to ${to}`, "exchange the two");
  const { spec } = await readSpec(name, changesOf(options));
  await checkOutputs([
    { flag: "--out", file: options.out, endings: [".yaml", ".yml"] },
    { flag: "--figure", file: options.figure, endings: figureEndings },
  ]);
  const written = options.figure === undefined ? undefined : figureWriter("--figure", options.figure);
  const { steps: _, cycles: __, epochs: ___, ...training } = spec.training;
  const images = await trainingImages(spec);
  const test = parseSpec({
    ...spec,
    name: `${spec.name}, rate range test`,
    training: { ...training, schedule: { kind: "ramp", min: from, max: to }, epochs },
    evaluate: { every: Math.max(1, Math.floor((epochs * images) / training.batch / points)), test: false },
  });
  const newRun = { spec: test, purpose: "lr-range" };
  const { document } = await withStore((store) => trainKept("lr-range", store, newRun, console));
  const range = rateRange(document.series);
  if (options.figure !== undefined && written !== undefined) {
    const title = `accuracy of ${spec.name} against the learning rate`;
    const svg = accuracyAgainstRate({ series: document.series, ...(range && { range }), id: "rate-range", title });
    await writeOutput("--figure", options.figure, written(svg));
  }
  if (range === undefined) {
    const remedy = "give other rates with --from and --to, or look at the run with --figure";
    conclude(console, document, new Fault("check", "lr-range", "no rate in this range improves on the start", remedy));
    return;
  }
  const halfCycle = 5 * document.stepsPerEpoch;
  const origin =
    `found by a rate range test of ${epochs} epochs from ${from} to ${to}: validation accuracy rises from rate ` +
    `${numberText(range.min, "rate")} on and is largest, ${percentText(range.accuracy)}, at ${numberText(range.max, "rate")}`;
  const foundSpec = {
    ...spec,
    training: { ...training, schedule: { kind: "triangular", min: range.min, max: range.max, halfCycle }, cycles: 1 },
  };
  if (options.out !== undefined) {
    const command = `# gradus lr-range ${name} --from ${from} --to ${to} --epochs ${epochs} --points ${points}`;
    await writeOutput("--out", options.out, `# training.schedule: ${origin}.\n${command}\n${stringify(foundSpec)}`);
  }
  if (!console.json) {
    console.say(table(document.series));
    console.say(`\nRates from ${numberText(range.min, "rate")} to ${numberText(range.max, "rate")}: ${origin}.`);
    if (options.figure !== undefined) console.say(`wrote ${options.figure}`);
    if (options.out !== undefined) console.say(`wrote ${options.out}; train it with: gradus train ${options.out}`);
  }
  const measured = document.series.map(({ learningRate, train, validation }) => ({
    learningRate,
    trainLoss: train.loss,
    trainAccuracy: train.accuracy,
    validationAccuracy: validation.accuracy,
  }));
  conclude(console, { range: { ...range, origin }, measured, spec: foundSpec, run: document }, undefined);
}

function table(series: readonly Measurement[]): string {
  const rows = series.map(({ learningRate, train, validation }) =>
    [
      numberText(learningRate, "rate").padStart(10),
      numberText(train.loss, "nats").padStart(15),
      percentText(validation.accuracy).padStart(21),
    ].join("  "),
  );
  return ["      rate  loss (training)  accuracy (validation)", ...rows].join("\n");
}
