import { describe, expect, test } from "vitest";
import { experiment004E2 } from "../experiments/004-e2.ts";
import type { GradientCheck } from "../gradcheck/verdict.ts";
import { parseSpec } from "../record/parse-spec.ts";
import type { RunDocument } from "../record/run-document.ts";
import type { KeptRun } from "../record/run-record.ts";
import type { Spec } from "../record/spec.ts";
import gradients from "./fixtures/gradients.json" with { type: "json" };
import recorded from "./fixtures/run.json" with { type: "json" };
import { meanCurve, overlaidFigure } from "./group-curves.ts";
import { htmlDocument } from "./html-report.ts";
import { latexDocument } from "./latex-report.ts";
import { markdownDocument } from "./markdown-report.ts";
import { figuresOf } from "./report-content.ts";
import type { ReportedRun } from "./reported-run.ts";
import { runsContent } from "./runs-content.ts";
import { seedGroups } from "./seed-groups.ts";

const document = recorded as unknown as RunDocument;

/** The recorded run with another penalty and seed, and validation accuracies moved by `shift`. */
function reported(lambda: number, seed: number, shift: number, spec: Partial<Spec> = {}): ReportedRun {
  const moved = <T extends { accuracy: number }>(metrics: T) => ({ ...metrics, accuracy: metrics.accuracy + shift });
  const runDocument: RunDocument = {
    ...document,
    run: `run-${lambda}-${seed}`,
    weightsSha256: `${lambda}-${seed}`,
    spec: { ...document.spec, ...spec, seed, training: { ...document.spec.training, lambda } },
    series: document.series.map((row) => ({ ...row, validation: moved(row.validation) })),
    final: {
      ...document.final,
      validation: moved(document.final.validation),
      test: moved(document.final.test ?? document.final.validation),
    },
  };
  const training = { ...runDocument, step: runDocument.steps, notices: [] };
  const run = {
    id: runDocument.run,
    name: "r",
    tags: [],
    notes: "",
    data: [],
    startedAt: runDocument.startedAt,
    host: "h",
    versions: {},
    sessions: 1,
    seconds: 1,
    state: "finished",
    entries: 3,
    checkpoints: [],
    spec: runDocument.spec,
    training,
  } as unknown as KeptRun;
  return { run, document: runDocument, pictures: async (prefix) => [picture(`${prefix}one`), picture(`${prefix}two`)] };
}

