import { expect, test } from "vitest";
import { Fault } from "../../fault/fault.ts";
import { processorTime } from "../../files/fixtures/processor-time.node.ts";
import { type FuzzedReader, fuzz, inputOf, verdict } from "./fuzz.node.ts";
import { fuzzedReaders } from "./fuzz-readers.node.ts";

// The slow suite tries a million inputs a reader: tests/slow/readers.test.ts.

const count = 2000;

test.each(fuzzedReaders())("$name: whatever the bytes, data or one clear refusal", (reader) => {
  expect(fuzz(reader, 1, 0, count)).toBeUndefined();
});

test.each(fuzzedReaders())("$name: some inputs are read, most are refused, for many reasons", (reader) => {
  const outcomes = Array.from({ length: 1000 }, (_, index) => {
    try {
      return `read ${reader.read(inputOf(reader, 2, index), "file").count > 0}`;
    } catch (error) {
      return (error as Fault).complaint.replace(/\d+/g, "").replace(/, found.*/, "");
    }
  });
  expect(outcomes.filter((outcome) => outcome === "read true").length).toBeGreaterThan(0);
  expect(new Set(outcomes).size).toBeGreaterThan(3);
});

test("an input is a function of the reader, the seed and its number", () => {
  const [reader] = fuzzedReaders();
  expect(inputOf(reader, 5, 77)).toEqual(inputOf(reader, 5, 77));
  expect(inputOf(reader, 5, 77)).not.toEqual(inputOf(reader, 6, 77));
});

test("a reader that crashes, hangs, is vague or makes things up is found", () => {
  const bytes = new Uint8Array(4);
  const reader = (read: FuzzedReader["read"]): FuzzedReader => ({ name: "bad", corpus: [bytes], read });
  const dataset = { name: "a", images: bytes, labels: bytes, count: 4, dimension: 1, classes: ["a"] };
  const judge = (read: FuzzedReader["read"]) => verdict(reader(read), bytes);
  expect(judge(() => dataset)).toBeUndefined();
  expect(judge(() => [][1 as number] as never)).toMatch(/^threw TypeError/);
  expect(judge(() => ({ ...dataset, count: 5 }))).toMatch(/4 bytes for 5 images/);
  expect(judge(() => ({ ...dataset, shape: [3, 1, 1] }))).toMatch(/the shape 3,1,1 for 1 bytes/);
  const vague = (complaint: string) => (_: Uint8Array, place: string) => {
    throw new Fault("data", place, complaint, "a remedy");
  };
  expect(judge(vague("byte 3: expected x, found y"))).toBeUndefined();
  expect(judge(vague("is damaged"))).toMatch(/^an unclear Fault/);
  const slow = () => {
    for (const end = processorTime() + 1100; processorTime() < end; );
    return dataset;
  };
  expect(judge(slow)).toMatch(/^took 1\d\d\d ms/);
  expect(fuzz(reader(vague("is damaged")), 3, 10, 20)).toMatch(/^bad, seed 3, input 10 \(\d+ bytes\)/);
});
