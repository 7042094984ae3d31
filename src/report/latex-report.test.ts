import { describe, expect, test } from "vitest";
import { experiment004E2 as experiment } from "../experiments/004-e2.ts";
import type { RunDocument } from "../record/run-document.ts";
import gradients from "./fixtures/gradients.json" with { type: "json" };
import recorded from "./fixtures/run.json" with { type: "json" };
import { htmlReport } from "./html-report.ts";
import { latexReport } from "./latex-report.ts";

const run = recorded as unknown as RunDocument;
const { text, files } = latexReport({ run, gradients, experiment });

/** The document without what `verbatim` takes as it is. */
const withoutListings = (latex: string) => latex.replace(/\\begin\{verbatim\}[\s\S]*?\\end\{verbatim\}/g, "");

describe("latexReport", () => {
  test("is a document: every environment and every brace that opens also closes", () => {
    const hostile: RunDocument = {
      ...run,
      run: "\\input{/etc/passwd} %{",
      spec: { ...run.spec, name: "\\end{verbatim}}{$^_学" },
      device: { ...run.device, name: "\\end{document}", details: "&&&" },
      versions: { "\\begin{x}": "#1" },
      series: Array.from({ length: 40 }, (_, step) => ({ ...run.series[0], step })),
    };
    for (const latex of [text, latexReport({ run: hostile, gradients }).text]) {
      expect(latex).toMatch(/^% To compile, run pdflatex [^\n]*\n\\documentclass/);
      expect(latex).toMatch(/\\end\{document\}\n$/);
      const outside = withoutListings(latex);
      const open: string[] = [];
      for (const [, what, name] of outside.matchAll(/\\(begin|end)\{(\w+)\}/g)) {
        if (what === "begin") open.push(name);
        else expect(open.pop()).toBe(name);
      }
      expect(open).toEqual([]);
      let depth = 0;
      for (const [, brace] of outside.replace(/\\[{}]/g, "").matchAll(/([{}])/g)) {
        depth += brace === "{" ? 1 : -1;
        expect(depth).toBeGreaterThanOrEqual(0);
      }
      expect(depth).toBe(0);
      expect(outside.match(/(?<!\\)\$/g)?.length ?? 0).toSatisfy((count: number) => count % 2 === 0);
      expect(outside).not.toContain("\\input");
      expect(outside).toMatch(/^[\n\x20-\x7e]*$/);
    }
  });

  test("has the sections of the page, in its order, and no raw numbers", () => {
    const headings = [...text.matchAll(/\\section\{([^}]*)\}/g)].map(([, heading]) => heading);
    const html = htmlReport({ run, gradients, experiment });
    expect(headings).toEqual([...html.matchAll(/<h2>([^<]*)/g)].map(([, heading]) => heading));
    expect(text).not.toContain("1,000 & 2.1e-4");
  });

  test("says what the page says", () => {
    expect(text).toContain(
      "{\\LARGE Two layers, 50 hidden nodes, one cycle with $n_s$ = 500\\par}\\smallskip\nExperiment 004-E2\\par",
    );
    expect(text).toContain("\\textbf{Reproduced: test accuracy 46.01~\\% (reported 45.98~\\%)");
    expect(text).toContain("test accuracy & 45.98 & 46.01 & 45.03--46.99 & 45.20--47.20 & within range \\\\");
    expect(text).toContain("W1 & 10$\\times$20 & 2.2e-11");
    expect(text).toContain("\\begin{verbatim}\nname: 004-E2\nseed: 1\n");
    expect(text).toContain("npx gradus train run.yaml --device wasm --dtype f32\n\\end{verbatim}");
  });

  test("shows each figure from a PDF file of its own", () => {
    expect(Object.keys(files)).toEqual(["curves.pdf"]);
    const shown = [
      ...text.matchAll(/\\includegraphics\[width=[\d.]*\\linewidth,height=47mm,keepaspectratio\]\{([^}]*)\}/g),
    ].map(([, name]) => name);
    expect(shown).toEqual(Object.keys(files));
    for (const pdf of Object.values(files)) expect(pdf).toMatch(/^%PDF-1\.4\n[\s\S]*%%EOF\n$/);
    expect(files["curves.pdf"]).toContain("(loss \\(nats\\)) Tj");
  });

  test("labels each table and figure once", () => {
    const labels = [...text.matchAll(/\\label\{([^}]*)\}/g)].map(([, label]) => label);
    expect(labels).toContain("tab:reported-against-obtained");
    expect(labels).toContain("fig:curves");
    expect(new Set(labels).size).toBe(labels.length);
  });
});