const picture = (name: string) => ({
  name,
  title: name,
  caption: `${name}.`,
  isNarrow: true as const,
  draw: () => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>`,
});

const runs = [reported(0.01, 1, 0.02), reported(0.01, 2, 0.04), reported(0, 1, 0)];
const content = await runsContent({
  title: "Penalties",
  author: "Ada L.",
  runs,
  gradients: [gradients as GradientCheck],
});
const tables = content.sections.flatMap(({ blocks }) =>
  blocks.flatMap((block) => (block.kind === "table" ? [block.table] : [])),
);
const cells = (caption: string) =>
  tables
    .filter((table) => table.caption === caption)
    .flatMap(({ groups }) => groups.flatMap(({ rows }) => rows.map((row) => row.cells)));

describe("a report of several runs", () => {
  test("begins with what differs, then what is common", () => {
    const [{ heading, blocks }] = content.sections;
    expect(heading).toBe("Settings");
    expect(blocks.map((block) => block.kind)).toEqual(["table", "table"]);
    expect(tables[0].columns.map(({ header }) => header)).toEqual(["", "λ", "seeds"]);
    expect(cells("What differs")).toEqual([
      ["A", "0.01", "1, 2"],
      ["B", "0", "1"],
    ]);
    expect(cells("What is common")).toContainEqual(["n_s", "500"]);
    expect(cells("What is common").map(([name]) => name)).not.toContain("λ");
  });

  test("names the best by its validation images, with the interval of its test images and its seeds", () => {
    expect(content.headline.text).toMatch(
      /^Best on the validation images: A: λ = 0\.01, with test accuracy [\d.]+\u00a0% \(95\u00a0% interval [\d.–]+, 2 seeds\)\.$/,
    );
  });

  test("overlays the curves, settings in the caption, seeds as a band", () => {
    const groups = seedGroups(runs.map(({ run }) => run));
    const { series, band } = meanCurve(groups[0].sample, "accuracy", "validation");
    const [row] = document.series;
    expect(series[0].validation.accuracy).toBeCloseTo(row.validation.accuracy + 0.03, 12);
    expect(band[0]).toEqual({ step: 0, low: row.validation.accuracy + 0.02, high: row.validation.accuracy + 0.04 });
    const figure = overlaidFigure(groups, "accuracy");
    expect(figure?.draw({ id: "x" })).toMatch(/class="band series-1"/);
    expect(figure?.draw({ id: "x" })).not.toMatch(/class="band series-2"/);
    expect(figure?.caption).toContain(
      "A: 3072-50-10, λ = 0.01, η 1e-5 to 0.1, n_s = 500, 1 cycle, batch 100, seeds 1, 2;",
    );
    expect(overlaidFigure(groups.slice(1), "accuracy")).toBeUndefined(); // one curve overlays nothing
  });

  test("has a section for each setting, with figures of names of their own", () => {
    expect(content.sections.map(({ heading }) => heading)).toEqual([
      ...["Settings", "Introduction", "Comparison", "Gradient check", "A: λ = 0.01", "B: λ = 0"],
      ...["Discussion", "Computation", "Reproduce"],
    ]);
    const names = figuresOf(content).map(({ name }) => name);
    expect(names).toEqual([
      "validation-accuracy",
      "validation-loss",
      "a-curves",
      "a-one",
      "a-two",
      "b-curves",
      "b-one",
      "b-two",
    ]);
  });

  test("says how to train each setting again", () => {
    const [, commands] = content.sections.at(-1)?.blocks.filter(({ kind }) => kind === "listing") ?? [];
    expect(commands).toMatchObject({
      text: "gradus train run.yaml --seeds 1,2\ngradus train run.yaml --set 'training.lambda=0' --seeds 1",
    });
  });

  test("of runs on different data says so", async () => {
    const otherRun = reported(0.01, 1, 0, {
      data: { ...document.spec.data, split: { kind: "hold-out", validation: 1000 } },
    });
    const { sections } = await runsContent({ title: "t", runs: [runs[0], otherRun], gradients: [] });
    const [settings] = sections[0].blocks;
    expect(settings.kind === "table" && settings.table.notes).toContainEqual(
      expect.stringContaining("not all trained or measured on the same data"),
    );
    expect(tables[0].notes).toEqual([]);
  });
});

describe("own words", () => {
  const words = new Map([["discussion", "The penalty helps."]]);
  test.each([
    ["html", (ownWords: typeof words) => htmlDocument(content, ownWords), "<h2>Discussion</h2>"],
    ["markdown", (ownWords: typeof words) => markdownDocument(content, ownWords).text, "## Discussion"],
    ["latex", (ownWords: typeof words) => latexDocument(content, ownWords, "2026-11-25").text, "\\section{Discussion}"],
  ] as const)("have a heading in %s once they are written", (_, write, heading) => {
    expect(write(new Map())).not.toContain(heading);
    expect(write(new Map())).toContain("your words: discussion");
    expect(write(words)).toContain(heading);
    expect(write(words)).toContain("\nThe penalty helps.\n");
  });
});

test("what was published for a setting is a line across its figure, and for changed settings none", () => {
  const first = runs[0].run;
  const as004E2 = (change: object) => {
    const { spec } = experiment004E2;
    const changed = parseSpec({ ...spec, training: { ...spec.training, ...change } });
    return seedGroups([1, 2].map((seed) => ({ ...first, id: `r${seed}`, spec: { ...changed, seed } })));
  };
  const svg = (change: object) => overlaidFigure(as004E2(change), "accuracy")?.draw({ id: "a" }) ?? "";
  expect(svg({})).toContain(">reported, test: 45.98 %</text>");
  expect(svg({})).toMatch(/<path class="reference" d="M[\d.]+,[\d.]+H[\d.]+"/);
  expect(svg({ lambda: 0.5 })).toContain("<svg");
  expect(svg({ lambda: 0.5 })).not.toContain('class="reference"');
});
