import { execSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { decode } from "fast-png";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gradus, gradusJson, temporaryFolder } from "../run-gradus.ts";

// The optional packages are installed into a folder by the commands that the refusals name.

const { folder, remove } = temporaryFolder();
afterAll(remove);
const cwd = join(folder, "work");
mkdirSync(cwd);
writeFileSync(join(cwd, "package.json"), JSON.stringify({ private: true }));
const options = { cwd, env: { GRADUS_STORE: join(folder, "store") } };
const spec = join(folder, "quick.json");
writeFileSync(
  spec,
  JSON.stringify({
    name: "quick",
    device: "wasm",
    data: { limit: { train: 500, validation: 200, test: 200 } },
    network: { hidden: [10] },
    training: { batch: 50, schedule: { kind: "triangular", min: 1e-4, max: 0.1, halfCycle: 20 }, cycles: 1 },
  }),
);

/** Runs what a refusal says, as somebody does who pastes it. */
async function paste(words: readonly string[]): Promise<void> {
  const { exitCode, stdout } = await gradus([...words, "--json"], options);
  expect(exitCode).toBe(2);
  const { remedy } = JSON.parse(stdout).error;
  expect(remedy).toMatch(/^npm install /);
  const path = `${dirname(process.execPath)}:${process.env.PATH}`;
  execSync(`${remedy} --no-audit --no-fund`, { cwd, env: { ...process.env, PATH: path }, stdio: "ignore" });
}

beforeAll(async () => {
  for (const lambda of ["0", "0.01"]) {
    const words = ["train", spec, "--quiet", "--seeds", "1..2", "--tag", "two", "--set", `training.lambda=${lambda}`];
    await gradusJson(words, options);
  }
});

describe("a report as PDF", () => {
  const words = ["report", "--tag", "two", "--title", 'Two # $ "penalties" \\ λ', "--format", "pdf", "--out", "out"];

  test("is refused without the compiler, with a command that installs it, and nothing is written", async () => {
    await paste(words);
    expect(existsSync(join(cwd, "out"))).toBe(false);
  });

  test("has a few pages, and its author's words", async () => {
    await gradusJson(words, options);
    const pdf = readFileSync(join(cwd, "out/report.pdf"), "latin1");
    expect(pdf).toMatch(/^%PDF-/);
    expect(pagesOf(pdf)).toBeGreaterThanOrEqual(2);
    expect(pagesOf(pdf)).toBeLessThanOrEqual(4);
    const source = join(cwd, "out/report.typ");
    const text = readFileSync(source, "utf8");
    writeFileSync(source, text.replace("// your words: discussion", "$&\n#pagebreak() It helps.\n#pagebreak()"));
    await gradusJson(words, options);
    expect(pagesOf(readFileSync(join(cwd, "out/report.pdf"), "latin1"))).toBeGreaterThan(pagesOf(pdf));
    expect(readFileSync(source, "utf8")).toContain("It helps.");
  });

  test("words that are no Typst are refused by name, and what was there stays", async () => {
    const source = join(cwd, "out/report.typ");
    const before = readFileSync(join(cwd, "out/report.pdf"));
    writeFileSync(source, readFileSync(source, "utf8").replace("It helps.", "#nosuchfunction()"));
    const { exitCode, stderr } = await gradus(words, options);
    expect(exitCode).toBe(7);
    expect(stderr).toContain("nosuchfunction");
    expect(stderr).toContain("mend your words");
    expect(readFileSync(join(cwd, "out/report.pdf"))).toEqual(before);
  });
});

describe("a figure as PNG", () => {
  const words = (kind: string) => ["figure", kind, "latest", "--width", "400", "--out", `${kind}.png`];

  test("is refused without its packages, with a command that installs them", async () => {
    await paste(words("confusion"));
    expect(readdirSync(cwd).filter((name) => name.endsWith(".png"))).toEqual([]);
  });

  test.each(["curves", "confusion", "mistakes"])("%s is a picture with text in it, twice as wide", async (kind) => {
    await gradusJson(words(kind), options);
    const { width, data, channels } = decode(readFileSync(join(cwd, `${kind}.png`)));
    expect(width).toBe(800);
    // The ink of letters: dark pixels, which no area of these figures has.
    let dark = 0;
    for (let at = 0; at < data.length; at += channels) {
      if (data[at] < 70 && data[at + 1] < 70 && data[at + 2] < 80) dark++;
    }
    expect(dark).toBeGreaterThan(500);
  });
});

function pagesOf(pdf: string): number {
  return pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}
