import { describe, expect, test } from "vitest";
import { type OwnWords, wordsOf, wordsPlace } from "./own-words.ts";

describe.each(["html", "latex"] as const)("own words in %s", (style) => {
  const page = (words: OwnWords) =>
    `before\n${wordsPlace("discussion", words, style)}\n${wordsPlace("a", words, style)}\nafter`;

  test("are found again as they were written, and stay where they are", () => {
    const written = "Momentum <b>helps</b> by 5 \\% here:\n\n$\\lambda$ does not.";
    const once = page(new Map()).replace(/(your words: discussion(?: -->)?\n)/, `$1${written}\n`);
    expect(wordsOf(once)).toEqual(
      new Map([
        ["discussion", written],
        ["a", ""],
      ]),
    );
    expect(page(wordsOf(once))).toBe(once);
    expect(wordsOf(page(wordsOf(once))).get("discussion")).toBe(written);
  });

  test("of a file from Windows too", () => {
    const once = page(new Map([["a", "one\ntwo"]])).replaceAll("\n", "\r\n");
    expect(wordsOf(once).get("a")).toBe("one\r\ntwo");
  });
});

test("text that is no report has none", () => {
  expect(wordsOf("<p>your words: a</p>").size).toBe(0);
});
