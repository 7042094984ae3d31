// What the kernels are built from, and whether they are up to date. Node 20, no dependencies.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = `${root}src/math/devices/wasm/kernels`;

/** What `build-kernels.js` writes. */
export const generatedFile = `${root}src/math/devices/wasm/kernels.generated.ts`;

/** The AssemblyScript compiler's arguments, by the name of the exported constant. */
export const variants = {
  simd: compilerArguments("simd,threads"),
  relaxed: compilerArguments("simd,threads,relaxed-simd"),
};

/** @param {string} features */
function compilerArguments(features) {
  return [
    ...["src/math/devices/wasm/kernels/index.ts", "--baseDir", ".", "--outFile", "kernels.wasm"],
    ...["-O3", "--noAssert", "--runtime", "stub", "--enable", features],
    // The caller brings the memory, shared by the threads of a team: 65536 pages are all that 32-bit addresses reach.
    ...["--importMemory", "--noExportMemory", "--initialMemory", "1", "--maximumMemory", "65536", "--sharedMemory"],
  ];
}

/** A hash of all the generated file depends on: kernel sources, compiler version and arguments. */
export function kernelStamp() {
  const hash = createHash("sha256");
  const compiler = JSON.parse(readFileSync(`${root}node_modules/assemblyscript/package.json`, "utf8"));
  hash.update(JSON.stringify([compiler.version, variants]));
  const names = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  for (const name of names.sort()) hash.update(JSON.stringify([name, readFileSync(`${folder}/${name}`, "utf8")]));
  return hash.digest("hex");
}

export function kernelsAreFresh() {
  return existsSync(generatedFile) && readFileSync(generatedFile, "utf8").startsWith(`// ${kernelStamp()}\n`);
}

/** The sources of the native kernels, which are compiled into the cache folder, and which of them were last. */
const nativeFolder = `${root}src/math/devices/native/kernels`;
const nativeStamp = `${root}build/native-kernels`;

function nativeSources() {
  const hash = createHash("sha256");
  for (const name of readdirSync(nativeFolder).sort()) hash.update(readFileSync(`${nativeFolder}/${name}`));
  return hash.digest("hex");
}

export function nativeIsFresh() {
  return existsSync(nativeStamp) && readFileSync(nativeStamp, "utf8") === nativeSources();
}

export function nativeIsBuilt() {
  mkdirSync(`${root}build`, { recursive: true });
  writeFileSync(nativeStamp, nativeSources());
}
