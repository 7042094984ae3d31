import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore } from "../src/store/open-store.node.ts";
import { expectRefusal, gradus, gradusJson, temporaryFolder } from "./run-gradus.ts";

const { folder, remove } = temporaryFolder();
afterAll(remove);
const options = { env: { GRADUS_STORE: join(folder, "store") } };
const at = (name: string) => join(folder, name);
const spec = at("quick.json");
writeFileSync(
  spec,
  JSON.stringify({
    name: "quick",
    device: "wasm",
    data: { limit: { train: 500, validation: 200, test: 200 } },
    network: { hidden: [10] },
    training: { batch: 50, schedule: { kind: "constant", rate: 0.05 }, epochs: 4 },
  }),
);

describe("gradus train --seeds", () => {
  test("trains one run a seed, each as it would be alone, labelled from its beginning", async () => {
    const train = ["train", spec, "--quiet"];
    const { runs } = await gradusJson([...train, "--seeds", "1..2", "--tag", "penalty", "--tag", "first"], options);
    const alone = await gradusJson([...train, "--seed", "2", "--no-store"], options);
    expect(runs.map((run: { spec: { seed: number } }) => run.spec.seed)).toEqual([1, 2]);
    expect(runs[1].weightsSha256).toBe(alone.weightsSha256);
    expect(runs[0].weightsSha256).not.toBe(alone.weightsSha256);
    await gradusJson([...train, "--seeds", "7", "--tag", "penalty", "--set", "training.lambda=0.01"], options);
    const listed = await gradusJson(["runs", "--tag", "penalty"], options);
    expect(listed.runs.map((run: { tags: string[] }) => run.tags)).toEqual([
      ["penalty", "first"],
      ["penalty", "first"],
      ["penalty"],
    ]);
  });

  test("trains seeds one after the other that do not share their batches", async () => {
    const words = ["train", spec, "--quiet", "--set", "data.order=permuted", "--seeds", "3,4"];
    const { runs } = await gradusJson(words, options);
    const alone = await gradusJson([...words.slice(0, -2), "--seed", "4", "--no-store"], options);
    expect(runs[1].weightsSha256).toBe(alone.weightsSha256);
  });

  test.each([
    [["--seeds", "5..1"], "--seeds", "runs backwards", "1..5"],
    [["--seeds", "1..x"], "--seeds", '"1..x" is not a whole number', "whole number"],
    [["--seeds", "1..5000"], "--seeds", "more than 1000", "1..5"],
    [["--seeds", "1..2", "--figure", "a.svg"], "--figure", "is of one run", "gradus report"],
    [["--tag", "a b"], "tag", "is no tag", "letters"],
    [["--tag", "a", "--no-store"], "--tag", "no store", "leave out"],
  ])("refuses %s, and keeps nothing", async (words, place, complaint, remedy) => {
    const before = await gradusJson(["runs"], options);
    await expectRefusal(["train", spec, "--quiet", ...words], { code: "usage", place, complaint, remedy }, options);
    expect(await gradusJson(["runs"], options)).toEqual(before);
  });
});

describe("gradus train --snapshots", () => {
  const cyclical = [
    ...["train", spec, "--quiet", "--set", "training.epochs="],
    ...["--set", "training.schedule={ kind: triangular, min: 0.001, max: 0.1, halfCycle: 10 }"],
  ];

  test("keeps a run at the end of each cycle, as one long run passes through it, and tests them together", async () => {
    const words = [...cyclical, "--set", "training.cycles=3"];
    const { runs, ensemble } = await gradusJson([...words, "--snapshots", "2", "--tag", "snapshot"], options);
    const long = await gradusJson([...words, "--no-store"], options);
    expect(runs.map((run: { steps: number }) => run.steps)).toEqual([40, 60]);
    expect(runs[1].weightsSha256).toBe(long.weightsSha256);
    expect(ensemble.members.map(({ run }: { run: string }) => run)).toEqual(
      runs.map(({ run }: { run: string }) => run),
    );
    expect(ensemble.members[1].accuracy).toBe(long.final.test.accuracy);
    expect((await gradusJson(["runs", "--tag", "snapshot"], options)).runs).toHaveLength(2);
  });

  test.each<[words: string[], code: "spec" | "usage", place: string, complaint: string, remedy: string]>([
    [["train", spec, "--snapshots", "2"], "spec", "training.schedule", "constant has no cycles", "kind: cosine"],
    [[...cyclical, "--set", "training.steps=20", "--snapshots", "2"], "spec", "training.cycles", "not given", "=5"],
    [
      [...cyclical, "--set", "training.cycles=2", "--snapshots", "3"],
      "usage",
      "--snapshots",
      "3 of 2 cycles",
      "2 at most",
    ],
    [
      [...cyclical, "--set", "training.cycles=2", "--snapshots", "2", "--no-store"],
      "usage",
      "--snapshots",
      "no store",
      "leave out",
    ],
    [
      [...cyclical, "--set", "training.cycles=2", "--snapshots", "2", "--csv", "a.csv"],
      "usage",
      "--csv",
      "several runs",
      "leave it out",
    ],
  ])("refuses %s, and keeps nothing", async (words, code, place, complaint, remedy) => {
    const before = await gradusJson(["runs"], options);
    await expectRefusal(words, { code, place, complaint, remedy }, options);
    expect(await gradusJson(["runs"], options)).toEqual(before);
  });
});

