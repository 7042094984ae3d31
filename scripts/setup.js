// Makes the checkout ready to run, which every other command does where needed; with --build, compiles dist/ as well, with
// --web the pages, with --prebuild native kernels for other machines.
import { fileURLToPath } from "node:url";
import { giveUp, run } from "../bin/launch.js";
import { buildPackage, ensureReady, prebuildNative } from "./ready.js";

const node = await ensureReady().catch(giveUp);
if (process.argv.includes("--prebuild")) await prebuildNative(node).catch(giveUp);
if (process.argv.includes("--build")) await buildPackage(node).catch(giveUp);
if (process.argv.includes("--web")) {
  const folder = process.argv.slice(2).filter((argument) => argument !== "--web");
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  process.exitCode = await run(node, ["scripts/build-web.js", "--size", ...folder], { cwd }).catch(giveUp);
}
