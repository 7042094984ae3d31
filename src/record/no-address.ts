import { Fault } from "../fault/fault.ts";

/** An address of a database, which may hold a password. */
const address = /^\s*postgres(ql)?:\/\//i;

/**
 * Refuses addresses of databases in what is written into files and logs, which people share.
 * @throws Fault `spec` naming the key, and not repeating the address
 */
export function requireNoAddress(input: unknown, path: readonly string[] = []): void {
  if (typeof input === "string" && address.test(input)) {
    const complaint =
      "an address of a database, which may hold a password, does not belong in a file that people share";
    const remedy = "take it out, change the password if others have seen it, and give it as --store or in GRADUS_STORE";
    throw new Fault("spec", path.join(".") || "spec", complaint, remedy);
  }
  if (typeof input !== "object" || input === null) return;
  for (const [key, value] of Object.entries(input)) {
    // A key that is an address is not repeated either.
    if (address.test(key)) requireNoAddress(key, path);
    requireNoAddress(value, [...path, key]);
  }
}
