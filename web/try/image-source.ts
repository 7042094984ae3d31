import { cifar10Hashes, cifar10Layout, parseCifar10Batch } from "../../src/data/cifar10.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import { datasetIn } from "../../src/data/formats/dataset-in.ts";
import { idxLabelsNames } from "../../src/data/formats/idx.ts";
import { openFile } from "../../src/data/formats/open-file.ts";
import { mnistFiles } from "../../src/data/mnist.ts";
import { membersNeeded, type Split, split } from "../../src/data/splits.ts";
import { Fault } from "../../src/fault/fault.ts";
import { pageUnpacker } from "../../src/files/inflate.browser.ts";
import { limits } from "../../src/files/limits.ts";
import { sha256 } from "../../src/files/sha256.ts";
import type { Spec } from "../../src/record/spec.ts";
import { divide } from "../../src/train/divide.ts";
import { bundledFile, csvOf } from "./bundled-sets.ts";

/** Files that a person has picked, by their names, those of a folder with its name before: `pets/cat/1.png`. They are read where they are needed, and leave the page for nowhere. */
export type PickedFiles = ReadonlyMap<string, Blob>;

/** The images that a spec names: of the page's own sets, of picked files, or CIFAR-10's. @throws Fault `data`, `spec` */
export async function loadImages({ data }: Pick<Spec, "data">, picked: PickedFiles): Promise<Split> {
  if (data.dataset === "cifar-10") {
    const members: Dataset[] = [];
    for (const member of membersNeeded(cifar10Layout, data.split)) {
      const file = `${member}.bin`;
      members.push(parseCifar10Batch(await published(file, cifar10Hashes[member], picked), file));
    }
    return split(members, cifar10Layout, data.split);
  }
  const files = data.dataset === "mnist" ? mnist : data.dataset;
  const { train: _train, test: _test, ...reading } = files;
  return await divide(files, data.split, async (place) => {
    const [, file = place, part] = place.match(/^(.+)#([^#/\\]+)$/) ?? [];
    if ([...picked.keys()].some((name) => name.startsWith(`${file}/`))) {
      const { readPickedFolder } = await import("./picked-folders.ts");
      return await readPickedFolder(picked, file, place, { part, ...reading });
    }
    const contents = await opened(file, picked);
    const labels = idxLabelsNames(file).find((name) => picked.has(name) || name in mnistFiles);
    const beside = async () => labels && { file: labels, contents: await opened(labels, picked) };
    return await datasetIn(
      contents,
      { place, file, beside: async () => (await beside()) || undefined },
      { part, ...reading },
    );
  });
}

const mnist = { train: ["train-images-idx3-ubyte"], test: "t10k-images-idx3-ubyte" };

async function opened(file: string, picked: PickedFiles) {
  return openFile(await bytesOf(file, picked), file, file, pageUnpacker);
}

async function bytesOf(file: string, picked: PickedFiles): Promise<Uint8Array> {
  const blob = picked.get(file);
  if (blob === undefined) {
    if (file in mnistFiles) return await published(file, mnistFiles[file as keyof typeof mnistFiles].sha256, picked);
    const bundled = bundledFile(file);
    if (bundled !== undefined) return new TextEncoder().encode(csvOf(bundled.set, bundled.part));
    throw new Fault("data", file, "this file was not picked", "pick it with the button beside the data sets");
  }
  if (blob.size > limits.fileBytes) {
    throw new Fault("data", file, `has ${blob.size} bytes`, `pick a file of at most ${limits.fileBytes}`);
  }
  return new Uint8Array(await blob.arrayBuffer());
}

/** A published file: picked, or from the server that has served this page. */
async function published(file: string, hash: string, picked: PickedFiles): Promise<Uint8Array> {
  const blob = picked.get(file);
  const bytes = blob === undefined ? await fromServer(file) : new Uint8Array(await blob.arrayBuffer());
  if ((await sha256(bytes)) === hash) return bytes;
  throw new Fault("data", file, "is not the published file", "pick the files as they are published, unpacked");
}

async function fromServer(file: string): Promise<Uint8Array> {
  // This runs in a worker of the page's, whose program lies in assets/.
  const response = await fetch(new URL(`../../api/published/${file}`, self.location.href)).catch(() => undefined);
  if (response?.headers.get("content-type") === "application/octet-stream") {
    return new Uint8Array(await response.arrayBuffer());
  }
  const remedy = "pick it, or open this page from `gradus serve` after `gradus data fetch`";
  throw new Fault("data", file, "neither picked nor on a server of yours", remedy);
}
