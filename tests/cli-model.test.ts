import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encode } from "fast-png";
import jpeg from "jpeg-js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Dataset } from "../src/data/dataset.ts";
import { createDevice } from "../src/math/select.ts";
import { classify } from "../src/model/classify.ts";
import { decodeModel } from "../src/model/decode-model.ts";
import type { Model } from "../src/model/model.ts";
import { parseSpec } from "../src/record/parse-spec.ts";
import { loadSplit } from "../src/train/split.node.ts";
import { weightsSha256 } from "../src/train/weights.ts";
import { readOnnx } from "./onnx-interpreter.ts";
import * as command from "./run-gradus.ts";
import { labelsOf } from "./trained-models.ts";

const { folder, remove } = command.temporaryFolder();
afterAll(remove);

// All with a store of their own.
const options = { env: { GRADUS_STORE: join(folder, "store") } };
const gradus = (words: readonly string[]) => command.gradus(words, options);
const gradusJson = (words: readonly string[]) => command.gradusJson(words, options);
const expectRefusal = (words: readonly string[], refusal: command.Refusal) =>
  command.expectRefusal(words, refusal, options);

const spec = {
  name: "small",
  data: { limit: { train: 500, validation: 100, test: 100 } },
  network: { hidden: [8], batchNorm: {} },
  training: { batch: 50, steps: 20, schedule: { kind: "constant" as const, rate: 0.1 } },
  device: "wasm",
};
const [modelFile, weightsFile, specFile] = ["model.safetensors", "weights.safetensors", "small.json"].map((name) =>
  join(folder, name),
);
const picture = (index: number) => join(folder, `${index}.png`);
let document: { run: string; weightsSha256: string };
let model: Model;
let images: Dataset;

beforeAll(async () => {
  writeFileSync(specFile, JSON.stringify(spec));
  document = await gradusJson(["train", specFile, "--model", modelFile, "--weights", weightsFile]);
  model = await decodeModel(readFileSync(modelFile), modelFile);
  images = (await loadSplit(parseSpec(spec))).test;
  for (let index = 0; index < 3; index++) {
    const planes = images.images.subarray(index * 3072, (index + 1) * 3072);
    // From planes to pixels.
    const data = Uint8Array.from({ length: 3072 }, (_, at) => planes[(at % 3) * 1024 + Math.floor(at / 3)]);
    writeFileSync(picture(index), encode({ width: 32, height: 32, channels: 3, data }));
  }
});

test("train --model writes the run's model", async () => {
  expect(model).toMatchObject({ name: "small", dataset: "cifar-10", hidden: [8], shape: [3, 32, 32], dtype: "f32" });
  expect(model.batchNorm).toEqual({ place: "before-relu", layers: "all", affine: true, eps: 1e-12 });
  expect(await weightsSha256(model.weights)).toBe(document.weightsSha256);
});

