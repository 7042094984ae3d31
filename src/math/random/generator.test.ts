import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chiSquareExcess, mean, product } from "./fixtures/statistics.ts";
import type { RandomGenerator } from "./generator.ts";
import { defaultRng } from "./numpy-generator.ts";
import { stream } from "./stream.ts";

const seeds = fc.maxSafeNat();
const purposes = fc.string({ unit: "binary" });
const indices = fc.array(fc.nat(0xffffffff), { maxLength: 3 });
const generators: [string, (seed: number, purpose: string, indices: number[]) => RandomGenerator][] = [
  ["stream", (seed, purpose, indices) => stream(seed, purpose, ...indices)],
  ["defaultRng", (seed) => defaultRng(seed)],
];

describe.each(generators)("%s, for any arguments", (_, generator) => {
  const draws: [string, (from: RandomGenerator, count: number) => Float64Array][] = [
    ["random", (from, count) => from.random(count)],
    ["uniform", (from, count) => from.uniform(-3, 8, count)],
    ["standardNormal", (from, count) => from.standardNormal(count)],
    ["normal", (from, count) => from.normal(2, 5, count)],
    ["integers", (from, count) => from.integers(-2, 1e6, count)],
    ["wide integers", (from, count) => from.integers(-(2 ** 50), 2 ** 52, count)],
  ];

  test.each(draws)("%s: same arguments, same values; the start of a longer draw is the shorter", (_, draw) => {
    fc.assert(
      fc.property(seeds, purposes, indices, fc.nat(50), fc.nat(50), (seed, purpose, at, count, more) => {
        const long = draw(generator(seed, purpose, at), count + more);
        expect(draw(generator(seed, purpose, at), count)).toEqual(long.subarray(0, count));
        const twice = generator(seed, purpose, at);
        expect([...draw(twice, count), ...draw(twice, more)]).toEqual([...long]);
      }),
    );
  });

  test("every value lies in its range", () => {
    fc.assert(
      fc.property(seeds, fc.maxSafeInteger(), fc.maxSafeInteger(), (seed, a, b) => {
        fc.pre(a !== b);
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const values = generator(seed, "range", []).integers(low, high, 20);
        expect(values.every((value) => Number.isSafeInteger(value) && value >= low && value < high)).toBe(true);
        expect(
          generator(seed, "range", [])
            .random(20)
            .every((value) => value >= 0 && value < 1),
        ).toBe(true);
      }),
    );
  });

  test("a permutation holds every number once", () => {
    fc.assert(
      fc.property(seeds, fc.nat(300), (seed, size) => {
        const sorted = generator(seed, "order", []).permutation(size).sort();
        expect([...sorted]).toEqual(Array.from({ length: size }, (_, i) => i));
      }),
    );
  });

  test("integer bounds that are not safe integers in order are refused", () => {
    for (const [low, high] of [
      [1, 1],
      [2, 1],
      [0, 0.5],
      [0, 2 ** 53],
      [Number.NaN, 1],
    ]) {
      expect(() => generator(1, "range", []).integers(low, high, 1)).toThrow(RangeError);
    }
  });
});

// The seeds are fixed, so these give the same numbers on every run; a limit of 5 standard errors is a chance of 6 in
// 10^7 to have refused a sound generator when they were written.
describe.each(generators)("%s, statistics", (_, generator) => {
  const count = 400_000;

  test("normals have the moments and the tail of the normal distribution", () => {
    const z = generator(5, "normals", []).standardNormal(count);
    const square = product(z, z);
    const root = Math.sqrt(count);
    expect(Math.abs(mean(z)) * root).toBeLessThan(5);
    expect(Math.abs(mean(square) - 1) * root).toBeLessThan(5 * Math.sqrt(2));
    expect(Math.abs(mean(product(square, z))) * root).toBeLessThan(5 * Math.sqrt(15));
    expect(Math.abs(mean(product(square, square)) - 3) * root).toBeLessThan(5 * Math.sqrt(96));
    const beyond3 = z.filter((value) => Math.abs(value) > 3).length;
    expect(Math.abs(beyond3 - 0.0026998 * count)).toBeLessThan(5 * Math.sqrt(0.0026998 * count));
  });

  test("doubles and integers fall evenly", () => {
    const doubles = new Array(1000).fill(0);
    for (const value of generator(6, "even", []).random(count)) doubles[Math.floor(value * 1000)]++;
    expect(chiSquareExcess(doubles)).toBeLessThan(5);
    const thirds = [0, 0, 0];
    for (const value of generator(7, "even", []).integers(0, 3 * 2 ** 30, count)) thirds[Math.floor(value / 2 ** 30)]++;
    expect(chiSquareExcess(thirds)).toBeLessThan(9); // 2 degrees of freedom: a chance of 5 in 10^5
  });

  test("every order of five is equally likely", () => {
    const orders = new Map<string, number>();
    const from = generator(8, "orders", []);
    for (let i = 0; i < 24_000; i++) {
      const order = from.permutation(5).join("");
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(120);
    expect(chiSquareExcess([...orders.values()])).toBeLessThan(5);
  });
});
