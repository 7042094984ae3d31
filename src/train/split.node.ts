import { createHash } from "node:crypto";
import path from "node:path";
import { loadCifar10 } from "../data/cifar10.node.ts";
import { cifar10Count, cifar10Hashes, cifar10Layout } from "../data/cifar10.ts";
import { dataFolder } from "../data/data-folder.node.ts";
import type { Dataset } from "../data/dataset.ts";
import { locate } from "../data/formats/location.node.ts";
import { filesOf, readDataset } from "../data/formats/read-dataset.node.ts";
import { mnistImages, requireMnist } from "../data/mnist.node.ts";
import { mnistFiles } from "../data/mnist.ts";
import { imagesNeeded, membersNeeded, type Split, split } from "../data/splits.ts";
import { hashFile } from "../files/hash-file.node.ts";
import type { Spec } from "../record/spec.ts";
import { type DatasetFiles, divide, layoutOf, noTest } from "./divide.ts";

/**
 * The images a spec names, CIFAR-10's from `folder`, into memory from `reserve`: only the files it needs are read, and of a member that
 * is limited only the images that it keeps.
 * @throws Fault `data` for files that are missing, truncated or altered; Fault `spec` for a split that cannot be.
 */
export async function loadSplit(
  { data }: Spec,
  folder = dataFolder(),
  reserve?: (bytes: number) => Uint8Array<ArrayBuffer>,
): Promise<Split> {
  if (data.dataset === "cifar-10") {
    const needed = imagesNeeded(cifar10Layout, data.split, data.limit, cifar10Count);
    const parts = await loadCifar10(folder, membersNeeded(cifar10Layout, data.split), reserve, needed);
    return split(parts, cifar10Layout, data.split);
  }
  const files = await filesNamed(data.dataset, folder);
  const { train: _train, test: _test, ...reading } = files;
  const divided = await divide(files, data.split, (file) => readDataset(file, reading));
  if (reserve === undefined) return divided;
  const [train, validation, test] = moved([divided.train, divided.validation, divided.test], reserve);
  return { train, validation, test };
}

/**
 * What a spec's images are read from, each with the SHA-256 of its bytes; of a folder one hash over the names and hashes of
 * its pictures. Of a published dataset the members needed, with their official hashes: nothing is read.
 */
export async function datasetFiles(
  data: Spec["data"],
): Promise<readonly { readonly file: string; readonly sha256: string }[]> {
  if (data.dataset === "cifar-10") {
    const members = membersNeeded(cifar10Layout, data.split);
    // Wherever they lie: a run can be resumed on another machine.
    return members.map((member) => ({ file: member, sha256: cifar10Hashes[member] }));
  }
  if (data.dataset === "mnist") return Object.entries(mnistFiles).map(([file, { sha256 }]) => ({ file, sha256 }));
  const needed = membersNeeded(layoutOf(data.dataset), data.split).filter((name) => name !== noTest);
  const hashes = new Map<string, string>();
  for (const name of needed) {
    const files = await filesOf(name);
    const { isFolder } = await locate(name);
    if (isFolder) hashes.set(name, await hashFolder(files));
    else for (const file of files) if (!hashes.has(file)) hashes.set(file, await hashFile(file, "sha256"));
  }
  return [...hashes].map(([file, sha256]) => ({ file, sha256 }));
}

async function hashFolder(files: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const file of [...files].sort()) {
    const name = `${path.basename(path.dirname(file))}/${path.basename(file)}`;
    hash.update(`${await hashFile(file, "sha256")}  ${name}\n`);
  }
  return hash.digest("hex");
}

/** A published dataset is data files in the data folder. @throws Fault `data` for one that is not there or not right */
async function filesNamed(
  dataset: Exclude<Spec["data"]["dataset"], "cifar-10">,
  folder: string,
): Promise<DatasetFiles> {
  if (dataset !== "mnist") return dataset;
  await requireMnist(folder);
  const { train, test } = mnistImages(folder);
  return { train: [...train], test };
}

/** The same images one after the other in memory from `reserve`, so that they are there once and parts join without a copy. */
function moved(parts: readonly Dataset[], reserve: (bytes: number) => Uint8Array<ArrayBuffer>): Dataset[] {
  const block = reserve(parts.reduce((sum, { images }) => sum + images.length, 0));
  let from = 0;
  return parts.map((part) => {
    const images = block.subarray(from, (from += part.images.length));
    images.set(part.images);
    return { ...part, images };
  });
}
