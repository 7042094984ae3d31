import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore } from "./open-store.node.ts";
import type { Append, Store } from "./store.ts";

// One suite for every store.

const stores: readonly { readonly name: string; readonly address: (folder: string) => string }[] = [
  { name: "memory", address: () => "memory:" },
  { name: "SQLite", address: (folder) => folder },
];

/** Entries of a run's log. */
function run(log: string, at: number, entries: readonly string[]): Append {
  return { log, kind: "run", at, entries };
}

describe.each(stores)("$name", ({ address }) => {
  let folder: string;
  let store: Store;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "gradus-store-"));
    store = await openStore(address(folder));
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true, maxRetries: 5 });
  });
  const names = async (filter = {}) => (await store.logs(filter)).map(({ log }) => log);

  test("what was appended is read, from any position, exactly", async () => {
    const odd = ['{"a":1}', "", "ünï\u0000code \ud83d\ude00 \u2028", "x".repeat(1_000_000)];
    await store.append(run("r", 0, odd.slice(0, 2)));
    await store.append(run("r", 2, odd.slice(2)));
    expect(await store.read("r")).toEqual(odd);
    expect(await store.read("r", 3)).toEqual(odd.slice(3));
    expect(await store.read("r", 4)).toEqual([]);
    expect(await store.read("other")).toEqual([]);
    expect(await store.logs()).toMatchObject([{ log: "r", kind: "run", entries: 4, isRemoved: false }]);
  });

  test("the same entries once more change nothing, and their continuation is added", async () => {
    await store.append(run("r", 0, ["a", "b"]));
    const changed = await store.changed();
    await store.append(run("r", 0, ["a", "b"]));
    expect(await store.changed()).toBe(changed);
    await store.append(run("r", 1, ["b", "c"]));
    expect(await store.read("r")).toEqual(["a", "b", "c"]);
  });

  test("other entries at a position that is taken, and gaps, are refused whole", async () => {
    await store.append(run("r", 0, ["a", "b"]));
    const fault = { name: "Fault", code: "store" };
    await expect(store.append(run("r", 1, ["x", "y"]))).rejects.toMatchObject(fault);
    await store.append(run("r", 1, ["b", "c", "d"]));
    await expect(store.append(run("r", 3, ["x"]))).rejects.toMatchObject(fault);
    await expect(store.append(run("r", 5, ["f"]))).rejects.toThrow(/ends at 4, before entry 5/);
    await expect(store.append(run("new", 1, ["f"]))).rejects.toMatchObject(fault);
    expect(await store.read("r")).toEqual(["a", "b", "c", "d"]);
    expect(await store.logs()).toHaveLength(1);
  });

  test("an append to several logs arrives in all of them or in none, with its bytes", async () => {
    const bytes = Uint8Array.of(1, 2, 3);
    await store.append({ ...run("a", 0, ["1"]), put: [bytes] }, run("b", 0, ["2"]));
    const [{ id }] = await store.artifacts("a");
    const before = [await store.logs(), await store.artifacts(), await store.changed()];
    const newLog = { ...run("c", 0, ["3"]), put: [Uint8Array.of(4)] };
    await expect(store.append(newLog, run("b", 0, ["x"]))).rejects.toThrow(/gone on without this writer/);
    await expect(store.append({ ...run("a", 1, ["2"]), drop: [id] }, run("b", 7, ["x"]))).rejects.toThrow(/ends at 1/);
    expect([await store.logs(), await store.artifacts(), await store.changed()]).toEqual(before);
    await store.append({ ...run("a", 1, ["2"]), put: [Uint8Array.of(5)], drop: [id] });
    expect(await store.get("a", id)).toBeUndefined();
    expect(await store.artifacts()).toHaveLength(1);
  });

  test("logs are of a kind, and stay of it", async () => {
    await store.append(run("r", 0, ["a"]), { log: "s", kind: "study", at: 0, entries: ["b"] });
    expect(await names({ kind: "run" })).toEqual(["r"]);
    expect(await names({ kind: "study" })).toEqual(["s"]);
    expect(await names()).toEqual(["r", "s"]);
    await expect(store.append(run("s", 1, ["c"]))).rejects.toThrow(/s is a study, and no run/);
    await expect(store.append({ log: "t", kind: "Ru n", at: 0, entries: ["c"] })).rejects.toThrow(/is no kind/);
    expect(await store.read("s")).toEqual(["b"]);
  });

  test("logs are listed by when they began in the store, and a reader asks what has changed since", async () => {
    for (const name of ["z", "a", "m"]) await store.append(run(name, 0, ["1"]));
    expect(await names()).toEqual(["z", "a", "m"]);
    const seen = await store.changed();
    expect(await names({ since: seen })).toEqual([]);
    await store.append(run("a", 1, ["2"]), run("new", 0, ["1"]));
    await store.remove("m");
    expect(await names({ since: seen })).toEqual(["a", "m", "new"]);
    expect(await names({ since: await store.changed() })).toEqual([]);
    const logs = await store.logs({ since: 0 });
    expect(new Set(logs.map(({ changed }) => changed)).size).toBe(4);
    expect(Math.max(...logs.map(({ changed }) => changed))).toBe(await store.changed());
    await store.maintenance.prune();
    await store.append(run("last", 0, ["1"]));
    expect(await store.changed()).toBeGreaterThan(Math.max(...logs.map(({ changed }) => changed)));
  });

  test("a summary is kept as it was given, the one of most entries", async () => {
    await store.append(run("r", 0, ["a", "b"]));
    const changed = await store.changed();
    expect((await store.logs())[0].summary).toBeUndefined();
    const text = "no JSON: \u0000 {";
    await store.summarise([{ log: "r", entries: 2, text }]);
    await store.summarise([{ log: "r", entries: 1, text: "older" }]);
    await store.summarise([{ log: "nobody", entries: 1, text }]);
    expect((await store.logs())[0].summary).toEqual({ entries: 2, text });
    await store.summarise([{ log: "r", entries: 2, text: "another" }]);
    await store.append(run("r", 2, ["c"]));
    expect((await store.logs())[0]).toMatchObject({ entries: 3, summary: { entries: 2, text: "another" } });
    expect(await store.changed()).toBe(changed + 1);
  });

  test("names are names, whatever they would mean elsewhere", async () => {
    for (const name of ["", "../r", "a/b", ".hidden", "-flag", "x".repeat(101), "r\n", "__proto__ x"]) {
      await expect(store.append(run(name, 0, ["a"]))).rejects.toMatchObject({ code: "store" });
    }
    await store.append(run("constructor", 0, ["a"]));
    await store.append(run("x".repeat(100), 0, ["b"]));
    expect(await store.read("constructor")).toEqual(["a"]);
    expect(await store.read("toString")).toEqual([]);
  });

  test("artifacts come back by their hash, belong to a log and go with it", async () => {
    await store.append(run("r", 0, ["a"]), run("s", 0, ["a"]));
    const bytes = Uint8Array.from({ length: 20_000_000 }, (_, i) => i % 251);
    const id = await store.put("r", bytes);
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    expect(await store.put("r", bytes)).toBe(id);
    const none = await store.put("s", new Uint8Array());
    bytes.fill(0);
    const back = await store.get("r", id);
    expect(back?.length).toBe(20_000_000);
    expect(back?.[12_345_678]).toBe(12_345_678 % 251);
    expect(await store.get("s", none)).toEqual(new Uint8Array());
    expect(await store.get("s", id)).toBeUndefined();
    expect(await store.artifacts()).toEqual([
      { log: "r", id, size: 20_000_000 },
      { log: "s", id: none, size: 0 },
    ]);
    expect(await store.artifacts("s")).toHaveLength(1);
    await expect(store.put("nobody", new Uint8Array(3))).rejects.toThrow(/there is no run nobody/);
    await store.drop("s", none);
    expect(await store.get("s", none)).toBeUndefined();
  });

  test("what is removed lies in the trash, comes back whole, and is gone when that is emptied", async () => {
    await store.append({ ...run("r", 0, ["a", "b"]), put: [Uint8Array.of(1)] }, run("s", 0, ["a"]));
    expect(await store.remove("r")).toBe(true);
    expect(await store.remove("r")).toBe(false);
    expect(await store.remove("nobody")).toBe(false);
    expect(await names()).toEqual(["s"]);
    expect(await names({ removed: true })).toEqual(["r"]);
    await expect(store.append(run("r", 2, ["c"]))).rejects.toMatchObject({ remedy: /gradus restore r/ });
    expect(await store.restore("r")).toBe(true);
    expect(await store.restore("r")).toBe(false);
    expect(await names()).toEqual(["r", "s"]);
    expect(await store.read("r")).toEqual(["a", "b"]);
    expect(await store.artifacts("r")).toHaveLength(1);

    await store.remove("r");
    expect(await store.maintenance.prune()).toEqual(["r"]);
    expect(await store.maintenance.prune()).toEqual([]);
    expect(await store.read("r")).toEqual([]);
    expect(await store.artifacts()).toEqual([]);
    expect(await names()).toEqual(["s"]);
    await store.append(run("r", 0, ["another"]));
    expect(await store.read("r")).toEqual(["another"]);
  });

  test("maintenance finds nothing wrong with what is sound, and replaces an entry", async () => {
    await store.append(run("r", 0, ["a", "b"]));
    const { maintenance } = store;
    expect([await maintenance.integrity(), await maintenance.damagedLogs()]).toEqual([[], []]);
    expect(await maintenance.entries("r")).toEqual([
      { position: 0, body: "a", isSound: true },
      { position: 1, body: "b", isSound: true },
    ]);
    await maintenance.replace("r", 1, "another");
    expect(await store.read("r")).toEqual(["a", "another"]);
  });

  test("a claim has one holder until it is released", async () => {
    expect(await store.isClaimed("r")).toBe(false);
    const claim = await store.claim("r");
    expect(await store.claim("r")).toBeUndefined();
    expect(await store.isClaimed("r")).toBe(true);
    expect(await store.isClaimed("s")).toBe(false);
    await claim?.release();
    await claim?.release();
    expect(await store.isClaimed("r")).toBe(false);
    expect(await store.claim("r")).toBeDefined();
  });
});

test("an address that no store is known for is refused", async () => {
  await expect(openStore("postgres://localhost/gradus")).rejects.toThrow(/no store is known for postgres:/);
});
