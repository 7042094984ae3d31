import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Fault } from "../fault/fault.ts";
import { cifar10Bytes, cifar10Classes, parseCifar10Batch } from "./cifar10.ts";

/** A member whose image i has label i % 10 and bytes that tell image and position apart. */
function records(): Uint8Array {
  const bytes = new Uint8Array(cifar10Bytes);
  for (let at = 0; at < bytes.length; at++) {
    const image = Math.floor(at / 3073);
    const place = at % 3073;
    bytes[at] = place === 0 ? image % 10 : (image * 7 + place) & 255;
  }
  return bytes;
}

function faultOf(act: () => unknown): Fault {
  try {
    act();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("parseCifar10Batch", () => {
  test("takes labels and images apart", () => {
    const batch = parseCifar10Batch(records(), "/somewhere/data_batch_3.bin");
    expect(batch).toMatchObject({ name: "data_batch_3", count: 10_000, dimension: 3072, classes: cifar10Classes });
    expect(batch.labels.every((label, image) => label === image % 10)).toBe(true);
    expect(batch.images.length).toBe(30_720_000);
    const wrong = batch.images.findIndex((byte, at) => byte !== ((Math.floor(at / 3072) * 7 + (at % 3072) + 1) & 255));
    expect(wrong).toBe(-1);
  });

  test("names a dataset after a Windows path too", () => {
    const batch = parseCifar10Batch(new Uint8Array(cifar10Bytes), "C:\\data\\test_batch.bin");
    expect(batch.name).toBe("test_batch");
  });

  test("refuses any other length", () => {
    const bytes = new Uint8Array(cifar10Bytes + 3073);
    const length = fc.oneof(
      fc.nat(100_000),
      fc.integer({ min: cifar10Bytes - 3073, max: cifar10Bytes - 1 }),
      fc.integer({ min: cifar10Bytes + 1, max: bytes.length }),
    );
    fc.assert(
      fc.property(length, (size) => {
        const fault = faultOf(() => parseCifar10Batch(bytes.subarray(0, size), "a/b.bin"));
        expect(fault).toMatchObject({ code: "data", place: "a/b.bin", remedy: "run `gradus data fetch`" });
        expect(fault.message).toBe(`a/b.bin: expected 30730000 bytes, found ${size}`);
      }),
      { numRuns: 1000 },
    );
  });

  test("refuses a label above 9 wherever it stands, and says where", () => {
    const bytes = new Uint8Array(cifar10Bytes);
    const place = fc.oneof({ weight: 9, arbitrary: fc.nat(20) }, { weight: 1, arbitrary: fc.nat(9999) });
    fc.assert(
      fc.property(place, fc.integer({ min: 10, max: 255 }), (image, label) => {
        bytes[image * 3073] = label;
        const fault = faultOf(() => parseCifar10Batch(bytes, "b.bin"));
        bytes.fill(0, 0, image * 3073 + 1);
        expect(fault.message).toBe(
          `b.bin: expected a label from 0 to 9, found ${label} at byte ${image * 3073} (image ${image})`,
        );
      }),
      { numRuns: 300 },
    );
  });
});
