#!/usr/bin/env node
// In a checkout this runs the sources, made ready first; in an installed package, the compiled program.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { findNode, giveUp, launch } from "./launch.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const isCheckout = existsSync(`${root}src`) && existsSync(`${root}package-lock.json`);
const { ensureReady } = isCheckout ? await import("../scripts/ready.js") : { ensureReady: async () => findNode() };
const program = isCheckout ? `${root}src/cli/main.ts` : `${root}dist/cli/main.js`;
const cache = isCheckout ? `${root}build/compile-cache` : undefined;
await launch(await ensureReady().catch(giveUp), program, process.argv.slice(2), cache);
