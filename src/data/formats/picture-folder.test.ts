import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "fast-png";
import jpeg from "jpeg-js";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { describeFile, filesOf, readDataset } from "./read-dataset.node.ts";

const png = encode({ width: 2, height: 2, data: new Uint8Array(4), channels: 1, depth: 8 });

let root = "";
let home = "";
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "gradus-folder-"));
});
afterAll(() => rm(root, { recursive: true }));
beforeEach(async () => {
  home = join(root, `pics${count++}`);
  await pictures("train/cat/1.png", "train/dog/1.png", "test/cat/2.png", "test/dog/2.png");
});

async function pictures(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(join(home, name, ".."), { recursive: true });
    await writeFile(join(home, name), png);
  }
}

/** Read, listed and described: each refuses alike. */
async function refused(place: string, complaint: string | RegExp, remedy: string | RegExp): Promise<void> {
  const fault = {
    code: "data",
    complaint: expect.stringMatching(complaint),
    remedy: expect.stringMatching(remedy),
  };
  await expect(readDataset(place)).rejects.toMatchObject(fault);
  await expect(describeFile(place)).rejects.toMatchObject(fault);
}

test("a part is a folder; another name gets the nearest, and none leads out of the folder", async () => {
  expect((await readDataset(`${home}#train`)).classes).toEqual(["cat", "dog"]);
  await writeFile(join(home, "notes.txt"), "");
  await refused(`${home}#tset`, /no such part: unknown "tset"; did you mean "test"\?/, /name one of its folders/);
  await refused(`${home}#..`, /no such part/, /name one of its folders/);
  await refused(`${home}#notes.txt`, /"notes.txt" is a file, and a part is a folder/, /name one of its folders/);
  await expect(filesOf(`${home}#tset`)).rejects.toMatchObject({ code: "data" });
});

test("parts in place of classes are named, whatever they are called", async () => {
  await refused(home, /found parts of a dataset: "test", "train"/, `${home}#test or ${home}#train`);
  await pictures("Training/cat/1.png", "Validation/cat/1.png", "stray/1.png");
  await refused(home, /found parts of a dataset/, `${home}#Training`);
});

test.each<[why: string, complaint: RegExp, remedy: RegExp, make: (folder: string) => unknown]>([
  [
    "a folder named as a picture",
    /expected PNGs or JPEGs, found 1 PNG, 1 folder \("x.png"\)/,
    /without folders between/,
    (folder) => mkdir(join(folder, "x.png")),
  ],
  ["a FIFO", /found 1 PNG, 1 that are neither/, /leave only PNGs/, (folder) => mkfifo(join(folder, "x.png"))],
  ["text beside pictures", /found 1 PNG, 1 .txt file, for example "a.txt"/, /leave only PNGs/, text("a.txt", "")],
  ["an HTML page named as a PNG", /expected a PNG/, /.+/, text("a.png", "<!DOCTYPE html>")],
])("%s among the pictures is refused, not waited for", async (_why, complaint, remedy, make) => {
  await make(join(home, "train", "cat"));
  await refused(`${home}#train`, complaint, remedy);
});

function mkfifo(file: string): void {
  execFileSync("sh", ["-c", `mkfifo "$0"`, file]);
}

function text(name: string, content: string) {
  return (folder: string) => writeFile(join(folder, name), content);
}

test("folders without pictures are told by what is in them", async () => {
  await mkdir(join(home, "train", "empty"));
  await refused(`${home}#train`, /expected PNGs or JPEGs, found nothing/, /take the empty folder out/);
  await rm(join(home, "train", "empty"), { recursive: true });
  await pictures("train/cow/holstein/1.png");
  await refused(`${home}#train`, /found 1 folder \("holstein"\)/, /without folders between/);
  await pictures("flat/1.png", "flat/2.png");
  await refused(`${home}#flat`, /found 2 PNGs/, /the pictures of each class into a folder/);
  await mkdir(join(home, "linked", "cat"), { recursive: true });
  await mkdir(join(home, "linked", "dog"));
  await symlink("../../train/cat/1.png", join(home, "linked", "cat", "1.png"));
  await refused(`${home}#linked`, /found 1 link, which are not followed/, /.+/);
});

test("a link that leads to itself, a FIFO and a socket in place of a file are refused", async () => {
  await symlink("round", join(home, "round"));
  await refused(join(home, "round"), /a link that leads back to itself/, /what the link should lead to/);
  mkfifo(join(home, "pipe"));
  await refused(join(home, "pipe"), /neither a file nor a folder/, /give the path of a data file/);
  const server = createServer().listen(join(home, "socket"));
  try {
    await refused(join(home, "socket"), /neither a file nor a folder/, /give the path of a data file/);
  } finally {
    server.close();
  }
});

test("what systems leave in folders is passed over", async () => {
  await pictures("train/cat/Thumbs.db", "train/cat/desktop.ini", "train/__MACOSX/cat/1.png");
  expect(await readDataset(`${home}#train`)).toMatchObject({ count: 2, classes: ["cat", "dog"] });
});

