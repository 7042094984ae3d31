// `npm run bench`: the packages and data it needs, then the benchmark. Arguments go to bench/main.ts.
import { fileURLToPath } from "node:url";
import { giveUp, run } from "../bin/launch.js";
import { installPeers } from "./peers.js";
import { ensureReady } from "./ready.js";

const cwd = fileURLToPath(new URL("..", import.meta.url));
const node = await ensureReady().catch(giveUp);
/** @type {import("node:child_process").SpawnOptions} */
const toStderr = { cwd, stdio: ["ignore", 2, 2] };
const fetching = await run(node, ["src/cli/main.ts", "data", "fetch"], toStderr).catch(giveUp);
if (fetching !== 0) process.exit(fetching);
await installPeers("bench");
process.exitCode = await run(node, ["bench/main.ts", ...process.argv.slice(2)], { cwd }).catch(giveUp);
