// `npm run bench`: the packages and data it needs, then the benchmark. Arguments go to bench/main.ts.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { giveUp, run } from "../bin/launch.js";
import { ensureReady } from "./ready.js";

const cwd = fileURLToPath(new URL("..", import.meta.url));
const peers = `${cwd}bench/`;
const node = await ensureReady().catch(giveUp);
/** @type {import("node:child_process").SpawnOptions} */
const toStderr = { cwd, stdio: ["ignore", 2, 2] };
const fetching = await run(node, ["src/cli/main.ts", "data", "fetch"], toStderr).catch(giveUp);
if (fetching !== 0) process.exit(fetching);
await installPeers();
process.exitCode = await run(node, ["bench/main.ts", ...process.argv.slice(2)], { cwd }).catch(giveUp);

/** ONNX Runtime and TensorFlow.js, 350 MB that nothing else needs. Without them the benchmark names what is missing. */
async function installPeers() {
  const wanted = readFileSync(`${peers}package-lock.json`, "utf8");
  const stamp = `${peers}node_modules/.gradus-bench`;
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  process.stderr.write("bench: installing the peers that are npm packages (once, 350 MB)\n");
  const { npm_execpath: npm = "", npm_node_execpath: npmNode = process.execPath } = process.env;
  const [command, ...first] = basename(npm) === "npm-cli.js" ? [npmNode, npm] : ["npm"];
  const shell = process.platform === "win32" && command === "npm"; // npm.cmd is a script for the shell
  const exitCode = await run(command, [...first, "ci", "--loglevel=error"], { ...toStderr, cwd: peers, shell });
  if (exitCode === 0) writeFileSync(stamp, wanted);
  else process.stderr.write("bench: they could not be installed; their rows will be missing\n");
}
