import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { copyFile, open, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Fault } from "../fault/fault.ts";
import { withStore } from "../lab/open-store.ts";
import { decodeRunFile } from "../record/run-file.ts";
import { serveLab } from "../server/serve-lab.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { openStore } from "../store/open-store.node.ts";
import type { Store } from "../store/store.ts";
import { storeFile } from "../store/store-address.node.ts";
import { type Console, conclude, createConsole } from "./console.ts";
import { readInput } from "./read-input.ts";

interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly token?: string;
  readonly json?: boolean;
}

/** `gradus serve [FILE]` */
export async function serveCommand(file: string | undefined, options: ServeOptions): Promise<void> {
  const console = createConsole(options);
  if (file === undefined) await withStore((store) => serve(store, false, console, options));
  else await withFile(file, (store) => serve(store, true, console, options));
}

async function serve(store: Store, isReadOnly: boolean, console: Console, options: ServeOptions): Promise<void> {
  const { host: address, port, token } = options;
  const sayFailure = (error: unknown) =>
    console.say(error instanceof Fault ? error.message : String((error as Error).stack));
  const served = await serveLab(store, {
    address,
    port,
    token,
    isReadOnly,
    site: site(),
    onFailure: (_run, error) => sayFailure(error),
    onDefect: sayFailure,
  });
  try {
    conclude(console, { url: served.url, store: store.place, isReadOnly }, undefined);
    if (!console.json) {
      console.say(`Gradus shows ${store.place}${isReadOnly ? ", read-only," : ""} at ${served.url}\nCtrl-C ends it.`);
    }
    await toldToEnd();
  } finally {
    await served.close();
  }
}

/** Ctrl-C, and its like; one more ends the process at once. */
function toldToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
}

/** The folder of the page: in a package it lies beside the program, in a clone it is built where it is stale. */
function site(): string {
  const packed = path.join(import.meta.dirname, "../web");
  if (existsSync(path.join(packed, "index.html"))) return packed;
  const root = path.join(import.meta.dirname, "../..");
  const script = path.join(root, "scripts", "build-web.js");
  const { status } = spawnSync(process.execPath, [script], { stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error(`the page could not be built: ${script} failed`);
  return path.join(root, "build", "web");
}

/** A run's file, a store's file or its folder: shown, never written. */
async function withFile(file: string, work: (store: Store) => Promise<void>): Promise<void> {
  const isFolder = (await stat(file).catch(() => undefined))?.isDirectory() ?? false;
  const lies = isFolder ? storeFile(file) : file;
  if (isFolder && !existsSync(lies)) {
    throw new Fault(
      "store",
      file,
      "no runs are kept here",
      "name a store's folder, or a file that `gradus export` wrote",
    );
  }
  if (isFolder || (await isDatabase(lies))) return await withCopy(lies, file, work);
  const bytes = await readInput(file, "name a file that `gradus export RUN --out FILE.gradus` wrote");
  const { id, entries, artifacts } = await decodeRunFile(bytes, file);
  const store = { ...createMemoryStore(), place: file };
  await store.append({ log: id, kind: "run", at: 0, entries, put: [...artifacts.values()] });
  await work(store);
}

/** A store as it is now: opening one may bring it up to date, and that is for whoever trains into it. */
async function withCopy(database: string, place: string, work: (store: Store) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "gradus-serve-"));
  try {
    await copyFile(database, storeFile(folder));
    if (existsSync(`${database}-wal`)) await copyFile(`${database}-wal`, `${storeFile(folder)}-wal`);
    const store = await openStore(folder);
    try {
      await work({ ...store, place });
    } finally {
      await store.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** SQLite's own first words (https://www.sqlite.org/fileformat.html, 1.3.1). */
async function isDatabase(file: string): Promise<boolean> {
  const magic = "SQLite format 3\0";
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return false;
  try {
    const { buffer } = await handle.read(Buffer.alloc(magic.length), 0, magic.length, 0);
    return buffer.toString("latin1") === magic;
  } finally {
    await handle.close();
  }
}
