import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { expectRefusal, gradusJson, temporaryFolder } from "./run-gradus.ts";

const { folder, remove } = temporaryFolder();
afterAll(remove);

test("gradus start checks the gradients, reproduces 004-E2 and writes the report", async () => {
  const report = join(folder, "report.html");
  const run = await gradusJson(["start", "--report", report], { process: true });
  expect(run).toMatchObject({ state: "finished", steps: 1000, spec: { name: "004-E2" } });
  // Report 004 prints 45.98 %.
  expect(run.final.test.accuracy).toBeGreaterThan(0.452);
  expect(run.final.test.accuracy).toBeLessThan(0.472);
  const page = readFileSync(report, "utf8");
  expect(page).toMatch(/^<!doctype html>.*<svg.*Gradient check: every parameter agrees.*<\/html>\n?$/is);
  expect(page).toContain((100 * run.final.test.accuracy).toFixed(2));
  expect(readdirSync(folder)).toEqual(["report.html"]);
});

test("a report that cannot be written is refused before anything else", async () => {
  const env = { GRADUS_DATA: join(folder, "no-data") };
  const refusal = {
    code: "output",
    place: "--report",
    complaint: "there is no folder",
    remedy: "make the folder",
  } as const;
  await expectRefusal(["start", "--report", join(folder, "none", "report.html")], refusal, { env });
});
