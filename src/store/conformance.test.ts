import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createMemoryStore } from "./memory-store.ts";
import { openSqliteStore } from "./sqlite-store.node.ts";
import type { Store } from "./store.ts";

// One suite for every store.

const kinds: readonly { readonly name: string; readonly open: (folder: string) => Promise<Store> }[] = [
  { name: "memory", open: async () => createMemoryStore() },
  { name: "SQLite", open: openSqliteStore },
];

describe.each(kinds)("$name", ({ open }) => {
  let folder: string;
  let store: Store;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "gradus-store-"));
    store = await open(folder);
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true, maxRetries: 5 });
  });

  test("what was appended is read, from any position, exactly", async () => {
    const odd = ['{"a":1}', "", "ünï\u0000code \ud83d\ude00 \u2028", "x".repeat(1_000_000)];
    await store.append("r", 0, odd.slice(0, 2));
    await store.append("r", 2, odd.slice(2));
    expect(await store.read("r")).toEqual(odd);
    expect(await store.read("r", 3)).toEqual(odd.slice(3));
    expect(await store.read("r", 4)).toEqual([]);
    expect(await store.read("other")).toEqual([]);
    expect(await store.runs()).toEqual([{ run: "r", entries: 4 }]);
  });

  test("the same entries once more change nothing, and their continuation is added", async () => {
    await store.append("r", 0, ["a", "b"]);
    await store.append("r", 0, ["a", "b"]);
    await store.append("r", 1, ["b", "c"]);
    expect(await store.read("r")).toEqual(["a", "b", "c"]);
  });

  test("other entries at a position that is taken, and gaps, are refused whole", async () => {
    await store.append("r", 0, ["a", "b"]);
    const fault = { name: "Fault", code: "store" };
    await expect(store.append("r", 1, ["x", "y"])).rejects.toMatchObject(fault);
    await expect(store.append("r", 1, ["b", "c", "d"]).then(() => store.append("r", 3, ["x"]))).rejects.toMatchObject(
      fault,
    );
    await expect(store.append("r", 5, ["f"])).rejects.toThrow(/ends at 4, before entry 5/);
    await expect(store.append("new", 1, ["f"])).rejects.toMatchObject(fault);
    expect(await store.read("r")).toEqual(["a", "b", "c", "d"]);
    expect(await store.runs()).toHaveLength(1);
  });

  test("names are names, whatever they would mean elsewhere", async () => {
    for (const name of ["", "../r", "a/b", ".hidden", "-flag", "x".repeat(101), "r\n", "__proto__ x"]) {
      await expect(store.append(name, 0, ["a"])).rejects.toMatchObject({ code: "store" });
    }
    await store.append("constructor", 0, ["a"]);
    await store.append("x".repeat(100), 0, ["b"]);
    expect(await store.read("constructor")).toEqual(["a"]);
    expect(await store.read("toString")).toEqual([]);
  });

  test("artifacts come back by their hash, belong to a run and go with it", async () => {
    await store.append("r", 0, ["a"]);
    await store.append("s", 0, ["a"]);
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
      { run: "r", id, size: 20_000_000 },
      { run: "s", id: none, size: 0 },
    ]);
    expect(await store.artifacts("s")).toHaveLength(1);
    await expect(store.put("nobody", new Uint8Array(3))).rejects.toThrow(/there is no run nobody/);

    await store.drop("s", none);
    expect(await store.get("s", none)).toBeUndefined();
    expect(await store.remove("r")).toBe(true);
    expect(await store.remove("r")).toBe(false);
    expect(await store.get("r", id)).toBeUndefined();
    expect(await store.artifacts()).toEqual([]);
    expect(await store.runs()).toEqual([{ run: "s", entries: 1 }]);
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
