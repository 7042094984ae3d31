// Trains on wasm and on webgpu in a browser of this machine, and prints member-steps a second. `node bench/webgpu.ts` opens the Chrome that
// is installed; with --serve it prints an address for whatever browser is to be measured; with --software, the tests' own Chromium,
// which shows that it runs and measures no GPU.

import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { build, defaultClientConditions } from "vite";
import { openBrowser, withWebgpu } from "../tests/open-page.ts";

const site = mkdtempSync(join(tmpdir(), "gradus-webgpu-"));
const types: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript" };

await build({
  root: fileURLToPath(new URL("gpu-page", import.meta.url)),
  configFile: false,
  logLevel: "error",
  resolve: { conditions: ["gradus-source", ...defaultClientConditions] },
  worker: { format: "es" },
  build: { outDir: site, emptyOutDir: true, target: "es2023" },
});

const server = createServer(({ url = "/" }, response) => {
  const { pathname } = new URL(url, "http://localhost");
  const file = join(site, pathname === "/" ? "index.html" : pathname);
  const isThere = existsSync(file);
  // Isolated, so that wasm has threads.
  response.writeHead(isThere ? 200 : 404, {
    "content-type": types[extname(file)] ?? "text/plain",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
  });
  response.end(isThere ? readFileSync(file) : "");
}).listen(0, "127.0.0.1");
await once(server, "listening");
const address = `http://localhost:${(server.address() as AddressInfo).port}/`;

if (process.argv.includes("--serve")) {
  console.log(`open ${address} in the browser to measure; Ctrl-C ends`);
} else {
  const browser = process.argv.includes("--software")
    ? await openBrowser(withWebgpu)
    : await chromium.launch({ channel: "chrome", headless: false, args: ["--enable-features=Vulkan"] });
  const page = await browser.newPage();
  await page.goto(address);
  const output = page.locator("pre[data-done]");
  await output.waitFor({ timeout: 600_000 });
  console.log(await output.textContent());
  await browser.close();
  server.close();
  rmSync(site, { recursive: true });
}
