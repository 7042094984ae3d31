import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { experiment004E2 as experiment } from "../experiments/004-e2.ts";
import type { RunDocument } from "../record/run-document.ts";
import gradients from "./fixtures/gradients.json" with { type: "json" };
import recorded from "./fixtures/run.json" with { type: "json" };
import { htmlReport } from "./html-report.ts";
import { latexReport } from "./latex-report.ts";
import { markdownReport } from "./markdown-report.ts";
import { pageStyle } from "./page-style.ts";

const run = recorded as unknown as RunDocument;
const html = htmlReport({ run, gradients, experiment });
const visible = (markup: string) =>
  markup
    .replace(/<style>[\s\S]*?<\/style>/g, "")
    .replace(/<\/?(var|sub)>/g, (tag) => (tag === "<sub>" ? "_" : ""))
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");

const nan = { loss: Number.NaN, cost: Number.NaN, accuracy: 0.1 };
const diverged: RunDocument = {
  ...run,
  state: "diverged",
  divergence: { step: 412, layer: 2, where: "W2" },
  final: { train: nan, validation: nan },
  series: run.series.map((row) => (row.step < 400 ? row : { ...row, train: nan, validation: nan })),
};

describe("a report for its reader", () => {
  test("gives the result first", () => {
    expect(visible(html)).toMatch(
      /Experiment 004-E2 Two layers, 50 hidden nodes, one cycle with n_s = 500 Reproduced: test accuracy 46\.01 % \(reported 45\.98 %\)/,
    );
  });

  test("has the sections in a reader's order", () => {
    expect([...html.matchAll(/<h2>([^<]*)/g)].map(([, heading]) => heading)).toEqual([
      "Reported against obtained",
      "Results",
      "Curves",
      "Gradient check",
      "What the report leaves unstated",
      "Computation",
      "Reproduce",
    ]);
  });

  test("sets reported, obtained, interval, accepted range and verdict in one row, and says why the range", () => {
    expect(visible(html)).toContain("test accuracy 45.98 46.01 45.03–46.99 45.20–47.20 within range");
    expect(visible(html)).toContain("runs that differ only in their seed spread by about 0.4 points");
  });

  test("shows its curves in one figure, with the settings and the numbers", () => {
    expect(html.match(/<figure>/g)).toHaveLength(1);
    expect(visible(html)).toContain(
      "3072-50-10, λ = 0.01, η 1e-5 to 0.1, n_s = 500, 1 cycle, batch 100, seed 1. Data of figure 1",
    );
    expect(visible(html)).toContain(
      "Numbers of the figure: loss in nats, cost in nats, accuracy in percent and learning rate",
    );
    expect(visible(html)).toMatch(/1,000 2\.1e-4 [\d.]+ [\d.]+ 60\.50 [\d.]+ [\d.]+ 45\.60/);
  });

  test("has no curve of one measurement", () => {
    const alone = visible(htmlReport({ run: { ...run, series: run.series.slice(-1) } }));
    expect(alone).not.toContain("Curves");
    expect(alone).not.toContain("Figure 1");
  });

  test("leaves out the cost where it is the loss, and says so", () => {
    const spec = { ...run.spec, training: { ...run.spec.training, lambda: 0 } };
    const text = visible(htmlReport({ run: { ...run, spec } }));
    expect(text).toContain("λ is 0, so the cost is the loss.");
    expect(text).not.toContain("cost in nats");
  });

  test("tells where and how it was computed, and how to repeat it exactly", () => {
    const text = visible(html);
    expect(text).toContain("device wasm (relaxed SIMD, 1 thread)");
    expect(text).toContain("updates per second 195.3");
    expect(text).toContain(`SHA-256 of the weights ${run.weightsSha256}`);
    expect(text).toContain("npx gradus train run.yaml --device wasm --dtype f32");
    const specification = /<pre tabindex="0" aria-label="specification">([\s\S]*?)<\/pre>/.exec(html)?.[1] ?? "";
    expect(parse(specification)).toEqual(run.spec);
  });

  test("says when training stops inside a cycle", () => {
    expect(visible(htmlReport({ run: { ...run, steps: 2710 } }))).toContain("2.71: the training ends inside a cycle");
    expect(visible(html)).not.toContain("inside a cycle");
  });

  test("of a run alone has neither verdict nor gradients", () => {
    const text = visible(htmlReport({ run }));
    expect(text).toContain("Gradus run 004-E2 Accuracy: test 46.01 %, validation 45.60 %, training 60.50 %.");
    expect(text).not.toContain("Reported against obtained");
    expect(text).not.toContain("Gradient check");
  });
});

describe("a run that diverged", () => {
  const report = htmlReport({ run: diverged, experiment });

  test("is named at the top and passes nothing", () => {
    expect(visible(report)).toContain("n_s = 500 Diverged after update 412: W2 is not finite.");
    expect(visible(report)).not.toContain("within range");
    expect(visible(report)).toContain("412 of 1,000");
  });

  test("still has its curves, with the place where they end", () => {
    expect(report).toContain("not finite from step 400");
  });

  test("turns the loss logarithmic where it grew over decades", () => {
    const series = run.series.map((row, index) => ({ ...row, train: { ...row.train, loss: 10 ** index } }));
    expect(visible(htmlReport({ run: { ...diverged, series } }))).toContain("loss on a logarithmic axis");
    expect(visible(html)).not.toContain("logarithmic");
  });
});

