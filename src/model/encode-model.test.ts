import { describe, expect, test } from "vitest";
import { Fault } from "../fault/fault.ts";
import { decodeSafetensors } from "../files/decode-safetensors.ts";
import { encodeSafetensors, type NamedTensors } from "../files/safetensors.ts";
import { stream } from "../math/random/stream.ts";
import { weightsSha256 } from "../train/weights.ts";
import { decodeModel } from "./decode-model.ts";
import { afterHeader, encodeModel, modelSha256 } from "./encode-model.ts";
import { smallModel } from "./fixtures/small-model.ts";

const norm = { place: "before-relu", layers: "all-but-last", affine: true, eps: 1e-12 } as const;

test.each([
  ["two layers", smallModel()],
  ["softmax regression in f64", smallModel({ hidden: [], dtype: "f64" })],
  ["normalised layers", smallModel({ hidden: [5, 4], batchNorm: norm })],
  ["without gain and offset", smallModel({ hidden: [5, 4], batchNorm: { ...norm, affine: false, layers: "all" } })],
])("%s: what was written is read, in its order", async (_what, model) => {
  const read = await decodeModel(await encodeModel(model), "a");
  expect(read).toEqual(model);
  expect(Object.keys(read.weights)).toEqual(Object.keys(model.weights));
  expect(await weightsSha256(read.weights)).toBe(await weightsSha256(model.weights));
});

test("a model that does not know the layout of its images", async () => {
  const model = { ...smallModel(), shape: undefined };
  expect(await decodeModel(await encodeModel(model), "a")).toEqual(model);
});

describe("refused", () => {
  type Parts = { tensors: Record<string, NamedTensors[string]>; metadata: Record<string, string> };

  /** A model file with changes, its checksum right again. */
  async function altered(change: (parts: Parts) => void, keepSum = false): Promise<Uint8Array> {
    const { tensors, metadata } = decodeSafetensors(await encodeModel(smallModel()), "");
    const parts = { tensors: { ...tensors }, metadata: { ...metadata } };
    change(parts);
    const bytes = encodeSafetensors(parts.tensors, parts.metadata);
    if (keepSum) return bytes;
    return encodeSafetensors(parts.tensors, { ...parts.metadata, sha256: await modelSha256(parts.metadata, bytes) });
  }
  const described = (change: object) => (parts: Parts) => {
    parts.metadata.description = JSON.stringify({ ...JSON.parse(parts.metadata.description), ...change });
  };

  test.each<[why: string, change: (parts: Parts) => void, complaint: string, remedy?: string]>([
    [
      "weights alone",
      (parts) => {
        parts.metadata = { weightsSha256: "0" };
      },
      "it holds weights alone, without the preprocessing and the classes of a model",
      "write a model with `gradus train --model FILE`",
    ],
    [
      "other tensors",
      (parts) => Object.assign(parts, { metadata: {}, tensors: {} }),
      "it is no model of Gradus",
      "write a model with `gradus train --model FILE`",
    ],
    [
      "another version",
      ({ metadata }) => Object.assign(metadata, { version: "2" }),
      "version 2 of the format, expected 1",
      "use the version of Gradus that wrote it",
    ],
    ["no description", ({ metadata }) => delete metadata.description, "metadata.description is not JSON"],
    ["no classes", ({ metadata }) => Object.assign(metadata, { classes: "[]" }), "metadata.classes: "],
    ["a class that is no text", ({ metadata }) => Object.assign(metadata, { classes: "[1]" }), "metadata.classes.0: "],
    ["another shape", described({ shape: [3, 32, 32] }), "images of 3 x 32 x 32 are not 6 bytes"],
    ["an unknown key", described({ dropout: 0.5 }), "metadata.description: "],
    ["no hidden layer where one is", described({ hidden: [] }), 'a tensor "W2" that its description has not'],
    ["wider layers", described({ hidden: [5] }), "tensor W1: its shape is [4, 6], expected F32 [5, 6]"],
    ["other numbers", described({ dtype: "f64" }), "tensor W1: its numbers are of another kind, expected F64 [4, 6]"],
    ["no shift", ({ tensors }) => delete tensors.shift, "tensor shift: absent, expected F64 [6]"],
    ["no b1", ({ tensors }) => delete tensors.b1, "tensor b1: absent, expected F32 [4]"],
    [
      "W1 transposed",
      ({ tensors }) => Object.assign(tensors, { W1: { ...tensors.W1, shape: [6, 4] } }),
      "tensor W1: its shape is [6, 4], expected F32 [4, 6]",
    ],
    [
      "a shift in f32",
      ({ tensors }) => Object.assign(tensors, { shift: { shape: [6], values: new Float32Array(6) } }),
      "tensor shift: its numbers are of another kind, expected F64 [6]",
    ],
    [
      "weights that diverged",
      ({ tensors }) => Object.assign(tensors, { b1: { shape: [4], values: Float32Array.of(1, Number.NaN, 2, 3) } }),
      "tensor b1: number 1 is NaN",
      "train again, with a lower rate if the run diverged",
    ],
    ["a description of millions", described({ hidden: [2 ** 40, 2 ** 40] }), "tensor W1: its shape is [4, 6]"],
  ])("%s", async (_why, change, complaint, remedy) => {
    const fault = await decodeModel(await altered(change), "a.safetensors").catch((error) => error);
    expect(fault).toBeInstanceOf(Fault);
    expect(fault.complaint).toContain(complaint);
    expect(fault).toMatchObject({ code: "data", place: "a.safetensors" });
    expect(fault.remedy).toBe(
      remedy ?? "give the file as it was written, or write it again with `gradus train --model FILE`",
    );
  });

  test("any tensor that was altered, by the checksum", async () => {
    const bytes = await encodeModel(smallModel());
    const { length } = afterHeader(bytes);
    for (let trial = 0; trial < 50; trial++) {
      const changed = bytes.slice();
      const [at, bit] = stream(1, "altered-model", trial).integers(0, 2 ** 31, 2);
      changed[bytes.length - 1 - (at % length)] ^= 1 << (bit % 8);
      await expect(decodeModel(changed, "a")).rejects.toThrow(
        "what it holds does not have the SHA-256 in its metadata",
      );
    }
  });
});
