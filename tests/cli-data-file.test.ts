import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { gradus } from "./run-gradus.ts";

const fixture = (name: string) => fileURLToPath(new URL(`../src/data/formats/fixtures/${name}`, import.meta.url));

test("gradus data info FILE shows what a file is", async () => {
  const { exitCode, stdout } = await gradus(["data", "info", fixture("packed.mat")]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/packed.mat: MATLAB .mat, level 5/);
  expect(stdout).toMatch(/data +uint8 +\[8, 3072\]/);
  expect(stdout).toMatch(/8 images of 3072 bytes, 32 x 32 in 3 colours, 10 classes/);
  expect(stdout).toMatch(/truck +2\n/);
  expect(stdout).toMatch(/images: data as \[n, d\]; labels: labels/);
});

test("or why it cannot be trained on, and what its parts are", async () => {
  const { exitCode, stdout } = await gradus(["data", "info", fixture("keras.npz")]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/x_train +uint8 +\[4, 28, 28\]/);
  expect(stdout.replaceAll(/\s+/g, " ")).toMatch(/keras.npz#test, .*keras.npz#train/);
  expect(stdout).toMatch(/No images to train on: .*expected images/);
});

test("one JSON document, of data or of an error", async () => {
  const good = await gradus(["data", "info", fixture("small.csv"), "--label", "label", "--json"]);
  expect(JSON.parse(good.stdout)).toMatchObject({
    format: "CSV",
    dataset: { count: 8, dimension: 12, shape: null, classes: ["0", "1", "2", "9"], classCounts: [2, 2, 2, 2] },
    refusal: null,
  });
  const bad = await gradus(["data", "info", fixture("level4.mat"), "--json"]);
  expect(bad.exitCode).toBe(4);
  expect(JSON.parse(bad.stdout).error).toMatchObject({ code: "data", remedy: expect.stringMatching(/-v7/) });
  expect((await gradus(["data", "info", "--label", "x"])).exitCode).toBe(2);
});
