import { describe, expect, test } from "vitest";
import { stream } from "../math/random/stream.ts";
import { betaVariate, mixFor, mixImages, mixupLimits } from "./mixup.ts";

describe("shares", () => {
  test.each([0.05, 0.2, 0.5, 1, 2, 4])("of Beta(alpha, alpha), alpha %d, have its moments", (alpha) => {
    const generator = stream(1, "shares", Math.round(alpha * 100));
    const count = 4000;
    const shares = Array.from({ length: count }, () => betaVariate(alpha, generator));
    const moment = (power: number) => shares.reduce((sum, share) => sum + (share - 0.5) ** power, 0) / count;
    // Mean 1/2, variance 1 / (4 (2 alpha + 1)), and no skew; within four standard errors.
    const variance = 1 / (4 * (2 * alpha + 1));
    const fourth = (3 * variance ** 2 * (2 * alpha + 1)) / (2 * alpha + 3);
    expect(Math.abs(moment(1))).toBeLessThan(4 * Math.sqrt(variance / count));
    expect(Math.abs(moment(2) - variance)).toBeLessThan(4 * Math.sqrt((fourth - variance ** 2) / count) + 1e-12);
    expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
  });

  test("of Beta(1, 1) are even: each tenth has its part", () => {
    const generator = stream(2, "shares");
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) counts[Math.min(9, Math.floor(10 * betaVariate(1, generator)))] += 1;
    for (const part of counts) expect(Math.abs(part - 1000)).toBeLessThan(4 * Math.sqrt(900));
  });

  test("are as good at the limits that a spec may give", () => {
    for (const alpha of [mixupLimits.least, mixupLimits.most]) {
      expect(betaVariate(alpha, stream(3, "limits"))).toBeGreaterThanOrEqual(0);
    }
  });
});

test("what an image is mixed with is a function of seed, epoch and image, and any image may be it", () => {
  expect(mixFor(0.4, 1, 2, 3, 100)).toEqual(mixFor(0.4, 1, 2, 3, 100));
  const of = (seed: number, epoch: number, image: number) => mixFor(0.4, seed, epoch, image, 100);
  expect(new Set([of(1, 2, 3), of(2, 2, 3), of(1, 3, 3), of(1, 2, 4)].map(({ share }) => share)).size).toBe(4);
  const others = Array.from({ length: 1000 }, (_, image) => mixFor(0.4, 1, 0, image, 5).other);
  expect(new Set(others)).toEqual(new Set([0, 1, 2, 3, 4]));
});

test("images are mixed number by number, and rounded", () => {
  const target = Uint8Array.of(0, 255, 100, 10, 11);
  mixImages(target, Uint8Array.of(255, 0, 100, 20, 12), 0.25);
  // 191.25, 63.75, 100, 17.5, 11.75
  expect([...target]).toEqual([191, 64, 100, 18, 12]);
  const whole = Uint8Array.of(7);
  mixImages(whole, Uint8Array.of(200), 1);
  expect([...whole]).toEqual([7]);
});
