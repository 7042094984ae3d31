import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Dataset } from "gradus";
import { build, defaultClientConditions } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { images, spec } from "./fixtures/page/stripes.ts";
import { resultOfPage } from "./open-page.ts";
import { gradusJson, temporaryFolder } from "./run-gradus.ts";

const { folder, remove } = temporaryFolder();
const site = join(folder, "site");

beforeAll(async () => {
  await build({
    root: fileURLToPath(new URL("fixtures/page", import.meta.url)),
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["gradus-source", ...defaultClientConditions] },
    build: { outDir: site, target: "es2023" },
  });
});

afterAll(remove);

test("a page trains with the library, and ends with the weights of the command line, bit for bit", async () => {
  const commandLine = await gradusJson(["train", specFile(), "--no-store"]);
  const expected = {
    passed: true,
    state: "finished",
    weightsSha256: commandLine.weightsSha256,
    inWorkerSha256: commandLine.weightsSha256, // as trained by a worker of the page's
    device: "wasm",
    hadTurnBefore: "measured", // the page could draw before the training was over
    withoutImages: "data: no images, and a page has no files to read them from",
  };
  expect(await resultOfPage(site, "localhost")).toEqual(expected);
  // As from another machine without TLS: a browser keeps some of its own from such a page.
  expect(await resultOfPage(site, "gradus.test")).toEqual(expected);
});

test("all of the library that such a page needs is below 250 kB, packed", () => {
  const html = readFileSync(join(site, "index.html"), "utf8");
  const scripts = [...html.matchAll(/src="\/(.+?\.js)"/g)].map(([, name]) => readFileSync(join(site, name)));
  expect(scripts).toHaveLength(1);
  expect(gzipSync(scripts[0]).length).toBeLessThan(250_000);
  expect(scripts[0].toString()).not.toMatch(/["'`]node:|__vite-browser-external/);
});

/** The page's spec and images as files for the command line. */
function specFile(): string {
  const csv = ({ images: bytes, labels, dimension }: Dataset) =>
    Array.from(labels, (label, image) =>
      [label, ...bytes.subarray(image * dimension, (image + 1) * dimension)].join(","),
    );
  const header = ["label", ...Array.from({ length: images.train.dimension }, (_, i) => `pixel${i}`)].join(",");
  const write = (name: string, rows: readonly string[]) => {
    writeFileSync(join(folder, name), `${[header, ...rows].join("\n")}\n`);
    return join(folder, name);
  };
  const train = write("train.csv", [...csv(images.train), ...csv(images.validation)]);
  const test = write("test.csv", csv(images.test));
  const data = { dataset: { train: [train], test }, split: { kind: "hold-out", validation: images.validation.count } };
  writeFileSync(join(folder, "spec.json"), JSON.stringify({ ...spec, data }));
  return join(folder, "spec.json");
}
