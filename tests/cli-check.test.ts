import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { checkFault } from "../src/cli/check.ts";
import { exitCodes } from "../src/cli/exit-code.ts";
import { checkGradients } from "../src/gradcheck/check.ts";
import { createDevice } from "../src/math/select.ts";
import { consoleTable } from "../src/report/console-table.ts";
import { gradientTable } from "../src/report/gradient-table.ts";
import { expectRefusal, gradus, gradusJson, temporaryFolder } from "./run-gradus.ts";

const { folder, remove } = temporaryFolder();
afterAll(remove);

interface Row {
  readonly name: string;
  readonly shape: readonly number[];
  readonly zero?: true;
  readonly layers: number;
  readonly lambda: number;
  readonly maxAbsolute: number;
  readonly maxRelative: number;
  readonly normRelative: number;
  readonly kinks: readonly { readonly entry: readonly number[] }[];
}

describe.concurrent("gradus check --json", () => {
  test("every parameter of one and two layers, without and with a penalty, agrees", async () => {
    const check = await gradusJson(["check"]);
    expect(check).toMatchObject({
      passed: true,
      tolerance: 1e-7,
      step: { centred: 0.001 },
      problem: { dimensions: 20, examples: 10, hidden: 10, seed: 1 },
    });
    const oneLayer = { W1: [10, 20], b1: [10] };
    const twoLayers = { W1: [10, 20], b1: [10], W2: [10, 10], b2: [10] };
    const expected = [oneLayer, twoLayers].flatMap((shapes, at) =>
      [0, 0.1].flatMap((lambda) => Object.entries(shapes).map(([name, shape]) => [at + 1, lambda, name, shape])),
    );
    const rows: Row[] = check.parameters;
    expect(rows.map(({ layers, lambda, name, shape }) => [layers, lambda, name, shape])).toEqual(expected);
    for (const { maxAbsolute, maxRelative, normRelative, kinks, shape, ...row } of rows) {
      const rowText = JSON.stringify(row);
      // A difference of exactly 0 would mean that one was compared with itself.
      for (const error of [maxAbsolute, maxRelative, normRelative]) {
        expect(error, rowText).toBeGreaterThan(0);
        expect(error, rowText).toBeLessThan(1e-7);
      }
      const size = shape.reduce((product, extent) => product * extent, 1);
      expect(kinks.length, rowText).toBeLessThan(size / 2);
      for (const { entry } of kinks) expect(entry.length).toBe(shape.length);
    }
  });

  test("on the first pixels of CIFAR-10, saved for others to verify", async () => {
    const file = join(folder, "gradients.safetensors");
    const check = await gradusJson([
      "check",
      "--inputs",
      "cifar-10",
      "--layers",
      "2",
      "--lambda",
      "0.1",
      "--save",
      file,
    ]);
    expect(check.passed).toBe(true);
    expect(check.parameters.length).toBe(4);
    const bytes = readFileSync(file);
    const length = Number(bytes.readBigUInt64LE());
    const header = JSON.parse(bytes.toString("utf8", 8, 8 + length));
    const prefix = "layers=2,lambda=0.1/";
    expect(Object.keys(header)).toEqual([
      "__metadata__",
      ...["inputs", "lambda", "W1", "dW1", "b1", "db1", "W2", "dW2", "b2", "db2", "labels"].map(
        (name) => prefix + name,
      ),
    ]);
    const [from, to] = header[`${prefix}labels`].data_offsets;
    // The first labels of data_batch_1.
    expect([...bytes.subarray(8 + length + from, 8 + length + to)]).toEqual([6, 9, 9, 4, 1, 1, 2, 7, 8, 3]);
  });

  test("--batch-norm: gains and offsets too, and biases that must be 0", async () => {
    const check = await gradusJson(["check", "--layers", "1,2,3,4", "--batch-norm"]);
    expect(check).toMatchObject({
      passed: true,
      step: { centred: 0.0003 },
      problem: { batchNorm: { place: "before-relu", layers: "all", affine: true, eps: 1e-15 } },
    });
    const rows: Row[] = check.parameters;
    const four = rows.filter(({ layers, lambda }) => layers === 4 && lambda === 0).map(({ name }) => name);
    expect(four.join(" ")).toBe("W1 b1 gamma1 beta1 W2 b2 gamma2 beta2 W3 b3 gamma3 beta3 W4 b4");
    for (const { name, layers, zero, maxRelative } of rows) {
      expect(zero, name).toBe(
        name.startsWith("b") && name !== `b${layers}` && !name.includes("beta") ? true : undefined,
      );
      expect(maxRelative, name).toBeLessThan(1e-6);
    }
  });

  test("--batch-norm after-relu: no bias is left out, and what is saved has the gains and eps", async () => {
    const file = join(folder, "after.safetensors");
    const words = ["check", "--layers", "2", "--lambda", "0", "--batch-norm", "after-relu", "--save", file];
    const { passed, parameters, problem } = await gradusJson(words);
    expect({ passed, place: problem.batchNorm.place }).toEqual({ passed: true, place: "after-relu" });
    expect(parameters.filter(({ zero }: Row) => zero)).toEqual([]);
    const bytes = readFileSync(file);
    const header = JSON.parse(bytes.toString("utf8", 8, 8 + Number(bytes.readBigUInt64LE())));
    expect(header.__metadata__.batchNorm).toBe("after-relu");
    const prefix = "layers=2,lambda=0/";
    for (const name of ["eps", "gamma1", "dgamma1", "beta1", "dbeta1"]) expect(header).toHaveProperty([prefix + name]);
  });

  test.each(["wasm", "reference"])("the gradients of %s, three layers, another seed", async (device) => {
    const { passed, parameters } = await gradusJson(["check", "--device", device, "--layers", "3", "--seed", "7"]);
    expect(passed).toBe(true);
    expect(parameters.length).toBe(12);
  });
});

