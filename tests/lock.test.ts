import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { machine, withLock } from "../scripts/lock.js";

const locks = new URL("../scripts/lock.js", import.meta.url).href;
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gradus-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("processes work one after the other, and leave nothing behind", async () => {
  const log = join(folder, "log");
  const source = `
    import { appendFileSync } from "node:fs";
    import { setTimeout as sleep } from "node:timers/promises";
    import { withLock } from ${JSON.stringify(locks)};
    await withLock(${JSON.stringify(join(folder, "lock"))}, () => {}, async () => {
      appendFileSync(${JSON.stringify(log)}, "in ");
      await sleep(30);
      appendFileSync(${JSON.stringify(log)}, "out ");
    });`;
  const processes = [1, 2, 3, 4].map(() => spawn(process.execPath, ["--input-type=module", "-e", source]));
  const exits = await Promise.all(processes.map((child) => once(child, "close")));
  expect(exits.map(([exitCode]) => exitCode)).toEqual([0, 0, 0, 0]);
  expect(readFileSync(log, "utf8")).toBe("in out ".repeat(4));
  expect(readdirSync(folder)).toEqual(["log"]);
});

test("the lock of a process that died is taken over at once", async () => {
  const { pid } = spawnSync(process.execPath, ["--version"]);
  const lock = join(folder, "lock");
  mkdirSync(lock);
  writeFileSync(join(lock, "holder"), JSON.stringify({ pid, host: machine(), id: "dead" }));
  let waited = false;
  const result = await withLock(
    lock,
    () => (waited = true),
    async () => JSON.parse(readFileSync(join(lock, "holder"), "utf8")).pid,
  );
  expect({ result, waited, held: existsSync(lock) }).toEqual({ result: process.pid, waited: false, held: false });
});

test("work that fails lets go of the lock", async () => {
  const lock = join(folder, "lock");
  await expect(
    withLock(
      lock,
      () => {},
      () => Promise.reject(new Error("no")),
    ),
  ).rejects.toThrow("no");
  await withLock(
    lock,
    () => {},
    async () => appendFileSync(join(folder, "log"), "in"),
  );
  expect(readFileSync(join(folder, "log"), "utf8")).toBe("in");
});
