import type { SpecInput } from "../../src/record/spec.ts";
import { address } from "../address.ts";
import { changesOf, withChanges } from "../spec-changes.ts";
import { bundledSets, dataOf } from "./bundled-sets.ts";

/** What the page can be asked to train on: a set of its own by name, a published one, or picked files. */
export type DataChoice = { readonly kind: "bundled" | "cifar-10" | "mnist" | "files"; readonly name: string };

export function chosenData(): DataChoice {
  const name = address.value.choices.get("data") ?? "spirals";
  if (name === "cifar-10" || name === "mnist" || name === "files") return { kind: name, name };
  const set = bundledSets.find((each) => each.name === name) ?? bundledSets[0];
  return { kind: "bundled", name: set.name };
}

/** The devices of a page. Each computes what it says: where another is put in place of `wasm`, so are other last bits. */
export const deviceChoices = ["wasm", "webgpu", "auto"] as const;

const onPictures = {
  network: { hidden: [50] },
  training: { batch: 100, epochs: 10, schedule: { kind: "constant" as const, rate: 0.01 } },
  device: "wasm",
};

/** What the page trains before anything is changed in its form. `files` are the names of those that were picked. */
function baseSpec({ kind, name }: DataChoice, files: readonly string[]): SpecInput {
  const set = bundledSets.find((each) => each.name === name);
  if (kind === "bundled" && set !== undefined) return { name, data: dataOf(name), ...set.settings, device: "wasm" };
  if (kind === "cifar-10") return { name, ...onPictures };
  if (kind === "mnist") {
    return { name, data: { dataset: "mnist", split: { kind: "hold-out", validation: 5000 } }, ...onPictures };
  }
  const dataset = datasetOf(files);
  return {
    name: "picked",
    evaluate: { test: "test" in dataset },
    data: { dataset, split: { kind: "fold", number: 5, of: 5 }, order: "permuted" },
    ...onPictures,
  };
}

/** What picked files are, by their names: a folder of pictures, with or without the folders `train` and `test`, or files. */
function datasetOf(files: readonly string[]): { train: string[]; test?: string } {
  const folder = files.find((file) => file.includes("/"))?.split("/", 1)[0];
  if (folder !== undefined) {
    const inside = new Set(files.flatMap((file) => file.split("/").slice(1, -1).slice(0, 1)));
    const part = (name: RegExp) => [...inside].filter((each) => name.test(each)).map((each) => `${folder}#${each}`)[0];
    const [train = folder, test] = [part(/^train/i), part(/^test/i)];
    return { train: [train], ...(test === undefined ? {} : { test }) };
  }
  const test = files.find((file) => /test/i.test(file));
  const train = files.filter((file) => file !== test && !/labels/i.test(file));
  return { train: train.length === 0 ? ["train.csv"] : train, ...(test === undefined ? {} : { test }) };
}

/** The spec as it stands in the address, not yet checked. */
export function writtenSpec(files: readonly string[]): SpecInput {
  return withChanges(baseSpec(chosenData(), files), changesOf(address.value.choices)) as SpecInput;
}
