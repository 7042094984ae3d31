import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { expectRefusal, gradus, gradusJson, temporaryFolder } from "./run-gradus.ts";

const { folder, remove } = temporaryFolder();
afterAll(remove);

describe("gradus replicate", () => {
  const options = { env: { GRADUS_STORE: join(folder, "kept") } };
  const replicate = (...words: string[]) => ["replicate", ...words, "--quiet"];
  const runs = async () => (await gradusJson(["runs", "--all"], options)).runs.map(({ run }: { run: string }) => run);

  test("a training, a gradient check and their pages", async () => {
    const pages = join(folder, "pages");
    const { seconds, entries } = await gradusJson(replicate("000-E3", "004-e1", "--report", pages), options);
    expect(seconds).toBeGreaterThan(0);
    const [overfit, check] = entries;
    expect(overfit).toMatchObject({ id: "000-E3", variant: "as-intended", verdict: "reproduced" });
    expect(overfit.obtained.trainAccuracy).toMatchObject({ mean: 1, n: 1 });
    expect(overfit.obtained.trainLoss.mean).toBeLessThan(0.3);
    expect(check).toMatchObject({ id: "004-E1", variant: "as-intended", verdict: "reproduced" });
    expect(check.obtained.rows.map(({ parameter }: { parameter: string }) => parameter)).toEqual([
      "W1",
      "b1",
      "W2",
      "b2",
    ]);

    const files = readdirSync(pages);
    expect(files).toEqual(expect.arrayContaining(["README.md", "report-000.md", "report-004.md"]));
    const page = readFileSync(join(pages, "report-000.md"), "utf8");
    const figures = [...page.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, name]) => name);
    expect(figures).toContain("000-e3-as-intended-loss.svg");
    expect(files).toEqual(expect.arrayContaining(figures));
  });

  test("what is done is not done again, and what was trained for itself counts", async () => {
    const before = await runs();
    const [first] = (await gradusJson(replicate("000-E3", "004-E1"), options)).entries;
    expect(await runs()).toEqual(before);
    expect((await gradusJson(["runs"], options)).runs).toEqual([]);
    expect((await gradusJson(["runs", "--purpose", "replication"], options)).runs).toHaveLength(1);

    const trainedStore = { env: { GRADUS_STORE: join(folder, "trained") } };
    const { run } = await gradusJson(["train", "000-E3", "--quiet"], trainedStore);
    const [again] = (await gradusJson(replicate("000-E3"), trainedStore)).entries;
    expect(again.obtained).toEqual(first.obtained);
    expect((await gradusJson(["runs", "--all"], trainedStore)).runs).toMatchObject([{ run }]);
  });

  test("repetitions have seeds of their own, and an interval over them", async () => {
    const { entries } = await gradusJson(replicate("000-E3", "--repeats", "3"), options);
    const { mean, low, high, n } = entries[0].obtained.trainLoss;
    expect(n).toBe(3);
    expect(low).toBeLessThan(mean);
    expect(high).toBeGreaterThan(mean);
  });

  test("a person reads a table that ends in counts", async () => {
    const { stdout, exitCode } = await gradus(replicate("000-E3"), options);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/000-E3 +as-intended .* reproduced/);
    expect(stdout).toMatch(/1 experiment, 1 protocols?: 1 reproduced, 0 shown to be a fault, 0 not reproduced\./);
  });

  test.each([
    { words: [], complaint: "no experiment is named" },
    { words: ["--all", "004-E2"], complaint: "--all is given beside single experiments" },
    { words: ["004-E22"], complaint: 'did you mean "004-E2"?' },
  ])("$words is refused", async ({ words, complaint }) => {
    await expectRefusal(replicate(...words), {
      code: "usage",
      place: "replicate",
      complaint,
      remedy: "give --all, or some of those that `gradus experiments` lists",
    });
  });
});