describe.concurrent("gradus predict", () => {
  test("prints what classify computes", async () => {
    const prediction = await gradusJson(["predict", modelFile, picture(0), picture(1), picture(2), "--device", "wasm"]);
    const device = await createDevice("wasm", "f32");
    const probabilities = await classify(model, images.images.slice(0, 3 * 3072), device);
    device.close();
    const labels = labelsOf(probabilities, 10);
    expect(prediction).toEqual({
      model: { name: "small", dataset: "cifar-10", dtype: "f32", classes: images.classes },
      device: { name: "wasm", dtype: "f32", details: expect.any(String) },
      predictions: labels.map((label, index) => ({
        image: picture(index),
        class: images.classes[label],
        label,
        probabilities: [...probabilities.subarray(index * 10, (index + 1) * 10)],
      })),
    });
  });

  test("shows the three likeliest classes of each image, on a device of another precision too", async () => {
    const words = ["predict", modelFile, picture(0), picture(1), "--device", "reference"];
    const [{ stdout, exitCode }, { predictions, device }] = await Promise.all([gradus(words), gradusJson(words)]);
    expect({ exitCode, dtype: device.dtype }).toEqual({ exitCode: 0, dtype: "f64" });
    const rows = stdout.split("\n").filter((line) => line.includes(".png"));
    expect(rows).toHaveLength(2);
    rows.forEach((row, index) => {
      const probabilities: number[] = predictions[index].probabilities;
      const best = probabilities.toSorted((a, b) => b - a).slice(0, 3);
      const cells = best.flatMap((value) => [
        images.classes[probabilities.indexOf(value)],
        `${(100 * value).toFixed(1)} %`,
      ]);
      expect(row.split(/ {2,}/)).toEqual([picture(index), ...cells]);
    });
  });

  test("takes a run of the store in place of a file", async () => {
    const [ofRun, ofFile] = await Promise.all(
      [document.run, modelFile].map((model) => gradusJson(["predict", model, picture(0)])),
    );
    expect(ofRun).toEqual(ofFile);
  });

  test("of a run, images of its test set by number, with their classes", async () => {
    const { predictions } = await gradusJson(["predict", document.run, "--test-image", "0..2"]);
    const single = await gradusJson(["predict", document.run, picture(1)]);
    expect(predictions[1].probabilities).toEqual(single.predictions[0].probabilities);
    const { image, actual } = predictions[2];
    expect({ image, actual }).toEqual({ image: "test image 2", actual: images.classes[images.labels[2]] });
    await expectRefusal(["predict", document.run, "--test-image", "3,100"], {
      code: "usage",
      place: "--test-image",
      complaint: "100; there are 100 test images",
      remedy: "numbers from 0 to 99",
    });
    await expectRefusal(["predict", modelFile, "--test-image", "0"], {
      code: "usage",
      place: "--test-image",
      complaint: "is a model file",
      remedy: "name the run",
    });
  });

  test("grey stands for colour, and a photo of any size is brought to the model's by choice", async () => {
    const [grey, colour, photo] = ["even-grey.png", "even-colour.png", "photo.jpg"].map((name) => join(folder, name));
    writeFileSync(grey, encode({ width: 32, height: 32, channels: 1, data: new Uint8Array(1024).fill(100) }));
    writeFileSync(colour, encode({ width: 32, height: 32, channels: 3, data: new Uint8Array(3072).fill(100) }));
    const data = Buffer.alloc(4 * 60 * 40, 100);
    writeFileSync(photo, jpeg.encode({ data, width: 60, height: 40 }, 95).data);
    const { predictions } = await gradusJson(["predict", modelFile, grey, colour, photo, "--resize"]);
    const [first, second, third] = predictions.map(({ probabilities }: { probabilities: number[] }) => probabilities);
    expect(second).toEqual(first);
    for (const [at, probability] of third.entries()) expect(probability).toBeCloseTo(first[at], 1);
  });

  test("classifies the pictures of a flat folder", async () => {
    const home = join(folder, "flat");
    mkdirSync(home);
    for (const index of [0, 1]) copyFileSync(picture(index), join(home, `${index}.png`));
    const { predictions } = await gradusJson(["predict", modelFile, home]);
    const single = await gradusJson(["predict", modelFile, picture(0), picture(1)]);
    expect(predictions.map(({ image }: { image: string }) => image)).toEqual([
      join(home, "0.png"),
      join(home, "1.png"),
    ]);
    expect(predictions[1].probabilities).toEqual(single.predictions[1].probabilities);
  });

  test("classifies a folder by class and a data file, says how many are right, and writes a CSV", async () => {
    const home = join(folder, "by-class");
    for (const [index, name] of images.classes.slice(0, 2).entries()) {
      mkdirSync(join(home, name), { recursive: true });
      copyFileSync(picture(index), join(home, name, "1.png"));
    }
    const table = join(folder, "images.csv");
    const row = (index: number) => images.images.slice(index * 3072, (index + 1) * 3072).join();
    writeFileSync(table, `${images.classes[0]},${row(0)}\n${images.classes[1]},${row(1)}\n`);
    const out = join(folder, "predictions.csv");
    const { predictions } = await gradusJson(["predict", modelFile, home, table, picture(0), "--out", out]);
    const single = await gradusJson(["predict", modelFile, picture(0), picture(1)]);
    const expected = [0, 1, 0, 1, 0].map((index) => single.predictions[index].probabilities);
    expect(predictions.map(({ probabilities }: { probabilities: number[] }) => probabilities)).toEqual(expected);
    expect(predictions.map(({ actual }: { actual?: string }) => actual)).toEqual([
      ...images.classes.slice(0, 2),
      ...images.classes.slice(0, 2),
      undefined,
    ]);
    expect(predictions[1].image).toBe(join(home, images.classes[1], "1.png"));
    expect(predictions[3].image).toBe(`${table}, image 1`);
    const lines = readFileSync(out, "utf8").trim().split(/\r?\n/);
    expect(lines).toHaveLength(6);
    expect(lines[0].startsWith(`image,class,label,actual,p(${images.classes[0]})`)).toBe(true);
    const { stdout } = await gradus(["predict", modelFile, home]);
    const right = [0, 1].filter((index) => single.predictions[index].label === index).length;
    expect(stdout).toContain(`${right} of 2 are given the class that they have.`);
  });

  test("says what a file is that is no model", async () => {
    const starts: [name: string, content: string, complaint: string][] = [
      ["a.onnx", "\b\u0007\u0012\u0007pytorch", "an ONNX file without a graph"],
      ["a.zip", `PK\u0003\u0004${"\0".repeat(26)}x.npy`, "this is a zip archive, as .npz files are"],
      ["a.pkl", "\u0080\u0004\u0095", "this is a Python pickle"],
      ["a.pt", `PK\u0003\u0004${"\0".repeat(26)}archive/data.pkl`, "this is a PyTorch file"],
    ];
    await Promise.all(
      starts.map(async ([name, content, complaint]) => {
        const file = join(folder, name);
        writeFileSync(file, Buffer.from(content, "latin1"));
        await expectRefusal(["predict", file, picture(0)], {
          code: "data",
          place: file,
          complaint,
          remedy: name === "a.onnx" ? "gradus export" : "safetensors",
        });
      }),
    );
  });

  test("refuses what is no model, and no image of the model's kind", async () => {
    const [grey, small, text] = ["grey.png", "small.png", "text.png"].map((name) => join(folder, name));
    writeFileSync(grey, encode({ width: 31, height: 32, channels: 1, data: new Uint8Array(31 * 32) }));
    writeFileSync(small, encode({ width: 16, height: 8, channels: 3, data: new Uint8Array(16 * 8 * 3) }));
    writeFileSync(text, "no picture");
    const remedy = "give a picture of 32 x 32 pixels, RGB, or have it resized: --resize";
    const requirement = "the model takes 32 x 32 pixels, RGB";
    const write = "`gradus train --model FILE`";
    const missing = join(folder, "missing");
    await Promise.all([
      expectRefusal(["predict", modelFile, picture(0), grey], {
        code: "data",
        place: grey,
        complaint: `31 x 32 pixels, RGB; ${requirement}`,
        remedy,
      }),
      expectRefusal(["predict", modelFile, small], {
        code: "data",
        place: small,
        complaint: `16 x 8 pixels, RGB; ${requirement}`,
        remedy,
      }),
      expectRefusal(["predict", modelFile, text], { code: "data", place: text, complaint: "PNG", remedy: "PNG" }),
      expectRefusal(["predict", modelFile, missing], {
        code: "data",
        place: missing,
        complaint: "no such file",
        remedy: "give the path",
      }),
      expectRefusal(["predict", folder, picture(0)], {
        code: "usage",
        place: folder,
        complaint: "it is a folder",
        remedy: "a model file",
      }),
      expectRefusal(["predict", weightsFile, picture(0)], {
        code: "data",
        place: weightsFile,
        complaint: "it holds weights alone",
        remedy: write,
      }),
      expectRefusal(["predict", picture(0), picture(0)], {
        code: "data",
        place: picture(0),
        complaint: "this is a PNG; expected a model",
        remedy: "safetensors",
      }),
      expectRefusal(["predict", modelFile, picture(0), "--device", "abacus"], {
        code: "device",
        place: "device",
        complaint: "abacus",
        remedy: "wasm",
      }),
    ]);
  });
});

