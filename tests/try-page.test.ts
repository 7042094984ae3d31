import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { encode } from "fast-png";
import { afterAll, expect, test } from "vitest";
import { parse } from "yaml";
import { readDataset } from "../src/data/formats/read-dataset.node.ts";
import { checkGradients } from "../src/gradcheck/check.ts";
import { createDevice } from "../src/math/select.ts";
import { parseSpec } from "../src/record/parse-spec.ts";
import { breakages } from "../web/try/breakages.ts";
import { bundledFile, bundledSets, csvOf, dataOf } from "../web/try/bundled-sets.ts";
import { loadImages } from "../web/try/image-source.ts";
import { readPickedFolder } from "../web/try/picked-folders.ts";
import { specYaml } from "../web/try/spec-yaml.ts";
import { type Entry, nextNetwork, type Quantity, stepsOf } from "../web/try/steps.ts";
import { firstNetwork } from "../web/try/tiny.ts";
import { tinyNumbers } from "../web/try/tiny-network.ts";
import { temporaryFolder } from "./run-gradus.ts";

const { folder, remove } = temporaryFolder();
afterAll(remove);

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

test("a picked folder is read as the command line reads it: classes, parts, a table of labels; a JPEG is refused", async () => {
  const png = (grey: number) =>
    encode({ width: 2, height: 2, data: new Uint8Array(4).fill(grey), channels: 1, depth: 8 });
  const contents: Record<string, Uint8Array> = {
    "pets/train/cat/1.png": png(10),
    "pets/train/cat/2.png": png(20),
    "pets/train/dog/1.png": png(30),
    "pets/train/Thumbs.db": png(0),
    "pets/flat/a.png": png(40),
    "pets/flat/b.png": png(50),
    "pets/flat/labels.csv": Buffer.from("file,label\nb.png,x\na,y\n"),
    "pets/beside/1.png": png(1),
    "pets/beside/2.png": png(2),
    "pets/beside_labels.csv": Buffer.from("1,u\n2,v\n"),
    "pets/photos/a/1.jpg": Uint8Array.of(0xff, 0xd8, 0xff, 0xe0),
    "pets/photos/b/1.png": png(1),
  };
  for (const [name, bytes] of Object.entries(contents)) {
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  const picked = new Map(Object.keys(contents).map((name) => [name, new Blob([readFileSync(join(folder, name))])]));
  const read = (home: string, part?: string) => readPickedFolder(picked, home, home, { part });
  for (const [home, part] of [["pets", "train"], ["pets/flat"], ["pets/beside"]]) {
    const { name: _, reading: __, ...inPage } = await read(home, part);
    const { name: ___, reading: ____, ...onDisk } = await readDataset(join(folder, part ? `${home}#${part}` : home));
    expect(inPage, home).toEqual(onDisk);
  }
  await expect(read("pets", "tran")).rejects.toMatchObject({
    complaint: expect.stringContaining('did you mean "train"'),
  });
  await expect(read("pets/photos")).rejects.toMatchObject({
    place: "pets/photos/a/1.jpg",
    remedy: expect.stringContaining("PNG"),
  });
});

test("a spec as YAML is read as the same spec, whatever stands in it", () => {
  for (const { name, settings } of bundledSets) {
    const spec = { name, data: dataOf(name), ...settings };
    expect(parse(specYaml(spec))).toEqual(spec);
  }
  const leaf = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("no", "1e3", "~", "- a", "a: b", "#", "null"),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    fc.boolean(),
    fc.constant(null),
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie("any"), { maxLength: 3 }), tie("group")),
    group: fc.dictionary(
      fc.string().filter((key) => key !== "__proto__"),
      tie("any"),
      { minKeys: 1, maxKeys: 4, noNullPrototype: true },
    ),
  })).group;
  fc.assert(
    fc.property(value, (spec) => {
      expect(parse(specYaml(spec as object))).toEqual(spec);
    }),
    { numRuns: 25 },
  );
});
