import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Device, Dtype } from "../../src/math/device.ts";
import { compilerArguments, findCompiler } from "../../src/math/devices/native/compiler.node.ts";
import { declarationsOf } from "../../src/math/devices/native/declarations.ts";
import { exercise, exercised } from "../../src/math/devices/native/exercise.ts";
import { deviceOf } from "../../src/math/devices/native/native-device.node.ts";
import type { Extension } from "../../src/math/devices/wasm/team.ts";
import { createWasmDevice } from "../../src/math/devices/wasm/wasm-device.ts";

// The C kernels for the instruction sets that this machine is not, or is not only: each must compute what wasm computes.

const folder = mkdtempSync(join(tmpdir(), "gradus-instruction-sets-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const alone = { threads: 1 };
const dtypes: readonly Dtype[] = ["f32", "f64"];

async function expectSameBits(dtype: Dtype, create: () => Promise<Device>, extents: typeof exercised): Promise<void> {
  for (const of of extents) {
    const [wasm, tested] = [await createWasmDevice(dtype, alone), await create()];
    expect(await exercise(tested, of), JSON.stringify(of)).toEqual(await exercise(wasm, of));
    for (const device of [wasm, tested]) device.close();
  }
}

const compiler = findCompiler();
const isIntel = process.arch === "x64" && compiler !== undefined;

describe.skipIf(!isIntel)("x86, by the compiler's flags (skipped: another processor, or no C compiler)", () => {
  test.each(
    dtypes.flatMap((dtype) => [
      { dtype, named: "AVX2", flags: ["-mno-avx512f"] },
      { dtype, named: "this processor's best", flags: [] },
    ]),
  )("$named in $dtype", async ({ dtype, named, flags }) => {
    const library = join(folder, `${dtype}${flags.join("")}.so`);
    execFileSync(compiler?.file ?? "", compilerArguments(dtype, library, ["-march=native", ...flags]));
    const create = () => deviceOf(library, dtype, alone);
    if (flags.length > 0) expect((await create()).details).toContain(named);
    await expectSameBits(dtype, create, exercised);
  });
});

const crossCompiler = "aarch64-linux-gnu-gcc";
const emulator = "qemu-aarch64";
const hasArm = [crossCompiler, emulator].every((program) => spawnSync(program, ["--version"]).status === 0);

describe.skipIf(!hasArm)(
  `NEON, in an emulator (skipped: apt install gcc-${crossCompiler.slice(0, 17)} qemu-user)`,
  () => {
    test.each(dtypes)("%s", async (dtype) => {
      const program = compileForArm(dtype);
      const extension = { extend: extendWithProgram, data: { program, dtype } };
      const variant = { name: "emulated", details: "NEON", readsBothWays: true, extension, require: () => undefined };
      // A process a kernel: not the extents of real work.
      const small = exercised.filter(({ out, inputs, n }) => out * inputs * n < 2e6);
      await expectSameBits(dtype, () => createWasmDevice(dtype, alone, variant), small);
    });
  },
);

/** A program that runs one kernel on a memory in a file: PROGRAM FILE KERNEL ARGUMENT... */
function compileForArm(dtype: Dtype): string {
  const kernels = join(import.meta.dirname, "../../src/math/devices/native/kernels/kernels.c");
  const calls = Object.values(declarationsOf(dtype)).map((declaration) => {
    const [, type, name, parameters] = /^(\w+) (\w+)\((.*)\)$/.exec(declaration) ?? [];
    const values = parameters
      .split(", ")
      .filter((parameter) => parameter !== "double memory")
      .map((_, i) => `a[${i}]`);
    const call = `${name}(${(type === "int" ? values : ["memory", ...values]).join(", ")})`;
    return `  if (!strcmp(v[2], "${name}")) ${type === "int" ? `printf("%d", ${call})` : call};`;
  });
  const source = join(folder, `main-${dtype}.c`);
  writeFileSync(
    source,
    `#include "${kernels}"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
int main(int c, char **v) {
  struct stat size;
  int file = open(v[1], O_RDWR);
  fstat(file, &size);
  double memory = (double)(uintptr_t)mmap(0, size.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), a[32];
  for (int i = 3; i < c; i++) a[i - 3] = strtod(v[i], 0);
${calls.join("\n")}
}
`,
  );
  const program = join(folder, `kernels-${dtype}`);
  const flags = compilerArguments(dtype, program).filter(
    (argument) =>
      !/^-(?:march|shared|fPIC|o$)/.test(argument) && argument !== program && !argument.endsWith("kernels.c"),
  );
  execFileSync(crossCompiler, [...flags, "-static", "-o", program, source]);
  return program;
}

/** Every kernel as a process of its own in the emulator, over a copy of the memory. */
const extendWithProgram: Extension["extend"] = (data, memory, wasm) => {
  const { program, dtype } = data as { program: string; dtype: Dtype };
  const file = join(folder, `memory-${dtype}`);
  const emulated = Object.keys(declarationsOf(dtype)).map((kernel) => [
    kernel,
    (...args: number[]) => {
      writeFileSync(file, new Uint8Array(memory.buffer));
      const name = kernel.slice(0, kernel.lastIndexOf("_"));
      const answer = execFileSync(emulator, [program, file, name, ...args.map(String)], { encoding: "utf8" });
      new Uint8Array(memory.buffer).set(readFileSync(file));
      return Number(answer);
    },
  ]);
  return { ...wasm, ...Object.fromEntries(emulated) };
};
