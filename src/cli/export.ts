import path from "node:path";
import { Fault } from "../fault/fault.ts";
import { encodeModel } from "../model/encode-model.ts";
import { encodeNpz } from "../model/npz.ts";
import { encodeOnnx } from "../model/onnx.ts";
import { conclude, createConsole } from "./console.ts";
import { findModel } from "./find-model.ts";
import { checkOutputs, writeOutput } from "./output-file.ts";
import { runFile } from "./run-files.ts";

interface ExportOptions {
  readonly out: string;
  readonly batchNorm?: "fold" | "keep";
  readonly json?: boolean;
}

/** How a model, or a whole run, becomes a file: by the file's ending. */
const formats: Readonly<Record<string, (reference: string, options: ExportOptions) => Promise<Uint8Array>>> = {
  ".onnx": async (reference, { batchNorm = "fold" }) => encodeOnnx(await findModel(reference), { batchNorm }),
  ".safetensors": async (reference) => encodeModel(await findModel(reference)),
  ".npz": async (reference) => encodeNpz(await findModel(reference)),
  ".gradus": runFile,
};

/** `gradus export MODEL|RUN --out FILE` */
export async function exportCommand(reference: string, options: ExportOptions): Promise<void> {
  const console = createConsole(options);
  const { out, batchNorm } = options;
  const ending = path.extname(out).toLowerCase();
  const encode = Object.hasOwn(formats, ending) ? formats[ending] : undefined;
  if (encode === undefined) {
    const endings = Object.keys(formats).join(", ");
    const complaint = ending === "" ? `${out} has no ending` : `nothing is known of ${ending}`;
    throw new Fault("usage", "--out", complaint, `name a file that ends in one of: ${endings}`);
  }
  if (batchNorm !== undefined && ending !== ".onnx") {
    const complaint = `a ${ending} file keeps the layers as they were trained`;
    throw new Fault("usage", "--batch-norm", complaint, "leave it out, or name a file that ends in .onnx");
  }
  await checkOutputs([{ flag: "--out", file: out }]);
  const bytes = await encode(reference, options);
  await writeOutput("--out", out, bytes);
  if (!console.json) console.say(`wrote ${out} (${bytes.length.toLocaleString("en")} bytes)`);
  conclude(console, { written: out, bytes: bytes.length }, undefined);
}
