import { expect, test } from "vitest";
import { decodeSafetensors } from "../files/decode-safetensors.ts";
import { encodeSafetensors } from "../files/safetensors.ts";
import { sha256 } from "../files/sha256.ts";
import { decodeModel } from "./decode-model.ts";
import { afterHeader, encodeModel } from "./encode-model.ts";
import { decodeModels, encodeEnsemble, requireEnsemble } from "./ensemble-file.ts";
import { smallModel } from "./fixtures/small-model.ts";
import type { Model } from "./model.ts";

const tanh: Model = { ...smallModel({ hidden: [5, 5] }), name: "other", activation: { kind: "tanh" }, residual: true };
const models = [smallModel(), tanh, smallModel({ hidden: [], dtype: "f64" })];

test("models of different layers and precisions come back as they were", async () => {
  expect(await decodeModels(await encodeEnsemble(models), "a")).toEqual(models);
  expect(await decodeModels(await encodeModel(tanh), "a")).toEqual([tanh]);
});

test("an ensemble is no model where one is asked for", async () => {
  await expect(decodeModel(await encodeEnsemble(models), "a")).rejects.toMatchObject({
    code: "data",
    message: "a: it holds several models",
  });
});

test("files that were altered are refused, however", async () => {
  const file = await encodeEnsemble(models);
  for (const at of [300, 1200, file.length - 1]) {
    const altered = file.slice();
    altered[at] ^= 1;
    await expect(decodeModels(altered, "a"), `byte ${at}`).rejects.toMatchObject({ code: "data" });
  }
  const { tensors, metadata } = decodeSafetensors(file, "");
  async function written(changes: object, members = metadata.members): Promise<Uint8Array> {
    const all = { ...tensors, ...changes };
    const sum = await sha256(new TextEncoder().encode(members), afterHeader(encodeSafetensors(all)));
    return encodeSafetensors(all, { ...metadata, members, sha256: sum });
  }
  const one = { shape: [1], values: Float32Array.of(1) };
  await expect(decodeModels(await written({ "4/W1": one }), "a")).rejects.toThrow(/a tensor "4\/W1"/);
  await expect(decodeModels(await written({ "1/W9": one }), "a")).rejects.toThrow(/^a, model 1: a tensor "W9"/);
  const list = JSON.parse(metadata.members);
  await expect(decodeModels(await written({}, JSON.stringify(list.slice(0, 1))), "a")).rejects.toThrow(/no list/);
  await expect(decodeModels(await written({}, "{"), "a")).rejects.toThrow(/no list/);
  const wider = { ...JSON.parse(list[1].description), hidden: [5, 4] };
  list[1].description = JSON.stringify(wider);
  await expect(decodeModels(await written({}, JSON.stringify(list)), "a")).rejects.toThrow(
    /5, 4 nodes have no shortcuts/,
  );
});

test("models of other classes, and one alone, are refused", () => {
  expect(() => requireEnsemble([tanh], "--ensemble")).toThrow(/^--ensemble: one model is named/);
  const dogs = { ...tanh, name: "dogs", classes: ["a", "b", "c"] };
  expect(() => requireEnsemble([tanh, dogs], "--ensemble")).toThrow(
    /dogs \(trained on squares\) has not the images and classes of other/,
  );
  expect(() => requireEnsemble(models, "--ensemble")).not.toThrow();
});
