import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { asReader, hasReader } from "./fixtures/reader.node.ts";
import { entryHash } from "./hashes.node.ts";
import { openStore } from "./open-store.node.ts";
import { salvage } from "./salvage.node.ts";
import { type Database, openDatabase } from "./sqlite-database.node.ts";
import { appendEntries, readEntries } from "./sqlite-logs.node.ts";
import { migrations } from "./sqlite-tables.node.ts";
import { storeFile } from "./store-address.node.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gradus-store-"));
  file = storeFile(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

test("SQLite is loaded when a store is opened, and not before", () => {
  const source = `
    const loaded = () => process.moduleLoadList.some((name) => name.endsWith("NativeModule sqlite"));
    const { openStore } = await import(${JSON.stringify(new URL("./open-store.node.ts", import.meta.url).href)});
    const before = loaded();
    await (await openStore("memory:")).close();
    const memory = loaded();
    await (await openStore(${JSON.stringify(folder)})).close();
    console.log(JSON.stringify([before, memory, loaded()]));`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", source], { encoding: "utf8" });
  expect(JSON.parse(output)).toEqual([false, false, true]);
});

test("a store of the first version opens with its runs, in the order in which they began", async () => {
  const old = await openDatabase(file, migrations.slice(0, 1));
  const began = { b: "2026-11-21T10:00:00.900Z", a: "2026-11-21T10:00:01.500Z", c: "2026-11-21T10:00:01.100Z" };
  for (const [run, at] of Object.entries(began)) {
    for (const [position, body] of ['{"kind":"created"}', `{"kind":"opened","at":"${at}"}`].entries()) {
      old.run("INSERT INTO entry VALUES (?, ?, ?, ?)", run, position, body, entryHash(run, position, body));
    }
  }
  old.run("INSERT INTO entry VALUES ('odd', 0, 'no JSON', ?)", entryHash("odd", 0, "no JSON"));
  old.close();
  const store = await openStore(folder);
  const logs = await store.logs({ kind: "run" });
  expect(logs.map(({ log, entries }) => [log, entries])).toEqual([
    ["odd", 1],
    ["b", 2],
    ["c", 2],
    ["a", 2],
  ]);
  expect(await store.changed()).toBe(4);
  await store.append({ log: "new", kind: "run", at: 0, entries: ["x"] });
  expect((await store.logs()).at(-1)).toMatchObject({ log: "new", began: 5 });
  await store.close();
});

test("a database is opened so that what is committed survives the loss of power", async () => {
  const database = await openDatabase(file, migrations);
  const pragma = (name: string) => Object.values(database.all(`PRAGMA ${name}`)[0])[0];
  const full = 2; // https://sqlite.org/pragma.html#pragma_synchronous
  expect([pragma("synchronous"), pragma("journal_mode"), pragma("foreign_keys")]).toEqual([full, "wal", 1]);
  // Of macOS: https://sqlite.org/pragma.html#pragma_fullfsync
  expect([pragma("fullfsync"), pragma("checkpoint_fullfsync")]).toEqual([1, 1]);
  database.close();
});

test("an entry under another name or at another position is not shown", async () => {
  const store = await openStore(folder);
  await store.append({ log: "r", kind: "run", at: 0, entries: ["a", "b"] });
  await store.append({ log: "s", kind: "run", at: 0, entries: ["c", "d"] });
  const database = new DatabaseSync(file);
  // Bits that flip in the columns under which an entry is found.
  database.exec(
    "UPDATE entry SET position = 7 WHERE run = 'r' AND position = 0; UPDATE entry SET position = 0 WHERE run = 'r' AND position = 1",
  );
  database.exec("UPDATE entry SET position = 1 WHERE run = 'r' AND position = 7");
  await expect(store.read("r")).rejects.toThrow(/entry 0 of run r is damaged/);
  database.exec("DELETE FROM entry WHERE run = 'r'; UPDATE entry SET run = 'r' WHERE run = 's'");
  await expect(store.read("r")).rejects.toThrow(/entry 0 of run r is damaged/);
  // An end that is missing is noticed too.
  await expect(store.read("s")).rejects.toThrow(/entry 0 of run s is damaged or missing/);
  database.close();
  await store.close();
});

test("a damaged summary is none, and a damaged note of a log is refused until it is written anew", async () => {
  const store = await openStore(folder);
  await store.append({ log: "r", kind: "run", at: 0, entries: ["a", "b"] });
  await store.summarise([{ log: "r", entries: 2, text: "sound" }]);
  const database = new DatabaseSync(file);
  database.exec("UPDATE summary SET body = 'sounds'");
  expect((await store.logs())[0]).not.toHaveProperty("summary");
  for (const change of ["kind = 'ran'", "entries = 1", "began = 9", "removed = 1"]) {
    database.exec(`UPDATE log SET ${change}`);
    await expect(store.logs()).rejects.toThrow(/what the store notes of r is damaged/);
    expect(await store.maintenance.damagedLogs()).toEqual(["r"]);
    await store.maintenance.renew("r", "run");
    expect(await store.maintenance.damagedLogs()).toEqual([]);
    await store.restore("r");
    expect((await store.logs())[0]).toMatchObject({ log: "r", kind: "run", entries: 2 });
  }
  database.exec("DELETE FROM log");
  expect(await store.maintenance.damagedLogs()).toEqual(["r"]);
  database.close();
  await store.close();
});

const ways: readonly { readonly how: string; readonly happen: () => void; readonly complaint: RegExp }[] = [
  { how: "the file removed", happen: () => rmSync(file), complaint: /it is not there any more/ },
  { how: "the file renamed", happen: () => renameSync(file, `${file}.old`), complaint: /it is not there any more/ },
  {
    how: "the folder removed",
    happen: () => rmSync(folder, { recursive: true }),
    complaint: /it is not there any more/,
  },
  {
    how: "the folder renamed",
    happen: () => renameSync(folder, `${folder}-old`),
    complaint: /it is not there any more/,
  },
  { how: "its log removed", happen: () => rmSync(`${file}-wal`), complaint: /-wal: .*it is not there any more/ },
  { how: "the file emptied", happen: () => truncateSync(file), complaint: /it was emptied/ },
  {
    how: "another file in its place",
    happen: () => {
      copyFileSync(file, `${file}.copy`);
      renameSync(`${file}.copy`, file);
    },
    complaint: /another file is in its place/,
  },
  { how: "a file of zeros", happen: () => writeFileSync(file, Buffer.alloc(100)), complaint: /it was emptied/ },
];

// Windows lets nobody remove or rename a file that is open.
test.skipIf(process.platform === "win32").each(ways)(
  "nothing is acknowledged that is written to nowhere: $how",
  async ({ happen, complaint }) => {
    const store = await openStore(folder);
    const append = (at: number) => store.append({ log: "r", kind: "run", at, entries: [String(at)] });
    await append(0);
    await append(1);
    expect(await store.isInPlace()).toBe(true);
    happen();
    await expect(append(2)).rejects.toMatchObject({ code: "store", message: complaint });
    await expect(store.put("r", new Uint8Array(3))).rejects.toMatchObject({ code: "store" });
    expect(await store.isInPlace()).toBe(false);
    await store.close();
    rmSync(`${folder}-old`, { recursive: true, force: true });
  },
);

/** Opens the store in a process that may not write there, appends, and says what came of it. */
function seenByReader(): { logs: unknown; entries: unknown; refusal: string } {
  const source = `
    const { openStore } = await import(${JSON.stringify(new URL("./open-store.node.ts", import.meta.url).href)});
    const store = await openStore(${JSON.stringify(folder)});
    const [{ log, entries }] = await store.logs();
    await store.summarise([{ log, entries, text: "a list" }]);
    const refusal = await store.append({ log, kind: "run", at: entries, entries: ["x"] }).then(() => "", ({ code, place, remedy }) => [code, place, remedy].join("; "));
    console.log(JSON.stringify({ logs: [log, entries, await store.isClaimed(log)], entries: await store.read(log), refusal }));
    await store.close();`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", source], {
    encoding: "utf8",
    ...asReader,
    env: { ...process.env, TMPDIR: "/tmp" },
  });
  return JSON.parse(output);
}

