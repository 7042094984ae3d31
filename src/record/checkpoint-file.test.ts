import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { Fault } from "../fault/fault.ts";
import { encodeSafetensors } from "../files/safetensors.ts";
import { stream } from "../math/random/stream.ts";
import { decodeCheckpoint, encodeCheckpoint } from "./checkpoint-file.ts";
import type { Checkpoint } from "./event.ts";

const checkpoint: Checkpoint = {
  step: 12,
  firstCost: Number.POSITIVE_INFINITY,
  isUnmeasured: true,
  tensors: {
    W1: { shape: [2, 3], values: Float32Array.of(1, -0, Number.NaN, Infinity, 1e-45, 3) },
    b1: { shape: [2], values: Float64Array.of(Math.PI, -1) },
    "velocity.W1": { shape: [2, 3], values: new Float32Array(6) },
  },
};

test("a checkpoint comes back to the bit, and is the same bytes every time", async () => {
  const bytes = await encodeCheckpoint(checkpoint);
  expect(await decodeCheckpoint(bytes, "here")).toEqual(checkpoint);
  expect(await encodeCheckpoint(await decodeCheckpoint(bytes, "here"))).toEqual(bytes);
});

test("any change of any byte is refused: 2,000 of them", async () => {
  const bytes = await encodeCheckpoint(checkpoint);
  for (let seed = 0; seed < 2000; seed++) {
    const [at, bit, kind] = stream(1, "damage", seed).integers(0, bytes.length, 3);
    const damaged = kind % 5 === 0 ? bytes.slice(0, at) : bytes.slice();
    if (kind % 5 !== 0) damaged[at] ^= 1 << (bit % 8);
    const attempt = decodeCheckpoint(damaged, "here").then(
      (decoded) => decoded,
      (error) => error,
    );
    const result = await attempt;
    if (result instanceof Fault) expect(result.message).toMatch(/^here: /);
    // White space and the like in the header may differ without a difference in what it says.
    else expect({ seed, result }).toEqual({ seed, result: checkpoint });
  }
});

test("other files are refused by what they are", async () => {
  await expect(decodeCheckpoint(encodeSafetensors({}), "here")).rejects.toThrow(/format undefined, expected/);
  const newer = encodeSafetensors({}, { format: "gradus-checkpoint", version: "2" });
  await expect(decodeCheckpoint(newer, "here")).rejects.toThrow(/version 2 of checkpoints; this Gradus knows 1/);
});

test.each([
  ["no JSON", "{"],
  ["something else", "12"],
  ["without its step", '{"firstCost":1}'],
  ["of a later version", '{"step":1,"temperature":1}'],
])("a state with the right checksum that is %s is refused", async (_what, state) => {
  const refusal = await decodeCheckpoint(fileWith(state), "here").catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: "data", place: "here", complaint: "its state is no checkpoint's" });
});

test("a member that diverged is read from a file of 0.1", async () => {
  expect(await decodeCheckpoint(fileWith('{"step":3,"hasDiverged":true}'), "here")).toEqual({
    step: 3,
    ended: "diverged",
    tensors: {},
  });
});

function fileWith(state: string): Uint8Array {
  const checksum = createHash("sha256")
    .update(JSON.stringify([state, []]))
    .digest("hex");
  return encodeSafetensors({}, { format: "gradus-checkpoint", version: "1", state, checksum });
}
