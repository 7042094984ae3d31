import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keptAlways, keptFor, noteUse, prune } from "./pruning.node.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "gradus-pruning-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const now = Date.now();

/** A file that was used last so many milliseconds ago. */
function plant(name: string, ago: number): string {
  const file = path.join(folder, name);
  writeFileSync(file, "");
  utimesSync(file, (now - ago) / 1000, (now - ago) / 1000);
  return file;
}

const numbered = (count: number, ending: string) =>
  Array.from({ length: count }, (_, i) => `${i.toString(16).padStart(16, "0")}-f32${ending}`);

test("what was not used for long goes, but for those used last", async () => {
  const libraries = numbered(keptAlways + 3, ".so");
  for (const [i, name] of libraries.entries()) plant(name, keptFor + 1000 * (i + 1));
  await prune(folder, now);
  expect(readdirSync(folder).sort()).toEqual(libraries.slice(0, keptAlways));
});

test("however many are in use, all stay", async () => {
  const libraries = [...numbered(keptAlways, ".so"), ...numbered(keptAlways, ".refused")];
  for (const name of libraries) plant(name, keptFor - 60_000);
  await prune(folder, now);
  expect(readdirSync(folder)).toHaveLength(libraries.length);
});

test("unfinished ones go when they are old, and nothing else is touched", async () => {
  const [name] = numbered(1, ".so");
  plant(`${name}.77-0123abcd-89ef0123`, keptFor + 1000);
  const making = path.basename(plant(`${name}.78-0123abcd-89ef0123`, 1000));
  const other = path.basename(plant("notes.txt", 100 * keptFor));
  await prune(folder, now);
  expect(readdirSync(folder).sort()).toEqual([making, other]);
});

test("several prune at once", async () => {
  for (const name of numbered(40, ".so")) plant(name, 2 * keptFor);
  await Promise.all([prune(folder, now), prune(folder, now), prune(folder, now)]);
  expect(readdirSync(folder)).toHaveLength(keptAlways);
});

test("a use is noted once a day, and what is gone is said to be", async () => {
  const [used, unused] = numbered(2, ".so");
  const file = plant(used, keptFor);
  expect(await noteUse(file, now)).toBe(true);
  expect(statSync(file).mtimeMs).toBeCloseTo(now, -2);
  expect(await noteUse(file, now + 60_000)).toBe(true);
  expect(statSync(file).mtimeMs).toBeCloseTo(now, -2);
  expect(await noteUse(path.join(folder, unused), now)).toBe(false);
});
