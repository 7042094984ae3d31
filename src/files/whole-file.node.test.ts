import { spawn, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { abandoned, makeFolder, uniqueName, writeWhole } from "./whole-file.node.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "gradus-whole-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

test("many writers at once leave one whole file and nothing else", async () => {
  const file = path.join(folder, "file");
  const contents = Array.from({ length: 20 }, (_, at) => `${at}:`.repeat(10_000));
  await Promise.all(contents.map((content) => writeWhole(file, content)));
  expect(contents).toContain(await readFile(file, "utf8"));
  expect(await readdir(folder)).toEqual(["file"]);
});

test("a writer killed at any time leaves a whole file, and what it left is told from what the living use", async () => {
  const file = path.join(folder, "file");
  const module = path.join(import.meta.dirname, "whole-file.node.ts");
  const script = `const { writeWhole } = await import(${JSON.stringify(module)});
    for (let round = 0; ; round++) {
      await writeWhole(${JSON.stringify(file)}, Buffer.alloc(4_000_000, round & 255));
      if (round === 0) console.log("first");
    }`;
  for (const delay of [1, 7, 13]) {
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    await new Promise((resolve) => child.stdout.once("data", resolve));
    await new Promise((resolve) => setTimeout(resolve, delay));
    child.kill("SIGKILL");
    await ended;
    const content = await readFile(file);
    expect(content.length).toBe(4_000_000);
    expect(content.every((byte) => byte === content[0])).toBe(true);
  }
  const left = (await readdir(folder)).filter((name) => name !== "file").map((name) => path.join(folder, name));
  expect((await abandoned(file)).sort()).toEqual(left.sort());
});

test("a write that fails leaves what was there, and no file beside it", async () => {
  await mkdir(path.join(folder, "taken", "inside"), { recursive: true });
  await expect(writeWhole(path.join(folder, "taken"), "new")).rejects.toThrow();
  expect(await readdir(folder)).toEqual(["taken"]);
});

test("abandoned finds the names of dead processes only, and of another container's only those that are old", async () => {
  const file = path.join(folder, "file");
  const dead = spawnSync(process.execPath, ["-e", ""]).pid;
  const living = uniqueName(file);
  const [, here] = living.slice(file.length + 1).split("-");
  const old = `${file}.${process.pid}-00000000-0123abcd`;
  for (const name of [
    living,
    `${file}.${dead}-${here}-0123abcd`,
    // Of a container in which that process may live; and as versions before wrote it.
    `${file}.${dead}-00000000-0123abcd`,
    `${file}.${dead}-0123abcd`,
    `${file}.${dead}-notours`,
    `${file}2.${dead}-${here}-0123abcd`,
    old,
    file,
  ]) {
    await writeFile(name, "");
  }
  await utimes(old, 0, Date.now() / 1000 - 2 * 24 * 3600);
  expect((await abandoned(file)).sort()).toEqual([`${file}.${dead}-${here}-0123abcd`, old].sort());
  expect(await abandoned(path.join(folder, "no", "such", "folder"))).toEqual([]);
});

test("a folder is made with those above it, again without harm, and never through a file", async () => {
  const deep = path.join(folder, "a", "b", "c");
  await Promise.all([makeFolder(deep), makeFolder(deep)]);
  await makeFolder(deep);
  expect(await readdir(path.join(folder, "a", "b"))).toEqual(["c"]);
  await writeFile(path.join(deep, "file"), "");
  await expect(makeFolder(path.join(deep, "file", "under"))).rejects.toThrow(/ENOTDIR|EEXIST/);
});

test.runIf(process.platform === "linux")(
  "where a file system takes no folders, the answer comes and is no",
  async () => {
    await expect(makeFolder("/proc/x")).rejects.toThrow(/ENOENT/);
  },
);
