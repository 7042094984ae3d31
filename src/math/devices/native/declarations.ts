import type { Dtype } from "../../device.ts";
import { type ArgumentKind, kernelSignatures, layoutSignatures } from "../kernel-signatures.ts";

type Signature = Readonly<Record<string, ArgumentKind>>;

/** Layouts that have no counterpart: a batch is kept once, whichever way it is read. */
const onlyWasm = ["packTransposed"];

/** Layouts that read and write no memory: bytes of something. */
const sizes = ["panelBytes", "affineScratch", "transposeScratch", "outerScratch"];

/** The functions of the compiled library, as C declares them, by the names of the kernels they replace. */
export function declarationsOf(dtype: Dtype): Record<string, string> {
  const typeOf = { address: "uint32_t", count: "int", number: dtype === "f32" ? "float" : "double" };
  const declared = ([name, signature]: [string, Signature], type: string, before: readonly string[]) => {
    const typedArguments = Object.entries(signature).map(([argument, kind]) => `${typeOf[kind]} ${argument}`);
    return [`${name}_${dtype}`, `${type} ${name}(${[...before, ...typedArguments].join(", ")})`];
  };
  const layouts = Object.entries<Signature>(layoutSignatures).filter(([name]) => !onlyWasm.includes(name));
  return Object.fromEntries([
    ["partialCount", "int partialCount(int inner, int parts, int n)"], // vectors are as wide as the precision has them
    ...Object.entries<Signature>(kernelSignatures).map((kernel) =>
      declared(kernel, "void", ["double memory", "int part", "int parts"]),
    ),
    ...layouts.map((layout) =>
      sizes.includes(layout[0]) ? declared(layout, "int", []) : declared(layout, "void", ["double memory"]),
    ),
  ]);
}