describe.concurrent("gradus export", () => {
  test("writes what the ending says", async () => {
    const outs = ["copy.safetensors", "model.npz", "folded.onnx", "KEPT.ONNX"].map((name) => join(folder, name));
    const flags = [[], [], [], ["--batch-norm", "keep"]];
    const answers = await Promise.all(
      outs.map((out, at) => gradusJson(["export", modelFile, "--out", out, ...flags[at]])),
    );
    const [copy, npz, folded, kept] = outs.map((out) => readFileSync(out));
    expect(answers).toEqual(outs.map((written, at) => ({ written, bytes: [copy, npz, folded, kept][at].length })));
    expect(copy.equals(readFileSync(modelFile))).toBe(true);
    expect(npz.subarray(0, 4).toString("latin1")).toBe("PK\x03\x04");
    const kinds = (file: Uint8Array) => readOnnx(file).nodes.map(({ kind }) => kind);
    expect(kinds(folded)).toEqual(["Cast", "Mul", "Add", "Gemm", "Relu", "Gemm", "Softmax", "ArgMax"]);
    expect(kinds(kept)).toContain("BatchNormalization");
    // predict and export take each of them for the run itself.
    const predicted = async (model: string) => {
      const words = ["predict", model, picture(0), picture(1), "--resize", "--device", "wasm"];
      const { model: described, predictions } = await gradusJson(words);
      return {
        described,
        probabilities: predictions.flatMap((each: { probabilities: number[] }) => each.probabilities),
      };
    };
    const original = await predicted(document.run);
    expect(await predicted(outs[1])).toEqual(original);
    for (const out of outs.slice(2)) {
      const { described, probabilities } = await predicted(out);
      expect(described).toEqual(original.described);
      const away = probabilities.map((value: number, at: number) => Math.abs(value - original.probabilities[at]));
      expect(Math.max(...away)).toBeLessThan(1e-5); // as docs/models.md promises of ONNX
    }
    const again = join(folder, "again.onnx");
    await gradusJson(["export", outs[3], "--out", again, "--batch-norm", "keep"]);
    expect(readFileSync(again).equals(kept)).toBe(true);
  });

  test("writes several models as one, which predict takes", async () => {
    const [file, graph] = ["ensemble.safetensors", "ensemble.onnx"].map((name) => join(folder, name));
    await Promise.all(
      [file, graph].map((out) => gradusJson(["export", "--ensemble", modelFile, document.run, "--out", out])),
    );
    expect(
      readOnnx(readFileSync(graph))
        .nodes.map(({ kind }) => kind)
        .slice(-2),
    ).toEqual(["Mean", "ArgMax"]);
    const [together, alone] = await Promise.all(
      [[file, "--vote"], [modelFile]].map(([model, ...flags]) => gradusJson(["predict", model, picture(0), ...flags])),
    );
    const { model: ofGraph } = await gradusJson(["predict", graph, picture(0)]);
    expect(ofGraph).toMatchObject({ name: "an ensemble of 2 models", models: 2 });
    await expectRefusal(["export", graph, "--out", join(folder, "one.npz")], {
      code: "data",
      place: graph,
      complaint: "it holds several models",
      remedy: "`gradus predict` takes it; elsewhere name one model",
    });
    // The mean of a model and itself.
    expect(together).toMatchObject({
      model: { name: "an ensemble of 2 models", models: 2 },
      predictions: alone.predictions,
    });
    await Promise.all([
      expectRefusal(["export", modelFile, modelFile, "--out", file], {
        code: "usage",
        place: "export",
        complaint: "2 models are named, and a file holds one",
        remedy: "name one; or add --ensemble: all of them as one, by the mean of their probabilities",
      }),
      expectRefusal(["export", "--ensemble", modelFile, "--out", file], {
        code: "usage",
        place: "--ensemble",
        complaint: "one model is named",
        remedy: "name 2 to 1000 runs or model files",
      }),
      expectRefusal(["export", "--ensemble", modelFile, modelFile, "--out", "model.npz"], {
        code: "usage",
        place: "--out",
        complaint: "a .npz file holds one",
        remedy: "name a file that ends in one of: .onnx, .safetensors",
      }),
    ]);
  });

  test("refuses other endings, and files that cannot be written", async () => {
    const existingFolder = join(folder, "folder.onnx");
    mkdirSync(existingFolder);
    const nowhere = join(folder, "none/model.onnx");
    const endings = ".onnx, .safetensors, .npz";
    await Promise.all([
      expectRefusal(["export", modelFile, "--out", "model.pt"], {
        code: "usage",
        place: "--out",
        complaint: "nothing is known of .pt",
        remedy: endings,
      }),
      expectRefusal(["export", modelFile, "--out", "model"], {
        code: "usage",
        place: "--out",
        complaint: "model has no ending",
        remedy: endings,
      }),
      expectRefusal(["export", modelFile, "--out", "model.npz", "--batch-norm", "keep"], {
        code: "usage",
        place: "--batch-norm",
        complaint: "a .npz file keeps the layers",
        remedy: ".onnx",
      }),
      expectRefusal(["export", modelFile], {
        code: "usage",
        place: "--out",
        complaint: "no file is named",
        remedy: "give --out FILE.onnx, .npz, .safetensors or .gradus",
      }),
      expectRefusal(["export", modelFile, "--out", existingFolder], {
        code: "output",
        place: "--out",
        complaint: "it is a folder",
        remedy: "name a file in it",
      }),
      expectRefusal(["export", modelFile, "--out", nowhere], {
        code: "output",
        place: "--out",
        complaint: "there is no folder",
        remedy: "make the folder first",
      }),
    ]);
  });
});
