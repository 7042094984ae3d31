import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { withLock } from "../scripts/lock.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const unpacked = `${root}build/chromium-${versionOf("@sparticuz/chromium")}/`;

/**
 * A headless Chromium: on Linux with an x64 processor the one among the packages, elsewhere the Chrome that is installed.
 * The package's is unpacked once into `build/`, 230 MB, with the libraries that a bare Linux lacks.
 */
export async function openBrowser(): Promise<Browser> {
  if (process.platform !== "linux" || process.arch !== "x64") return chromium.launch({ channel: "chrome" });
  if (!existsSync(unpacked)) await withLock(`${root}build/chromium.lock`, () => {}, unpack);
  const env = { ...process.env, LD_LIBRARY_PATH: `${unpacked}al2023/lib`, FONTCONFIG_PATH: `${unpacked}fonts` };
  // Without a sandbox, as root needs it; it opens nothing but the tests' own pages.
  return chromium.launch({ executablePath: `${unpacked}chromium`, args: ["--no-sandbox", "--no-zygote"], env });
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
