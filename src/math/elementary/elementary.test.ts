import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checksum } from "../random/fixtures/checksum.ts";
import { defaultRng } from "../random/numpy-generator.ts";
import { exponential } from "./exponential.ts";
import powers from "./fixtures/powers.json" with { type: "json" };
import { logarithm } from "./logarithm.ts";
import { power } from "./power.ts";

/** Numbers of every size, and those where a reduction changes. */
const wide = [
  ...defaultRng(1).uniform(-750, 715, 50_000),
  ...defaultRng(2).uniform(-1.2, 1.2, 50_000),
  ...[0, -0, 1, -1, 2 ** -28, 2 ** -29, 709.782712893384, 709.79, -745.13, -745.2, 0.34657359027997264],
];
const positive = [...wide.map(exponential).filter((x) => x > 0 && x < Number.POSITIVE_INFINITY), 1, 2, 5e-324];

/** Units in the last place between two numbers, at most. */
function apart(a: number, b: number): number {
  return a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(b) * 2 ** -53, 5e-324);
}

test("the exponential and the logarithm are the engine's to two units in the last place", () => {
  expect(wide.filter((x) => apart(exponential(x), Math.exp(x)) > 2)).toEqual([]);
  expect(positive.filter((x) => apart(logarithm(x), Math.log(x)) > 2)).toEqual([]);
  const edges = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 0];
  expect(edges.map(exponential)).toEqual(edges.map(Math.exp));
  expect(edges.map(logarithm)).toEqual(edges.map(Math.log));
});

// Taken from V8 14's Math.exp and Math.log, which runs of before 0.2.0 were drawn with.
test("they are the same on every engine, to the last bit", async () => {
  expect(await checksum(Float64Array.from(wide, exponential))).toBe(
    "71091dbb4a9c1b221e8862a57579bea20a9a4f55f16c9f0afc7a69ad728f79b8",
  );
  expect(await checksum(Float64Array.from(positive, logarithm))).toBe(
    "3ea11d7e0e45a4515e150123abc42ab5741bf74ea2e1f9ef7d227f4e299f256a",
  );
});

test("a power is rounded to the nearest, whatever its size", () => {
  for (const [base, exponent, nearest] of powers) expect(power(base, exponent)).toBe(nearest);
  expect([power(0, 3), power(0.5, 0), power(1, 1e9), power(0.5, 2000), power(2, 2000)]).toEqual([
    0,
    1,
    1,
    0,
    Number.POSITIVE_INFINITY,
  ]);
});

test("nothing on the way to a weight asks the engine for a power, an exponential or a logarithm", () => {
  const root = `${import.meta.dirname}/../..`;
  const sources = globSync("{math,nn,optim,train,experiments}/**/*.ts", { cwd: root }).filter(
    (path) => !/\.test\.ts$|fixtures|kernels/.test(path), // kernels: AssemblyScript, which compiles its own functions in
  );
  expect(sources.length).toBeGreaterThan(100);
  const engines = /Math\.(?:exp|expm1|log|log1p|log2|log10|pow|sin|cos|tan|tanh|cbrt|hypot)\b|(?<!\b2n?) \*\* /;
  const asking = sources.filter((path) =>
    engines.test(readFileSync(`${root}/${path}`, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "")),
  );
  expect(asking).toEqual([]);
});
