import { dataFolder } from "../data/cache-folder.node.ts";
import { loadCifar10 } from "../data/cifar10.node.ts";
import { cifar10Hashes, cifar10Layout } from "../data/cifar10.ts";
import { membersNeeded, type Split, split } from "../data/splits.ts";
import type { Spec } from "../record/spec.ts";

/**
 * The images a spec names, from the files in `folder`, into memory from `reserve`: only those it needs are read.
 * @throws Fault `data` for files that are missing, truncated or altered; Fault `spec` for a split that cannot be.
 */
export async function loadSplit(
  { data }: Spec,
  folder = dataFolder(),
  reserve?: (bytes: number) => Uint8Array<ArrayBuffer>,
): Promise<Split> {
  const parts = await loadCifar10(folder, membersNeeded(cifar10Layout, data.split), reserve);
  return split(parts, cifar10Layout, data.split);
}

/** What a run is trained on: each file and the SHA-256 of its bytes. */
export async function datasetFiles(data: Spec["data"]): Promise<readonly { file: string; sha256: string }[]> {
  return membersNeeded(cifar10Layout, data.split).map((member) => ({ file: member, sha256: cifar10Hashes[member] }));
}
