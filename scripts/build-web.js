// Builds the pages from web/ into build/web, where they are stale: the page of `gradus serve`, and in its folder try/ the site
// that trains by itself, which any server of files can show. With a folder, into that one; with --size, says how large they are.
import { createHash } from "node:crypto";
import { existsSync, globSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { withLock } from "./lock.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const [outDir = `${root}build/web`] = process.argv.slice(2).filter((argument) => argument !== "--size");
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
    await buildSite("web", outDir);
    await buildSite("web/try", `${outDir}/try`);
    writeFileSync(stampFile, now);
  },
);

/**
 * @param {string} from
 * @param {string} to
 */
async function buildSite(from, to) {
  await build({
    root: `${root}${from}`,
    base: "./",
    configFile: false,
    logLevel: "error",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    // Compiled kernels are a file of their own: what is bytes is not counted as program.
    worker: { format: "es", rollupOptions: { output: { manualChunks: kernelsApart } } },
    build: {
      outDir: to,
      emptyOutDir: true,
      target: "es2023",
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
    },
  });
}

/** @param {string} id */
function kernelsApart(id) {
  return id.endsWith("kernels.generated.ts") ? "kernels" : undefined;
}

if (process.argv.includes("--size")) {
  for (const [name, folder] of [
    ["gradus serve", outDir],
    ["the site that trains", `${outDir}/try`],
  ]) {
    const files = readdirSync(`${folder}/assets`).map((file) => `${folder}/assets/${file}`);
    const packed = [`${folder}/index.html`, ...files].map((file) => ({
      file,
      bytes: gzipSync(readFileSync(file)).length,
    }));
    const kernels = packed.filter(({ file }) => /kernels-/.test(file)).reduce((sum, { bytes }) => sum + bytes, 0);
    const all = packed.reduce((sum, { bytes }) => sum + bytes, 0) - kernels;
    const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} kB`;
    const beside = kernels === 0 ? "" : `, and ${kilobytes(kernels)} of kernels`;
    console.log(`${name}: ${folder}: ${kilobytes(all)} packed with gzip${beside}`);
  }
}