const mode = (channels: 1 | 3, ...data: number[]) =>
  encode({ width: 2, height: 1, data: Uint8Array.from(data), channels, depth: 8 });

test("grey pictures stored as RGB are grey among grey ones, and grey ones are RGB among coloured ones", async () => {
  const folder = join(home, "mixed");
  const write = async (name: string, bytes: Uint8Array) => {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), bytes);
  };
  await write("a/1.png", mode(1, 10, 20));
  await write("b/1.png", mode(3, 30, 30, 30, 40, 40, 40));
  expect(await readDataset(folder)).toMatchObject({ shape: [1, 1, 2], images: Uint8Array.of(10, 20, 30, 40) });
  await write("b/1.png", mode(3, 30, 30, 30, 40, 40, 41));
  const coloured = Uint8Array.of(10, 20, 10, 20, 10, 20, 30, 40, 30, 40, 30, 41);
  expect(await readDataset(folder)).toMatchObject({ shape: [3, 1, 2], images: coloured });
  await write("a/1.png", mode(3, 10, 10, 10, 20, 20, 20));
  await write("b/1.png", mode(3, 30, 30, 30, 40, 40, 40));
  expect((await readDataset(folder)).shape).toEqual([3, 1, 2]); // as all are stored
});

test("JPEGs and PNGs of any size are brought to one by choice", async () => {
  const folder = join(home, "sizes");
  const data = Buffer.alloc(4 * 16 * 8, 200);
  await mkdir(join(folder, "a"), { recursive: true });
  await mkdir(join(folder, "b"));
  await writeFile(join(folder, "a", "1.jpg"), jpeg.encode({ data, width: 16, height: 8 }, 95).data);
  await writeFile(join(folder, "b", "1.png"), mode(3, 0, 0, 0, 100, 100, 100));
  const remedy = "have all brought to one size: data.dataset.resize: [8, 16]";
  await expect(readDataset(folder)).rejects.toMatchObject({ code: "data", remedy });
  const { images, shape } = await readDataset(folder, { resize: [1, 1] });
  expect(shape).toEqual([3, 1, 1]);
  expect([...images.subarray(3)]).toEqual([50, 50, 50]);
  expect([...images.subarray(0, 3)].every((byte) => Math.abs(byte - 200) < 4)).toBe(true);
  await expect(readDataset(join(folder, "b", "1.png"), { resize: [1, 1] })).rejects.toThrow(/a single picture/);
});

test("a flat folder with a table of labels in it or beside it, names with or without their ending", async () => {
  await pictures("flat/b.png", "flat/a.png", "flat/c.png");
  await writeFile(join(home, "flat", "train.csv"), "id,breed\nb,dog\na,cat\nc,dog\n");
  const dataset = await readDataset(join(home, "flat"));
  expect(dataset).toMatchObject({ count: 3, classes: ["cat", "dog"], labels: Uint8Array.of(1, 0, 1) });
  expect(dataset.reading).toEqual([`labels: the table ${join(home, "flat", "train.csv")}`]);
  expect(await filesOf(join(home, "flat"))).toEqual(
    ["b.png", "a.png", "c.png", "train.csv"].map((name) => join(home, "flat", name)),
  );
  await rm(join(home, "flat", "train.csv"));
  await writeFile(join(home, "flat_labels.csv"), "a.png;x;10\nb.png;y;2\nc.png;z;10\n");
  await refused(join(home, "flat"), /expected one column of labels/, /leave two columns/);
  await writeFile(join(home, "flat_labels.csv"), "file,other,label\na.png,x,10\nb.png,y,2\nc.png,z,10\n");
  const beside = await readDataset(join(home, "flat"));
  expect(beside).toMatchObject({ classes: ["2", "10"], labels: Uint8Array.of(1, 0, 1) });
});

test("of a table of labels, rows and pictures must be the same", async () => {
  await pictures("flat/a.png", "flat/b.png");
  await refused(join(home, "flat"), /or a table of labels, found 2 PNGs/, /labels.csv/);
  const table = join(home, "flat", "labels.csv");
  for (const [text, complaint, remedy] of [
    ["a.png,cat\nb.png,dog\nbb.png,dog\n", /byte 20: .*row 3 names unknown "bb.png"/, /take the row out/],
    ["a.png,cat\n", /a row for every picture, found none for 1 of 2, for example "b.png"/, /add their rows/],
    ["a.png,cat\nb,dog\nb.png,cat\n", /expected each picture once, found "b.png" again/, /leave one row/],
    ["x,y\n1,2\n", /a column with the names of the pictures/, /file,label/],
  ] as const) {
    await writeFile(table, text);
    await refused(join(home, "flat"), complaint, remedy);
  }
  await writeFile(join(home, "flat", "more.csv"), "");
  await refused(join(home, "flat"), /expected one table of labels, found "labels.csv", "more.csv"/, /leave only/);
});

test("links that are left out are told", async () => {
  await symlink(join(home, "test/cat/2.png"), join(home, "train/cat/2.png"));
  const { reading, count } = await readDataset(`${home}#train`);
  expect({ reading, count }).toEqual({ reading: ["left out: a link, which is not followed"], count: 2 });
});
