import { Fault } from "../fault/fault.ts";
import { encodeSafetensors } from "../files/safetensors.ts";
import type { GradientCheck } from "../gradcheck/verdict.ts";
import { divergenceFault } from "../lab/divergence-fault.ts";
import { requireTag } from "../lab/label-run.ts";
import { withStore } from "../lab/open-store.ts";
import { reportCheck } from "../lab/report-check.ts";
import type { KeptTraining } from "../lab/train-and-keep.ts";
import { toJson } from "../record/number.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { Store } from "../store/store.ts";
import type { CheckpointRhythm } from "../worker/messages.ts";
import { checkFault } from "./check.ts";
import { type CheckpointFlags, checkpointRhythm } from "./checkpoint-flags.ts";
import { conclude, createConsole } from "./console.ts";
import { checkOutputs, figureEndings, type Output, writeOutput } from "./output-file.ts";
import { changesOf, readSpec, type SpecFlags } from "./read-spec.ts";
import { sayResults } from "./results.ts";
import { trainKept } from "./train-kept.ts";

interface TrainOptions extends CheckpointFlags, SpecFlags {
  /** false with --no-store */
  readonly store: boolean;
  /** Trained side by side where they share their batches. */
  readonly seeds?: readonly number[];
  /** Runs at the ends of so many cycles. */
  readonly snapshots?: number;
  readonly tag?: readonly string[];
  readonly report?: string;
  readonly record?: string;
  readonly figure?: string;
  readonly csv?: string;
  readonly weights?: string;
  readonly model?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** undefined of a run that has none: it diverged. */
type Content = string | Uint8Array | undefined;

/** `gradus train SPEC|EXPERIMENT` */
export async function trainCommand(name: string, options: TrainOptions): Promise<void> {
  const console = createConsole(options);
  const { spec, experiment } = await readSpec(name, changesOf(options));

  for (const tag of options.tag ?? []) requireTag(tag);
  if (options.tag !== undefined && !options.store) {
    throw new Fault("usage", "--tag", "there is no store to label a run in: --no-store", "leave out one of the two");
  }
  if (options.snapshots !== undefined) {
    const { trainSnapshots } = await import("./train-snapshots.ts");
    const newRun = { spec, experiment: experiment?.id, tags: options.tag };
    await trainSnapshots(newRun, options.snapshots, options, console);
    return;
  }
  if (options.seeds !== undefined) {
    const { trainSeeds } = await import("./train-seeds.ts");
    await trainSeeds({ spec, experiment: experiment?.id, tags: options.tag }, options.seeds, options, console);
    return;
  }
  if (options.checkpointEvery !== undefined && !options.store) {
    const complaint = "there is no store to keep checkpoints in: --no-store";
    throw new Fault("usage", "--checkpoint-every", complaint, "leave out one of the two");
  }
  const figure =
    options.figure === undefined
      ? undefined
      : (await import("./figure-file.ts")).figureWriter("--figure", options.figure);
  const outputs: readonly (Output & {
    readonly content: (run: KeptTraining, gradients?: GradientCheck) => Content | Promise<Content>;
  })[] = [
    {
      flag: "--report",
      file: options.report,
      endings: [".html", ".htm"],
      content: async ({ document }, gradients) => (await import("./run-report.ts")).runReport(document, gradients),
    },
    {
      flag: "--record",
      file: options.record,
      endings: [".json"],
      content: ({ document }) => `${toJson(document, 2)}\n`,
    },
    {
      flag: "--figure",
      file: options.figure,
      endings: figureEndings,
      content: async ({ document }) => figure?.((await import("./run-report.ts")).runFigure(document)),
    },
    {
      flag: "--csv",
      file: options.csv,
      endings: [".csv"],
      content: async ({ document }) => (await import("../report/csv.ts")).seriesCsv(document.series),
    },
    {
      flag: "--weights",
      file: options.weights,
      endings: [".safetensors"],
      content: ({ document: { weightsSha256 }, weights }) => encodeSafetensors(weights, { weightsSha256 }),
    },
    { flag: "--model", file: options.model, endings: [".safetensors"], content: ({ model }) => model },
  ];
  await checkOutputs(outputs, experiment === undefined ? name : undefined);

  const newRun = { spec, experiment: experiment?.id, tags: options.tag };
  const train = async (store: Store, rhythm?: CheckpointRhythm) => {
    const run = await trainKept("train", store, newRun, console, rhythm);
    return { run, gradients: options.report === undefined ? undefined : await reportCheck(store, spec) };
  };
  const { run, gradients } = options.store
    ? await withStore((store) => train(store, checkpointRhythm(options)))
    : await train(createMemoryStore());
  sayResults(console, run, options.store);
  for (const { flag, file, content } of outputs) {
    if (file === undefined) continue;
    const bytes = await content(run, gradients);
    if (bytes !== undefined) await writeOutput(flag, file, bytes);
    if (!console.json) console.say(bytes === undefined ? `${file} is not written: the run diverged` : `wrote ${file}`);
  }
  conclude(console, run.document, divergenceFault(run.document, options.store) ?? (gradients && checkFault(gradients)));
}
