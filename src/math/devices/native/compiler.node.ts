import { createHash } from "node:crypto";
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { cpus } from "node:os";
import path from "node:path";
import { look } from "../../../files/look.node.ts";
import type { Dtype } from "../../device.ts";
import { relaxed } from "../wasm/kernels.generated.ts";

/** A C compiler on this machine. */
export interface Compiler {
  /** Its file. */
  readonly file: string;
  /** What it was asked for as, e.g. `cc`. */
  readonly name: string;
}

/** Where the kernels' C sources lie. */
const sources = path.join(import.meta.dirname, "kernels");

/** `$GRADUS_CC` where it is set, else the first of the usual ones on the path; undefined where there is none. */
export function findCompiler(env: Readonly<Record<string, string | undefined>> = process.env): Compiler | undefined {
  const names = env.GRADUS_CC ? [env.GRADUS_CC] : ["cc", "clang", "gcc"];
  const folders = (env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  for (const name of names) {
    const files = name.includes(path.sep) ? [path.resolve(name)] : folders.map((folder) => path.join(folder, name));
    const file = files.find((candidate) => look(candidate)?.isFile());
    if (file !== undefined) return { file, name };
  }
  return undefined;
}

/**
 * What makes the kernels of a precision. Nothing may round otherwise than it is written: no multiplication and addition is
 * made one unless it is asked for by name, and no rule of arithmetic is bent.
 */
export function compilerArguments(dtype: Dtype, library: string, more: readonly string[] = []): string[] {
  const real = dtype === "f32" ? "float" : "double";
  return [
    ...["-std=gnu11", "-O2", "-fPIC", "-shared", `-DREAL=${real}`],
    ...["-ffp-contract=off", "-fno-fast-math", "-fno-math-errno", "-fno-strict-aliasing"],
    ...(process.arch === "x64" ? ["-march=native"] : []),
    ...more,
    ...["-o", library, path.join(sources, "kernels.c")],
  ];
}

/** A name for all that a library depends on: sources, compiler, arguments, the processor it is made for, and what it must equal. */
export function libraryKey({ file }: Compiler, dtype: Dtype): string {
  const { size, mtimeMs } = statSync(file);
  const hash = createHash("sha256");
  hash.update(JSON.stringify([realpathSync(file), size, mtimeMs, compilerArguments(dtype, ""), processor(), relaxed]));
  for (const name of readdirSync(sources).sort())
    hash.update(JSON.stringify([name, readFileSync(path.join(sources, name), "utf8")]));
  return hash.digest("hex").slice(0, 16);
}

/** What a compiler that is asked for this machine's own instructions goes by. */
function processor(): unknown[] {
  const machine = [process.platform, process.arch, cpus()[0]?.model];
  try {
    // The two lines that say what a processor of Linux can do, of x86 and of Arm.
    return [...machine, /^(?:flags|Features)\s*:.*$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[0]];
  } catch {
    return machine;
  }
}
