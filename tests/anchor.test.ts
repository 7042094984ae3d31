import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { gradusJson, temporaryFolder } from "./run-gradus.ts";

// Numbers from outside: what NumPy computes for docs/examples/numpy-anchor.yaml; docs/examples/numpy_anchor.py is its script.

const { folder, remove } = temporaryFolder();
afterAll(remove);

const anchor = "docs/examples/numpy-anchor.yaml";

describe.concurrent("softmax regression in float64, as NumPy computes it", () => {
  test.each([
    ["sequential", 1.973698, 2.001485],
    ["permuted", 1.972245, 2.003194],
  ])("in %s order", async (order, train, validation) => {
    const changes = ["--set", `data.order=${order}`, "--set", "evaluate.test=false"];
    const { series, final, steps, device } = await gradusJson(["train", anchor, ...changes]);
    expect({ steps, device }).toMatchObject({ steps: 100, device: { name: "wasm", dtype: "f64" } });
    const losses = series.map((row: typeof final) => [row.train.loss, row.validation.loss]);
    // The printed numbers have six decimals.
    const printed = [
      [2.486981, 2.477443],
      [train, validation],
    ];
    expect(series[1]).toMatchObject({ step: 100, train: final.train, validation: final.validation });
    expect(losses).toEqual(printed.map((row) => row.map((loss) => expect.closeTo(loss, 6))));
  });

  test("the first weights are default_rng(42)'s", async () => {
    const file = join(folder, "initial.safetensors");
    const still = ["--set", "training.schedule.rate=0", "--set", "data.limit={ train: 100, validation: 1, test: 1 }"];
    const { weightsSha256 } = await gradusJson(["train", anchor, ...still, "--weights", file]);
    const { header, values } = readWeights(file);
    expect(header.W1).toEqual({ dtype: "F64", shape: [10, 3072], data_offsets: [0, 10 * 3072 * 8] });
    expect(header.b1).toEqual({ dtype: "F64", shape: [10], data_offsets: [10 * 3072 * 8, 10 * 3072 * 8 + 80] });
    const first = [0, 8, 16].map((at) => values.readDoubleLE(at));
    expect(first).toEqual([0.00304717, -0.01039984, 0.00750451].map((weight) => expect.closeTo(weight, 8)));
    expect(values.subarray(-80).every((byte) => byte === 0)).toBe(true);
    expect(createHash("sha256").update(values).digest("hex")).toBe(weightsSha256);
  });
});

function readWeights(file: string) {
  const bytes = readFileSync(file);
  const length = Number(bytes.readBigUInt64LE());
  return { header: JSON.parse(bytes.toString("utf8", 8, 8 + length)), values: bytes.subarray(8 + length) };
}

describe.concurrent("50 steps of a two-layer network", () => {
  const spec = join(folder, "two-layer.yaml");
  writeFileSync(
    spec,
    `data: { order: permuted, limit: { train: 200, validation: 100, test: 100 } }
network: { hidden: [12] }
training:
  batch: 100
  lambda: 0.01
  steps: 50
  schedule: { kind: triangular, min: 1.0e-5, max: 0.1, halfCycle: 25 }
evaluate: { every: 25 }
`,
  );
  const run = async (device: string, dtype: string, file: string) => {
    const weights = join(folder, file);
    const flags = ["--device", device, "--dtype", dtype, "--weights", weights];
    return { ...(await gradusJson(["train", spec, ...flags])), bytes: readFileSync(weights) };
  };

  test("agree between devices, as far as the precision goes, and to the bit between runs", async () => {
    const [reference, ...others] = await Promise.all([
      run("reference", "f64", "reference"),
      run("wasm", "f64", "double"),
      run("wasm", "f64", "double again"),
      run("wasm", "f32", "single"),
      run("wasm", "f32", "single again"),
    ]);
    expect(reference.final.train.loss).toBeGreaterThan(0.1);
    for (const { device, final } of others) {
      const tolerance = { f64: 1e-10, f32: 1e-4 }[device.dtype as "f64" | "f32"];
      for (const set of ["train", "validation", "test"]) {
        expect(Math.abs(final[set].loss - reference.final[set].loss)).toBeLessThan(tolerance);
        expect(Math.abs(final[set].cost - reference.final[set].cost)).toBeLessThan(tolerance);
      }
    }
    const [double, doubleAgain, single, singleAgain] = others;
    for (const [first, second] of [
      [double, doubleAgain],
      [single, singleAgain],
    ]) {
      const { series, final, weightsSha256 } = first;
      expect(second).toMatchObject({ series, final, weightsSha256 });
      expect(second.bytes.equals(first.bytes)).toBe(true);
    }
    // No device is another in disguise.
    const weights = [reference, double, single].map(({ weightsSha256 }) => weightsSha256);
    expect(new Set(weights).size).toBe(3);
  });
});
