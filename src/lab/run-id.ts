import { randomBytes } from "node:crypto";

/** Sorts by time, says what it is, and is unlike any other machine's. */
export function runId(name: string, at: Date): string {
  const time = at.toISOString().replace(/[-:]|\.\d+/g, "");
  const word = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 24);
  return `${time}-${word}-${randomBytes(3).toString("hex")}`;
}
