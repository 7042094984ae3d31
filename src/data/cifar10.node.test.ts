import {
  copyFile,
  mkdir,
  mkdtemp,
  open,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkCifar10, cifar10File, describeCifar10, loadCifar10, verifyCifar10 } from "./cifar10.node.ts";
import { type Cifar10Member, cifar10Hashes, cifar10Members } from "./cifar10.ts";
import { dataFolder } from "./data-folder.node.ts";
import { concatenate } from "./dataset.ts";
import { readManifest } from "./verified.node.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "gradus-cifar-"));
  await mkdir(path.dirname(cifar10File(folder, "test_batch")), { recursive: true });
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const manifestOf = (home: string) => path.join(home, "cifar-10-batches-bin", "verified.json");

async function link(...members: Cifar10Member[]): Promise<void> {
  for (const member of members) await symlink(cifar10File(dataFolder(), member), cifar10File(folder, member));
}

/** A copy of a member in which one bit of one pixel is flipped. */
async function altered(member: Cifar10Member): Promise<string> {
  const file = cifar10File(folder, member);
  await copyFile(cifar10File(dataFolder(), member), file);
  const handle = await open(file, "r+");
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, 20_000_000);
  buffer[0] ^= 1;
  await handle.write(buffer, 0, 1, 20_000_000);
  await handle.close();
  return file;
}

describe("the real data", () => {
  test("is what its authors published", async () => {
    const { members, channels, classes } = await describeCifar10(dataFolder());
    expect(members.map(({ name, count }) => [name, count])).toEqual(cifar10Members.map((name) => [name, 10_000]));
    expect(members[0].classCounts).toEqual([1005, 974, 1032, 1016, 999, 937, 1030, 1001, 1025, 981]);
    expect(members[0].firstLabels).toEqual([6, 9, 9, 4, 1, 1, 2, 7, 8, 3]);
    expect(members[5].classCounts).toEqual(new Array(10).fill(1000));
    expect(classes[members[0].firstLabels[0]]).toBe("frog");
    expect(channels.map(({ mean }) => mean.toFixed(4))).toEqual(["125.3069", "122.9504", "113.8654"]);
    expect(channels.map(({ deviation }) => deviation.toFixed(4))).toEqual(["62.9932", "62.0887", "66.7049"]);
  });

  test("loads only what is asked for, in that order, as neighbours in memory", async () => {
    const parts = await loadCifar10(dataFolder(), ["data_batch_2", "data_batch_1"]);
    expect(parts.map(({ name }) => name)).toEqual(["data_batch_2", "data_batch_1"]);
    const file = await readFile(cifar10File(dataFolder(), "data_batch_1"));
    expect(Buffer.compare(file.subarray(9999 * 3073 + 1), parts[1].images.subarray(9999 * 3072))).toBe(0);
    expect(Buffer.compare(file.subarray(1, 3073), parts[1].images.subarray(0, 3072))).toBe(0);
    const joined = concatenate(parts);
    expect(joined.images.buffer).toBe(parts[0].images.buffer);
    expect(joined.images.length).toBe(2 * 30_720_000);
  });
});

describe("verifyCifar10", () => {
  test("tells right, missing, truncated and altered files apart", async () => {
    await link("data_batch_1", "test_batch");
    await writeFile(cifar10File(folder, "data_batch_3"), "not an image");
    const wrong = await altered("data_batch_4");
    await copyFile(cifar10File(dataFolder(), "data_batch_5"), cifar10File(folder, "data_batch_5"));
    await truncate(cifar10File(folder, "data_batch_5"), 30_730_001);

    const checks = await verifyCifar10(folder);
    expect(checks.map(({ state }) => state)).toEqual(["ok", "missing", "truncated", "altered", "altered", "ok"]);
    expect(checks[1]).toMatchObject({ expected: "30730000 bytes", found: "no file" });
    expect(checks[2]).toMatchObject({ expected: "30730000 bytes", found: "12 bytes" });
    expect(checks[3]).toMatchObject({ member: "data_batch_4", file: wrong, expected: cifar10Hashes.data_batch_4 });
    expect(checks[3].found).toMatch(/^[0-9a-f]{64}$/);
    expect(checks[4]).toMatchObject({ expected: "30730000 bytes", found: "30730001 bytes" });
    expect([...(await readManifest(path.dirname(wrong))).keys()]).toEqual(["data_batch_1.bin", "test_batch.bin"]);
  });
});

