import { createHash } from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";
import { sha256 } from "./sha256.ts";

afterEach(() => vi.unstubAllGlobals());

const million = new Uint8Array(1_000_000).fill("a".charCodeAt(0));
// FIPS 180-2, appendix B.
const known = {
  abc: ["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", new TextEncoder().encode("abc")],
  "a million a": ["cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0", million],
} as const;

test.each(Object.entries(known))("of %s, and where a page may not use the engine's", async (_name, [hash, bytes]) => {
  expect(await sha256(bytes)).toBe(hash);
  vi.stubGlobal("crypto", {});
  expect(await sha256(bytes)).toBe(hash);
});

test("parts are hashed as one", async () => {
  const parts = [new Uint8Array(3).fill(1), new Uint8Array(0), new Uint8Array(70).fill(2)];
  expect(await sha256(...parts)).toBe(createHash("sha256").update(Buffer.concat(parts)).digest("hex"));
  expect(await sha256()).toBe(createHash("sha256").digest("hex"));
});
