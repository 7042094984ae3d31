// A lock between processes. Node 20, no dependencies.
import { randomUUID } from "node:crypto";
import {
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const beatEvery = 1_000; // milliseconds
const silenceOfTheDead = 15_000; // milliseconds without a beat, by the waiting process's own clock

/**
 * Does `work` while holding the folder `path` as a lock, after whoever holds it has let go or died.
 *
 * @template Result
 * @param {string} path a folder that exists only while held; its parent is made
 * @param {() => void} onWait called once if another process holds it
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function withLock(path, onWait, work) {
  const holder = JSON.stringify({ pid: process.pid, host: machine(), id: randomUUID() });
  await take(path, holder, onWait);
  const beat = setInterval(() => {
    if (look(path)?.holder === holder) utimesSync(`${path}/holder`, new Date(), new Date());
  }, beatEvery);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    if (look(path)?.holder === holder) rmSync(path, { recursive: true, force: true });
  }
}

/**
 * @param {string} path
 * @param {string} holder
 * @param {() => void} onWait
 */
async function take(path, holder, onWait) {
  // Not a process number: in a folder that containers share, several have the same.
  const filled = `${path}.${randomUUID()}`;
  mkdirSync(dirname(path), { recursive: true });
  mkdirSync(filled, { recursive: true });
  writeFileSync(`${filled}/holder`, holder);
  let seen = look(path);
  let seenAt = performance.now();
  if (seen !== undefined && !hasExited(seen.holder)) onWait();
  // Moving a filled folder into place is one step that only one process can win: it cannot replace a filled folder.
  while (!moved(filled, path)) {
    const now = look(path);
    if (now?.holder !== seen?.holder || now?.beat !== seen?.beat) {
      seen = now;
      seenAt = performance.now();
    }
    if (seen !== undefined && (hasExited(seen.holder) || performance.now() - seenAt > silenceOfTheDead)) {
      bury(path, seen.holder);
    } else {
      await sleep(100);
    }
  }
}

/** The holder of the lock and its last beat; undefined when nobody holds it. */
function look(/** @type {string} */ path) {
  try {
    return { holder: readFileSync(`${path}/holder`, "utf8"), beat: statSync(`${path}/holder`).mtimeMs };
  } catch {
    return undefined;
  }
}

/** Where process numbers mean what they mean here: this machine and, on Linux, this container. */
export function machine() {
  try {
    return `${hostname()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}

/** Whether the holder ran on this machine and runs no more. */
function hasExited(/** @type {string} */ holder) {
  const { pid, host } = JSON.parse(holder);
  if (host !== machine()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === "ESRCH";
  }
}

/** Frees the lock of a dead holder, unless another process has meanwhile done so and taken it. */
function bury(/** @type {string} */ path, /** @type {string} */ holder) {
  const grave = `${path}.dead.${randomUUID()}`;
  if (!moved(path, grave)) return;
  if (look(grave)?.holder === holder || !moved(grave, path)) rmSync(grave, { recursive: true, force: true });
}

/** Whether `from` could be moved to `to`: not if `to` is there, or `from` is not. */
function moved(/** @type {string} */ from, /** @type {string} */ to) {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    const expected = ["ENOTEMPTY", "EEXIST", "ENOENT", ...(process.platform === "win32" ? ["EPERM", "EACCES"] : [])];
    if (expected.includes(codeOf(error) ?? "")) return false;
    throw error;
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
