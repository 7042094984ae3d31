import { expect, test } from "vitest";
import { checkGradients } from "../src/gradcheck/check.ts";
import { createDevice } from "../src/math/select.ts";
import { parseSpec } from "../src/record/parse-spec.ts";
import { breakages } from "../web/try/breakages.ts";
import { bundledFile, bundledSets, csvOf, dataOf } from "../web/try/bundled-sets.ts";
import { loadImages } from "../web/try/image-source.ts";
import { type Entry, nextNetwork, type Quantity, stepsOf } from "../web/try/steps.ts";
import { firstNetwork } from "../web/try/tiny.ts";
import { tinyNumbers } from "../web/try/tiny-network.ts";

// What the page that trains is made of, apart from a browser.

test("every number of the step by step page is what its own working says, from the numbers that it names and no others", async () => {
  const settings = { lambda: 0.05, rate: 0.5 };
  let network = firstNetwork;
  for (let step = 0; step < 3; step++) {
    const quantities = stepsOf(network, await tinyNumbers(network, settings), settings);
    const value = ({ name, row, column }: Entry) => {
      const { values, columns } = quantities.find((each) => each.name === name) as Quantity;
      return values[row * columns + column];
    };
    for (const { name, rows, columns, from, working, formula } of quantities) {
      for (let at = 0; at < rows * columns; at++) {
        const [row, column] = [Math.floor(at / columns), at % columns];
        if (formula === undefined) continue;
        const named = new Set<string>();
        const text = working(row, column, (entry) => {
          named.add(JSON.stringify(entry));
          return `(${value(entry)})`;
        });
        const program = text.replaceAll("^2", "**2").replace(/\b(max|exp|log)\b/g, "Math.$1");
        const result: number = new Function(`return ${program}`)();
        expect(result, `${name} ${text}`).toBeCloseTo(value({ name, row, column }), 12);
        expect(new Set(from(row, column).map((entry) => JSON.stringify(entry))), name).toEqual(named);
      }
    }
    network = nextNetwork(network, quantities);
  }
  const [before, after] = [firstNetwork, network].map((each) => tinyNumbers(each, settings));
  expect((await after).J[0]).toBeLessThan((await before).J[0]);
});

test("the check finds every mistake that can be made on purpose, and names the parameters", async () => {
  const device = await createDevice("wasm", "f64");
  const culprits: Record<string, string[]> = {
    "factor-2": ["W1", "W2"],
    bias: ["b1", "b2"],
    relu: ["W1", "b1"],
    mean: ["W1", "b1", "W2", "b2"],
    sign: ["W1", "b1", "W2", "b2"],
    "batch-norm": ["W1"],
  };
  expect(breakages.map(({ id }) => id)).toEqual(Object.keys(culprits));
  for (const { id, broken } of breakages) {
    const options = { layers: [2], lambda: [0.1], ...(id === "batch-norm" ? { batchNorm: {} } : {}) };
    const { passed, parameters } = await checkGradients(broken(device), options);
    expect(passed, id).toBe(false);
    const failed = parameters.filter((parameter) => !parameter.passed).map(({ name }) => name);
    expect(failed, id).toEqual(expect.arrayContaining(culprits[id]));
    if (id === "factor-2") expect(failed).toEqual(culprits[id]);
  }
  device.close();
});

test("the page's own sets are read as anybody's files are, with all classes in every part, and are always the same", async () => {
  for (const { name, settings } of bundledSets) {
    const spec = parseSpec({ name, data: dataOf(name), ...settings });
    const { train, validation, test: unseen } = await loadImages(spec, new Map());
    expect([train.count, validation.count, unseen.count]).toEqual([300, 100, 200]);
    for (const part of [train, validation, unseen]) {
      expect(new Set(part.labels).size, name).toBe(part.classes.length);
    }
    expect(train.shape, name).toEqual(name === "shapes" ? [1, 28, 28] : undefined);
  }
  const file = bundledFile("moons-test.csv");
  expect(file && csvOf(file.set, file.part)).toBe(file && csvOf(file.set, file.part));
  expect(bundledFile("moons.csv")).toBeUndefined();
});

test("picked files are read in the page: a table, and what is not there is named", async () => {
  const rows = Array.from({ length: 40 }, (_, i) => `${i % 2},${i},${255 - i}`).join("\n");
  const name = "<img src=x onerror=alert(1)>.csv";
  const picked = new Map([[name, new Blob([`label,a,b\n${rows}\n`])]]);
  const spec = (train: string) =>
    parseSpec({
      data: { dataset: { train: [train] }, split: { kind: "hold-out", validation: 10 } },
      training: { steps: 1, schedule: { kind: "constant", rate: 0.1 } },
      evaluate: { test: false },
    });
  const { train, validation } = await loadImages(spec(name), picked);
  expect([train.count, validation.count, train.dimension]).toEqual([30, 10, 2]);
  await expect(loadImages(spec("other.csv"), picked)).rejects.toMatchObject({ code: "data", place: "other.csv" });
});
