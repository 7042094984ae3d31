import { largestOf } from "../math/extremes.ts";
import { printable } from "./printable.ts";

/** One line of text as Markdown shows it, in a paragraph, a heading or a table's cell (GitHub's, which has `$` and `~` too). */
export function markdownText(text: string): string {
  const line = printable(text.replace(/[\r\n\t]+/g, " ")).trim();
  return line
    .replace(/[\\`*_[\]<>&|~$#]/g, "\\$&")
    .replace(/^[-+](?=[\s-]|$)/, "\\$&") // a list or a rule
    .replace(/^(\d+)([.)])(?=\s|$)/, "$1\\$2"); // a numbered list
}

/** Text to be copied as it is, between fences that it does not contain. */
export function markdownListing(text: string, language: string): string {
  const longest = largestOf([2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length)]);
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}