describe("loadCifar10 refuses", () => {
  const remedy = "run `gradus data fetch`";

  test("a missing file, but only when it is needed", async () => {
    await link("data_batch_1");
    await expect(loadCifar10(folder, ["data_batch_1", "test_batch"])).rejects.toMatchObject({
      code: "data",
      place: cifar10File(folder, "test_batch"),
      message: `${cifar10File(folder, "test_batch")}: missing: expected 30730000 bytes, found no file`,
      remedy,
    });
    expect(await loadCifar10(folder, ["data_batch_1"])).toHaveLength(1);
  });

  test("a truncated file", async () => {
    const file = cifar10File(folder, "test_batch");
    await writeFile(file, new Uint8Array(3073));
    await expect(loadCifar10(folder, ["test_batch"])).rejects.toMatchObject({
      code: "data",
      message: `${file}: truncated: expected 30730000 bytes, found 3073 bytes`,
      remedy,
    });
  });

  test("an altered file", async () => {
    const file = await altered("test_batch");
    await expect(loadCifar10(folder, ["test_batch"])).rejects.toMatchObject({
      code: "data",
      place: file,
      message: expect.stringContaining(`altered: expected ${cifar10Hashes.test_batch}, found `),
      remedy,
    });
  });
});

describe("verified.json", () => {
  test("spares a file that has not changed the hashing, and nothing else", async () => {
    const file = await altered("test_batch");
    const { size, mtimeMs } = await stat(file);
    // The only way to see that nothing was hashed: an altered file that the manifest calls verified passes as "ok".
    const entry = { size, modified: mtimeMs, sha256: cifar10Hashes.test_batch };
    const state = async (trust: boolean) => (await checkCifar10(folder, ["test_batch"], trust))[0].state;
    const plant = (planted: object) => writeFile(manifestOf(folder), JSON.stringify({ "test_batch.bin": planted }));

    await plant(entry);
    expect(await state(true)).toBe("ok");
    expect(await state(false)).toBe("altered");
    expect(await state(true)).toBe("altered"); // verifying took the entry out

    for (const planted of [
      { ...entry, modified: mtimeMs - 1 },
      { ...entry, size: size - 1 },
      { ...entry, sha256: cifar10Hashes.data_batch_1 },
    ]) {
      await plant(planted);
      expect(await state(true)).toBe("altered");
    }
    await plant(entry);
    await utimes(file, new Date(), new Date(mtimeMs + 5000));
    expect(await state(true)).toBe("altered");
  });

  test("is written by the first load and read by the next", async () => {
    await link("test_batch");
    await loadCifar10(folder, ["test_batch"]);
    const { mtimeMs } = await stat(cifar10File(folder, "test_batch"));
    const text = await readFile(manifestOf(folder), "utf8");
    const entry = { size: 30_730_000, modified: mtimeMs, sha256: cifar10Hashes.test_batch };
    expect(JSON.parse(text)).toEqual({ "test_batch.bin": entry });
    const written = (await stat(manifestOf(folder))).mtimeMs;
    await loadCifar10(folder, ["test_batch"]);
    expect((await stat(manifestOf(folder))).mtimeMs).toBe(written);
  });

  test("with any other content counts as none", async () => {
    await link("test_batch");
    const hash = cifar10Hashes.test_batch;
    for (const text of [
      "",
      "null",
      "[1]",
      '{"test_batch.bin": null}',
      `{"test_batch.bin": {"sha256": "${hash}"}}`,
      "\0",
    ]) {
      await writeFile(manifestOf(folder), text);
      expect((await checkCifar10(folder, ["test_batch"], true))[0].state).toBe("ok");
      expect(JSON.parse(await readFile(manifestOf(folder), "utf8"))["test_batch.bin"].sha256).toBe(hash);
    }
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.constantFrom("", "null", "[1]"), fc.json(), fc.string()), async (text) => {
        await writeFile(manifestOf(folder), text);
        expect(await readManifest(path.dirname(manifestOf(folder)))).toBeInstanceOf(Map);
      }),
      { numRuns: 200 },
    );
  });
});
