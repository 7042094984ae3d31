// Builds the page of `gradus serve` from web/ into build/web, where it is stale; with a folder, into that one.
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { withLock } from "./lock.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const [outDir = `${root}build/web`] = process.argv.slice(2);
const stampFile = `${outDir}/stamp`;

/** Whatever the page may be made of. */
function stamp() {
  const hash = createHash("sha256");
  const sources = globSync(["web/**/*", "src/**/*.ts", "package-lock.json"], { cwd: root, withFileTypes: true });
  const files = sources.filter((entry) => entry.isFile()).map((entry) => `${entry.parentPath}/${entry.name}`);
  for (const file of files.filter((name) => !/\.test\.ts$|\.generated\.ts$/.test(name)).sort()) {
    hash.update(file).update(readFileSync(file));
  }
  return hash.digest("hex");
}

await withLock(
  `${root}build/web.lock`,
  () => {},
  async () => {
    const now = stamp();
    if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === now) return;
    await build({
      root: `${root}web`,
      base: "./",
      configFile: false,
      logLevel: "error",
      oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
      build: { outDir, emptyOutDir: true, target: "es2023", modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
    });
    writeFileSync(stampFile, now);
  },
);
