import { expect, test } from "vitest";
import { checksum } from "./fixtures/checksum.ts";
import { log1p } from "./log1p.ts";
import { defaultRng } from "./numpy-generator.ts";

test("agrees with Math.log1p to one unit in the last place, from near 0 to near -1", () => {
  const places = [...defaultRng(2).random(100_000)];
  const steps = Array.from({ length: 53 }, (_, i) => 2 ** -(i + 1)); // 1 - 2^-k and 2^-k: where the reduction changes
  const worst = [...places, ...steps, ...steps.map((step) => 1 - step)]
    .map((place) => Math.abs(log1p(-place) / Math.log1p(-place) - 1))
    .reduce((a, b) => Math.max(a, b));
  expect(worst).toBeLessThanOrEqual(2 ** -52);
});

test("rounds as the C library, bit for bit", async () => {
  const logarithms = defaultRng(1)
    .random(100_000)
    .map((place) => log1p(-place));
  // glibc 2.36, x86-64, run with GLIBC_TUNABLES=glibc.cpu.hwcaps=-FMA,-AVX2 so that no multiply-add is fused.
  expect(await checksum(logarithms)).toBe("078ecaf4cfbe8bda09fe6f57b84a79c9f99d02a84dae9a2fa4b27d9483a1cdc6");
});
