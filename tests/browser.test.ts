import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Dataset } from "gradus";
import { build, defaultClientConditions } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { images, spec } from "./fixtures/page/stripes.ts";
import { openBrowser } from "./open-browser.ts";
import { gradusJson, temporaryFolder } from "./run-gradus.ts";

const { folder, remove } = temporaryFolder();
const site = join(folder, "site");
const types: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript" };

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
  const shown = await resultOfPage();
  const commandLine = await gradusJson(["train", specFile(), "--no-store"]);
  expect(shown).toEqual({
    passed: true,
    state: "finished",
    weightsSha256: commandLine.weightsSha256,
    device: "wasm",
    hadTurnBefore: "measured", // the page could draw before the training was over
    withoutImages: "data: no images, and a page has no files to read them from",
  });
});

test("all of the library that such a page needs is below 250 kB, packed", () => {
  const html = readFileSync(join(site, "index.html"), "utf8");
  const scripts = [...html.matchAll(/src="\/(.+?\.js)"/g)].map(([, name]) => readFileSync(join(site, name)));
  expect(scripts).toHaveLength(1);
  expect(gzipSync(scripts[0]).length).toBeLessThan(250_000);
  expect(scripts[0].toString()).not.toMatch(/["'`]node:|__vite-browser-external/);
});

/** What the built page says when it is done. */
async function resultOfPage(): Promise<unknown> {
  const server = createServer(({ url = "/" }, response) => {
    const name = url === "/" ? "index.html" : url.slice(1);
    try {
      const content = readFileSync(join(site, name));
      response.writeHead(200, { "content-type": types[extname(name)] ?? "text/plain" }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return JSON.parse((await page.locator("pre[data-done]").textContent()) ?? "");
  } finally {
    await browser.close();
    server.close();
  }
}

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
