// Compiles the native kernels for other machines than this one into build/prebuilt/, from where `npm pack` takes them into
// the package: for each target whose compiler is here. What is there already is replaced.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  compilerArguments,
  findCompiler,
  libraryEnding,
  sourcesHash,
} from "../src/math/devices/native/compiler.node.ts";

const folder = fileURLToPath(new URL("../build/prebuilt/", import.meta.url));
const here = findCompiler()?.file;

/**
 * The best of an architecture first. No library needs the C library of the system it is loaded on: one serves all Linuxes.
 *
 * @type {readonly { name: string, platform: NodeJS.Platform, arch: string, compilers: (string | undefined)[],
 *   march: string, flags: string[] }[]}
 */
const targets = [
  {
    ...{ name: "avx512", platform: "linux", arch: "x64", compilers: ["x86_64-linux-gnu-gcc"], march: "x86-64-v4" },
    flags: [
      "avx512f",
      "avx512bw",
      "avx512cd",
      "avx512dq",
      "avx512vl",
      "avx2",
      "fma",
      "bmi1",
      "bmi2",
      "f16c",
      "abm",
      "movbe",
    ],
  },
  {
    ...{ name: "avx2", platform: "linux", arch: "x64", compilers: ["x86_64-linux-gnu-gcc"], march: "x86-64-v3" },
    flags: ["avx2", "fma", "bmi1", "bmi2", "f16c", "abm", "movbe"],
  },
  {
    ...{ name: "neon", platform: "linux", arch: "arm64", compilers: ["aarch64-linux-gnu-gcc"], march: "armv8-a" },
    flags: [],
  },
  { ...{ name: "neon", platform: "darwin", arch: "arm64", compilers: [], march: "armv8-a" }, flags: [] },
];

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const libraries = targets.flatMap(({ name, platform, arch, compilers, march, flags }) => {
  const isHere = process.platform === platform && process.arch === arch;
  const compiler = [isHere ? here : undefined, ...compilers].find(
    (file) => file !== undefined && spawnSync(file, ["--version"]).status === 0,
  );
  if (compiler === undefined) {
    say(`${platform}-${arch} ${name}: left out, ${compilers.join(", ") || "only made there"} is not here`);
    return [];
  }
  return /** @type {const} */ (["f32", "f64"]).map((dtype) => {
    const file = `${platform}-${arch}-${name}-${dtype}${libraryEnding(platform)}`;
    const alone = platform === "linux" ? ["-nostdlib"] : [];
    const made = compilerArguments(dtype, folder + file, [`-march=${march}`, ...alone], platform);
    execFileSync(compiler, made, { stdio: ["ignore", 2, 2] });
    const sha256 = createHash("sha256")
      .update(readFileSync(folder + file))
      .digest("hex");
    say(`${file} by ${compiler}`);
    return { file, platform, arch, dtype, flags, sha256 };
  });
});
/** @type {import("../src/math/devices/native/prebuilt.node.ts").PrebuiltList} */
const list = { sources: sourcesHash(), libraries };
writeFileSync(`${folder}libraries.json`, `${JSON.stringify(list, undefined, 2)}\n`);

/** @param {string} what */
function say(what) {
  process.stderr.write(`gradus: ${what}\n`);
}