describe.concurrent("a check that fails", () => {
  test("is the error check: the worst parameter, its error and its network", async () => {
    const refusal = {
      code: "check",
      place: "gradient of W1 (1 layer, lambda 0.1)",
      complaint: /relative error \d\.\de[+-]\d+ is not below 1e-7$/,
      remedy: "--step does not suit",
      result: { passed: false, parameters: [{ name: "W1", passed: false }, { name: "b1" }] },
    } as const;
    await expectRefusal(["check", "--layers", "1", "--lambda", "0.1", "--step", "0.5"], refusal);
  });

  test("names the normalisation", async () => {
    await expectRefusal(["check", "--layers", "2", "--lambda", "0", "--step", "0.1", "--batch-norm"], {
      code: "check",
      place: "gradient of W1 (2 layers, lambda 0, batch norm before the ReLU)",
      complaint: /relative error \d/,
      remedy: "--step",
      result: { passed: false },
    });
  });

  test("claims no relative error of a gradient that must be 0", async () => {
    const check = await checkGradients(await createDevice("wasm", "f64"), { layers: [2], lambda: [0], batchNorm: {} });
    const parameters = check.parameters.map((row) => (row.zero ? { ...row, maxRelative: 0.3, passed: false } : row));
    const fault = checkFault({ ...check, parameters });
    expect(fault?.place).toMatch(/^gradient of b1 /);
    expect(fault?.message).toMatch(/must be 0, and is 3.0e-1 of the gradient of W1, not below 1e-7$/);
  });

  test("is one where nothing was checked, and says so", async () => {
    const check = await checkGradients(await createDevice("wasm", "f64"), {
      ...{ layers: [1], lambda: [0], dimensions: 2, examples: 3 },
      data: { inputs: new Float64Array(6), labels: Uint8Array.of(0, 1, 2) },
    });
    const fault = checkFault(check);
    expect(fault?.message).toMatch(/^gradient of W1 .*every entry of both gradients is 0, so nothing was checked$/);
    expect(consoleTable(gradientTable(check))).toMatch(
      /a parameter could not be checked[\s\S]*\nW1 .* not checked\nb1 .* agrees\n/,
    );
    await expectRefusal(["check", "--batch-norm", "--examples", "1"], {
      ...{ code: "usage", place: "examples", complaint: /^examples: 1: batch normalisation/, remedy: /3 or more/ },
    });
  });

  test("shows the table all the same", async () => {
    const { exitCode, stdout } = await gradus(["check", "--layers", "1", "--step", "0.5"]);
    expect(exitCode).toBe(exitCodes.check);
    expect(stdout).toMatch(/a parameter disagrees.*\nW1 .* disagrees\n/s);
  });
});

test.concurrent("the table fits a terminal", async () => {
  const { exitCode, stdout, stderr } = await gradus(["check"]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  const [table] = stdout.split("\n\nAnalytic");
  expect(table).toMatch(/^Gradient check: every parameter agrees\n/);
  expect(table.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

test.concurrent("gradus devices names what auto is, and what each device is for", async () => {
  const [{ auto, devices }, { stdout }] = await Promise.all([gradusJson(["devices"]), gradus(["devices"])]);
  expect(devices.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(["wasm", "reference"]));
  expect(devices.find(({ available }: { available: boolean }) => available).name).toBe(auto);
  for (const { name, dtypes, purpose, details } of devices) {
    expect(dtypes).toContain(name === "webgpu" ? "f32" : "f64");
    for (const text of [name, purpose, details]) expect(stdout).toContain(text);
  }
  expect(stdout).toContain(`auto is ${auto}.`);
});
