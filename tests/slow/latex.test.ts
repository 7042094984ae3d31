import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { gradusJson, temporaryFolder } from "../run-gradus.ts";

const { folder, remove } = temporaryFolder();
afterAll(remove);
const options = { env: { GRADUS_STORE: join(folder, "store") } };
const isThere = spawnSync("pdflatex", ["--version"]).status === 0;

// Debian: texlive-latex-base and texlive-latex-recommended.
test.skipIf(!isThere)("a report of two settings compiles with plain pdflatex, nothing beyond its margins", async () => {
  for (const lambda of ["0", "0.01"]) {
    const spec = ["train", "004-E2", "--quiet", "--seeds", "1..2", "--set", `training.lambda=${lambda}`];
    await gradusJson([...spec, "--tag", "penalty"], options);
  }
  const out = join(folder, "report");
  const heads = ["--title", "Penalties: 100 % & more_", "--author", "Åsa {λ}"];
  await gradusJson(["report", "--tag", "penalty", ...heads, "--format", "tex", "--out", out], options);
  const compile = () =>
    spawnSync("pdflatex", ["-interaction=nonstopmode", "-halt-on-error", "report.tex"], { cwd: out, encoding: "utf8" });
  compile(); // references are known after the first time
  const { status, stdout } = compile();
  expect(status, stdout.slice(-2000)).toBe(0);
  expect(stdout).not.toMatch(/Overfull|undefined references|LaTeX Warning: (?!Font)/);
  const pages = Number(/Output written on report\.pdf \((\d+) pages/.exec(stdout)?.[1]);
  expect(pages).toBeGreaterThanOrEqual(2);
  expect(pages).toBeLessThanOrEqual(4);
});
