import { readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { fuzz, inputOf } from "../../src/data/formats/fuzz.node.ts";
import { fuzzedReaders } from "../../src/data/formats/fuzz-readers.node.ts";
import { Fault } from "../../src/fault/fault.ts";
import { processorTime } from "../../src/files/fixtures/processor-time.node.ts";
import { readHdf5 } from "../../src/files/hdf5.node.ts";
import { decodeOnnx } from "../../src/model/decode-onnx.ts";
import { smallModel } from "../../src/model/fixtures/small-model.ts";
import { encodeOnnx } from "../../src/model/onnx.ts";

// A million inputs a reader, other ones every day. GRADUS_FUZZ sets how many, GRADUS_FUZZ_SEED replays a day.

const count = Number(process.env.GRADUS_FUZZ ?? 1_000_000);
const seed = Number(process.env.GRADUS_FUZZ_SEED ?? Math.floor(Date.now() / 86_400_000));

test.each(fuzzedReaders())(
  "$name: whatever the bytes, data or one clear refusal",
  { timeout: 3_600_000 },
  async (reader) => {
    console.log(`${reader.name}: ${count} inputs of seed ${seed}`);
    for (let from = 0; from < count; from += 1000) {
      expect(fuzz(reader, seed, from, Math.min(from + 1000, count))).toBeUndefined();
      await setImmediate(); // zlib's memory is given back between two turns of the event loop
    }
  },
);

// A thread for each file, as for people: a library of 4 MB is made ready for every input, so they are fewer.
const threads = Math.ceil(count / 500);

test(`hdf5: ${threads} damaged files give arrays or one refusal that names the file`, {
  timeout: 3_600_000,
}, async () => {
  const fixture = (name: string) => new URL(`../../src/data/formats/fixtures/${name}`, import.meta.url);
  const corpus = ["keras.h5", "v73.mat"].map((name) => new Uint8Array(readFileSync(fixture(name))));
  const reader = { name: "hdf5", corpus, read: () => expect.fail("read in a thread") };
  let sound = 0;
  for (let index = 0; index < threads; index++) {
    const read = readHdf5(inputOf(reader, seed, index), "fuzzed.h5");
    const answer = await read.catch((error: unknown) => error);
    if (answer instanceof Map) sound += 1;
    else {
      expect(answer, `seed ${seed}, input ${index}`).toBeInstanceOf(Fault);
      expect(answer).toMatchObject({ code: "data", place: "fuzzed.h5" });
    }
  }
  console.log(`hdf5: ${sound} of ${threads} were read, of seed ${seed}`);
});

// What is wrong with a graph is said by its node, not by its byte.
test("onnx: whatever the bytes, models or one refusal that names the file", { timeout: 3_600_000 }, async () => {
  const kept = { place: "before-relu", layers: "all", affine: true, eps: 1e-3 } as const;
  const corpus = [
    encodeOnnx(smallModel({ hidden: [3] })),
    encodeOnnx(smallModel({ hidden: [3, 3], batchNorm: kept }), { batchNorm: "keep" }),
    encodeOnnx({ ...smallModel({ hidden: [3, 3] }), activation: { kind: "gelu" }, residual: true }),
    encodeOnnx([smallModel({ hidden: [] }), smallModel({ hidden: [2] })]),
  ];
  const reader = { name: "onnx", corpus, read: () => expect.fail("read as a model") };
  console.log(`onnx: ${count} inputs of seed ${seed}`);
  let sound = 0;
  for (let index = 0; index < count; index++) {
    const start = processorTime();
    try {
      decodeOnnx(inputOf(reader, seed, index), "fuzzed.onnx");
      sound += 1;
    } catch (error) {
      const { code, place, message, remedy } = error as Fault;
      const isClear =
        error instanceof Fault &&
        code === "data" &&
        place.startsWith("fuzzed.onnx") &&
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal would obey
        /^[^\x00-\x1f\x7f]{20,1000}$/.test(message) &&
        remedy.length > 5;
      if (!isClear) expect.fail(`seed ${seed}, input ${index}: ${(error as Error).stack}`);
    }
    if (processorTime() - start > 1000) expect.fail(`seed ${seed}, input ${index} took a second`);
    if (index % 1000 === 0) await setImmediate();
  }
  expect(sound).toBeGreaterThan(count / 100);
  expect(sound).toBeLessThan(count / 2);
});
