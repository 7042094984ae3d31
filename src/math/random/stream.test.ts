import { describe, expect, test } from "vitest";
import { Fault } from "../../fault/fault.ts";
import fixture from "./fixtures/numpy-2.4.6.json" with { type: "json" };
import { chiSquareExcess, mean, product } from "./fixtures/statistics.ts";
import type { RandomGenerator } from "./generator.ts";
import { stream } from "./stream.ts";

describe("the derivation, which recorded runs rest on", () => {
  test.each(fixture.streams)("stream($seed, $purpose, ...$indices) gives the recorded doubles", (known) => {
    expect([...stream(known.seed, known.purpose, ...known.indices).random(6)]).toEqual(known.random);
  });

  test("the other draws give the recorded values", () => {
    expect([...stream(1, "order", 7).permutation(5)]).toEqual([2, 4, 1, 3, 0]);
    expect([...stream(1, "order", 2).permutation(10)]).toEqual([4, 3, 9, 0, 2, 8, 5, 7, 1, 6]);
    expect([...stream(1, "initial-weights").standardNormal(4)]).toEqual([
      0.7011579745100779, 0.3554496768326763, 0.8056890521320124, -2.404753986425381,
    ]);
    expect([...stream(1, "crop", 3, 4).integers(-4, 5, 8)]).toEqual([3, -4, -3, 1, 3, 2, -3, -2]);
    expect([...stream(1, "rate").uniform(-5, -1, 3)]).toEqual([
      -3.458194673047161, -4.750467902578327, -4.802348599255911,
    ]);
    expect(mean(stream(1, "long").standardNormal(100_000))).toBe(-0.0003154748184830713);
  });
});

describe("a stream's arguments", () => {
  test.each([-1, 0.5, Number.NaN, 2 ** 53])("the seed %s is refused", (seed) => {
    expect(() => stream(seed, "order")).toThrow(Fault);
  });

  test.each([[[-1]], [[2 ** 32]], [[0.5]], [[1, 2, 3, 4]]])("the indices %j are refused", (indices) => {
    expect(() => stream(1, "order", ...indices)).toThrow(RangeError);
  });

  test("each of them changes the values", () => {
    const streams = [
      stream(0, "order"),
      stream(1, "order"),
      stream(2 ** 32, "order"),
      stream(0, "orders"),
      stream(0, ""),
      stream(0, "\0"),
      stream(0, "order", 0),
      stream(0, "order", 1),
      stream(0, "order", 0, 0),
      stream(0, "order", 0, 1),
      stream(0, "order", 0, 0, 1),
    ];
    expect(new Set(streams.map((generator) => generator.random(1)[0])).size).toBe(streams.length);
  });
});

describe("neighbouring streams", () => {
  const count = 100_000;
  const base = stream(1, "order", 1, 1, 1).standardNormal(count);
  const neighbours: [string, RandomGenerator][] = [
    ["next seed", stream(2, "order", 1, 1, 1)],
    ["seed + 2^32", stream(1 + 2 ** 32, "order", 1, 1, 1)],
    ["other purpose", stream(1, "ordes", 1, 1, 1)],
    ["next first index", stream(1, "order", 2, 1, 1)],
    ["next second index", stream(1, "order", 1, 2, 1)],
    ["next third index", stream(1, "order", 1, 1, 2)],
    ["fewer indices", stream(1, "order", 1, 1)],
  ];

  test.each(neighbours)("%s: uncorrelated, at every lag up to 8", (_, neighbour) => {
    const draws = neighbour.standardNormal(count);
    for (let lag = 0; lag <= 8; lag++) {
      const correlation = mean(product(base.subarray(lag), draws));
      const reverse = mean(product(draws.subarray(lag), base));
      expect(Math.max(Math.abs(correlation), Math.abs(reverse)) * Math.sqrt(count)).toBeLessThan(5);
    }
  });

  test("the first values along an index are themselves a sound sequence", () => {
    const firsts = Float64Array.from(
      { length: count },
      (_, index) => stream(1, "augment", 3, index).standardNormal(1)[0],
    );
    expect(Math.abs(mean(firsts)) * Math.sqrt(count)).toBeLessThan(5);
    expect(Math.abs(mean(product(firsts, firsts)) - 1) * Math.sqrt(count)).toBeLessThan(5 * Math.sqrt(2));
    expect(Math.abs(mean(product(firsts.subarray(1), firsts))) * Math.sqrt(count)).toBeLessThan(5);
  });

  test("the orders of successive epochs put every item everywhere equally often", () => {
    const [items, epochs] = [6, 30_000];
    const counts = new Array(items * items).fill(0);
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = stream(9, "order", epoch).permutation(items);
      for (const [place, item] of order.entries()) counts[item * items + place]++;
    }
    expect(chiSquareExcess(counts)).toBeLessThan(5);
  });
});