describe("gradus report of several runs", () => {
  const words = ["report", "--tag", "penalty", "--title", "Two penalties", "--author", "Ada <L.>"];
  beforeAll(async () => {
    const { runs } = await gradusJson(["runs", "--tag", "penalty"], options);
    expect(runs).toHaveLength(3);
  });

  test("is one page of comparison and pictures, in which own words stay", async () => {
    const out = at("several.html");
    await gradusJson([...words, "--out", out], options);
    const page = readFileSync(out, "utf8");
    expect(page).toContain("<title>Two penalties</title>");
    expect(page).toContain("Ada &lt;L.&gt;");
    expect(page.match(/<figcaption>/g)).toHaveLength(2 + 2 * 6);
    expect(page).toContain("3072-10-10");
    expect(page).toContain("Gradient check of the architectures in this report");
    writeFileSync(out, page.replace("<!-- your words: discussion -->", "$&\n<p>It helps.</p>"));
    await gradusJson([...words, "--out", out], options);
    expect(readFileSync(out, "utf8")).toMatch(/<h2>\nDiscussion\n<\/h2>|<h2>Discussion<\/h2>/);
    expect(readFileSync(out, "utf8")).toContain("your words: discussion -->\n<p>It helps.</p>\n<!-- end");
  });

  test.each([
    ["md", "report.md", "svg"],
    ["tex", "report.tex", "pdf"],
  ])("as %s has all of its figures beside it", async (format, name, ending) => {
    const out = at(format);
    await gradusJson([...words, "--format", format, "--out", out], options);
    const text = readFileSync(join(out, name), "utf8");
    const shown = [...text.matchAll(/(?:\]\(|\]\{)([\w-]+\.(?:svg|pdf))[)}]/g)].map(([, file]) => file);
    expect(shown).toHaveLength(14);
    expect(readdirSync(out).sort()).toEqual([...shown, name].sort());
    expect(shown.every((file) => file.endsWith(ending))).toBe(true);
  });

  test("of runs with a tag leaves out those that have not ended, and says so; where none has, there is none", async () => {
    const store = await openStore(options.env.GRADUS_STORE);
    const { runs } = await gradusJson(["runs", "--tag", "first"], options);
    const entries = (await store.read(runs[0].run)).slice(0, -1);
    const labelled = (tags: string[]) => JSON.stringify({ kind: "labelled", tags });
    await store.append({ log: "open-1", kind: "run", at: 0, entries: [...entries, labelled(["first", "going"])] });
    await store.append({ log: "open-2", kind: "run", at: 0, entries: [...entries, labelled(["first", "going"])] });
    await store.close();
    const report = await gradus(["report", "--tag", "first", "--out", at("ended.html")], options);
    expect(report.stdout).toContain("left out: 2 with the tag first that have not ended\n");
    expect(readFileSync(at("ended.html"), "utf8")).not.toContain("open-1");
    const drawn = await gradus(["figure", "accuracy", "--tag", "first", "--out", at("ended.svg"), "--json"], options);
    expect(drawn.stderr).toContain("left out: 2 with the tag first that have not ended\n");
    for (const words of [
      ["report", "--tag", "going"],
      ["figure", "accuracy", "--tag", "going", "--out", at("going.svg")],
    ]) {
      const complaint = "none of 2 runs with the tag going has ended";
      await expectRefusal(words, { code: "usage", place: "--tag", complaint, remedy: "gradus resume" }, options);
    }
    await gradusJson(["rm", "open-1", "open-2"], options);
  });

  test("takes a run by itself too, with its pictures", async () => {
    await gradusJson(["report", "latest", "--out", at("alone.html")], options);
    const page = readFileSync(at("alone.html"), "utf8");
    expect(page).toContain("What it has learned");
    expect(page.match(/<image /g)?.length).toBeGreaterThan(10);
  });

  test.each([
    [["report"], "report", "no run is named", "--tag"],
    [["report", "--tag", "none"], "--tag", "no run has the tag none", "gradus runs"],
    [["report", "003-E3"], "003-E3", "no finished run", "gradus train 003-E3"],
    [["report", spec, "latest"], spec, "is a file", "by itself"],
  ])("%s is refused, and nothing is written", async (refused, place, complaint, remedy) => {
    const out = at("refused.html");
    await expectRefusal([...refused, "--out", out], { code: "usage", place, complaint, remedy }, options);
    expect(existsSync(out)).toBe(false);
  });

  test("of a run that diverged says so, without pictures of a model that it has not left", async () => {
    const { exitCode } = await gradus(["train", spec, "--quiet", "--set", "training.schedule.rate=1e30"], options);
    expect(exitCode).toBe(8);
    await gradusJson(["report", "latest", "--out", at("diverged.html")], options);
    expect(readFileSync(at("diverged.html"), "utf8")).toContain("Diverged after update");
  });
});