describe("gradus overfit", () => {
  test("a network learns 100 examples by heart", async () => {
    const { final, run } = await gradusJson(["overfit", "004-E2", "--quiet"]);
    expect(final.train.accuracy).toBe(1);
    expect(final.train.loss).toBeLessThan(0.3);
    expect((await gradusJson(["runs", "--purpose", "overfit"])).runs).toContainEqual(expect.objectContaining({ run }));
  });

  test("one that does not is an error, with its run", async () => {
    await expectRefusal(["overfit", "004-E2", "--epochs", "2", "--quiet"], {
      code: "check",
      place: "overfit",
      complaint: "of the examples were learned by heart",
      remedy: "--rate",
      result: { state: "finished" },
    });
  });
});

describe("gradus lr-range", () => {
  test("finds rates that learn, and writes a spec that trains", async () => {
    const out = join(folder, "found.yaml");
    const small = ["data.limit.train=2000", "data.limit.validation=500"].flatMap((change) => ["--set", change]);
    const words = ["lr-range", "004-E2", ...small, "--points", "20", "--out", out, "--quiet"];
    const { range, run: document } = await gradusJson(words);
    const { runs } = await gradusJson(["runs", "--purpose", "lr-range"]);
    expect(runs).toContainEqual(expect.objectContaining({ run: document.run }));
    expect(range.min).toBeGreaterThanOrEqual(1e-5);
    expect(range.max).toBeGreaterThan(range.min);
    expect(range.accuracy).toBeGreaterThan(0.2);
    expect(readFileSync(out, "utf8")).toMatch(/^# training\.schedule: found by a rate range test of 4 epochs/);
    const trained = await gradusJson(["train", out, "--set", "evaluate.test=false", "--quiet"]);
    expect(trained.spec.training.schedule).toEqual({
      kind: "triangular",
      min: range.min,
      max: range.max,
      halfCycle: 100,
      start: 0,
    });
    expect(trained.final.validation.accuracy).toBeGreaterThan(0.2);
  });

  test("refuses a range that is upside down", async () => {
    await expectRefusal(["lr-range", "004-E2", "--from", "1", "--to", "0.1"], {
      code: "usage",
      place: "--from",
      complaint: "1 does not lie below --to 0.1",
      remedy: "exchange",
    });
  });
});

describe("gradus report", () => {
  const record = join(folder, "run.json");

  test("writes a recorded run in three formats", async () => {
    const small = ["data.limit.train=200", "data.limit.validation=50", "data.limit.test=50", "training.cycles=0.02"];
    const words = ["train", "004-E2", "--record", record, "--quiet", ...small.flatMap((change) => ["--set", change])];
    expect((await gradus(words)).exitCode).toBe(0);
    for (const [format, name, figures] of [
      ["markdown", "report.md", "svg"],
      ["latex", "report.tex", "pdf"],
    ]) {
      const out = join(folder, format);
      const { written } = await gradusJson(["report", record, "--format", format, "--out", out]);
      expect(written).toBe(join(out, name));
      expect(readdirSync(out).sort()).toEqual(expect.arrayContaining([`curves.${figures}`, name]));
      expect(readFileSync(join(out, name), "utf8"), "checked before every report").toContain("Gradient check");
    }
    const html = join(folder, "report.html");
    expect(await gradusJson(["report", record, "--out", html])).toEqual({ written: html });
    expect(readFileSync(html, "utf8")).toMatch(/^<!doctype html>/i);
  });

  test.each([
    { content: "{", complaint: "is not JSON" },
    { content: "{}", complaint: "is no record of a run" },
    { content: '{"run": 1}', complaint: "is no record of a run" },
  ])("refuses $content", async ({ content, complaint }) => {
    const file = join(folder, "wrong.json");
    writeFileSync(file, content);
    await expectRefusal(["report", file], { code: "spec", place: file, complaint, remedy: "--record" });
  });

  test("refuses a file that is not there", async () => {
    const file = join(folder, "none.json");
    await expectRefusal(["report", file], {
      code: "usage",
      place: file,
      complaint: "no such file",
      remedy: "--record",
    });
  });
});
