import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { create } from "tar";
import { afterEach, beforeEach, expect, test } from "vitest";
import { unpack } from "./unpack.node.ts";

let folder: string;
let into: string;
let archive: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "gradus-unpack-"));
  into = path.join(folder, "into");
  archive = path.join(folder, "archive.tar.gz");
  await mkdir(path.join(folder, "package", "deep"), { recursive: true });
  await mkdir(into);
  await writeFile(path.join(folder, "package", "wanted"), "wanted");
  await writeFile(path.join(folder, "package", "unwanted"), "unwanted");
  await writeFile(path.join(folder, "package", "deep", "wanted"), "deep");
  await symlink("/etc/hosts", path.join(folder, "package", "link"));
  await create({ gzip: true, cwd: folder, file: archive }, ["package"]);
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

test("takes the files that are wanted, and neither links nor anything else", async () => {
  await unpack(archive, into, ["package/wanted", "package/link", "package/absent"]);
  expect(await readdir(into)).toEqual(["wanted"]);
  expect(await readFile(path.join(into, "wanted"), "utf8")).toBe("wanted");
});

test("refuses an archive that is cut short", async () => {
  const bytes = await readFile(archive);
  await writeFile(archive, bytes.subarray(0, bytes.length - 20));
  await expect(unpack(archive, into, ["package/wanted"])).rejects.toThrow();
});
