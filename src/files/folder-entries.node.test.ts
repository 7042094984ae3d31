import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderEntries, inWords } from "./folder-entries.node.ts";
import { withPlace } from "./read-whole.node.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gradus-entries-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("what systems leave behind is passed over, and the rest is put in words", async () => {
  for (const name of ["Thumbs.db", "desktop.ini", ".DS_Store", "b.jpg", "a.JPEG", "c.png", "notes"]) {
    await writeFile(join(folder, name), "");
  }
  for (const name of ["__MACOSX", "cats"]) await mkdir(join(folder, name));
  await symlink("cats", join(folder, "again"));
  const entries = await folderEntries(folder);
  expect(entries).toEqual({
    files: ["a.JPEG", "b.jpg", "c.png", "notes"],
    folders: ["cats"],
    links: ["again"],
    others: [],
  });
  const words = '2 JPEGs, 1 PNG, 1 file without an ending, 1 folder ("cats"), 1 link, which are not followed';
  expect(inWords(entries)).toBe(words);
  expect(inWords({ files: [], folders: [], links: [], others: [] })).toBe("nothing");
});

test.runIf(process.platform === "linux")("a name that is no UTF-8 is refused by name", async () => {
  const home = join(folder, "latin");
  await mkdir(home);
  await writeFile(Buffer.concat([Buffer.from(`${home}/`), Buffer.from("caf\xe9.png", "latin1")]), "");
  await expect(folderEntries(home)).rejects.toMatchObject({
    code: "data",
    complaint: 'the name "caf\u00e9.png" is no UTF-8',
    remedy: expect.stringContaining("rename it"),
  });
});

test("whatever the system says of a file is a refusal that names it", async () => {
  const failing = (code: string) => () => Promise.reject(Object.assign(new Error(`${code}: no`), { code }));
  for (const [code, complaint] of [
    ["EACCES", "cannot be read: permission denied"],
    ["ELOOP", "a link that leads back to itself"],
    ["EIO", "cannot be read: EIO: no"],
  ]) {
    await expect(withPlace("a/b", failing(code))).rejects.toMatchObject({ code: "data", place: "a/b", complaint });
  }
  await expect(withPlace("a", () => Promise.reject(new TypeError("a defect")))).rejects.toThrow(TypeError);
});
