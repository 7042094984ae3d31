// `npm test`: the packages, kernels and data the tests need, then the tests. Arguments go to Vitest.
import { fileURLToPath } from "node:url";
import { giveUp, run } from "../bin/launch.js";
import { ensureReady } from "./ready.js";

const cwd = fileURLToPath(new URL("..", import.meta.url));
const node = await ensureReady().catch(giveUp);
const fetching = await run(node, ["src/cli/main.ts", "data", "fetch"], { cwd }).catch(giveUp);
if (fetching !== 0) process.exit(fetching);
const vitest = ["node_modules/vitest/vitest.mjs", "run", ...process.argv.slice(2)];
process.exitCode = await run(node, vitest, { cwd }).catch(giveUp);
