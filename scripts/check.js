// `npm run check`: types, lint and format, unused files and exports. All run; any finding fails.
import { fileURLToPath } from "node:url";
import { giveUp, run } from "../bin/launch.js";
import { ensureReady } from "./ready.js";

const checks = {
  "tsc (types)": ["node_modules/typescript/bin/tsc", "--noEmit", "-p", "."],
  "biome (lint and format)": ["node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings"],
  "knip (unused files, exports and packages)": ["node_modules/knip/bin/knip.js"],
};

const cwd = fileURLToPath(new URL("..", import.meta.url));
const node = await ensureReady().catch(giveUp);
const failed = [];
for (const [name, command] of Object.entries(checks)) {
  process.stdout.write(`\n${name}\n`);
  if ((await run(node, command, { cwd }).catch(giveUp)) !== 0) failed.push(name);
}
process.stdout.write(failed.length === 0 ? "\nall checks passed\n" : `\nfailed: ${failed.join("; ")}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
