import { checkCifar10 } from "../data/cifar10.node.ts";
import { type Cifar10Member, cifar10Layout } from "../data/cifar10.ts";
import { type Cifar10Progress, fetchCifar10 } from "../data/cifar10-fetch.node.ts";
import { dataFolder } from "../data/data-folder.node.ts";
import { checkMnist, fetchMnist } from "../data/mnist.node.ts";
import { membersNeeded } from "../data/splits.ts";
import type { Spec } from "../record/spec.ts";

export interface Fetching {
  readonly signal?: AbortSignal | undefined;
  /** Hears how far a download is. */
  readonly onFetch?: ((progress: Cifar10Progress) => void) | undefined;
}

/**
 * Downloads a published dataset where a spec names it and nothing of it that the spec needs is here. A folder that has a part of that
 * is left alone: what is wrong with it, its reader says.
 * @throws Fault `network`, Fault `output`; the reason of `signal` when that stops it
 */
export async function fetchOnFirstUse({ dataset, split }: Spec["data"], fetching: Fetching = {}): Promise<void> {
  if (dataset === "cifar-10") await fetchMembers(membersNeeded(cifar10Layout, split), fetching);
  if (dataset === "mnist") await fetchMissingMnist(fetching);
}

async function fetchMissingMnist({ signal, onFetch: onProgress }: Fetching): Promise<void> {
  const checks = await checkMnist(dataFolder(), true);
  if (checks.every(({ state }) => state === "missing")) await fetchMnist({ signal, onProgress });
}

/** The same for members of CIFAR-10 by their names. */
export async function fetchMembers(
  members: readonly Cifar10Member[],
  { signal, onFetch: onProgress }: Fetching = {},
): Promise<void> {
  const checks = await checkCifar10(dataFolder(), members, true);
  if (checks.every(({ state }) => state === "missing")) await fetchCifar10({ signal, onProgress });
}
