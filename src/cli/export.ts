import path from "node:path";
import { Fault } from "../fault/fault.ts";
import { listRuns } from "../lab/list-runs.ts";
import { withExistingStore } from "../lab/open-store.ts";
import { encodeModel } from "../model/encode-model.ts";
import { encodeEnsemble, requireEnsemble } from "../model/ensemble-file.ts";
import type { Model } from "../model/model.ts";
import { encodeNpz } from "../model/npz.ts";
import { encodeOnnx } from "../model/onnx.ts";
import { runsCsv, settingPaths } from "../report/runs-csv.ts";
import type { ModelOptions } from "./arrays-model.ts";
import { type Console, conclude, createConsole } from "./console.ts";
import { findModel, findModels } from "./find-model.ts";
import { checkOutputs, writeOutput } from "./output-file.ts";
import { runFile } from "./run-files.ts";

interface ExportOptions extends ModelOptions {
  readonly out?: string;
  /** Every run of the store instead of one. */
  readonly all?: boolean;
  readonly csv?: string;
  readonly batchNorm?: "fold" | "keep";
  /** Several models as one. */
  readonly ensemble?: boolean;
  readonly json?: boolean;
}

/** How a model, or a whole run, becomes a file: by the file's ending. */
const formats: Readonly<Record<string, (reference: string, options: ExportOptions) => Promise<Uint8Array>>> = {
  ".onnx": async (reference, { batchNorm = "fold", ...options }) =>
    encodeOnnx(await findModel(reference, options), { batchNorm }),
  ".safetensors": async (reference, options) => encodeModel(await findModel(reference, options)),
  ".npz": async (reference, options) => encodeNpz(await findModel(reference, options)),
  ".gradus": runFile,
};

/** How several models become one file. */
const ensembleFormats: Readonly<
  Record<string, (models: readonly Model[], options: ExportOptions) => Promise<Uint8Array>>
> = {
  ".onnx": async (models, { batchNorm = "fold" }) => encodeOnnx(models, { batchNorm }),
  ".safetensors": encodeEnsemble,
};

/** `gradus export MODEL|RUN --out FILE`, `gradus export --ensemble MODEL|RUN... --out FILE` */
export async function exportCommand(references: readonly string[], options: ExportOptions): Promise<void> {
  const console = createConsole(options);
  const { out, batchNorm, all, csv, ensemble: isEnsemble = false } = options;
  if (all || csv !== undefined) {
    await exportAll(references, options, console);
    return;
  }
  if (references.length === 0) {
    throw new Fault("usage", "export", "no model is named", "name a run or a model's file, or give --all --csv FILE");
  }
  if (references.length > 1 && !isEnsemble) {
    const complaint = `${references.length} models are named, and a file holds one`;
    throw new Fault(
      "usage",
      "export",
      complaint,
      "name one; or add --ensemble: all of them as one, by the mean of their probabilities",
    );
  }
  if (out === undefined) {
    throw new Fault("usage", "--out", "no file is named", "give --out FILE.onnx, .npz, .safetensors or .gradus");
  }
  const ending = path.extname(out).toLowerCase();
  const known: Readonly<Record<string, unknown>> = isEnsemble ? ensembleFormats : formats;
  if (!Object.hasOwn(known, ending)) {
    const endings = Object.keys(known).join(", ");
    const complaint =
      ending === ""
        ? `${out} has no ending`
        : isEnsemble && Object.hasOwn(formats, ending)
          ? `a ${ending} file holds one`
          : `nothing is known of ${ending}`;
    throw new Fault("usage", "--out", complaint, `name a file that ends in one of: ${endings}`);
  }
  if (batchNorm !== undefined && ending !== ".onnx") {
    const complaint = `a ${ending} file keeps the layers as they were trained`;
    throw new Fault("usage", "--batch-norm", complaint, "leave it out, or name a file that ends in .onnx");
  }
  await checkOutputs([{ flag: "--out", file: out }]);
  const bytes = isEnsemble
    ? await ensembleFormats[ending](await modelsOf(references), options)
    : await formats[ending](references[0], options);
  await writeOutput("--out", out, bytes);
  if (!console.json) console.say(`wrote ${out} (${bytes.length.toLocaleString("en")} bytes)`);
  conclude(console, { written: out, bytes: bytes.length }, undefined);
}

/** All the models that are named, those of a file of several too. */
async function modelsOf(references: readonly string[]): Promise<readonly Model[]> {
  const models: Model[] = [];
  for (const reference of references) models.push(...(await findModels(reference)));
  requireEnsemble(models, "--ensemble");
  return models;
}

/** All runs, every setting in a column of its own. */
async function exportAll(
  references: readonly string[],
  { all, csv, out }: ExportOptions,
  console: Console,
): Promise<void> {
  if (!all || csv === undefined || references.length > 0 || out !== undefined) {
    const complaint = "all runs are exported as a table, and nothing else at once";
    throw new Fault("usage", all ? "--all" : "--csv", complaint, "gradus export --all --csv runs.csv");
  }
  await checkOutputs([{ flag: "--csv", file: csv, endings: [".csv"] }]);
  await withExistingStore(async (store) => {
    const { runs, unreadable } = await listRuns(store);
    await writeOutput("--csv", csv, runsCsv(runs, settingPaths(runs)));
    if (!console.json) console.say(`wrote ${csv} (${runs.length} runs)`);
    for (const fault of unreadable) if (!console.json) console.say(`cannot be read: ${fault.message}`);
    conclude(
      console,
      { written: csv, runs: runs.length, unreadable: unreadable.map(({ message }) => message) },
      undefined,
    );
  });
}