test.skipIf(!hasReader)("a store that may only be read is read, also while another writes to it", async () => {
  const store = await openStore(folder);
  await store.append({ log: "r", kind: "run", at: 0, entries: ["a", "b"] });
  const claim = await store.claim("r");
  chmodSync(file, 0o444);
  chmodSync(folder, 0o555);
  const expected = { logs: ["r", 2, true], entries: ["a", "b"], refusal: expect.stringContaining(`store; ${file}; `) };
  expect(seenByReader()).toEqual(expected);
  await claim?.release();
  await store.close();
  const unclaimed = { ...expected, logs: ["r", 2, false] };
  expect(seenByReader()).toEqual(unclaimed);
  // One that may be written, in a folder that may not; and the other way round.
  chmodSync(file, 0o666);
  expect(seenByReader()).toEqual(unclaimed);
  chmodSync(file, 0o444);
  chmodSync(folder, 0o777);
  expect(seenByReader()).toEqual(unclaimed);
  chmodSync(folder, 0o755);
  rmSync(`${file}-wal`, { force: true });
  // As a version before wrote it.
  chmodSync(file, 0o644);
  rmSync(file);
  const old = await openDatabase(file, migrations.slice(0, 1));
  old.run("INSERT INTO entry VALUES ('r', 0, 'a', ?)", entryHash("r", 0, "a"));
  old.close();
  chmodSync(folder, 0o555);
  expect(seenByReader()).toEqual({ ...expected, logs: ["r", 1, false], entries: ["a"] });
  chmodSync(folder, 0o755);
});

