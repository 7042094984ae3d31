import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Fault } from "../../src/fault/fault.ts";
import { stream } from "../../src/math/random/stream.ts";
import { broken, killAfter, startWriter } from "../../src/store/fixtures/killed-writer.node.ts";
import { openStore } from "../../src/store/open-store.node.ts";
import { storeFile } from "../../src/store/store-address.node.ts";

const kills = Number(process.env.GRADUS_KILLS ?? 500);
const minutes = Number(process.env.GRADUS_MINUTES ?? 2);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gradus-slow-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const random = (purpose: string, index: number) => stream(1, purpose, index).uniform(0, 1, 1)[0];

test(`acknowledged is a subset of stored: ${kills} kills`, async () => {
  let [entries, hits] = [0, 0];
  const artifacts = new Set<string>();
  for (let kill = 0; kill < kills; kill++) {
    const writer = startWriter(folder, "killed", kill);
    await killAfter(writer, 80 * random("kill", kill));
    const { acknowledged } = writer;
    expect(acknowledged.complaint).toBe("");
    for (const id of acknowledged.artifacts) artifacts.add(id);
    if (acknowledged.entries > 0) hits += 1;
    // Nothing was acknowledged since: an append may have arrived all the same.
    const there = await lengthOf("killed");
    const least = Math.max(acknowledged.entries, entries);
    expect(there, `kill ${kill}`).toBeGreaterThanOrEqual(least);
    expect(there, `kill ${kill}`).toBeLessThanOrEqual(least + 5);
    const known = {
      ...acknowledged,
      entries: least,
      artifacts: kill % 20 === 0 || kill === kills - 1 ? artifacts : new Set<string>(),
    };
    expect(await broken(folder, "killed", known), `kill ${kill}`).toEqual([]);
    entries = there;
  }
  process.stdout.write(
    `${kills} kills, ${hits} amid writing; ${entries} entries and ${artifacts.size} artifacts, all there\n`,
  );
  expect(hits).toBeGreaterThan(kills / 2);
});

test(`20 writers and readers on one store for ${minutes} minutes, killed at random`, async () => {
  const until = performance.now() + minutes * 60_000;
  let killed = 0;
  const writers = Array.from({ length: 16 }, async (_, i) => {
    const run = `writer-${i}`;
    const artifacts = new Set<string>();
    for (let round = 0; performance.now() < until; round++) {
      const writer = startWriter(folder, run, 100 * i + round);
      await killAfter(writer, 4000 * random(`writer ${i}`, round));
      expect(writer.acknowledged.complaint).toBe("");
      for (const id of writer.acknowledged.artifacts) artifacts.add(id);
      expect(
        await broken(folder, run, { ...writer.acknowledged, entries: (await lengthOf(run)) - 5, artifacts: new Set() }),
      ).toEqual([]);
      expect(await lengthOf(run)).toBeGreaterThanOrEqual(writer.acknowledged.entries);
      killed += 1;
    }
    return { run, artifacts };
  });
  const readers = Array.from({ length: 4 }, async () => {
    const store = await openStore(folder);
    let reads = 0;
    while (performance.now() < until) {
      for (const { log: run, entries } of await store.logs()) {
        const stored = await store.read(run);
        expect(stored.length).toBeGreaterThanOrEqual(entries);
        expect(stored.every((entry, i) => entry.startsWith(`${run} ${i} x`))).toBe(true);
      }
      reads += 1;
      await pause(50);
    }
    await store.close();
    return reads;
  });
  const ends = await Promise.all(writers);
  const reads = await Promise.all(readers);
  let entries = 0;
  for (const { run, artifacts } of ends) {
    const length = await lengthOf(run);
    expect(await broken(folder, run, { entries: length, artifacts, complaint: "" })).toEqual([]);
    entries += length;
  }
  process.stdout.write(
    `${killed} kills, ${entries} entries, ${reads.reduce((a, b) => a + b)} rounds of readers: nothing lost\n`,
  );
});

const canMount = process.platform === "linux" && process.getuid?.() === 0 && attempt(() => mount(4));

test.skipIf(!canMount)(
  "a full disk, 40 times: nothing false is acknowledged, and it goes on when there is room",
  async () => {
    for (let round = 0; round < 40; round++) {
      const disk = mount(2 + Math.floor(6 * random("disk", round)), folder);
      try {
        const { acknowledged, ended } = startWriter(disk, "r", round);
        await ended;
        expect(acknowledged.complaint).toMatch(
          /Fault: .*(the disk is full|reading or writing failed|cannot be opened)/,
        );
        execFileSync("mount", ["-o", "remount,size=64m", disk]);
        expect(await broken(disk, "r", acknowledged)).toEqual([]);
        const next = startWriter(disk, "r", round);
        await killAfter(next, 200);
        expect(
          await broken(disk, "r", {
            ...next.acknowledged,
            entries: Math.max(next.acknowledged.entries, acknowledged.entries),
          }),
        ).toEqual([]);
      } finally {
        execFileSync("umount", [disk]);
      }
    }
  },
);

test("3,000 files with flipped bits or lost ends: no wrong value is shown", async () => {
  const store = await openStore(folder);
  const entries = Array.from({ length: 60 }, (_, i) => `{"entry":${i},"loss":${random("loss", i)}}`);
  const bytes = Uint8Array.from(stream(1, "bytes").integers(0, 256, 60_000));
  for (const run of ["first", "second", "third"]) await store.append({ log: run, kind: "run", at: 0, entries });
  const id = await store.put("second", bytes);
  await store.close();
  const whole = readFileSync(storeFile(folder));
  let [refused, shown] = [0, 0];
  for (let seed = 0; seed < 3000; seed++) {
    const damaged = Buffer.from(whole);
    const flips = 1 + (seed % 3);
    for (const at of stream(3, "flips", seed).integers(0, damaged.length, flips)) damaged[at] ^= 1 << (seed % 8);
    for (const ending of ["-wal", "-shm"]) rmSync(storeFile(folder) + ending, { force: true });
    writeFileSync(storeFile(folder), damaged);
    if (seed % 5 === 0) truncateSync(storeFile(folder), Math.floor(damaged.length * random("end", seed)));
    try {
      const damagedStore = await openStore(folder);
      try {
        for (const run of ["first", "second", "third"]) {
          const stored = await damagedStore.read(run);
          expect(stored, `seed ${seed}`).toEqual(entries.slice(0, stored.length));
          shown += 1;
        }
        const back = await damagedStore.get("second", id);
        if (back !== undefined) expect(Buffer.compare(back, bytes), `seed ${seed}`).toBe(0);
      } finally {
        await damagedStore.close();
      }
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      expect(error.remedy).not.toBe("");
      refused += 1;
    }
  }
  process.stdout.write(`${refused} of 3,000 damaged files were refused, ${shown} logs read, all right\n`);
});

async function lengthOf(run: string): Promise<number> {
  const store = await openStore(folder);
  const { length } = await store.read(run);
  await store.close();
  return length;
}

/** A file system in memory of so many megabytes, in a folder of `above`. */
function mount(megabytes: number, above?: string): string {
  const disk = join(above ?? mkdtempSync(join(tmpdir(), "gradus-mount-")), "disk");
  mkdirSync(disk, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", disk], { stdio: "ignore" });
  return disk;
}

function attempt(work: () => string): boolean {
  try {
    const disk = work();
    execFileSync("umount", [disk]);
    rmSync(disk, { recursive: true });
    return true;
  } catch {
    return false;
  }
}
