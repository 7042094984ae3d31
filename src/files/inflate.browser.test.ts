import { deflateRawSync, deflateSync, gzipSync, crc32 as nodeCrc32 } from "node:zlib";
import { expect, test } from "vitest";
import { Fault } from "../fault/fault.ts";
import { crc32 } from "./checksums.ts";
import { pageUnpacker } from "./inflate.browser.ts";
import { nodeUnpacker } from "./inflate.node.ts";
import type { Packing } from "./unpacker.ts";

const packers = { zlib: deflateSync, deflate: deflateRawSync, gzip: gzipSync };
const packings = Object.keys(packers) as Packing[];
// Runs and noise: stored blocks, fixed and dynamic codes.
const contents = [0, 1, 300, 9000].flatMap((length) => [
  new Uint8Array(length),
  noise(length),
  Uint8Array.from({ length }, (_, at) => (at >> 5) & 255),
]);

test.each(packings)(
  "a page unpacks %s to what Node does, and refuses what is longer, shorter or damaged",
  (packing) => {
    for (const content of contents) {
      const packed = new Uint8Array(packers[packing](content));
      const { length } = content;
      expect(pageUnpacker.inflate(packed, packing, length, "a", 0)).toEqual(content);
      expect(() => pageUnpacker.inflate(packed, packing, length + 1, "a", 7)).toThrow(/^a: byte 7: expected/);
      if (length > 0) expect(() => pageUnpacker.inflate(packed, packing, length - 1, "a", 0)).toThrow(/found more/);
      for (let bit = 0; bit < Math.min(8 * packed.length, 150); bit++) {
        const flipped = packed.slice();
        flipped[bit >> 3] ^= 1 << (bit & 7);
        const [page, node] = [pageUnpacker, nodeUnpacker].map((unpacker) =>
          attempt(() => unpacker.inflate(flipped, packing, length, "a", 0)),
        );
        if (page instanceof Uint8Array && packing !== "deflate") expect(Buffer.compare(page, content)).toBe(0);
        if (node instanceof Uint8Array) expect(Buffer.compare(node, page as Uint8Array)).toBe(0);
        else if (!(page instanceof Uint8Array)) expect(page).toBeInstanceOf(Fault);
      }
    }
  },
);

test("what would unpack to too much is refused before anything is", () => {
  expect(() => pageUnpacker.inflate(new Uint8Array(20), "deflate", 2 ** 30, "a", 0)).toThrow(/at most \d+ bytes in 20/);
});

test("the beginning of a stream that goes on, and checksums, are Node's", () => {
  const packed = new Uint8Array(deflateSync(contents.at(-1) ?? new Uint8Array(0))).subarray(0, 100);
  expect([...pageUnpacker.beginning(packed).subarray(0, 64)]).toEqual([
    ...nodeUnpacker.beginning(packed).subarray(0, 64),
  ]);
  for (const content of contents) expect(crc32(content)).toBe(nodeCrc32(content));
});

/** Bytes that do not pack: a linear congruential generator's upper ones. */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24);
}

function attempt(unpack: () => Uint8Array): unknown {
  try {
    return unpack();
  } catch (error) {
    return error;
  }
}
