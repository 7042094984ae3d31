import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { markdownTable } from "./markdown-table.ts";
import { markdownListing, markdownText } from "./markdown-text.ts";
import type { TextTable } from "./text-table.ts";

const table: TextTable = {
  caption: "Results",
  columns: [
    { header: "images", kind: "text" },
    { header: "accuracy (%)", kind: "number" },
    { header: "interval", kind: "range" },
  ],
  groups: [
    { heading: "2 layers", rows: [{ cells: ["test", "46.01", "45.03–46.99"] }] },
    { heading: "3 layers", rows: [{ cells: ["a|b", "-0.1", "–"], tone: "bad" }] },
  ],
  notes: ["Max |ga - gn|."],
  explanations: ["Measured once."],
};

/** How GitHub cuts a row: at the bars without a backslash before them (GFM 0.29, 4.10). */
const cellsOf = (row: string) => row.split(/(?<!(?<!\\)(?:\\\\)*\\)\|/).slice(1, -1);

test("markdownTable: caption, aligned columns, group headings, notes", () => {
  expect(markdownTable(table)).toBe(
    `
**Results**

| images       | accuracy (%) |    interval |
| ------------ | -----------: | ----------: |
| **2 layers** |              |             |
| test         |        46.01 | 45.03–46.99 |
| **3 layers** |              |             |
| a\\|b         |         -0.1 |           – |

Max \\|ga - gn\\|.

Measured once.`.trimStart(),
  );
});

test("every row keeps its columns, whatever stands in them", () => {
  const cell = fc.string({ unit: fc.constantFrom("|", "\\", "`", "*", "\n", " ", "a", "λ", "\u0000") });
  fc.assert(
    fc.property(
      fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 5 }),
      cell,
      (rows, heading) => {
        const groups = [{ heading, rows: rows.map((cells) => ({ cells })) }];
        const lines = markdownTable({ ...table, caption: "c", groups, notes: [], explanations: [] })
          .split("\n")
          .slice(2);
        expect(lines).toHaveLength(rows.length + 3);
        expect(new Set(lines.map((line) => [...line].length)).size).toBe(1);
        for (const line of lines) expect(cellsOf(line)).toHaveLength(3);
      },
    ),
  );
});

describe("markdownText", () => {
  test.each([
    ["a * b_c `d` [e](f) ~g~ $h$", "a \\* b\\_c \\`d\\` \\[e\\](f) \\~g\\~ \\$h\\$"],
    ["<img src=x onerror=y> &lt;", "\\<img src=x onerror=y\\> \\&lt;"],
    ["# no heading", "\\# no heading"],
    ["- no list", "\\- no list"],
    ["--- no rule", "\\--- no rule"],
    ["12. no list", "12\\. no list"],
    ["-0.1 and 46.01", "-0.1 and 46.01"],
    ["46.01", "46.01"],
    ["  one\r\nline\u001b ", "one line\ufffd"],
  ])("%j", (text, escaped) => expect(markdownText(text)).toBe(escaped));

  test("leaves no special character without a backslash", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(markdownText(text).replace(/\\[!-/:-@[-`{-~]/g, "")).not.toMatch(/[\\`*_[\]<>&|~$#\n\r]/);
      }),
    );
  });
});

test("markdownListing: a fence that the text does not have", () => {
  expect(markdownListing("name: a\n", "yaml")).toBe("```yaml\nname: a\n```");
  expect(markdownListing("```\n````", "sh")).toBe("`````sh\n```\n````\n`````");
});
