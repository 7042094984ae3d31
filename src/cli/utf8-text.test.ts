import { expect, test } from "vitest";
import { utf8Text } from "./utf8-text.ts";

const text = "name: caf\u00e9\nseed: 1\n";

test("UTF-8, with a byte order mark or without", () => {
  for (const content of [text, `\ufeff${text}`]) expect(utf8Text(Buffer.from(content), "a.yaml")).toBe(text);
  expect(utf8Text(new Uint8Array(), "a.yaml")).toBe("");
});

test.each([
  ["UTF-16 with its mark", Buffer.from(`\ufeff${text}`, "utf16le"), /^a.yaml: not UTF-8: it is UTF-16$/],
  ["the other UTF-16", Buffer.from(`\ufeff${text}`, "utf16le").swap16(), /^a.yaml: not UTF-8: it is UTF-16$/],
  ["UTF-16 without it", Buffer.from(text, "utf16le"), /not UTF-8: it has bytes of 0/],
  ["Latin-1", Buffer.from(`seed: 1\n${text}`, "latin1"), /^a.yaml: not UTF-8: line 2 has bytes of another encoding/],
  ["Latin-1 in the last line", Buffer.from("a: 1\nb: \u00fc", "latin1"), /line 2/],
])("%s is refused by name", (_, bytes, message) => {
  const refusal = { code: "spec", message: expect.stringMatching(message), remedy: "save the file as UTF-8" };
  expect(() => utf8Text(bytes, "a.yaml")).toThrow(expect.objectContaining(refusal));
});
