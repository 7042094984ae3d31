import { readFileSync } from "node:fs";
import { encode } from "fast-png";
import { unzlibSync } from "fflate";
import { describe, expect, test } from "vitest";
import { comparison } from "./comparison.ts";
import { figurePdf } from "./figure-pdf.ts";
import series from "./fixtures/series.json" with { type: "json" };
import { element } from "./markup.ts";
import { picture } from "./picture.ts";

const golden = (name: string) => readFileSync(new URL(`fixtures/${name}.svg`, import.meta.url), "utf8");
const drawing = (...drawn: readonly string[]) =>
  figurePdf(picture({ id: "a", title: "a <path> in a title", description: "", width: 100, height: 40 }, drawn));

describe.each(["accuracy", "loss-not-finite", "cost-logarithmic", "comparison", "against-lambda-360"])("%s", (name) => {
  const svg = golden(name);
  const pdf = figurePdf(svg);

  test("is a file whose table leads to its objects and whose stream is as long as it says", () => {
    const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(pdf)?.[1]);
    expect(pdf.slice(start, start + 4)).toBe("xref");
    const entries = [...pdf.slice(start).matchAll(/^(\d{10}) (\d{5}) ([nf]) \n/gm)];
    expect(entries).toHaveLength(5);
    for (const [number, [, offset]] of entries.entries()) {
      if (number > 0) expect(pdf.slice(Number(offset))).toMatch(new RegExp(`^${number} 0 obj\n`));
    }
    const [, length, stream] = /\/Length (\d+) >>\nstream\n([\s\S]*?)\nendstream/.exec(pdf) ?? [];
    expect(stream).toHaveLength(Number(length));
    expect(pdf).toMatch(/^[\n\x20-\x7e]*$/);
  });

  test("has every shape and every text of the figure", () => {
    const shapes = svg.match(/<(path|circle|rect|text)\b/g) ?? [];
    expect(pdf.match(/^q$/gm)).toHaveLength(shapes.length);
    expect(pdf.match(/^Q$/gm)).toHaveLength(shapes.length);
    for (const [, text] of svg.matchAll(/<text[^>]*>([^<]*)</g)) {
      expect(pdf).toContain(`(${text.replace(/[()\\]/g, "\\$&")}) Tj`);
    }
  });
});

describe("figurePdf", () => {
  test("draws in the light style, with y downwards, at 3/4 points a pixel", () => {
    const pdf = drawing(element("path", { class: "line validation", d: "M10,20L30,5" }));
    expect(pdf).toContain("/MediaBox [0 0 75 30]");
    expect(pdf).toContain("0.75 0 0 -0.75 0 30 cm");
    // #d55e00, two pixels wide, round, dashed, not filled
    expect(pdf).toContain("0.835 0.369 0 RG 2 w 1 J 1 j\n[5 4] 0 d\n10 20 m 30 5 l S\n");
  });

  test("follows relative commands, fills and closes", () => {
    const pdf = drawing(element("path", { class: "axis", d: "M1,2h6M5,5l4,-10m0,-7V9H3Z" }));
    expect(pdf).toContain("1 2 m 7 2 l 5 5 m 9 -5 l 9 -12 m 9 9 l 3 9 l h S");
    expect(drawing(element("rect", { class: "mark train", x: 1, y: 2, width: 3, height: 4 }))).toContain(
      "0 0.447 0.698 rg\n1 2 3 4 re B",
    );
  });

  test("sets text by its anchor in Helvetica's widths, and escapes it", () => {
    const text = (anchor: string | undefined, content: string) =>
      drawing(element("text", { x: 50, y: 10, "text-anchor": anchor }, content));
    // Twelve pixels of "10": 2 x 0.556 x 12 = 13.344
    expect(text(undefined, "10")).toContain("1 0 0 -1 50 10 Tm /F 12 Tf (10) Tj");
    expect(text("middle", "10")).toContain("1 0 0 -1 43.328 10 Tm /F 12 Tf (10) Tj");
    expect(text("end", "10")).toContain("1 0 0 -1 36.656 10 Tm /F 12 Tf (10) Tj");
    expect(text(undefined, "a (\\) &amp; 1–2 é λ")).toContain("(a \\(\\\\\\) & 1\\2262 \\351 ) Tj /G 12 Tf (l) Tj");
  });

  test("sets Greek in Symbol, by its own widths", () => {
    // λ is 0.549 wide in Symbol, "=" 0.584 in Helvetica: 12 x 1.133 = 13.596 before the end.
    const pdf = drawing(element("text", { x: 50, y: 10, "text-anchor": "end" }, "λ="));
    expect(pdf).toContain("1 0 0 -1 36.404 10 Tm /G 12 Tf (l) Tj /F 12 Tf (=) Tj");
    expect(pdf).toContain("/BaseFont /Symbol");
  });

  test("tints, and shows pictures pixel by pixel, what is clear in them white", () => {
    const data = Uint8Array.from([255, 0, 0, 255, 0, 128, 255, 0]);
    const png = encode({ width: 2, height: 1, channels: 4, depth: 8, data });
    const href = `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
    const pdf = drawing(
      element("image", { x: 10, y: 4, width: 20, height: 10, href }),
      element("rect", { class: "mark train", x: 1, y: 2, width: 3, height: 4, "fill-opacity": "0.25" }),
    );
    expect(pdf).toContain("20 0 0 -10 10 14 cm /I0 Do");
    expect(pdf).toMatch(/\/ExtGState << \/S0 << \/ca 0\.25 >> >>[\s\S]*\/S0 gs/);
    const [, hex] = /\/Width 2 \/Height 1 [^>]*>>\nstream\n([0-9a-f]+)>\nendstream/.exec(pdf) ?? [];
    expect([...unzlibSync(Buffer.from(hex, "hex"))]).toEqual([255, 0, 0, 255, 255, 255]);
    expect(pdf).toMatch(/^[\n\x20-\x7e]*$/);
  });

  test("lines that are faint are faint on paper too", () => {
    const rule = element("style", {}, ".gradus-figure .faint{stroke-opacity:.35}");
    const svg = picture({ id: "a", title: "a", description: "a", width: 40, height: 30 }, []).replace(
      /<style>([^<]*)<\/style>/,
      (_, sheet) => rule.replace("<style>", `<style>${sheet}`),
    );
    const path = element("path", { class: "line faint", d: "M1,1L2,2" });
    expect(figurePdf(svg.replace("</svg>", `${path}</svg>`))).toMatch(/\/S0 << \/CA \.35 >>[\s\S]*\/S0 gs/);
  });

  test("refuses what this room did not draw", () => {
    expect(() => figurePdf("<svg></svg>")).toThrow(RangeError);
    expect(() => drawing("<video/>")).toThrow(/it has a video/);
    expect(() => drawing(element("path", { class: "line", d: "M1,1C1,1,2,2,3,3" }))).toThrow(/path command C/);
  });

  test("keeps the specific rule over the general one, wherever it stands", () => {
    const svg = comparison({
      runs: [{ name: "a", series, reported: [{ step: 0, value: 0.1 }] }],
      metric: "accuracy",
      part: "train",
      id: "a",
      title: "a",
    });
    const [, hollow] = /(q\n0 0\.447 0\.698 RG 1\.5 w[^q]*?1 1 1 rg\n[^q]*?B)/.exec(figurePdf(svg)) ?? [];
    expect(hollow).toBeDefined();
  });
});