test("an early end, a choice among weights and notices are said", () => {
  const notices = [
    { about: "unseen-class", text: 'training never sees the class "cat"', remedy: "check the labels", step: 0 },
  ] as const;
  const ended = { step: 400, why: "patience" } as const;
  const spec = { ...run.spec, training: { ...run.spec.training, patience: 3 } };
  const text = visible(htmlReport({ run: { ...run, spec, ended, best: { step: 100, looks: 5 }, notices } }));
  expect(text).toContain("It ended after update 400 of 1000: 3 measurements in a row had not bettered its");
  expect(text).toContain("of the weights after update 100, the best of 5 looks at the validation images");
  expect(text).toContain("optimistic");
  expect(text).toContain("Notices training never sees the class &quot;cat&quot;; check the labels.");
  expect(text).toContain("400 of 1,000");
  expect(visible(html)).not.toContain("Notices");
});

test("a table of many columns is one of lines on a phone, where its every cell has its column's name", () => {
  expect(html).toMatch(/<table class="stack">/);
  expect(html).toContain(
    '<td class="number" data-column="accuracy (%)"><span>46.01</span></td>'
      .replace("><span>", ">\n<span>")
      .replace("</span></td>", "</span>\n</td>"),
  );
  expect(pageStyle).toContain("table.stack td::before{content:attr(data-column)");
});

describe("a report as a file", () => {
  test("loads nothing, sends nothing and runs nothing", () => {
    const hostile: RunDocument = {
      ...run,
      run: `"><img src=x onerror=alert(1)>`,
      spec: { ...run.spec, name: "<script>alert(1)</script>" },
      device: { ...run.device, name: "</pre><script>alert(1)</script>", details: "<b>" },
      versions: { "<i>": "</style><script>" },
    };
    for (const report of [html, htmlReport({ run: hostile, gradients })]) {
      expect(report).not.toMatch(/<(script|img|iframe|object|embed|i|svg:script)\b/i);
      expect(report).not.toMatch(/<[^>]*\son\w+=/i);
      expect(report).not.toMatch(/<[^>]*\s(src|srcset|action)=|@import|url\(/);
      expect([...report.matchAll(/href="([^"]*)"/g)].map(([, address]) => address)).toEqual(["data:,"]);
      // The only addresses are the names of XML namespaces.
      expect(report.replaceAll('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/https?:|\/\//);
      expect(report).toContain("default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; img-src data:");
    }
  });

  test("closes every tag it opens, whatever the run", () => {
    for (const report of [html, htmlReport({ run: diverged }), htmlReport({ run: { ...run, series: [] } })]) {
      const open: string[] = [];
      for (const [, end, name, empty] of report.matchAll(/<(\/?)([a-z]\w*)[^>]*?(\/?)>/gi)) {
        if (end !== "") expect(open.pop()).toBe(name);
        else if (empty === "") open.push(name);
      }
      expect(open).toEqual([]);
    }
  });
});

describe("a report for everyone", () => {
  test("has a language, one first heading and none left out", () => {
    expect(html).toContain('<html lang="en">');
    const levels = [...html.matchAll(/<h(\d)/g)].map(([, level]) => Number(level));
    expect(levels[0]).toBe(1);
    expect(levels.slice(1).every((level) => level === 2)).toBe(true);
  });

  test("names every table and every header cell's direction", () => {
    expect(html.match(/<caption>/g)?.length).toBe(html.match(/<table[ >]/g)?.length);
    expect(html).not.toMatch(/<th(?![^>]*scope=)[ >]/);
  });

  test("has ids that occur once and references that lead somewhere", () => {
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const referred = [...html.matchAll(/aria-labelledby="([^"]*)"/g)].flatMap(([, names]) => names.split(" "));
    expect(referred.length).toBe(4); // title and description, for wide and narrow pages
    expect(referred.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test.each([0, 1])("has a contrast of at least 4.5, light and dark (%s)", (theme) => {
    const declared = [...pageStyle.matchAll(/:root\{([^}]*)\}/g)][theme][1];
    const colours = Object.fromEntries(declared.split(";").map((pair) => pair.slice(2).split(":")));
    for (const text of ["ink", "quiet", "good", "bad"]) {
      expect(contrast(colours[text], colours.paper)).toBeGreaterThan(4.5);
    }
    expect(contrast(colours.ink, colours.band)).toBeGreaterThan(4.5);
  });
});

/** WCAG 2.2: (L1 + 0.05) / (L2 + 0.05), L the relative luminance. */
function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const hex = colour.length === 4 ? colour.replace(/[^#]/g, "$&$&") : colour;
  const [red, green, blue] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test("a run of 150,000 measurements has a report in every format, with all of them in its figures", () => {
  const series = Array.from({ length: 150_000 }, (_, step) => ({ ...run.series[step % run.series.length], step }));
  const long = { run: { ...run, series, steps: series.length } };
  const latex = latexReport(long);
  expect(latex.text.length).toBeLessThan(20_000); // raw numbers are for the other formats
  expect(latex.files["curves.pdf"].length).toBeLessThan(1_000_000);
  for (const text of [htmlReport(long), markdownReport(long).text]) {
    expect(text.length).toBeLessThan(2_000_000);
    expect(text).toMatch(/Every 150th of 150,000 measurements/);
    expect(text).toContain("149,999");
  }
});
