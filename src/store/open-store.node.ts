import { Fault } from "../fault/fault.ts";
import { createMemoryStore } from "./memory-store.ts";
import type { Store } from "./store.ts";

/**
 * Opens the store of an address, made where it is missing: a folder, or `memory:` for one that lasts as long as it is open.
 * What a store needs is loaded when it is opened.
 * @throws Fault `store`
 */
export async function openStore(address: string): Promise<Store> {
  if (address === "memory:") return createMemoryStore();
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(address) ?? [];
  if (scheme !== undefined) {
    throw new Fault("store", address, `no store is known for ${scheme}:`, "name a folder, such as .gradus");
  }
  const { openSqliteStore } = await import("./sqlite-store.node.ts");
  return await openSqliteStore(address);
}
