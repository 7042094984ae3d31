import { Fault } from "../fault/fault.ts";

/**
 * The one way in which a reader refuses: the file, the byte, what was expected there, what was found, what to do.
 * `place` is the file's path, and behind it in brackets the part of it in which `at` counts.
 */
export function unreadable(place: string, at: number, expected: string, actual: string, remedy: string): Fault {
  return new Fault("data", place, `byte ${at}: expected ${expected}, found ${actual}`, remedy);
}

/** What to do about a file that is not what its own header says. */
export const takeAgain = "take the file again from where it came: it is damaged or was cut off";

/** Reads UTF-8, and throws a TypeError where it is none. One for all: each has memory of its own that is freed late. */
export const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A text of a file as a message shows it: its beginning, and nothing that a terminal would obey. */
export function shown(text: string): string {
  const clean = text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, "?");
  return clean.length > 60 ? `"${clean.slice(0, 60)}..."` : `"${clean}"`;
}

/** Some names as a message lists them. */
export function listed(names: Iterable<string>): string {
  const all = [...names];
  const some = all.slice(0, 8).map(shown).join(", ");
  return all.length > 8 ? `${some} and ${all.length - 8} more` : some || "none";
}