describe("gradus figure", () => {
  const kinds = ["curves", "rate", "templates", "confusion", "classes", "probabilities", "mistakes"];
  let good = "";
  beforeAll(async () => {
    const { runs } = await gradusJson(["runs", "--tag", "first"], options);
    good = runs[0].run;
  });

  test.each(kinds)("draws %s of a run, and says its settings", async (kind) => {
    for (const [ending, beginning] of [
      ["svg", /^<svg [\s\S]*<\/svg>\n$/],
      ["pdf", /^%PDF-1\.4[\s\S]*%%EOF\n$/],
    ] as const) {
      const out = at(`${kind}.${ending}`);
      const { written, caption } = await gradusJson(["figure", kind, good, "--out", out, "--width", "400"], options);
      expect(written).toBe(out);
      expect(caption).toContain("3072-10-10, λ = 0, η = 0.05, 4 epochs, batch 50, seed 1.");
      expect(readFileSync(out, "utf8")).toMatch(beginning);
    }
  });

  test("lays the curves of several runs over one another", async () => {
    const { runs } = await gradusJson(["runs", "--tag", "penalty"], options);
    const ids = runs.map(({ run }: { run: string }) => run);
    const { caption } = await gradusJson(["figure", "loss", ...ids, "--out", at("loss.svg")], options);
    expect(caption).toMatch(/^Validation loss in nats .*seeds 1, 2; B: 3072-10-10, λ = 0\.01/);
    expect(readFileSync(at("loss.svg"), "utf8")).toMatch(/A: λ = 0[\s\S]*B: λ = 0\.01/);
  });

  test.each([
    [["learning", "GOOD"], "usage", /quick/, "no setting that is a number", "initial sigma"],
    [["curves"], "usage", "curves", "no run is named", "--tag"],
    [["templats", "latest"], "usage", "templats", 'did you mean "templates"', "curves, rate"],
    [["confusion", "latest"], "store", /quick/, "has left no model", "learning rate"],
    [["rate", "GOOD", "latest"], "usage", "rate", "is a figure of one run", "accuracy, loss, cost, learning"],
    [["accuracy", "GOOD"], "usage", /quick/, "no two curves", "several settings or seeds"],
  ] as const)("%s is refused, and nothing is written", async ([kind, ...runs], code, place, complaint, remedy) => {
    const ids = runs.map((run) => (run === "GOOD" ? good : run));
    const out = at("refused.svg");
    const { stderr, exitCode } = await gradus(["figure", kind, ...ids, "--out", out], options);
    expect(exitCode).toBe(code === "usage" ? 2 : 10);
    expect(stderr).toMatch(place);
    expect(stderr).toContain(complaint);
    expect(stderr).toContain(remedy);
    expect(existsSync(out)).toBe(false);
  });

  test.each([
    [["figure", "curves", "GOOD", "--out", "a.gif"], "--out", "ends in .gif", ".svg, .pdf, .png"],
    [["figure", "curves", "GOOD", "--out", "a.png"], "--out", "resvg", "npm install @resvg/resvg-js@"],
    [["report", "GOOD", "--out", "a.pdf"], "--format", "Typst", "npm install @myriaddreamin/typst-ts-node-compiler@"],
  ])("%s is refused before anything is drawn", async (words, place, complaint, remedy) => {
    const named = words.map((word) => (word === "GOOD" ? good : word.startsWith("a.") ? at(word) : word));
    await expectRefusal(named, { code: "usage", place, complaint, remedy }, options);
    expect(readdirSync(folder).filter((name) => name.startsWith("a."))).toEqual([]);
  });
});

