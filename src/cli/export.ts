import path from "node:path";
import { Fault } from "../fault/fault.ts";
import { encodeModel } from "../model/encode-model.ts";
import { encodeEnsemble, requireEnsemble } from "../model/ensemble-file.ts";
import type { Model } from "../model/model.ts";
import { encodeNpz } from "../model/npz.ts";
import { encodeOnnx } from "../model/onnx.ts";
import { conclude, createConsole } from "./console.ts";
import { findModel, findModels, type ModelOptions } from "./find-model.ts";
import { checkOutputs, writeOutput } from "./output-file.ts";
import { runFile } from "./run-files.ts";

interface ExportOptions extends ModelOptions {
  readonly out: string;
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
  const { out, batchNorm, ensemble: isEnsemble = false } = options;
  if (references.length > 1 && !isEnsemble) {
    const complaint = `${references.length} models are named, and a file holds one`;
    throw new Fault(
      "usage",
      "export",
      complaint,
      "name one; or add --ensemble: all of them as one, by the mean of their probabilities",
    );
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
