import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore } from "./open-store.node.ts";
import { openDatabase } from "./sqlite-database.node.ts";
import { entryHash, migrations } from "./sqlite-tables.node.ts";
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
  const said = execFileSync(process.execPath, ["--input-type=module", "-e", source], { encoding: "utf8" });
  expect(JSON.parse(said)).toEqual([false, false, true]);
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
  const other = new DatabaseSync(file);
  // Bits that flip in the columns under which an entry is found.
  other.exec(
    "UPDATE entry SET position = 7 WHERE run = 'r' AND position = 0; UPDATE entry SET position = 0 WHERE run = 'r' AND position = 1",
  );
  other.exec("UPDATE entry SET position = 1 WHERE run = 'r' AND position = 7");
  await expect(store.read("r")).rejects.toThrow(/entry 0 of run r is damaged/);
  other.exec("DELETE FROM entry WHERE run = 'r'; UPDATE entry SET run = 'r' WHERE run = 's'");
  await expect(store.read("r")).rejects.toThrow(/entry 0 of run r is damaged/);
  // An end that is missing is noticed too.
  await expect(store.read("s")).rejects.toThrow(/entry 0 of run s is damaged or missing/);
  other.close();
  await store.close();
});

test("a damaged summary is none, and a damaged note of a log is refused until it is written anew", async () => {
  const store = await openStore(folder);
  await store.append({ log: "r", kind: "run", at: 0, entries: ["a", "b"] });
  await store.summarise("r", { entries: 2, text: "sound" });
  const other = new DatabaseSync(file);
  other.exec("UPDATE summary SET body = 'sounds'");
  expect((await store.logs())[0]).not.toHaveProperty("summary");
  for (const change of ["kind = 'ran'", "entries = 1", "began = 9", "removed = 1"]) {
    other.exec(`UPDATE log SET ${change}`);
    await expect(store.logs()).rejects.toThrow(/what the store notes of r is damaged/);
    expect(await store.maintenance.damagedLogs()).toEqual(["r"]);
    await store.maintenance.renew("r", "run");
    expect(await store.maintenance.damagedLogs()).toEqual([]);
    await store.restore("r");
    expect((await store.logs())[0]).toMatchObject({ log: "r", kind: "run", entries: 2 });
  }
  other.exec("DELETE FROM log");
  expect(await store.maintenance.damagedLogs()).toEqual(["r"]);
  other.close();
  await store.close();
});

const ways: readonly { readonly how: string; readonly happen: () => void; readonly says: RegExp }[] = [
  { how: "the file removed", happen: () => rmSync(file), says: /it is not there any more/ },
  { how: "the file renamed", happen: () => renameSync(file, `${file}.old`), says: /it is not there any more/ },
  { how: "the folder removed", happen: () => rmSync(folder, { recursive: true }), says: /it is not there any more/ },
  { how: "the folder renamed", happen: () => renameSync(folder, `${folder}-old`), says: /it is not there any more/ },
  { how: "its log removed", happen: () => rmSync(`${file}-wal`), says: /-wal: .*it is not there any more/ },
  { how: "the file emptied", happen: () => truncateSync(file), says: /it was emptied/ },
  {
    how: "another file in its place",
    happen: () => {
      copyFileSync(file, `${file}.copy`);
      renameSync(`${file}.copy`, file);
    },
    says: /another file is in its place/,
  },
  { how: "a file of zeros", happen: () => writeFileSync(file, Buffer.alloc(100)), says: /it was emptied/ },
];

// Windows lets nobody remove or rename a file that is open.
test.skipIf(process.platform === "win32").each(ways)(
  "nothing is acknowledged that is written to nowhere: $how",
  async ({ happen, says }) => {
    const store = await openStore(folder);
    const append = (at: number) => store.append({ log: "r", kind: "run", at, entries: [String(at)] });
    await append(0);
    await append(1);
    happen();
    await expect(append(2)).rejects.toMatchObject({ code: "store", message: says });
    await expect(store.put("r", new Uint8Array(3))).rejects.toMatchObject({ code: "store" });
    await store.close();
    rmSync(`${folder}-old`, { recursive: true, force: true });
  },
);
