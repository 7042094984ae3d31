import path from "node:path";
import { openFile } from "../data/formats/open-file.ts";
import { Fault } from "../fault/fault.ts";
import { nodeUnpacker } from "../files/inflate.node.ts";
import type { NamedArrays } from "../files/number-array.ts";
import { readInput } from "./read-input.ts";

/** `W1=theta1`, as `--array` takes it. @throws Fault `usage` */
export function arrayName(text: string): [ours: string, theirs: string] {
  const [, ours, theirs] = text.match(/^(d?(?:W|b|gamma|beta)[1-9]\d*|X|Y|lambda|eps|mean|std)=(.+)$/) ?? [];
  if (ours !== undefined) return [ours, theirs];
  const remedy =
    "write --array W1=NAME, with W1, b1, gamma1, beta1, dW1, ..., X, Y, lambda, eps, mean or std on the left";
  throw new Fault("usage", "--array", `"${text}" is no OURS=THEIRS`, remedy);
}

/** The arrays of an .npz or .mat file. @throws Fault `data` for another */
export async function namedArrays(file: string): Promise<NamedArrays> {
  const bytes = await readInput(file, "name an .npz or .mat file");
  const contents = openFile(bytes, path.basename(file), file, nodeUnpacker);
  if ("arrays" in contents) return contents.arrays;
  throw new Fault(
    "data",
    file,
    `this is ${contents.format}, which has no named arrays`,
    "save the arrays with numpy.savez, or in MATLAB with save -v7",
  );
}
