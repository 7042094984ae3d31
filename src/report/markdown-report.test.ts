import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { experiment004E2 as experiment } from "../experiments/004-e2.ts";
import type { RunDocument } from "../record/run-document.ts";
import gradients from "./fixtures/gradients.json" with { type: "json" };
import recorded from "./fixtures/run.json" with { type: "json" };
import { htmlReport } from "./html-report.ts";
import { markdownReport } from "./markdown-report.ts";

const run = recorded as unknown as RunDocument;
const { text, files } = markdownReport({ run, gradients, experiment });

describe("markdownReport", () => {
  test("has the title, the result and the sections of the page, in its order", () => {
    expect(text).toMatch(
      /^# Two layers, 50 hidden nodes, one cycle with n<sub>s<\/sub> = 500\n\nExperiment 004-E2\n\n> \*\*Reproduced: /,
    );
    expect(text).toContain("test accuracy 46.01\u00a0% (reported 45.98\u00a0%); training accuracy 60.50\u00a0%.**");
    const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    const html = htmlReport({ run, gradients, experiment });
    expect(headings).toEqual([...html.matchAll(/<h2>([^<]*)/g)].map(([, heading]) => heading));
    expect(headings).toHaveLength(7);
  });

  test("has the tables with their numbers", () => {
    expect(text).toContain(
      "| test accuracy     |        45.98 |        46.01 |       45.03–46.99 |  45.20–47.20 | within range |",
    );
    expect(text).toContain("**2 layers, lambda 0.01**");
    expect(text).toContain("Why 45.20–47.20 % for the test accuracy: runs that differ");
  });

  test("shows each figure from a file of its own, with its numbers", () => {
    expect(Object.keys(files)).toEqual(["curves.svg"]);
    expect([...text.matchAll(/!\[[^\]]*\]\(([^)]*)\)/g)].map(([, name]) => name)).toEqual(Object.keys(files));
    for (const svg of Object.values(files))
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[\s\S]*<\/svg>\n$/);
    expect(files["curves.svg"]).toContain("loss (nats)");
    expect(text).toMatch(/<summary>Data of figure 1<\/summary>\n\n\*\*Numbers of the figure: loss/);
    expect(text).toMatch(/\|\s+1,000 \|\s+2\.1e-4 \|.*\|\s+60\.50 \|.*\|\s+45\.60 \|\n\n<\/details>/);
  });

  test("leaves out the cost where it is the loss", () => {
    const spec = { ...run.spec, training: { ...run.spec.training, lambda: 0 } };
    const alone = markdownReport({ run: { ...run, spec } });
    expect(alone.files["curves.svg"]).not.toContain("cost (nats)");
    expect(files["curves.svg"]).toContain("cost (nats)");
    expect(alone.text).not.toContain("Gradient check");
    expect(alone.text).toMatch(/^# 004-E2\n\nGradus run\n/);
  });

  test("gives the specification back, whatever it has in it", () => {
    const specification = /```yaml\n([\s\S]*?)\n```/.exec(text)?.[1] ?? "";
    expect(parse(specification)).toEqual(run.spec);
    const spec = { ...run.spec, name: "```\n# heading" };
    const fenced = /(````+)yaml\n([\s\S]*?)\n\1\n/.exec(markdownReport({ run: { ...run, spec } }).text)?.[2] ?? "";
    expect(parse(fenced)).toEqual(spec);
  });

  test("prints no markup of its material", () => {
    const hostile: RunDocument = {
      ...run,
      run: "<img src=x onerror=alert(1)>",
      spec: { ...run.spec, name: "](x)\n# <script>alert(1)</script>" },
      versions: { "a|b": "**bold**" },
    };
    const outside = markdownReport({ run: hostile }).text.replace(/(```+)[\s\S]*?\1/g, "");
    expect(outside.replace(/\\[!-~]/g, "")).not.toMatch(
      /<(?!\/?(details|summary|sub)>|!-- (end of )?your words: \w+ -->)/,
    );
    expect(outside.match(/^# /gm)).toHaveLength(1);
    expect(outside).toContain("| a\\|b version ");
  });
});
