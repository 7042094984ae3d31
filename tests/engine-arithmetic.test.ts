import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { withoutComments } from "./imports.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What ECMAScript leaves to the engine to approximate; `**` too, but for powers of 2 and of big integers. */
const approximate =
  /\bMath\.(?:exp|expm1|log|log1p|log2|log10|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|asinh|acosh|atanh|cbrt|hypot)\b|(?<!\b2n? )\*\*(?! \d+n)/;

// src/math/elementary is for them. The kernels are compiled with AssemblyScript's own, the same in every engine.
test("no number on the way to a weight is one that engines may round differently", () => {
  const files = globSync("src/{math,nn,optim,train,data}/**/*.ts", { cwd: root }).filter(
    (file) => !/\.test\.ts$|\bfixtures\b|\bfuzz|\bkernels\b/.test(file),
  );
  const culprits = files.filter((file) => approximate.test(withoutComments(readFileSync(root + file, "utf8"))));
  expect(files.length).toBeGreaterThan(100);
  expect(culprits).toEqual([]);
});
