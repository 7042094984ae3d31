import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readWhole, withPlace } from "./read-whole.node.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gradus-whole-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("a regular file is read up to a length; a folder, and a FIFO that nobody writes, are refused at once", async () => {
  const [file, fifo] = ["file", "fifo"].map((name) => join(folder, name));
  await writeFile(file, "abc");
  execFileSync("sh", ["-c", 'mkfifo "$0"', fifo]);
  expect(Buffer.from(await readWhole(file, 3)).toString()).toBe("abc");
  await expect(readWhole(file, 2)).rejects.toThrow(/expected a file of at most 2 bytes, found 3/);
  await expect(readWhole(folder, 9)).rejects.toMatchObject({
    code: "data",
    complaint: "expected a file, found a folder",
  });
  const complaint = "expected a file, found neither a file nor a folder";
  await expect(readWhole(fifo, 9)).rejects.toMatchObject({ code: "data", complaint });
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
