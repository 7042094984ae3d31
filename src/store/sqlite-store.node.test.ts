import { type ChildProcess, execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { Fault } from "../fault/fault.ts";
import { stream } from "../math/random/stream.ts";
import { broken, killAfter, startWriter } from "./fixtures/killed-writer.node.ts";
import { openStore } from "./open-store.node.ts";
import { salvage } from "./salvage.node.ts";
import { storeFile } from "./store-address.node.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gradus-store-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

test("what was acknowledged to a writer that is killed is there: 5 kills", async () => {
  let entries = 0;
  const artifacts = new Set<string>();
  for (let kill = 0; kill < 5; kill++) {
    const writer = startWriter(folder, "killed", kill);
    await killAfter(writer, 150 * stream(1, "kill", kill).uniform(0, 1, 1)[0]);
    const { acknowledged } = writer;
    expect(acknowledged.complaint).toBe("");
    for (const id of acknowledged.artifacts) artifacts.add(id);
    if (acknowledged.entries > 0) entries = acknowledged.entries;
    // Nothing was acknowledged since: an append may have arrived all the same.
    const length = await lengthOf("killed");
    expect(
      await broken(folder, "killed", { ...acknowledged, entries: Math.max(entries, length - 5), artifacts }),
    ).toEqual([]);
    expect(length).toBeGreaterThanOrEqual(entries);
    entries = length;
  }
  expect(entries).toBeGreaterThan(20);
  expect(artifacts.size).toBeGreaterThan(1);
}, 120_000);

test("eight processes open a store that is not there yet, write at once, and lose nothing", async () => {
  const writers = Array.from({ length: 8 }, (_, i) => ({
    run: `writer-${i}`,
    ...startWriter(folder, `writer-${i}`, i),
  }));
  // Whoever waits for a busy store gets its turn.
  while (!writers.every(({ acknowledged: { entries, complaint } }) => entries > 0 || complaint !== "")) await pause(20);
  await Promise.all(writers.map((writer) => killAfter(writer, 300)));
  for (const { run, acknowledged } of writers) {
    expect(acknowledged.complaint).toBe("");
    expect(acknowledged.entries).toBeGreaterThan(0);
    expect(await broken(folder, run, acknowledged)).toEqual([]);
  }
}, 120_000);

test("a claim ends with its process, however that ends", async () => {
  const { spawn } = await import("node:child_process");
  const children: ChildProcess[] = [];
  // A test that fails leaves none of them.
  onTestFinished(() => {
    for (const child of children) child.kill("SIGKILL");
  });
  const source = `
    const { openStore } = await import(${JSON.stringify(new URL("./open-store.node.ts", import.meta.url).href)});
    const store = await openStore(${JSON.stringify(folder)});
    console.log((await store.claim("r")) === undefined ? "refused" : "claimed");
    setInterval(() => {}, 1000);`;
  const start = async () => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    const answer = await new Promise((resolve) => child.stdout.once("data", (text) => resolve(String(text).trim())));
    return { child, answer, ended: new Promise((resolve) => child.on("close", resolve)) };
  };
  const store = await openStore(folder);
  const first = await start();
  // Who is refused has waited a second: both at once.
  const starting = start();
  expect(await store.isClaimed("r")).toBe(true);
  expect(await store.claim("r")).toBeUndefined();
  const second = await starting;
  expect([first.answer, second.answer]).toEqual(["claimed", "refused"]);
  for (const { child, ended } of [first, second]) {
    child.kill("SIGKILL");
    await ended;
  }
  expect(await store.isClaimed("r")).toBe(false);
  expect(await store.claim("r")).toBeDefined();
  await store.close();
});

// A shell's limit on the size of files: writing beyond it fails as a disk does.
test.skipIf(process.platform === "win32")("a write that fails is not acknowledged, and what was stays", async () => {
  const limit = ["bash", "-c", 'ulimit -f 1000; trap "" XFSZ; exec "$@"', "bash"];
  const { acknowledged, ended } = startWriter(folder, "r", 1, limit);
  await ended;
  expect(acknowledged.complaint).toMatch(/Fault: .*runs\.sqlite: (the disk is full|reading or writing failed)/);
  expect(acknowledged.entries).toBeGreaterThan(0);
  expect(await broken(folder, "r", acknowledged)).toEqual([]);
  // Where there is room again, the same log goes on.
  const next = startWriter(folder, "r", 1);
  await killAfter(next, 300);
  expect(next.acknowledged.entries).toBeGreaterThan(acknowledged.entries);
  expect(await broken(folder, "r", next.acknowledged)).toEqual([]);
});

test("another program's file, a newer store and a file that is none are refused, and left as they are", async () => {
  const file = storeFile(folder);
  const foreign = new DatabaseSync(file);
  foreign.exec("CREATE TABLE mine (a); PRAGMA user_version = 7");
  foreign.close();
  await expect(openStore(folder)).rejects.toThrow(/a database of another program/);
  rmSync(file);

  await (await openStore(folder)).close();
  const newer = new DatabaseSync(file);
  newer.exec("PRAGMA user_version = 99");
  newer.close();
  await expect(openStore(folder)).rejects.toMatchObject({
    message: /version 99 of a newer Gradus/,
    remedy: /newer/,
  });

  for (const name of [file, `${file}-wal`, `${file}-shm`]) rmSync(name, { force: true });
  const bytes = Buffer.from("these are my notes, not a database\n".repeat(200));
  writeFileSync(file, bytes);
  await expect(openStore(folder)).rejects.toMatchObject({ code: "store", message: /not a database/ });
  expect(readFileSync(file).equals(bytes)).toBe(true);

  mkdirSync(join(folder, "inner"));
  writeFileSync(join(folder, "inner", "file"), "");
  await expect(openStore(join(folder, "inner", "file"))).rejects.toMatchObject({ code: "store" });
});

