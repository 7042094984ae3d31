// The libraries that Gradus is compared with, packages of their own in bench/.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../bin/launch.js";

const peers = fileURLToPath(new URL("../bench/", import.meta.url));

/**
 * ONNX Runtime and TensorFlow.js, 350 MB that nothing else needs. Who asks for them names what is missing without them.
 *
 * @param {string} who
 */
export async function installPeers(who) {
  const lockfile = readFileSync(`${peers}package-lock.json`, "utf8");
  const stamp = `${peers}node_modules/.gradus-bench`;
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lockfile) return;
  process.stderr.write(`${who}: installing the peers that are npm packages (once, 350 MB)\n`);
  const { npm_execpath: npm = "", npm_node_execpath: npmNode = process.execPath } = process.env;
  const [command, ...first] = basename(npm) === "npm-cli.js" ? [npmNode, npm] : ["npm"];
  const shell = process.platform === "win32" && command === "npm"; // npm.cmd is a script for the shell
  /** @type {import("node:child_process").SpawnOptions} */
  const options = { cwd: peers, stdio: ["ignore", 2, 2], shell };
  const exitCode = await run(command, [...first, "ci", "--loglevel=error"], options);
  if (exitCode === 0) writeFileSync(stamp, lockfile);
  else process.stderr.write(`${who}: they could not be installed\n`);
}
