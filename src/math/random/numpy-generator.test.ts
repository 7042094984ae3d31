import { describe, expect, test } from "vitest";
import { Fault } from "../../fault/fault.ts";
import { checksum } from "./fixtures/checksum.ts";
import fixture from "./fixtures/numpy-2.4.6.json" with { type: "json" };
import { defaultRng } from "./numpy-generator.ts";
import { zigguratEdges } from "./ziggurat-edges.ts";

describe.each(fixture.seeds)("NumPy's default_rng($seed)", (known) => {
  const seed = BigInt(known.seed);

  test("doubles", () => {
    expect([...defaultRng(seed).random(known.random.length)]).toEqual(known.random);
  });

  test("a million normals, bit for bit, the tail included", async () => {
    const normals = defaultRng(seed).standardNormal(1_000_000);
    expect([...normals.subarray(0, known.normals.length)]).toEqual(known.normals);
    const edge = zigguratEdges[255];
    expect(normals.filter((value) => Math.abs(value) > edge).length).toBe(known.tailNormals);
    expect(await checksum(normals)).toBe(known.normalsChecksum);
  });
});

describe("NumPy's other draws", () => {
  test.each(fixture.integers)("integers in [$low, $high)", async ({ low, high, values, checksum: expected }) => {
    const integers = defaultRng(7).integers(low, high, 100_000);
    expect([...integers.subarray(0, values.length)]).toEqual(values);
    expect(await checksum(integers)).toBe(expected);
  });

  test.each(fixture.permutations)("a permutation of $size", async ({ size, checksum: expected }) => {
    expect(await checksum(defaultRng(3).permutation(size))).toBe(expected);
  });

  test("calls in turn on one generator, halves of words kept between them", () => {
    const generator = defaultRng(11);
    const draws = [
      generator.integers(0, 10, 3),
      generator.random(2),
      generator.integers(0, 10, 2),
      generator.permutation(6),
      generator.standardNormal(2),
      generator.integers(0, 2 ** 40, 2),
      generator.integers(5, 6, 2),
      generator.integers(0, 100, 2),
      generator.uniform(-2.5, 1e3, 3),
      generator.normal(-1.25, 0.3, 3),
      generator.permutation(5),
    ];
    expect(draws.map((values) => [...values])).toEqual(fixture.mixed);
  });

  test("the course's first weights and first order, seed 42", async () => {
    const known = fixture.courseWeights;
    const generator = defaultRng(42);
    const weights = generator.standardNormal(10 * 3072).map((value) => value * 0.01);
    const order = generator.permutation(10_000);
    expect([...weights.subarray(0, 3)].map((weight) => weight.toFixed(8))).toEqual([
      "0.00304717",
      "-0.01039984",
      "0.00750451",
    ]);
    expect(await checksum(weights)).toBe(known.weightsChecksum);
    expect([...order.subarray(0, known.order.length)]).toEqual(known.order);
    expect(await checksum(order)).toBe(known.orderChecksum);
  });
});

test("a seed of either kind of number gives the same values", () => {
  expect(defaultRng(42).random(3)).toEqual(defaultRng(42n).random(3));
});

test("a seed that is not a whole number >= 0 is refused", () => {
  for (const seed of [-1, 1.5, Number.NaN, 2 ** 53, -1n]) expect(() => defaultRng(seed)).toThrow(Fault);
});
