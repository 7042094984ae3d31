import { expect, test } from "vitest";
import { packName } from "../src/cli/pack-name.ts";
import { aims } from "./aims.ts";
import { fmaModule } from "./contestants/fma-module.ts";
import { median } from "./median.ts";
import { table } from "./report.ts";
import { type Row, ratios, works } from "./rows.ts";
import { workerLines } from "./worker-line.ts";

test("what workers say of their packs is understood as they say it", () => {
  const of = (trial: number, seed = 0) => packName({ study: "a, trial 9", runs: [{ trials: [trial], seed }] });
  const text = `began ${of(3)}\ngoes on after update 10\nbegan ${of(4, 1)}, attempt 2\ndone ${of(3)}\nfailed ${of(5)}: trial 5, seed 1\n`;
  expect(workerLines(text)).toEqual([
    { what: "began", trial: 3, attempt: 1 },
    { what: "began", trial: 4, attempt: 2 },
    { what: "done", trial: 3, attempt: 1 },
  ]);
});

test("the median is the middle one, or the mean of two", () => {
  expect(median([5, 1, 100])).toBe(5);
  expect(median([4, 1, 100, 2])).toBe(3);
  expect(() => median([])).toThrow(RangeError);
});

function row(what: string, device: string, threads: number, microsecondsPerMemberStep: number, members = 1): Row {
  return { what, device, threads, members, microsecondsPerMemberStep };
}

const rows = [
  row(works.step, "native", 1, 700),
  row(works.step, "native", 2, 400),
  row(works.step, "wasm", 1, 1500),
  row(works.step, "wasm", 2, 800),
  row(works.step, "wasm", 2, 100, 8), // a population is no single run
  row(works.step, "numpy", 1, 1000),
  row(works.step, "numpy", 2, 1200),
  row(works.step, "native", 2, 160, 32),
  row(works.evaluation, "native", 2, 8000),
  row(works.evaluation, "numpy", 2, 13_000),
  row(works.search, "native", 2, 250, 8),
  row(works.search, "numpy", 1, 1500),
  row(works.limit, "numpy", 2, 150),
  row(works.limit, "blas", 2, 160),
  row(works.peak, "wasm", 1, 1200),
  row(works.forward, "wasm", 1, 750),
];

test("everyone is taken at its best number of threads, and what is missing is null", () => {
  expect(ratios(rows, 1.5)).toEqual({
    singleVsNumpy: 2.5,
    singleVsOnnxRuntime: null,
    singleVsPyTorch: null,
    oneThreadVsNumpy: 1000 / 700,
    wasmVsNumpy: 1.25,
    wasmVsTensorFlowJs: null,
    searchVsNumpy: 6,
    searchVsLimit: 0.9, // 150 * 1.5 / 250
    eightVsLimit: 1.5, // wasm's 100
    thirtyTwoVsLimit: 150 / 160,
    evaluationVsNumpy: 1.625,
    wasmStepVsPeak: 0.8, // 1200 / 1500
    wasmThreadsVsOne: 1.875,
    wasmForwardVsPeak: 0.8, // half of the peak's two products
    wasmGradientVsPeak: null,
  });
});

test("a library that came without a fast BLAS is in no ratio", () => {
  const slow: Row = { ...row(works.step, "pytorch", 1, 10_000), note: "no fast BLAS" };
  expect(ratios([...rows, slow], 1.5).singleVsPyTorch).toBeNull();
  expect(ratios([...rows, slow, row(works.step, "pytorch", 2, 1200)], 1.5).singleVsPyTorch).toBe(3);
});

test("an aim is met, missed or not measured", () => {
  const judgedAims = aims(
    rows,
    ratios(rows, 1.5),
    { device: "native", training: 300, search: 2000, recording: 0.01 },
    312.5,
    { tpe: 40, list: 210 },
    { paint: 300, threads: 1.5, lost: 0 },
    { reclaim: 1.5, renewals: 251 },
  );
  const of = (words: string) => judgedAims.find(({ aim }) => aim.includes(words));
  expect(of("against NumPy")).toMatchObject({ wanted: "at least 2", reached: "2.50", met: true });
  expect(of("W1 X")).toMatchObject({ reached: "0.80", met: false });
  expect(of("ONNX")).toMatchObject({ reached: "not measured", met: null });
  expect(of("32 lambdas")).toMatchObject({ reached: "2000 MiB", met: false });
  expect(of("one run with 45,000")).toMatchObject({ wanted: "at most 381 MiB", met: true });
  expect(of("37 published")).toMatchObject({ reached: "312.50 s", met: false });
  expect(of("TPE")).toMatchObject({ reached: "40 ms", met: true });
  expect(of("ranked and listed")).toMatchObject({ reached: "210 ms", met: false });
  expect(of("taken again")).toMatchObject({ wanted: "at most 2 s", reached: "1.50 s", met: true });
  expect(of("100 workers")).toMatchObject({ reached: "251 ms", met: false });
  expect(of("one killed")).toMatchObject({ reached: "not measured" });
  expect(of("scheduling")).toMatchObject({ reached: "not measured" });
  expect(of("first paint")).toMatchObject({ reached: "300 ms", met: true });
  expect(of("in a page with all threads")).toMatchObject({ reached: "1.50", met: false });
  expect(of("missed or heard twice")).toMatchObject({ wanted: "at most 0", reached: "0", met: true });
  expect(of("five viewers")).toMatchObject({ reached: "not measured", met: null });
  expect(of("recording")).toMatchObject({ reached: "0.0100", met: true });
});

test("a table's columns line up", () => {
  expect(table(["a", "bcde"], [["12345", "1"]])).toBe("| a     | bcde |\n| ----- | ---- |\n| 12345 | 1    |");
});

test.each([true, false])("the peak's module is valid WebAssembly and adds up (relaxed: %s)", async (relaxed) => {
  const module = fmaModule(3, relaxed);
  if (relaxed && !WebAssembly.validate(module)) return; // an engine without relaxed SIMD
  const { instance } = await WebAssembly.instantiate(module);
  const sum = (instance.exports.run as (turns: number) => number)(100);
  // From 4, 5 and 6: each + 100 * 0.9e-3, or each s -> 0.9 s + 1e-3 a hundred times.
  const start = [4, 5, 6];
  const expected = relaxed
    ? start.reduce((total, s) => total + s + 0.09, 0)
    : start.reduce((total, s) => total + (s - 0.01) * 0.9 ** 100 + 0.01, 0);
  expect(sum).toBeCloseTo(expected, 3);
});
