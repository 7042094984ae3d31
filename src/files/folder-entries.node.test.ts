import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderEntries } from "./folder-entries.node.ts";
import { inWords } from "./folder-entries.ts";

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