test("a store of 0 bytes is damaged, and the log of what was written last is left as it is", async () => {
  const damaged = { code: "store", message: /it is damaged: 0 bytes/ };
  writeFileSync(file, "");
  await expect(openStore(folder)).rejects.toMatchObject(damaged);
  expect(readFileSync(file)).toHaveLength(0);
  rmSync(file);
  const store = await openStore(folder);
  await store.append({ log: "r", kind: "run", at: 0, entries: ["a"] });
  truncateSync(file);
  const log = readFileSync(`${file}-wal`);
  expect(log.length).toBeGreaterThan(0);
  await expect(openStore(folder)).rejects.toMatchObject(damaged);
  expect(readFileSync(`${file}-wal`).equals(log)).toBe(true);
  await store.close();
  writeFileSync(file, "");
  writeFileSync(`${file}-wal`, log);
  const { old } = await salvage(file);
  expect([readFileSync(old).length, readFileSync(`${old}-wal`).equals(log)]).toEqual([0, true]);
  await (await openStore(folder)).close();
});

test("only a lock that somebody holds is a claim: any other error of its file is one", async () => {
  const store = await openStore(folder);
  mkdirSync(join(folder, "claims", "r.lock"), { recursive: true });
  await expect(store.claim("r")).rejects.toMatchObject({ code: "store", message: /claims/ });
  await expect(store.isClaimed("r")).rejects.toMatchObject({ code: "store" });
  writeFileSync(join(folder, "claims", "s.lock"), "these are my notes, not a lock\n".repeat(50));
  await expect(store.claim("s")).rejects.toMatchObject({ code: "store", message: /not a database/ });
  await expect(store.isClaimed("s")).rejects.toMatchObject({ code: "store" });
  await store.close();
});

test("what another appends while a log is being read is no damage", async () => {
  const [reader, writer] = [await openDatabase(file, migrations), await openDatabase(file, migrations)];
  let at = 0;
  const append = () =>
    writer.transaction(() => appendEntries(writer, file, { log: "r", kind: "run", at, entries: [String(at++)] }));
  append();
  // After whatever statement.
  const among: Database = {
    ...reader,
    all(sql, ...values) {
      const rows = reader.all(sql, ...values);
      append();
      return rows;
    },
  };
  expect(readEntries(among, file, "r", 0).slice(0, 1)).toEqual(["0"]);
  reader.close();
  writer.close();
});
