// Makes the checkout ready to run; with --build, compiles dist/ as well. Done by every other command where needed.
import { giveUp } from "../bin/launch.js";
import { buildPackage, ensureReady } from "./ready.js";

const node = await ensureReady().catch(giveUp);
if (process.argv.includes("--build")) await buildPackage(node).catch(giveUp);
