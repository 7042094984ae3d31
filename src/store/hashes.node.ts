import { hash } from "node:crypto";

// Databases do not notice a bit that flips in a text: hashes do, also in the names under which something is found.

/** What a store notes of a log. */
export interface Notes {
  readonly name: string;
  readonly kind: string;
  readonly entries: number;
  readonly began: number;
  readonly changed: number;
  /** 1 in the trash, else 0. */
  readonly removed: number;
}

export function entryHash(log: string, position: number, body: string): string {
  return short(`${log} ${position} ${body}`);
}

export function notesHash({ name, kind, entries, began, changed, removed }: Notes): string {
  return short([name, kind, entries, began, changed, removed].join(" "));
}

export function summaryHash(log: string, entries: number, body: string): string {
  return short(`${log} ${entries} ${body}`);
}

function short(text: string): string {
  return hash("sha256", text).slice(0, 16);
}
