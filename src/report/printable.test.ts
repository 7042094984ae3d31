import { expect, test } from "vitest";
import { printable, printableJson } from "./printable.ts";

const misleading = [
  "\u0000",
  "\u001b",
  "\u007f",
  "\u009b",
  "\u200e",
  "\u202e",
  "\u2066",
  "\u2028",
  "\ufeff",
  "\u00ad",
  "\ud800",
];

test.each(misleading)("%j does not reach a terminal, and stays what it is in JSON", (character) => {
  expect(printable(`a${character}b`)).toBe("a\ufffdb");
  const json = printableJson(JSON.stringify({ name: `a${character}b` }));
  expect(json).toMatch(/^[ -~]*$/);
  expect(JSON.parse(json)).toEqual({ name: `a${character}b` });
});

test("letters of all scripts and pictures stay", () => {
  for (const text of ["深層学習", "été", "👩‍🔬", "می‌خواهم", "–×µ"]) {
    expect(printable(text)).toBe(text);
    expect(printableJson(text)).toBe(text);
  }
});
