// Compiles src/math/devices/wasm/kernels/ twice into src/math/devices/wasm/kernels.generated.ts: `simd`, which every
// engine with WASM SIMD runs with the same bits, and `relaxed`, which may also use relaxed SIMD (fused multiply-add).
//
// A kernel tells the two apart by AssemblyScript's own compile-time constant; the branch not taken is left out:
//
//   // @ts-expect-error: decorator
//   @inline
//   function multiplyAdd(a: v128, b: v128, c: v128): v128 {
//     if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
//     return f32x4.add(f32x4.mul(a, b), c);
//   }
//
// (`--use NAME=1` makes an integer constant of one's own, unless it is declared: `declare const` makes it an import.)
import { randomUUID } from "node:crypto";
import { renameSync, writeFileSync } from "node:fs";
import asc from "assemblyscript/asc";
import { generatedFile, kernelStamp, variants } from "./kernels.js";

const stamp = kernelStamp();
const constants = [];
for (const [name, compilerArguments] of Object.entries(variants)) {
  const wasm = await compile(compilerArguments);
  constants.push(`export const ${name}: string =\n  "${Buffer.from(wasm).toString("base64")}";\n`);
}
const temporary = `${generatedFile}.${randomUUID()}.tmp`;
writeFileSync(
  temporary,
  `// ${stamp}\n// Written by scripts/build-kernels.js: base64 of WebAssembly.\n${constants.join("")}`,
);
renameSync(temporary, generatedFile);

/** @param {string[]} compilerArguments */
async function compile(compilerArguments) {
  /** @type {string | Uint8Array | undefined} */
  let wasm;
  const { error } = await asc.main(compilerArguments, {
    stderr: process.stderr,
    writeFile: (_name, contents) => {
      wasm = contents;
    },
  });
  if (error !== null || wasm === undefined) process.exit(1); // the compiler has said why
  return wasm;
}
