import { Fault } from "../fault/fault.ts";
import { createMemoryStore } from "./memory-store.ts";
import { isPostgresAddress } from "./postgres-address.node.ts";
import type { Store } from "./store.ts";

/**
 * Opens the store of an address, made where it is missing: a folder, `postgres://...`, or `memory:` for one that lasts as long
 * as it is open.
 * What a store needs is loaded when it is opened.
 * @throws Fault `store`
 */
export async function openStore(address: string): Promise<Store> {
  if (address === "memory:") return createMemoryStore();
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(address) ?? [];
  if (isPostgresAddress(address)) return await (await import("./postgres-store.node.ts")).openPostgresStore(address);
  if (scheme !== undefined) {
    const remedy = "name a folder, such as .gradus, or a database: postgres://...";
    throw new Fault("store", `${scheme}:`, "no store is known for it", remedy);
  }
  const { openSqliteStore } = await import("./sqlite-store.node.ts");
  return await openSqliteStore(address);
}
