import { Fault } from "../fault/fault.ts";
import { decodeSafetensors } from "../files/decode-safetensors.ts";
import { encodeSafetensors, type NamedTensors } from "../files/safetensors.ts";
import { sha256 } from "../files/sha256.ts";
import { decodeRunEvent } from "./run-event.ts";
import { runRecord } from "./run-record.ts";

// A whole run as one file: a safetensors file whose tensors are bytes, the log and each artifact under its id.

const format = "gradus-run";
const version = "1";

/** A run as a store keeps it. */
export interface RunFile {
  readonly id: string;
  readonly entries: readonly string[];
  /** Bytes by their SHA-256. */
  readonly artifacts: ReadonlyMap<string, Uint8Array>;
}

export async function encodeRunFile({ id, entries, artifacts }: RunFile): Promise<Uint8Array<ArrayBuffer>> {
  const log = new TextEncoder().encode(JSON.stringify(entries));
  const tensors = [...artifacts].map(([artifact, bytes]) => [artifact, tensor(bytes)] as const);
  const metadata = { format, version, run: id, log: await sha256(log) };
  return encodeSafetensors({ log: tensor(log), ...Object.fromEntries(tensors) }, metadata);
}

/**
 * A run from a file. Everything in it is checked: the log's hash and each of its entries, and the artifacts' hashes.
 * @throws Fault `data` naming `place`, for bytes that are no run's file, or not as they were written
 */
export async function decodeRunFile(bytes: Uint8Array, place: string): Promise<RunFile> {
  const { tensors, metadata } = decodeSafetensors(bytes, place);
  const refuse = (complaint: string, cause?: unknown): never => {
    throw new Fault("data", place, complaint, "take a file that `gradus export RUN --out FILE.gradus` wrote", {
      cause,
    });
  };
  if (metadata.format !== format) refuse(`format ${JSON.stringify(metadata.format ?? null)}, expected "${format}"`);
  if (metadata.version !== version) refuse(`version ${metadata.version} of run files; this Gradus knows ${version}`);
  const { log, ...rest } = tensors;
  if (!(log?.values instanceof Uint8Array)) return refuse("holds no log");
  if ((await sha256(log.values)) !== metadata.log) refuse("the log is not as it was written: its SHA-256 differs");

  const entries = textsOf(log.values) ?? refuse("the log is no list of texts");
  const { run: id = "" } = metadata;
  const events = entries.map((entry, position) => {
    try {
      return decodeRunEvent(entry, `entry ${position}`);
    } catch (cause) {
      return refuse(`the log's ${(cause as Error).message}`, cause);
    }
  });
  if (runRecord(id, events) === undefined) refuse("the log does not begin as a run's does");
  const artifacts = new Map<string, Uint8Array>();
  for (const [artifact, { values }] of Object.entries(rest)) {
    if (!(values instanceof Uint8Array) || (await sha256(values)) !== artifact) {
      refuse(`the bytes ${artifact.slice(0, 12)} are not as they were written: their SHA-256 differs`);
    } else artifacts.set(artifact, values);
  }
  return { id, entries, artifacts };
}

/** The texts of a JSON list in UTF-8; undefined for any other bytes. */
function textsOf(bytes: Uint8Array): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return Array.isArray(value) && value.every((entry) => typeof entry === "string") ? value : undefined;
  } catch {
    return undefined;
  }
}

function tensor(values: Uint8Array): NamedTensors[string] {
  return { shape: [values.length], values };
}
