import { encode } from "fast-png";
import { afterEach, expect, test } from "vitest";
import type { PictureReader } from "./picture.ts";
import { openPictureReader } from "./picture-reader.node.ts";

let reader: PictureReader | undefined;
afterEach(() => reader?.close());

/** A thread that does `body` with each picture. */
const doing = (body: string) =>
  new URL(`data:text/javascript,${encodeURIComponent(`import { parentPort } from "node:worker_threads"; ${body}`)}`);
const picture = encode({ width: 2, height: 1, data: Uint8Array.of(3, 4), channels: 1, depth: 8 });

test("pictures come back decoded, in their size or another; refusals name the file", async () => {
  reader = openPictureReader();
  const places = ["a.png", "b.png", "broken.png"];
  const bytes = [picture, picture, picture.subarray(0, 30)];
  const [first, second, third] = await Promise.allSettled([
    reader.read(bytes[0], places[0]),
    reader.read(bytes[1], places[1], { size: [1, 1] }),
    reader.read(bytes[2], places[2]),
  ]);
  expect(first).toMatchObject({ value: { width: 2, height: 1, channels: 1, planes: Uint8Array.of(3, 4) } });
  expect(second).toMatchObject({ value: { width: 1, height: 1, planes: Uint8Array.of(4) } });
  expect(third).toMatchObject({
    reason: { code: "data", place: "broken.png", complaint: expect.stringMatching(/^byte \d+: expected/) },
  });
});

test.each<[what: string, body: string, complaint: RegExp, patience: number]>([
  [
    "throws",
    "parentPort.on('message', () => { throw new TypeError('a defect'); });",
    /ended the decoder \(a defect\)/,
    20_000,
  ],
  ["ends", "parentPort.on('message', () => process.exit(3));", /ended the decoder/, 20_000],
  [
    "fills its memory",
    "parentPort.on('message', () => { const all = []; for (;;) all.push(new Array(1e6).fill(all)); });",
    /ended the decoder/,
    20_000,
  ],
  ["never answers", "parentPort.on('message', () => { for (;;); });", /took the decoder more than 1 seconds/, 1000],
])("a decoder that %s ends nothing but itself", async (_what, body, complaint, patience) => {
  reader = openPictureReader(doing(body), patience);
  const attempts = ["a.png", "b.png"].map((place) => reader?.read(picture, place));
  const results = await Promise.allSettled(attempts);
  for (const result of results) {
    expect(result).toMatchObject({
      status: "rejected",
      reason: { code: "data", place: "a.png", complaint: expect.stringMatching(complaint) },
    });
  }
  await expect(reader.read(picture, "c.png")).rejects.toMatchObject({ code: "data", place: "c.png" });
});
