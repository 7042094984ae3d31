import { expect, test } from "vitest";
import { stream } from "../../random/stream.ts";
import { createBlocks } from "./memory.ts";

const page = 65_536;
const blocksOf = (maximum: number) => createBlocks(new WebAssembly.Memory({ initial: 1, maximum, shared: true }), 100);

test("blocks never overlap, are zero when taken, and leave nothing behind when all are given back", () => {
  const blocks = blocksOf(64);
  const first = blocks.take(1);
  const heldBlocks: { address: number; bytes: number }[] = [];
  for (const draw of stream(1, "blocks").random(2000)) {
    const bytes = 1 + Math.floor(draw * 20_000);
    if (heldBlocks.length > 20) {
      const [{ address, bytes: size }] = heldBlocks.splice(Math.floor(draw * heldBlocks.length), 1);
      blocks.give(address, size);
    }
    const address = blocks.take(bytes);
    const memory = new Uint8Array(blocks.memory.buffer, address, bytes);
    expect(memory.every((byte) => byte === 0)).toBe(true);
    memory.fill(255);
    for (const block of heldBlocks) {
      expect(address + bytes <= block.address || block.address + block.bytes <= address).toBe(true);
    }
    heldBlocks.push({ address, bytes });
  }
  for (const { address, bytes } of heldBlocks) blocks.give(address, bytes);
  blocks.give(first, 1);
  expect(blocks.takenBytes).toBe(0);
  expect(blocks.take(1)).toBe(first);
});

test("what was given back in pieces serves one that is larger than each of them", () => {
  const blocks = blocksOf(16);
  const pieces = [0, 1, 2, 3].map(() => blocks.take(4 * page - 256));
  expect(() => blocks.take(page)).toThrow(/2 MB of memory needed/);
  blocks.give(pieces[1], 4 * page - 256);
  blocks.give(pieces[2], 4 * page - 256);
  expect(blocks.take(7 * page)).toBe(pieces[1]);
});

test("a refusal names what can be done: fewer images where they take most, a smaller network elsewhere", () => {
  const few = blocksOf(4);
  few.take(2 * page, "images");
  expect(() => few.take(3 * page)).toThrow(expect.objectContaining({ remedy: expect.stringMatching(/data\.limit/) }));
  const many = blocksOf(4);
  many.take(2 * page);
  expect(() => many.take(3 * page)).toThrow(
    expect.objectContaining({ remedy: expect.stringMatching(/network\.hidden/) }),
  );
  expect(() => many.take(2 ** 32)).toThrow(/4,296 MB of memory needed, more than the 4,295 MB that it can address/);
});
