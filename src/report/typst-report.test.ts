import { describe, expect, test } from "vitest";
import { experiment004E2 as experiment } from "../experiments/004-e2.ts";
import type { RunDocument } from "../record/run-document.ts";
import gradients from "./fixtures/gradients.json" with { type: "json" };
import recorded from "./fixtures/run.json" with { type: "json" };
import { latexDocument } from "./latex-report.ts";
import { listingColumns } from "./listing-columns.ts";
import { wordsOf } from "./own-words.ts";
import { paperTable } from "./paper-table.ts";
import { reportContent } from "./report-content.ts";
import { typstDocument } from "./typst-report.ts";
import { typstText } from "./typst-text.ts";

const run = recorded as unknown as RunDocument;
const content = reportContent({ run, gradients, experiment });
const { text, files } = typstDocument(content, new Map([["discussion", "It *helps*."]]), "2026-01-02");

describe("typstDocument", () => {
  test("has the sections, the figures and the words of a report's other formats", () => {
    const words = new Map([["discussion", "x"]]);
    const sections = (all: string, heading: RegExp) => [...all.matchAll(heading)].map(([, name]) => name);
    const latex = latexDocument(content, words, "").text;
    expect(sections(text, /^= #"([^"]*)";$/gm)).toEqual(sections(latex, /\\section\{([^}]*)\}/g));
    expect(Object.keys(files)).toEqual(["curves.svg"]);
    expect(text).toMatch(/image\("curves\.svg", width: \d+\.\dmm, alt: "/);
    expect(text).toContain("// your words: discussion\nIt *helps*.\n// end of your words: discussion");
    expect(wordsOf(text).get("discussion")).toBe("It *helps*.");
  });

  test("keeps a row's cells, and gives numbers the right edge", () => {
    expect(text).toContain(
      '[#"test accuracy";], [#"45.98";], [#"46.01";], [#"45.03–46.99";], [#"45.20–47.20";], [#"within range";],',
    );
    expect(text).toMatch(/columns: 6, align: \(left, right, right, right, right, left,\)/);
  });

  test("lets no character of what it reports be a command", () => {
    const hostile = {
      ...content,
      title: '#import "x" */ $a$ _b_ \\ "',
      opening: ["= no heading\n@ref <label> \u0000"],
    };
    const written = typstDocument(hostile, new Map(), "").text;
    expect(written).toContain('#"#import \\"x\\" */ $a$ _b_ \\\\ \\"";');
    expect(written).toContain('#"= no heading\\n@ref <label> \ufffd";');
  });
});

test("quantities are typeset, words that begin like them are not", () => {
  expect(typstText("λ = 0.1, η_max 1, n_s = 5")).toBe('$lambda$#" = 0.1, ";$eta_"max"$#" 1, ";$n_s$#" = 5";');
  expect(typstText("ληθη, learn_s")).not.toContain("$n_s$");
});

test("on paper many names and values stand in two halves, each row once; others stay", () => {
  const rows = Array.from({ length: 9 }, (_, at) => ({ cells: [`name ${at}`, `value ${at}`] }));
  const kind = "text" as const;
  const columns = [
    { header: "setting", kind },
    { header: "value", kind },
  ];
  const table = { caption: "", columns, groups: [{ rows }], notes: [], explanations: [] };
  const halves = paperTable(table);
  expect(halves.columns).toHaveLength(4);
  expect(halves.groups[0].rows.map(({ cells }) => cells.length)).toEqual([4, 4, 4, 4, 4]);
  const cells = halves.groups[0].rows.flatMap((row) => row.cells).filter((cell) => cell !== "");
  expect(cells.toSorted()).toEqual(rows.flatMap((row) => row.cells).toSorted());
  const few = { ...table, groups: [{ rows: rows.slice(0, 7) }] };
  expect(paperTable(few)).toBe(few);
  const long = { ...table, groups: [{ rows: [...rows, { cells: ["n", "x".repeat(64)] }] }] };
  expect(paperTable(long)).toBe(long);
});

test("a listing has as many columns as its longest line leaves room for", () => {
  const lines = (count: number, length: number) => Array(count).fill("x".repeat(length)).join("\n");
  expect([lines(5, 10), lines(20, 36), lines(20, 55), lines(20, 56)].map(listingColumns)).toEqual([1, 3, 2, 1]);
});
