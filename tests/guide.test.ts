import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const programs = globSync("docs/guide/*.ts", { cwd: root }).sort();

test("the guide is numbered without a gap", () => {
  expect(programs.length).toBeGreaterThan(0);
  expect(programs.map((file) => Number(file.match(/(\d+)-[^/\\]+$/)?.[1]))).toEqual(programs.map((_, at) => at + 1));
});

test.each(programs)("%s prints what it says it prints", async (file) => {
  const printed = readFileSync(root + file, "utf8").split("\n// Printed:\n")[1];
  const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=gradus-source", file], { cwd: root });
  expect(stdout.trimEnd().replaceAll(/^/gm, "// ")).toBe(printed?.trimEnd());
});
