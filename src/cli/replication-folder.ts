import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { CheckedParameter } from "../experiments/ledger.ts";
import { Fault } from "../fault/fault.ts";
import { makeFolder, writeWhole } from "../files/whole-file.node.ts";
import { gradusVersion } from "../lab/versions.ts";
import { decodeNumber, type EncodedNumber, toJson } from "../record/number.ts";
import type { RunDocument } from "../record/run-document.ts";

/** What is kept of a task that is done: a training, a chain of them, or a gradient check. */
export interface Done {
  /** Wall time; of trainings in company, this one's share. */
  readonly seconds: number;
  /** One a training of the chain, in its order. */
  readonly documents?: readonly RunDocument[];
  readonly checks?: readonly CheckedParameter[];
}

/** A folder of finished tasks, each a whole file: what an interrupted replication goes on from. */
export interface ReplicationFolder {
  find(key: string): Promise<Done | undefined>;
  keep(key: string, done: Done): Promise<void>;
  /** Bytes beside a task's own, e.g. a picture of its weights. */
  findPicture(key: string): Promise<Uint8Array | undefined>;
  keepPicture(key: string, png: Uint8Array): Promise<void>;
}

/** The name of a task: another task, or another version of Gradus, has another. */
export function taskKey(task: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify([gradusVersion(), task]))
    .digest("hex")
    .slice(0, 24);
}

/** @throws Fault `output` when the folder cannot be made */
export async function openReplicationFolder(folder: string): Promise<ReplicationFolder> {
  await makeFolder(folder).catch((cause) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Fault("output", "--folder", `${folder} cannot be made: ${reason}`, "name a folder of your own", {
      cause,
    });
  });
  const file = (key: string, ending: string) => path.join(folder, `${key}.${ending}`);
  const write = async (name: string, content: string | Uint8Array) => {
    await writeWhole(name, content).catch((cause) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const remedy = "free some space and run the command again: it goes on where it stopped";
      throw new Fault("output", "--folder", `${name} cannot be written: ${reason}`, remedy, { cause });
    });
  };
  return {
    async find(key) {
      try {
        return JSON.parse(await readFile(file(key, "json"), "utf8"), numbers);
      } catch {
        return undefined; // not there, or not ours: done again
      }
    },
    keep: (key, done) => write(file(key, "json"), `${toJson(done)}\n`),
    findPicture: (key) => readFile(file(key, "png")).catch(() => undefined),
    keepPicture: (key, png) => write(file(key, "png"), png),
  };
}

/** Keys whose values are numbers that JSON may have had to name. */
const numeric = new Set(["loss", "cost", "accuracy", "learningRate", "value"]);

function numbers(key: string, value: unknown): unknown {
  return numeric.has(key) && typeof value === "string" ? decodeNumber(value as EncodedNumber) : value;
}
