import { expect, test } from "vitest";
import { splitAt, textWidth } from "./text-width.ts";

test.each([
  ["", 0],
  ["plain", 5],
  ["été", 3],
  ["e\u0301", 1],
  ["深層", 4],
  ["한국", 4],
  ["ｆ", 2],
  ["👩‍🔬", 2],
  ["🇩🇪", 2],
  ["❤\ufe0f", 2],
  ["45.20–47.20", 11],
])("%j takes %i columns", (text, columns) => {
  expect(textWidth(text)).toBe(columns);
});

test("a text is split between characters, never inside one, and always by one at least", () => {
  expect(splitAt("深層学習", 5)).toEqual(["深層", "学習"]);
  expect(splitAt("👩‍🔬👩‍🔬", 1)).toEqual(["👩‍🔬", "👩‍🔬"]);
  expect(splitAt("e\u0301e", 1)).toEqual(["e\u0301", "e"]);
  expect(splitAt("ab", 9)).toEqual(["ab", ""]);
});
