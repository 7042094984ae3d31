import { open } from "node:fs/promises";
import path from "node:path";
import { Fault } from "../fault/fault.ts";
import { largestOf } from "../math/extremes.ts";
import {
  type Cifar10Member,
  cifar10Bytes,
  cifar10Classes,
  cifar10Count,
  cifar10Dimension,
  cifar10Hashes,
  cifar10Layout,
  cifar10Members,
  parseCifar10Batch,
} from "./cifar10.ts";
import { type ChannelStatistics, channelStatistics, classCounts, type Dataset } from "./dataset.ts";
import { checkFile, type FileCheck, readManifest, writeManifest } from "./verified.node.ts";

/** Where a member lies in a data folder: where the official archive, unpacked there by hand, would put it too. */
export function cifar10File(folder: string, member: Cifar10Member): string {
  return path.join(folder, "cifar-10-batches-bin", `${member}.bin`);
}

/** The state of one member's file, its path, and what was expected and found: sizes ("12 bytes") or SHA-256 hashes. */
export interface Cifar10Check extends FileCheck {
  readonly member: Cifar10Member;
  readonly file: string;
}

/** Compares all six members with the official files, hashing every byte again (about 0.2 s). */
export async function verifyCifar10(folder: string): Promise<Cifar10Check[]> {
  return await checkCifar10(folder, cifar10Members, false);
}

/** As `verifyCifar10` for some members; with `trust`, a file that has not changed since it was verified is not hashed. */
export async function checkCifar10(
  folder: string,
  members: readonly Cifar10Member[],
  trust: boolean,
): Promise<Cifar10Check[]> {
  const home = path.dirname(cifar10File(folder, "test_batch"));
  const manifest = await readManifest(home);
  const before = JSON.stringify([...manifest]);
  const checks: Cifar10Check[] = [];
  for (const member of members) {
    const file = cifar10File(folder, member);
    const right = { size: cifar10Bytes, sha256: cifar10Hashes[member] };
    checks.push({ member, file, ...(await checkFile(manifest, file, right, trust)) });
  }
  if (JSON.stringify([...manifest]) !== before) await writeManifest(home, manifest);
  return checks;
}

/**
 * Reads members from a data folder, in the order asked for; each dataset is named after its member.
 * Their images lie one after the other in memory, so `concatenate` need not copy them.
 * @param reserve where the images go
 * @param first how many of a member's images are read, its first ones, where not all are
 * @throws Fault `data` for the first file that is missing, truncated or altered
 */
export async function loadCifar10(
  folder: string,
  members: readonly Cifar10Member[],
  reserve = (bytes: number) => new Uint8Array(bytes),
  first: ReadonlyMap<string, number> = new Map(),
): Promise<Dataset[]> {
  const wrong = (await checkCifar10(folder, members, true)).find(({ state }) => state !== "ok");
  if (wrong !== undefined) throw cifar10Fault(wrong);
  const counts = members.map((member) => Math.min(first.get(member) ?? cifar10Count, cifar10Count));
  // Each file is read behind the images of the one before; only its labels, a byte an image, stick out at the end.
  const images = counts.reduce((sum, count) => sum + count, 0);
  const block = reserve(images * cifar10Dimension + largestOf(counts));
  const parts: Dataset[] = [];
  let from = 0;
  for (const [at, member] of members.entries()) {
    const [file, count] = [cifar10File(folder, member), counts[at]];
    const bytes = await readInto(block.subarray(from, from + count * (cifar10Dimension + 1)), file);
    parts.push(parseCifar10Batch(bytes, file, count));
    from += count * cifar10Dimension;
  }
  return parts;
}

/** Reads a file into `bytes`, which is written; returns the part of it that the file filled. */
async function readInto(bytes: Uint8Array, file: string): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    for (let at = 0; ; ) {
      const { bytesRead } = await handle.read(bytes, at);
      at += bytesRead;
      if (bytesRead === 0 || at === bytes.length) return bytes.subarray(0, at);
    }
  } finally {
    await handle.close();
  }
}

/** What a check found, as an error: the file, what was expected, what was found. */
export function cifar10Fault({ file, state, expected, found }: Cifar10Check): Fault {
  return new Fault("data", file, `${state}: expected ${expected}, found ${found}`, "run `gradus data fetch`");
}

/** The numbers by which one recognises CIFAR-10. */
export interface Cifar10Description {
  readonly classes: readonly string[];
  /** The six members: their images, images of each class, and first ten labels. */
  readonly members: readonly {
    readonly name: string;
    readonly count: number;
    readonly classCounts: readonly number[];
    readonly firstLabels: readonly number[];
  }[];
  /** Red, green and blue over the 50,000 training images, in bytes (0 to 255). */
  readonly channels: readonly ChannelStatistics[];
}

/** Reads all six members of a data folder and counts; throws as `loadCifar10` does. */
export async function describeCifar10(folder: string): Promise<Cifar10Description> {
  const members = await loadCifar10(folder, cifar10Members);
  return {
    classes: cifar10Classes,
    members: members.map((member) => ({
      name: member.name,
      count: member.count,
      classCounts: classCounts(member),
      firstLabels: [...member.labels.subarray(0, 10)],
    })),
    channels: channelStatistics(members.slice(0, cifar10Layout.training.length)),
  };
}