/** A store with runs and artifacts in it, closed, and what it holds. */
async function filled() {
  const store = await openStore(folder);
  const entries = Array.from(
    { length: 40 },
    (_, i) => `{"entry":${i},"loss":${stream(1, "loss", i).uniform(0, 1, 1)[0]}}`,
  );
  const artifacts: string[] = [];
  for (const run of ["first", "second", "third"]) {
    await store.append({ log: run, kind: "run", at: 0, entries });
    artifacts.push(await store.put(run, Uint8Array.from(stream(1, run).integers(0, 256, 30_000))));
  }
  await store.close();
  return { entries, artifacts };
}

test("bits that flip and ends that are missing are never shown as values: 60 damaged files", async () => {
  const { entries, artifacts } = await filled();
  const whole = readFileSync(storeFile(folder));
  let [refused, shown] = [0, 0];
  for (let seed = 0; seed < 60; seed++) {
    const damaged = Buffer.from(whole);
    const [at, bit, kind] = stream(7, "damage", seed).integers(0, damaged.length, 3);
    damaged[at] ^= 1 << (bit % 8);
    for (const ending of ["-wal", "-shm"]) rmSync(storeFile(folder) + ending, { force: true });
    writeFileSync(storeFile(folder), damaged);
    if (kind % 4 === 0) truncateSync(storeFile(folder), at);
    const read = async () => {
      const store = await openStore(folder);
      try {
        for (const [i, run] of ["first", "second", "third"].entries()) {
          try {
            const stored = await store.read(run);
            // Of a log that lost its end nobody can know; what is there must be right.
            expect(stored).toEqual(entries.slice(0, stored.length));
            const bytes = await store.get(run, artifacts[i]);
            if (bytes !== undefined) expect(bytes).toEqual(Uint8Array.from(stream(1, run).integers(0, 256, 30_000)));
            shown += 1;
          } catch (error) {
            if (!(error instanceof Fault)) throw error;
            refused += 1;
          }
        }
      } finally {
        await store.close();
      }
    };
    await read().catch((error) => {
      if (!(error instanceof Fault)) throw error;
      expect(error.remedy).not.toBe("");
      refused += 3;
    });
  }
  expect(refused).toBeGreaterThan(30);
  expect(shown).toBeGreaterThan(60);
});

test("of a damaged file, what can be read is saved, and the damaged file is kept", async () => {
  const { entries } = await filled();
  const file = storeFile(folder);
  const bytes = readFileSync(file);
  // A page in the middle.
  bytes.fill(0xff, 8 * 4096, 9 * 4096);
  writeFileSync(file, bytes);
  const open = await openStore(folder);
  await expect(salvage(file)).rejects.toThrow(/another process has it open/);
  await open.close();
  const { saved, lost, old } = await salvage(file);
  expect(lost).toBe(true);
  expect(saved).toBeGreaterThan(40);
  expect(readFileSync(old).equals(bytes)).toBe(true);
  const store = await openStore(folder);
  expect(await store.maintenance.integrity()).toEqual([]);
  for (const run of ["first", "second", "third"]) {
    for (const { position, body, isSound } of await store.maintenance.entries(run)) {
      expect([isSound, body]).toEqual([true, entries[position]]);
    }
  }
  await store.close();
});

test("a backup is a store, made while another process writes", async () => {
  const writer = startWriter(folder, "r", 1);
  await writer.open;
  await pause(300);
  const store = await openStore(folder);
  const copy = join(folder, "copy");
  mkdirSync(copy);
  const before = await lengthOf("r");
  await store.maintenance.backup(join(copy, "backup"));
  writer.child.kill("SIGKILL");
  await writer.ended;
  await store.close();
  copyFileSync(join(copy, "backup"), storeFile(copy));
  const backup = await openStore(copy);
  expect(await backup.maintenance.integrity()).toEqual([]);
  expect((await backup.read("r")).length).toBeGreaterThanOrEqual(before);
  await backup.close();
});

test.skipIf(process.platform === "win32")(
  "a backup that cannot be written says so as a file does, by a code",
  async () => {
    const store = await openStore(folder);
    await store.append({ log: "r", kind: "run", at: 0, entries: ["x".repeat(3_000_000)] });
    const elsewhere = join(folder, "no", "such", "folder");
    await expect(store.maintenance.backup(elsewhere)).rejects.toMatchObject({ code: "ENOENT" });
    await store.close();
    // A shell's limit on the size of files: writing beyond it fails as a disk does.
    const source = `
    const { openStore } = await import(${JSON.stringify(new URL("./open-store.node.ts", import.meta.url).href)});
    const store = await openStore(${JSON.stringify(folder)});
    const code = await store.maintenance.backup(${JSON.stringify(join(folder, "backup"))}).then(() => "none", (error) => error.code);
    console.log(code);`;
    const output = execFileSync(
      "bash",
      ["-c", 'ulimit -f 1000; trap "" XFSZ; exec "$@"', "bash", process.execPath, "--input-type=module", "-e", source],
      {
        encoding: "utf8",
      },
    );
    expect(["ENOSPC", "EIO"]).toContain(output.trim());
  },
);

async function lengthOf(run: string): Promise<number> {
  const store = await openStore(folder);
  const { length } = await store.read(run);
  await store.close();
  return length;
}
