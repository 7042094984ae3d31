import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

// What overflowed the stack in a report of 70,000 measurements: src/math/extremes.ts is for lists of any length.
test("no list is spread into Math.max or Math.min", () => {
  const files = globSync("src/**/*.ts", { cwd: root }).filter((file) => !file.endsWith(".test.ts"));
  const spread = files.filter((file) =>
    /^[^/\n]*Math\.(?:max|min)\([^)\n]*\.\.\./m.test(readFileSync(root + file, "utf8")),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(spread).toEqual([]);
});
