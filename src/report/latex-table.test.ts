import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { latexTable } from "./latex-table.ts";
import type { TextTable } from "./text-table.ts";

const table: TextTable = {
  caption: "Results: 50 %",
  columns: [
    { header: "images", kind: "text" },
    { header: "accuracy (%)", kind: "number" },
    { header: "interval", kind: "range" },
  ],
  groups: [
    { heading: "2 layers", rows: [{ cells: ["test", "46.01", "45.03–46.99"] }] },
    { heading: "n_s", rows: [{ cells: ["[50] & more", "–", "–"], tone: "bad" }] },
  ],
  notes: ["Max |ga - gn|."],
  explanations: ["Measured once."],
};
const plain = (rows: TextTable["groups"][number]["rows"]): TextTable => ({
  ...table,
  groups: [{ rows }],
  notes: [],
  explanations: [],
});

describe("latexTable", () => {
  test("is a booktabs table with caption, label, group headings and notes", () => {
    expect(latexTable(table, "tab:results")).toBe(
      `
\\begin{table}[H]
\\centering\\small
\\caption{Results: 50 \\%}\\label{tab:results}
\\begin{tabular}{lrr}
\\toprule
images & accuracy (\\%) & interval \\\\
\\midrule
\\multicolumn{3}{l}{\\emph{2 layers}} \\\\
test & 46.01 & 45.03--46.99 \\\\
\\addlinespace
\\multicolumn{3}{l}{\\emph{$n_s$}} \\\\
{[}50{]} \\& more & -- & -- \\\\
\\bottomrule
\\end{tabular}
\\par\\medskip
\\begin{minipage}{\\linewidth}\\footnotesize
Max \\textbar{}ga - gn\\textbar{}.\\par
Measured once.\\par
\\end{minipage}
\\end{table}`.trimStart(),
    );
  });

  test("has nothing beneath it without notes", () => {
    expect(latexTable(plain([{ cells: ["a", "1", "2"] }]), "tab:a")).toMatch(/\\end\{tabular\}\n\\end\{table\}$/);
  });

  test("sets a column of long text in lines, and lets its long words break", () => {
    const columns = [
      { header: "what", kind: "text" },
      { header: "value", kind: "text" },
    ] as const;
    const rows = [{ cells: ["SHA-256", "0123456789abcdef".repeat(4)] }];
    const latex = latexTable({ ...plain(rows), columns }, "tab:a");
    expect(latex).toContain("\\begin{tabular}{l>{\\raggedright\\arraybackslash}p{0.60\\linewidth}}");
    expect(latex.match(/\\allowbreak/g)).toHaveLength(7);
    const both = [{ cells: ["a".repeat(40), "b".repeat(40)] }];
    expect(latexTable({ ...plain(both), columns }, "tab:a").match(/p\{0\.45\\linewidth\}/g)).toHaveLength(2);
  });

  test("goes over pages from its 31st row on, its header repeated", () => {
    const rows = (count: number) => Array.from({ length: count }, (_, index) => ({ cells: [`${index}`, "1", "2"] }));
    expect(latexTable(plain(rows(30)), "tab:a")).not.toContain("longtable");
    const latex = latexTable({ ...table, groups: [{ rows: rows(31) }] }, "tab:a");
    expect(latex).toContain("\\begin{longtable}{lrr}\n\\caption{Results: 50 \\%}\\label{tab:a} \\\\\n\\toprule");
    expect(latex).toContain("\\midrule\n\\endhead\n\\bottomrule\n\\endfoot\n0 & 1 & 2 \\\\");
    expect(latex.match(/images & accuracy/g)).toHaveLength(2);
    expect(latex.match(/\\caption/g)).toHaveLength(1);
    expect(latex).toContain("Measured once.\\par");
    expect(latex).not.toContain("{table}");
  });

  test("every row keeps its columns, whatever stands in them", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string({ unit: "binary" }), { minLength: 3, maxLength: 3 }), { maxLength: 5 }),
        (cells) => {
          const lines = latexTable(plain(cells.map((row) => ({ cells: row }))), "tab:a").split("\n");
          const rows = lines.slice(lines.indexOf("\\midrule") + 1, lines.indexOf("\\bottomrule"));
          expect(rows).toHaveLength(cells.length);
          for (const row of rows) {
            expect(row.split(/(?<!\\)&/)).toHaveLength(3);
            expect(row).toMatch(/ \\\\$/);
          }
        },
      ),
    );
  });
});