describe("what runs came to, for other programs", () => {
  test("is a table with the settings that are asked for", async () => {
    const list = at("runs.csv");
    const { runs } = await gradusJson(
      ["runs", "--tag", "penalty", "--columns", "training.lambda,seed", "--csv", list],
      options,
    );
    expect(runs.map(({ settings }: { settings: object }) => settings)).toContainEqual({
      "training.lambda": 0.01,
      seed: 7,
    });
    const lines = readFileSync(list, "utf8").trimEnd().split("\r\n");
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/,weights_sha256,training\.lambda,seed$/);
    expect(lines[3]).toMatch(/,0\.01,7$/);
    await gradusJson(["export", "--all", "--csv", list], options);
    expect(readFileSync(list, "utf8")).toMatch(/^run,.*,network\.hidden,/);
  });

  test("compare sorts, draws and writes them", async () => {
    const [figure, list] = [at("compared.svg"), at("compared.csv")];
    const words = ["compare", "--name", "quick", "--tag", "penalty", "--sort", "validation"];
    const { compared } = await gradusJson([...words, "--figure", figure, "--csv", list], options);
    const means = compared.map(({ validationAccuracy }: { validationAccuracy: { mean: number } }) => {
      return validationAccuracy.mean;
    });
    expect(means).toEqual(means.toSorted((a: number, b: number) => b - a));
    expect(readFileSync(figure, "utf8")).toContain("validation accuracy (%)");
    expect(readFileSync(list, "utf8").trimEnd().split("\r\n")).toHaveLength(4);
  });

  test.each([
    [["runs", "--columns", "training.lamda"], "--columns", 'did you mean "training.lambda"', "docs/spec.md"],
    [["export", "--all"], "--all", "as a table", "--csv"],
    [["export"], "export", "no model is named", "--all --csv"],
    [["export", "latest"], "--out", "no file is named", "--out FILE.onnx"],
    [["check", "--format", "md"], "--format", "--json prints none", "leave out"],
  ])("%s is refused", async (words, place, complaint, remedy) => {
    await expectRefusal(words, { code: "usage", place, complaint, remedy }, options);
  });
});

describe("gradus figure learning", () => {
  test("where learning starts against the number that differs, a line for each other setting", async () => {
    for (const [sigma, norm] of [
      ["0.1", ""],
      ["0.001", ""],
      ["0.001", "{}"],
    ]) {
      const set = [
        `network.initialise={ kind: normal, sigma: ${sigma} }`,
        `network.batchNorm=${norm}`,
        "evaluate.every=10",
      ];
      const flags = set.flatMap((change) => ["--set", change]);
      await gradusJson(["train", spec, "--quiet", "--tag", norm === "" ? "plain" : "normed", ...flags], options);
    }
    const out = at("learning.svg");
    const words = ["figure", "learning", "--tag", "plain", "--tag", "normed", "--out", out];
    const { caption } = await gradusJson(words, options);
    expect(caption).toMatch(/^The update by which learning starts.* against initial σ\./);
    expect(readFileSync(out, "utf8")).toMatch(
      /without batch norm: at 0\.001 .*; at 0\.1 .*with batch norm: at 0\.001 starts/,
    );
    const { stdout } = await gradus(["compare", "--tag", "plain", "--tag", "normed", "--learning"], options);
    expect(stdout).toMatch(/initial σ +batch norm +seeds +starts by update/);
    const report = at("both.html");
    await gradusJson(["report", "--tag", "plain", "--tag", "normed", "--out", report], options);
    expect(readFileSync(report, "utf8")).toMatch(/<h2[^>]*>Where learning starts<[\s\S]*starts by update[\s\S]*<svg/);
  });
});
