// Makes a checkout ready to run: packages, a Node, the kernels. Node 20, no dependencies.
// Says what it does on stderr, and nothing when all is fresh.
import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { findNode, run } from "../bin/launch.js";
import { kernelsAreFresh, nativeIsBuilt, nativeIsFresh } from "./kernels.js";
import { withLock } from "./lock.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const npmRecord = `${root}node_modules/.package-lock.json`; // written by npm last, and whenever it changes a package
const installStamp = `${root}node_modules/.gradus-install`;
const nativeKernels = "math/devices/native/kernels"; // C, compiled where it runs
const prebuilt = `${root}build/prebuilt`;
const unfinishedInstall = `${root}build/unfinished-install`;

/**
 * Installs and builds what is missing or stale, and finds the Node to run with.
 *
 * @returns {Promise<string>} the path of that Node
 */
export async function ensureReady() {
  if (isInstalled() && kernelsAreFresh() && nativeIsFresh()) return findNode();
  return await alone(async () => {
    if (!isInstalled()) await install();
    const node = findNode();
    if (!kernelsAreFresh()) await step("compiling the WASM kernels", node, ["scripts/build-kernels.js"]);
    // Without a word: a machine that has no C compiler computes with the WASM kernels.
    if (!nativeIsFresh() && (await run(node, ["scripts/build-native.js"], { cwd: root })) === 0) nativeIsBuilt();
    return node;
  });
}

/**
 * Compiles the package's `dist/` anew.
 *
 * @param {string} node
 */
export async function buildPackage(node) {
  await alone(async () => {
    rmSync(`${root}dist`, { recursive: true, force: true });
    await step("compiling dist/", node, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"]);
    nameCompiledWorkers();
    await step("building the page", node, ["scripts/build-web.js"]); // where it is stale
    cpSync(`${root}build/web`, `${root}dist/web`, { recursive: true });
    cpSync(`${root}src/${nativeKernels}`, `${root}dist/${nativeKernels}`, { recursive: true });
    // For machines without a C compiler, where `scripts/prebuild-native.js` was run before.
    if (existsSync(prebuilt)) cpSync(prebuilt, `${root}dist/math/devices/native/prebuilt`, { recursive: true });
  });
}

/**
 * Compiles the native kernels for other machines, for `buildPackage` to take along.
 *
 * @param {string} node
 */
export async function prebuildNative(node) {
  await alone(() => step("compiling the native kernels for other machines", node, ["scripts/prebuild-native.js"]));
}

/** The compiler gives imports the ending of what it wrote, but not the URLs by which a page's bundler finds a worker. */
function nameCompiledWorkers() {
  for (const name of readdirSync(`${root}dist`, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".browser.js")) continue;
    const text = readFileSync(`${root}dist/${name}`, "utf8");
    const named = text.replace(/(new URL\("\.\/[\w.-]+)\.ts(", import\.meta\.url\))/g, "$1.js$2");
    if (named !== text) writeFileSync(`${root}dist/${name}`, named);
  }
}

/**
 * @template Result
 * @param {() => Promise<Result>} work
 */
function alone(work) {
  return withLock(`${root}build/setup.lock`, () => say("waiting for another process that is setting up"), work);
}

/** The stamp is written after an install has succeeded: an interrupted one leaves none that fits. */
function isInstalled() {
  return existsSync(installStamp) && existsSync(npmRecord) && readFileSync(installStamp, "utf8") === currentStamp();
}

/** The platform belongs to it: packages hold binaries, and a folder may be shared between systems. */
function currentStamp() {
  const hash = createHash("sha256")
    .update(readFileSync(`${root}package-lock.json`))
    .update(readFileSync(npmRecord));
  return `${hash.digest("hex")} ${process.platform}-${process.arch}\n`;
}

async function install() {
  if (existsSync(unfinishedInstall) || !isInstalledByHand()) {
    writeFileSync(unfinishedInstall, "");
    const [npm, ...npmArguments] = findNpm();
    // All of it, whatever an npm that calls this was told: its options come down through the environment.
    const complete = ["--include=dev", "--include=optional", "--no-dry-run", "--no-global", "--no-json"];
    const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
    await step("installing packages with npm ci", npm, [...npmArguments, "ci", ...complete, ...quiet]);
    rmSync(unfinishedInstall);
  }
  writeFileSync(installStamp, currentStamp());
}

/** Whether someone has run npm already: its record names all that the lockfile names. */
function isInstalledByHand() {
  if (!existsSync(npmRecord)) return false;
  const installed = JSON.parse(readFileSync(npmRecord, "utf8")).packages;
  const { "": _self, ...locked } = JSON.parse(readFileSync(`${root}package-lock.json`, "utf8")).packages;
  return Object.entries(locked).every(([path, { integrity, optional }]) =>
    path in installed ? installed[path].integrity === integrity : optional,
  );
}

/** The npm that started this, with its own Node; else the one on the PATH. */
function findNpm() {
  const { npm_execpath: npm = "", npm_node_execpath: node = process.execPath } = process.env;
  return basename(npm) === "npm-cli.js" ? [node, npm] : ["npm"];
}

/**
 * @param {string} what
 * @param {string} command
 * @param {string[]} commandArguments
 */
async function step(what, command, commandArguments) {
  say(what);
  const shell = process.platform === "win32" && command === "npm"; // npm.cmd is a script for the shell
  const exitCode = await run(command, commandArguments, { cwd: root, stdio: ["ignore", 2, 2], shell });
  if (exitCode !== 0) {
    throw new Error(
      `${what} failed with exit code ${exitCode}; its own message is above.\n` +
        "Mend that and run this again; if packages look damaged, delete the folder node_modules first.",
    );
  }
}

/** @param {string} what */
function say(what) {
  process.stderr.write(`gradus: ${what}\n`);
}
