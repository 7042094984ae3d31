import { createHash } from "node:crypto";
import fc from "fast-check";
import { encode } from "fast-png";
import { describe, expect, test } from "vitest";
import { Fault } from "../fault/fault.ts";
import { loadCifar10 } from "./cifar10.node.ts";
import { cifar10Hashes } from "./cifar10.ts";
import { cifar10BatchFromPng, parseCifar10Labels } from "./cifar10-png.ts";
import { dataFolder } from "./data-folder.node.ts";

const labels = new Uint8Array(10_000);

test("the test batch, drawn as the package draws it, becomes the official bytes", async () => {
  const [batch] = await loadCifar10(dataFolder(), ["test_batch"]);
  const rgb = new Uint8Array(batch.images.length);
  for (let image = 0; image < batch.count; image++) {
    for (let pixel = 0; pixel < 1024; pixel++) {
      for (let colour = 0; colour < 3; colour++) {
        rgb[(image * 1024 + pixel) * 3 + colour] = batch.images[image * 3072 + colour * 1024 + pixel];
      }
    }
  }
  const png = encode({ width: 1024, height: 10_000, data: rgb, depth: 8, channels: 3 }, { zlib: { level: 0 } });
  const bytes = cifar10BatchFromPng(png, batch.labels, "test_batch.png");
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(cifar10Hashes.test_batch);
});

describe("cifar10BatchFromPng refuses", () => {
  const small = encode({ width: 2, height: 2, data: new Uint8Array(16), depth: 8, channels: 4 });

  test("another shape", () => {
    expect(() => cifar10BatchFromPng(small, labels, "a.png")).toThrow(
      "a.png: expected a PNG of 1024 x 10000 pixels, 8 bits, colour type 2, found a PNG of 2 x 2 pixels, 8 bits, colour type 6",
    );
  });

  test("too few labels", () => {
    expect(() => cifar10BatchFromPng(small, labels.subarray(1), "a.png")).toThrow("expected 10000 labels, found 9999");
  });

  test("any bytes that are no such PNG, before it makes room for what they promise", () => {
    const mutated = fc.tuple(fc.nat(small.length - 1), fc.nat(255), fc.nat(small.length)).map(([at, byte, length]) => {
      const bytes = small.slice(0, Math.max(length, 1));
      bytes[Math.min(at, bytes.length - 1)] = byte;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 100 })), (bytes) => {
        expect(() => cifar10BatchFromPng(bytes, labels, "a.png")).toThrow(Fault);
      }),
      { numRuns: 1000 },
    );
  });

  test("a file of the right shape that is damaged or cut short", () => {
    const blank = new Uint8Array(30_720_000);
    const png = encode({ width: 1024, height: 10_000, data: blank, depth: 8, channels: 3 }, { zlib: { level: 1 } });
    expect(() => cifar10BatchFromPng(png.subarray(0, png.length / 2), labels, "a.png")).toThrow(Fault);
    expect(() => cifar10BatchFromPng(png.fill(7, 60, 70), labels, "a.png")).toThrow("a.png: not a readable PNG: ");
  });
});

describe("parseCifar10Labels", () => {
  test("reads an array", () => {
    expect([...parseCifar10Labels("[3, 0, 9]", 3, "l.json")]).toEqual([3, 0, 9]);
  });

  test.each([
    ["[3, 0]", "expected an array of 3 labels, found 2"],
    ["{}", "expected an array of 3 labels, found object"],
    ["[3, 10, 0]", "expected labels from 0 to 9, found 10 at index 1"],
    ['[3, 1, "2"]', 'expected labels from 0 to 9, found "2" at index 2'],
    ["[0.5, 1, 2]", "expected labels from 0 to 9, found 0.5 at index 0"],
    ["[3, 1", "expected a JSON array of labels: "],
  ])("refuses %s", (text, message) => {
    expect(() => parseCifar10Labels(text, 3, "l.json")).toThrow(`l.json: ${message}`);
  });

  test("gives labels or a Fault for any text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), fc.nat(3), (text, count) => {
        try {
          expect(parseCifar10Labels(text, count, "l.json")).toHaveLength(count);
        } catch (error) {
          expect(error).toBeInstanceOf(Fault);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
