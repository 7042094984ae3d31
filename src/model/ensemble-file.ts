import { z } from "zod";
import { Fault } from "../fault/fault.ts";
import { decodeSafetensors } from "../files/decode-safetensors.ts";
import { encodeSafetensors, type NamedTensors } from "../files/safetensors.ts";
import { sha256 } from "../files/sha256.ts";
import { decodeModel, jsonOf, modelFrom } from "./decode-model.ts";
import { afterHeader, descriptionOf, tensorsOf } from "./encode-model.ts";
import type { Model } from "./model.ts";

/** What a file of several models says of itself in its metadata. */
const ensembleFormat = "gradus-ensemble";
const ensembleVersion = "1";

/** Models that a file can hold. */
const MOST = 1000;

const membersSchema = z
  .array(z.strictObject({ description: z.string(), classes: z.string() }))
  .min(2)
  .max(MOST);

/**
 * Refuses models that have not the same images and classes: together they would say nothing.
 * @throws Fault `usage` naming `place`
 */
export function requireEnsemble(models: readonly Model[], place: string): void {
  if (models.length < 2 || models.length > MOST) {
    const complaint = `${models.length === 1 ? "one model is" : `${models.length} models are`} named`;
    throw new Fault("usage", place, complaint, `name 2 to ${MOST} runs or model files`);
  }
  const [first] = models;
  const stranger = models.find(
    ({ dimension, classes }) => dimension !== first.dimension || classes.join("\n") !== first.classes.join("\n"),
  );
  if (stranger === undefined) return;
  const complaint = `${stranger.name} (trained on ${stranger.dataset}) has not the images and classes of ${first.name} (trained on ${first.dataset})`;
  throw new Fault("usage", place, complaint, "name models of the same data");
}

/** The bytes of a file of several models: the tensors of the first as `1/W1`, ..., and its metadata as those of model files. */
export async function encodeEnsemble(models: readonly Model[]): Promise<Uint8Array> {
  const tensors: Record<string, NamedTensors[string]> = {};
  for (const [at, model] of models.entries()) {
    for (const [name, tensor] of Object.entries(tensorsOf(model))) tensors[`${at + 1}/${name}`] = tensor;
  }
  const members = JSON.stringify(models.map(descriptionOf));
  const checksum = await sha256(new TextEncoder().encode(members), afterHeader(encodeSafetensors(tensors)));
  return encodeSafetensors(tensors, { format: ensembleFormat, version: ensembleVersion, members, sha256: checksum });
}

/**
 * The models of a file of `encodeEnsemble`, or the one of a file of `encodeModel`.
 * @throws Fault `data` naming `place`, where the file is another, is altered, or lacks or has too much of anything.
 */
export async function decodeModels(bytes: Uint8Array, place: string): Promise<readonly Model[]> {
  const { tensors, metadata } = decodeSafetensors(bytes, place);
  if (metadata.format !== ensembleFormat) return [await decodeModel(bytes, place)];
  const remedy = "give the file as it was written, or write it again with `gradus export --ensemble`";
  if (metadata.version !== ensembleVersion) {
    const complaint = `version ${metadata.version} of the format, expected ${ensembleVersion}`;
    throw new Fault("data", place, complaint, "use the version of Gradus that wrote it");
  }
  const { members = "" } = metadata;
  if ((await sha256(new TextEncoder().encode(members), afterHeader(bytes))) !== metadata.sha256) {
    throw new Fault("data", place, "what it holds does not have the SHA-256 in its metadata", remedy);
  }
  const parsed = membersSchema.safeParse(jsonOf(members));
  if (!parsed.success) throw new Fault("data", place, "metadata.members is no list of descriptions", remedy);
  const models = parsed.data.map((description, at) => {
    const prefix = `${at + 1}/`;
    const own = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
    const named = Object.fromEntries(own.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
    return modelFrom(named, description, `${place}, model ${at + 1}`);
  });
  const known = new Set(models.map((_, at) => String(at + 1)));
  const stranger = Object.keys(tensors).find((name) => !known.has(name.split("/")[0]));
  if (stranger !== undefined) {
    throw new Fault("data", place, `a tensor ${JSON.stringify(stranger)} that no description has`, remedy);
  }
  requireEnsemble(models, place);
  return models;
}
