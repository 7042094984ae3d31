import { existsSync } from "node:fs";
import { Fault } from "../fault/fault.ts";
import { kindOfFile } from "../files/kind-of-file.ts";
import { keptModel } from "../lab/kept-model.ts";
import { withRunOrFile } from "../lab/open-store.ts";
import { decodeOnnx } from "../model/decode-onnx.ts";
import { decodeModels } from "../model/ensemble-file.ts";
import type { Model } from "../model/model.ts";
import type { ModelOptions } from "./arrays-model.ts";
import { readInput } from "./read-input.ts";

const remedy = "name a model file";
/** As `kindOfFile` says it. */
const onnx = "an ONNX model";

/**
 * The model that a command names: a model file or, where there is no such file, a run of the store.
 * @throws Fault `usage` where there is neither; Fault `data` for a file that is no model
 */
export async function findModel(reference: string, options: ModelOptions = {}): Promise<Model> {
  if (!existsSync(reference)) {
    requireFile(options);
    return await withRunOrFile(reference, remedy, keptModel);
  }
  if (isOfArrays(reference)) return await arraysModel(reference, options);
  const models = await findModels(reference, options);
  if (models.length === 1) return models[0];
  throw new Fault("data", reference, "it holds several models", "`gradus predict` takes it; elsewhere name one model");
}

/** The same, or the models of a file of several. */
export async function findModels(reference: string, options: ModelOptions = {}): Promise<readonly Model[]> {
  if (!existsSync(reference) || isOfArrays(reference)) return [await findModel(reference, options)];
  requireFile(options);
  const bytes = await modelFile(reference);
  return kindOfFile(bytes)?.what === onnx ? decodeOnnx(bytes, reference) : await decodeModels(bytes, reference);
}

function isOfArrays(file: string): boolean {
  return /\.(npz|mat)$/i.test(file);
}

/** Loaded when there is such a file: it takes specs, experiments and every format of arrays. */
async function arraysModel(file: string, options: ModelOptions): Promise<Model> {
  return await (await import("./arrays-model.ts")).arraysModel(file, options);
}

function requireFile({ trainedAs, array }: ModelOptions): void {
  if (trainedAs === undefined && array === undefined) return;
  const flag = trainedAs === undefined ? "--array" : "--trained-as";
  const complaint = "is of an .npz or .mat file with weights, and another model says it itself";
  throw new Fault("usage", flag, complaint, "leave it out");
}

async function modelFile(reference: string): Promise<Uint8Array> {
  const bytes = await readInput(reference, `${remedy}, or a run that \`gradus runs\` lists`);
  const kind = kindOfFile(bytes);
  if (kind !== undefined && kind.what !== "a safetensors file" && kind.what !== onnx) {
    const complaint = `this is ${kind.what}; expected a model as \`gradus train --model FILE\` writes it, or a run`;
    throw new Fault(
      "data",
      reference,
      complaint,
      "name a .safetensors, .onnx or .npz file of Gradus, or a run that `gradus runs` lists",
    );
  }
  return bytes;
}
