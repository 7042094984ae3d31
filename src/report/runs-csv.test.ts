import { expect, test } from "vitest";
import { parseSpec } from "../record/parse-spec.ts";
import type { KeptSummary } from "../record/run-summary.ts";
import { runsCsv, settingPaths } from "./runs-csv.ts";

const run = (hidden: number[], training?: object): KeptSummary =>
  ({
    id: "r",
    name: 'a, "b"',
    startedAt: "2026-01-02T00:00:00Z",
    state: "finished",
    tags: ["one", "two"],
    seconds: 1.5,
    training,
    spec: parseSpec({ network: { hidden }, training: { schedule: { kind: "constant", rate: 0.1 }, steps: 5 } }),
  }) as unknown as KeptSummary;
const measured = { accuracy: 0.1 + 0.2, loss: Number.NaN };
const trained = {
  step: 5,
  steps: 5,
  parameters: 10,
  device: { name: "wasm", dtype: "f32" },
  final: { train: measured, validation: measured },
  weightsSha256: "abc",
};

test("a row a run: every digit, nothing where nothing was measured, lists as JSON, each column once", () => {
  const runs = [run([50], trained), run([])];
  const [header, first, second] = runsCsv(runs, settingPaths(runs)).trimEnd().split("\r\n");
  const columns = header.split(",");
  expect(new Set(columns).size).toBe(columns.length);
  expect(first).toMatch(
    /^r,"a, ""b""",2026-01-02T00:00:00Z,finished,one two,5,5,1\.5,wasm,f32,10,0\.30000000000000004,NaN,0\.3/,
  );
  expect(first.split(",")[columns.indexOf("test_accuracy") + 1]).toBe("");
  expect(first).toContain(",[50],");
  expect(second).toMatch(/^r,"a, ""b""",[^,]*,finished,one two,,,1\.5,,,,,,/);
});
