import { Fault } from "../fault/fault.ts";

/** Whether an address, or any other text, is that of a PostgreSQL database. */
export function isPostgresAddress(text: string): boolean {
  return /^postgres(ql)?:\/\//i.test(text);
}

/**
 * The address as people may see it: without the password, and without anything else that a query of its might hide.
 * @throws Fault `usage` for an address that is none; it does not repeat it
 */
export function shownAddress(address: string): string {
  const { protocol, username, host, pathname } = parsedAddress(address);
  return `${protocol}//${username === "" ? "" : `${username}@`}${host}${pathname}`;
}

/** @throws Fault `usage` */
export function parsedAddress(address: string): URL {
  try {
    return new URL(address);
  } catch {
    // The address itself may hold a password.
    const remedy = "write postgres://USER:PASSWORD@HOST:PORT/DATABASE, with %40 for @, %2F for / in a password";
    throw new Fault("usage", "--store", "no address of a database", remedy);
  }
}
