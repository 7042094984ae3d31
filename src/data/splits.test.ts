import { describe, expect, test } from "vitest";
import { Fault } from "../fault/fault.ts";
import { cifar10Layout } from "./cifar10.ts";
import type { Dataset } from "./dataset.ts";
import { membersNeeded, type SplitDescription, split } from "./splits.ts";

const layout = { training: ["one", "two", "three"], test: "exam" };

/** Three training members and a test member of 4 images of one byte each: 10.., 20.., 30.., 90... */
const members: Dataset[] = [
  ["exam", 90],
  ["three", 30],
  ["one", 10],
  ["two", 20],
].map(([name, first]) => ({
  name: `${name}`,
  images: Uint8Array.from({ length: 4 }, (_, at) => Number(first) + at),
  labels: Uint8Array.from([0, 1, 0, 1]),
  count: 4,
  dimension: 1,
  classes: ["a", "b"],
}));

function refused(description: SplitDescription): unknown {
  try {
    split(members, layout, description);
  } catch (error) {
    if (error instanceof Fault) return [error.code, error.message];
    throw error;
  }
  return "accepted";
}

describe("batches", () => {
  test("one batch each: the members themselves, no copy", () => {
    const parts = split(members, layout, { kind: "batches", train: [1], validation: [3] });
    expect(parts.train).toBe(members[2]);
    expect(parts.validation).toBe(members[1]);
    expect(parts.test).toBe(members[0]);
  });

  test("several batches, in the order they are named", () => {
    const { train } = split(members, layout, { kind: "batches", train: [3, 1], validation: [2] });
    expect([...train.images]).toEqual([30, 31, 32, 33, 10, 11, 12, 13]);
  });

  test("reads only the members it needs", () => {
    expect(membersNeeded(cifar10Layout, { kind: "batches", train: [1], validation: [2] })).toEqual([
      "data_batch_1",
      "data_batch_2",
      "test_batch",
    ]);
    expect(membersNeeded(layout, { kind: "batches", train: [3, 1], validation: [2] })).toEqual([
      "one",
      "two",
      "three",
      "exam",
    ]);
  });

  test.each([
    [[1], [1], "data.split.validation.0", "batch 1 is in data.split.train too"],
    [[1, 2], [3, 2], "data.split.validation.1", "batch 2 is in data.split.train too"],
    [[4], [1], "data.split.train.0", "there is no training batch 4"],
    [[1], [0], "data.split.validation.0", "there is no training batch 0"],
    [[1.5], [2], "data.split.train.0", "there is no training batch 1.5"],
    [[1, 1], [2], "data.split.train.1", "batch 1 is named twice"],
    [[1], [], "data.split.validation", "names no batch"],
  ])("refuses train %j, validation %j", (train, validation, place, message) => {
    expect(refused({ kind: "batches", train, validation })).toEqual(["spec", `${place}: ${message}`]);
  });
});

describe("hold-out", () => {
  test("the last images validate, the others train: views of one block", () => {
    const { train, validation, test } = split(members, layout, { kind: "hold-out", validation: 5 });
    expect([...train.images]).toEqual([10, 11, 12, 13, 20, 21, 22]);
    expect([...validation.images]).toEqual([23, 30, 31, 32, 33]);
    expect([...validation.labels]).toEqual([1, 0, 1, 0, 1]);
    expect(validation.images.buffer).toBe(train.images.buffer);
    expect(test).toBe(members[0]);
    expect(membersNeeded(cifar10Layout, { kind: "hold-out", validation: 5000 })).toHaveLength(6);
  });

  test.each([12, 13, 0, -1, 2.5, Number.NaN])("refuses to hold out %d of 12", (validation) => {
    expect(refused({ kind: "hold-out", validation })).toEqual([
      "spec",
      `data.split.validation: ${validation} of 12 training images cannot be held out`,
    ]);
  });

  test("one training image may remain", () => {
    expect(split(members, layout, { kind: "hold-out", validation: 11 }).train.count).toBe(1);
  });
});

test("a member that was not loaded is a defect of the caller, not the user's fault", () => {
  const act = () => split(members.slice(0, 2), layout, { kind: "batches", train: [1], validation: [3] });
  expect(act).toThrow(new RangeError("split: one was not loaded"));
});

describe("folds", () => {
  test("each part is held out once, the others train in order", () => {
    const parts = [1, 2, 3, 4, 5].map((number) => split(members, layout, { kind: "fold", number, of: 5 }));
    const all = [10, 11, 12, 13, 20, 21, 22, 23, 30, 31, 32, 33];
    expect(parts.flatMap(({ validation }) => [...validation.images])).toEqual(all);
    for (const { train, validation, test } of parts) {
      expect([...train.images]).toEqual(all.filter((byte) => !validation.images.includes(byte)));
      expect(test).toBe(members[0]);
    }
  });

  test("stratified, every part has every class in proportion, each image is held out once, the others train in order", () => {
    const labels = [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2];
    const sorted: Dataset = {
      ...members[0],
      name: "sorted",
      images: Uint8Array.from(labels.keys()),
      labels: Uint8Array.from(labels),
      count: 12,
      dimension: 1,
      classes: ["a", "b", "c"],
    };
    const parts = [1, 2, 3].map((number) =>
      split(
        [sorted, members[0]],
        { training: ["sorted"], test: layout.test },
        { kind: "fold", number, of: 3, stratified: true },
      ),
    );
    expect(parts.map(({ validation }) => [...validation.images])).toEqual([
      [0, 3, 6, 9],
      [1, 4, 7, 10],
      [2, 5, 8, 11],
    ]);
    expect(parts.map(({ validation }) => [...validation.labels])).toEqual([
      [0, 0, 0, 1],
      [0, 0, 1, 2],
      [0, 0, 1, 2],
    ]);
    expect([...parts[1].train.images]).toEqual([0, 2, 3, 5, 6, 8, 9, 11]);
  });

  test("more folds than images are refused", () => {
    expect(refused({ kind: "fold", number: 1, of: 13 })).toEqual([
      "spec",
      "data.split.of: 13 folds of 12 training images",
    ]);
    expect(refused({ kind: "fold", number: 12, of: 12 })).toBe("accepted");
  });
});
