import { Fault } from "../fault/fault.ts";
import { storeAddress } from "../lab/open-store.ts";
import { isPostgresAddress } from "../store/postgres-address.node.ts";
import type { PostgresStore } from "../store/postgres-store.node.ts";
import type { Store } from "../store/store.ts";

/** @throws Fault `usage` where the store is no database, which is what machines share */
export function requireDatabase(what: string): string {
  const address = storeAddress();
  if (isPostgresAddress(address)) return address;
  const remedy = "give --store postgres://USER:PASSWORD@HOST/DATABASE, or set GRADUS_STORE; `gradus hub` starts one";
  throw new Fault("usage", "--store", `${what} needs a database that machines share`, remedy);
}

export function isOnPostgres(store: Store): store is PostgresStore {
  return "database" in store;
}
