import { accessSync, constants, existsSync, lstatSync, statSync } from "node:fs";
import path from "node:path";
import { Fault } from "../fault/fault.ts";
import { look } from "../files/look.node.ts";
import type { KeptRun } from "../record/run-record.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { openStore } from "../store/open-store.node.ts";
import type { Store } from "../store/store.ts";
import { storeFile } from "../store/store-address.node.ts";
import { findRun, placeOf, readRun } from "./kept-runs.ts";
import { lateStore } from "./late-store.ts";

/** Where the store is: `$GRADUS_STORE`, a folder or the address of a database, or else `.gradus` in the working directory. */
export function storeAddress(): string {
  const { GRADUS_STORE: address = "" } = process.env;
  return address === "" ? ".gradus" : address;
}

/**
 * Does `work` with the store, which is made, where it is missing, when something is to be kept: work that is refused before leaves nothing.
 * @throws Fault `store`, also where it could not be made
 */
export async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const address = storeAddress();
  const open = async () => await openStore(address);
  const isThere = () => existsSync(storeFile(address));
  const isLate = isFolder(address) && !isThere() && mayBeMade(address);
  const store = isLate ? lateStore(address, isThere, open) : await open();
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** What has a scheme, as `memory:`, is no folder; one letter is a drive. */
function isFolder(address: string): boolean {
  return !/^[a-z][a-z0-9+.-]+:/i.test(address);
}

/** Whether the folder, or the nearest above it that is there, may be written. Where not, opening the store says what is wrong. */
function mayBeMade(folder: string): boolean {
  try {
    let nearest = path.resolve(folder);
    while (lstatSync(nearest, { throwIfNoEntry: false }) === undefined) nearest = path.dirname(nearest);
    accessSync(nearest, constants.W_OK | constants.X_OK);
    return statSync(nearest).isDirectory();
  } catch {
    return false;
  }
}

/** The same where the store must be there already: looking makes none. @throws Fault `store` */
export async function withExistingStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  requireStore();
  return await withStore(work);
}

/** Does `work` with a list of what is kept; where nothing is, with an empty store. @throws Fault `store` */
export async function withListedStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  return hasStore() ? await withStore(work) : await work({ ...createMemoryStore(), place: storeAddress() });
}

/** @throws Fault `store` where no runs are kept */
export function requireStore(): void {
  if (hasStore()) return;
  const remedy = "train something first, go to the folder you trained in, or set GRADUS_STORE to its store";
  throw new Fault("store", storeAddress(), "no runs are kept here", remedy);
}

function hasStore(): boolean {
  const folder = storeAddress();
  // Whether it is there, opening it tells.
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(folder)) return true;
  if (look(folder)?.isFile()) {
    throw new Fault("store", folder, "it is a file, and a store is a folder", "name a folder in GRADUS_STORE");
  }
  try {
    accessSync(storeFile(folder));
    return true;
  } catch (cause) {
    const { code = "", message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    const remedy = "name a folder of your own in GRADUS_STORE";
    throw new Fault("store", folder, `it cannot be looked into: ${message}`, remedy, { cause });
  }
}

/** Does `work` with the run a person means. @throws Fault as `findRun`, and Fault `store` where no runs are kept */
export async function withRun<T>(reference: string, work: (store: Store, run: KeptRun) => Promise<T>): Promise<T> {
  return await withExistingStore(async (store) => work(store, await readRun(store, await findRun(store, reference))));
}

/** The same for a reference that is no file's name: the refusal names both. */
export async function withRunOrFile<T>(
  reference: string,
  fileRemedy: string,
  work: (store: Store, run: KeptRun) => Promise<T>,
): Promise<T> {
  const missing = {
    complaint: "there is no such file, and no such run",
    remedy: `${fileRemedy}, or a run that \`gradus runs\` lists`,
  };
  if (!hasStore()) throw new Fault("usage", placeOf(reference), missing.complaint, missing.remedy);
  return await withStore(async (store) =>
    work(store, await readRun(store, await findRun(store, reference, { missing }))),
  );
}
