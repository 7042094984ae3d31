import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { expectRefusal, gradus, gradusJson, temporaryFolder } from "./run-gradus.ts";

const { folder, remove } = temporaryFolder();
afterAll(remove);
const options = { env: { GRADUS_STORE: join(folder, "store") } };
const at = (name: string) => join(folder, name);
const small = ["train", "004-E2", "--set", "data.limit={ train: 200, validation: 100, test: 100 }"];
const short = [...small, "--set", "training.cycles=0.01"];

describe("the ending of a file decides what is in it", () => {
  test("figures and reports", { timeout: 60_000 }, async () => {
    await gradusJson([...short, "--figure", at("a.pdf"), "--record", at("run.json")], options);
    expect(readFileSync(at("a.pdf"), "latin1")).toMatch(/^%PDF-/);
    await gradusJson([...short, "--figure", at("a.svg")], options);
    expect(readFileSync(at("a.svg"), "utf8")).toMatch(/^<svg /);
    const begins = { "b.html": /^<!doctype html>/, "b.md": /^# /, "b.tex": /^% To compile/ };
    for (const [name, beginning] of Object.entries(begins)) {
      const { written } = await gradusJson(["report", at("run.json"), "--out", at(name)], options);
      expect(written).toBe(at(name));
      expect(readFileSync(written, "utf8")).toMatch(beginning);
    }
    expect(existsSync(at("curves.svg"))).toBe(true);
    // A folder, dots and all, where a format is named.
    await gradusJson(["report", at("run.json"), "--format", "latex", "--out", at("v1.2")], options);
    expect(existsSync(join(at("v1.2"), "report.tex"))).toBe(true);
  });

  test.each([
    ["--figure", "a.gif", ".svg, .pdf, .png"],
    ["--report", "c.pdf", ".html"],
    ["--record", "a.yaml", ".json"],
    ["--csv", "a.tsv", ".csv"],
    ["--weights", "a.onnx", ".safetensors"],
    ["--model", "a.onnx", ".safetensors"],
  ])("train %s %s is refused before the training, with the list", async (flag, name, list) => {
    const complaint = `ends in ${name.slice(1)}`;
    await expectRefusal([...short, flag, at(name)], { code: "usage", place: flag, complaint, remedy: list }, options);
    expect(existsSync(at(name))).toBe(false);
  });

  test("report says which endings there are, and that a format and an ending disagree", async () => {
    const list = {
      code: "usage",
      place: "--out",
      complaint: "ends in .docx",
      remedy: ".html, .htm, .md, .tex",
    } as const;
    await expectRefusal(["report", "latest", "--out", at("a.docx")], list, options);
    const refusal = {
      code: "usage",
      place: "--format",
      complaint: /latex is not what .*a\.md ends in/,
      remedy: /folder/,
    } as const;
    await expectRefusal(["report", "latest", "--out", at("a.md"), "--format", "latex"], refusal, options);
  });
});

test("the version, anywhere sane", async () => {
  const commandLines = [["--version"], ["-V"], ["version"], ["train", "--version"], ["data", "info", "--version"]];
  for (const words of commandLines) {
    const { exitCode, stdout } = await gradus(words);
    expect({ words, exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  }
});
