import { z } from "zod";
import { Fault } from "../fault/fault.ts";
import { decodeSafetensors } from "../files/decode-safetensors.ts";
import { encodeSafetensors, type NamedTensors } from "../files/safetensors.ts";
import { sha256 } from "../files/sha256.ts";
import type { Checkpoint } from "./event.ts";
import { checkpointState } from "./measured.ts";
import { fromExactJson, toExactJson } from "./number.ts";

// A checkpoint as a safetensors file: its tensors under their names, and in the metadata the rest and a checksum.

const format = "gradus-checkpoint";
const version = "1";

/** `hasDiverged` as versions before 0.2 wrote it of a member that its population went on without. */
const savedState = checkpointState.extend({ hasDiverged: z.literal(true).exactOptional() });

export async function encodeCheckpoint({ tensors, ...rest }: Checkpoint): Promise<Uint8Array<ArrayBuffer>> {
  const state = toExactJson(rest);
  return encodeSafetensors(tensors, { format, version, state, checksum: await checksum(state, tensors) });
}

/** @throws Fault `data` naming `place`, for bytes that are no checkpoint, or not the one that was written */
export async function decodeCheckpoint(bytes: Uint8Array, place: string): Promise<Checkpoint> {
  const { tensors, metadata } = decodeSafetensors(bytes, place);
  const refuse = (complaint: string): never => {
    throw new Fault("data", place, complaint, "take an older checkpoint");
  };
  if (metadata.format !== format) refuse(`format ${JSON.stringify(metadata.format)}, expected "${format}"`);
  if (metadata.version !== version) refuse(`version ${metadata.version} of checkpoints; this Gradus knows ${version}`);
  const { state = "" } = metadata;
  if (metadata.checksum !== (await checksum(state, tensors))) refuse("its checksum is not that of what it holds");
  const read = savedState.safeParse(jsonOf(state));
  if (!read.success) return refuse("its state is no checkpoint's");
  const { hasDiverged, ...rest } = read.data;
  return { ...rest, ...(hasDiverged === undefined ? {} : { ended: "diverged" }), tensors };
}

/** Undefined for a text that is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return fromExactJson(text);
  } catch {
    return undefined;
  }
}

/** SHA-256 over the state and each tensor's name, shape and bytes, in the order of their names. */
async function checksum(state: string, tensors: NamedTensors): Promise<string> {
  const names = Object.keys(tensors).sort();
  const text = new TextEncoder().encode(JSON.stringify([state, names.map((name) => [name, tensors[name].shape])]));
  return await sha256(text, ...names.map((name) => bytesOf(tensors[name].values)));
}

function bytesOf({ buffer, byteOffset, byteLength }: NamedTensors[string]["values"]): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
