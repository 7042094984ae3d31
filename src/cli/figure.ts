import { Fault } from "../fault/fault.ts";
import { nearest } from "../fault/nearest.ts";
import { keptModel } from "../lab/kept-model.ts";
import { documentOf } from "../lab/kept-runs.ts";
import { withExistingStore } from "../lab/open-store.ts";
import { testImages } from "../lab/test-images.ts";
import { testedModel } from "../lab/tested-model.ts";
import { type Metric, metrics } from "../plot/metric.ts";
import { rateCurve } from "../plot/rate-curve.ts";
import type { KeptRun } from "../record/run-record.ts";
import { overlaidFigure } from "../report/group-curves.ts";
import { learningFigure } from "../report/learning-start.ts";
import { curvesFigure, type ReportFigure } from "../report/report-figures.ts";
import {
  classesFigure,
  confusionFigure,
  mistakesFigure,
  probabilitiesFigure,
  type TestMaterial,
  templatesFigure,
} from "../report/run-pictures.ts";
import { type SeedGroup, seedGroups } from "../report/seed-groups.ts";
import { settingsLine } from "../report/settings-line.ts";
import type { Store } from "../store/store.ts";
import { conclude, createConsole } from "./console.ts";
import { figureWriter } from "./figure-file.ts";
import { checkOutputs, writeOutput } from "./output-file.ts";
import { chosenRuns } from "./report-of.ts";
import { ratesOf } from "./run-report.ts";

interface FigureOptions {
  readonly out: string;
  readonly tag?: readonly string[];
  readonly width?: number;
  readonly json?: boolean;
}

type Draw = (store: Store, run: KeptRun) => Promise<ReportFigure | undefined>;

/** Figures of what a model says of its test images. */
const tested = (make: (material: TestMaterial) => ReportFigure | undefined): Draw => {
  return async (store, run) => {
    const model = await keptModel(store, run);
    const test = await testImages(run, "figure");
    const predictions = await testedModel(model, test);
    return make({ spec: run.spec, predictions, images: test.images, shape: colours(model.shape) });
  };
};

/** Kinds of figures of one run. */
const ofOneRun: Readonly<Record<string, Draw>> = {
  curves: async (_store, run) => {
    const document = documentOf(run);
    return curvesFigure(document, { rates: ratesOf(document) });
  },
  rate: async (_store, run) => rateFigure(run),
  templates: async (store, run) => {
    const { shape, weights, classes } = await keptModel(store, run);
    const pictured = colours(shape);
    return pictured && templatesFigure({ spec: run.spec, weights: weights.W1, shape: pictured, classes });
  },
  confusion: tested(confusionFigure),
  classes: tested(classesFigure),
  probabilities: tested(probabilitiesFigure),
  mistakes: tested(mistakesFigure),
};

/** Kinds of figures of several runs. */
const ofSeveral: Readonly<Record<string, (groups: readonly SeedGroup[]) => ReportFigure | undefined>> = {
  ...Object.fromEntries(
    Object.keys(metrics).map((metric) => [metric, (groups) => overlaidFigure(groups, metric as Metric)]),
  ),
  learning: learningFigure,
};

/** `gradus figure KIND RUN...` */
export async function figureCommand(
  kind: string,
  references: readonly string[],
  { out, width, tag = [], ...options }: FigureOptions,
): Promise<void> {
  const console = createConsole(options);
  const kinds = [...Object.keys(ofOneRun), ...Object.keys(ofSeveral)];
  if (!kinds.includes(kind)) {
    const near = nearest(kind, kinds);
    const complaint = `there is no such figure${near === undefined ? "" : `; did you mean "${near}"?`}`;
    throw new Fault("usage", kind === "" ? '""' : kind, complaint, `name one of: ${kinds.join(", ")}`);
  }
  if (references.length === 0 && tag.length === 0) {
    throw new Fault("usage", kind, "no run is named", "name runs, `latest`, or a --tag that runs have");
  }
  const drawOne = Object.hasOwn(ofOneRun, kind) ? ofOneRun[kind] : undefined;
  const written = figureWriter("--out", out);
  await checkOutputs([{ flag: "--out", file: out }]);
  const figure = await withExistingStore(async (store) => {
    const runs = await chosenRuns(store, references, tag, console.say);
    if (drawOne === undefined) return ofSeveral[kind](seedGroups(runs));
    if (runs.length === 1) return await drawOne(store, runs[0]);
    const remedy = `name one run, or draw several runs' ${Object.keys(ofSeveral).join(", ")}`;
    throw new Fault("usage", kind, `is a figure of one run, and ${runs.length} are named`, remedy);
  });
  if (figure === undefined) throw nothingToDraw(kind, [...references, ...tag], drawOne === undefined);
  const svg = figure.draw({ id: figure.name, ...(width === undefined ? {} : { width }) });
  await writeOutput("--out", out, written(svg));
  if (!console.json) console.say(`wrote ${out}\n${figure.caption}`);
  conclude(console, { written: out, caption: figure.caption }, undefined);
}

function rateFigure(run: KeptRun): ReportFigure {
  const document = documentOf(run);
  const { stepsPerEpoch, spec } = document;
  const title = `learning rate of ${spec.name} against update step`;
  return {
    name: "rate",
    title,
    draw: (layout) => rateCurve({ ...layout, rates: ratesOf(document), stepsPerEpoch, title }),
    caption: `Learning rate against the update step. ${settingsLine(spec)}.`,
  };
}

/** A shape that is a grey or a coloured picture's. */
function colours(shape: TestMaterial["shape"]): TestMaterial["shape"] {
  return shape !== undefined && (shape[0] === 1 || shape[0] === 3) ? shape : undefined;
}

function nothingToDraw(kind: string, references: readonly string[], isComparison: boolean): Fault {
  const place = references.join(", ");
  if (kind === "learning") {
    const complaint = "differ in no setting that is a number, or were not measured on the way: nothing to draw";
    return new Fault("usage", place, complaint, "train with several of a number, such as the initial sigma");
  }
  if (isComparison) {
    const remedy = "name runs of several settings or seeds that were measured on the way (evaluate.every)";
    return new Fault("usage", place, `has no two curves of ${kind} to lay over one another`, remedy);
  }
  if (kind === "curves") {
    return new Fault("usage", place, "was measured once, which is no curve", "train it with a smaller evaluate.every");
  }
  const complaint = kind === "mistakes" ? "has no mistakes that are pictures" : "was not trained on pictures";
  return new Fault("usage", place, `${complaint}: nothing to draw`, "draw another figure of it: confusion, classes");
}
