import { expect, test } from "vitest";
import { z } from "zod";
import { specJsonSchema } from "./spec-json-schema.ts";

const schema = specJsonSchema();
// Zod reads no branches that only require.
const { oneOf: lengths, ...training } = schema.properties?.training ?? {};
const readable = { ...schema, properties: { ...schema.properties, training } };
const byEditor = z.fromJSONSchema(readable as unknown as z.core.JSONSchema.JSONSchema);

test.each([
  ["the smallest spec", { training: { schedule: { kind: "constant", rate: 0.1 }, epochs: 1 } }, true],
  ["a key that is unknown", { training: { schedule: { kind: "constant", rate: 0.1 }, epochs: 1, lamda: 1 } }, false],
  ["a rate below 0", { training: { schedule: { kind: "constant", rate: -0.1 }, epochs: 1 } }, false],
  ["a key of another kind", { training: { schedule: { kind: "constant", rate: 0.1, max: 1 }, epochs: 1 } }, false],
  ["no training", { seed: 1 }, false],
  [
    "files",
    { data: { dataset: { train: ["a.csv"] } }, training: { schedule: { kind: "constant", rate: 0.1 }, steps: 1 } },
    true,
  ],
])("the JSON Schema, read by another program's rules, judges %s", (_, spec, isRight) => {
  expect(byEditor.safeParse(spec).success).toBe(isRight);
});

test("one length is required", () => {
  expect(lengths).toEqual([{ required: ["epochs"] }, { required: ["steps"] }, { required: ["cycles"] }]);
});

test("descriptions are plain text", () => {
  const texts = JSON.stringify(schema);
  expect(texts).toContain("updates of the way up");
  expect(texts).not.toMatch(/\]\(/);
  expect(texts).not.toContain(String(Number.MAX_SAFE_INTEGER));
});
