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

/**
 * The usual names of a compiler that knows vectors as GCC and Clang have them; Microsoft's does not. On Windows Clang is
 * the first: GCC there keeps 64-byte vectors on a stack that is aligned to 16.
 */
export function compilerNames(platform: NodeJS.Platform = process.platform): readonly string[] {
  return platform === "win32" ? ["clang.exe", "gcc.exe", "cc.exe"] : ["cc", "clang", "gcc"];
}

/** `$GRADUS_CC` where it is set, else the first of the usual ones on the path; undefined where there is none. */
export function findCompiler(
  env: Readonly<Record<string, string | undefined>> = process.env,
  usual: readonly string[] = compilerNames(),
): Compiler | undefined {
  const names = env.GRADUS_CC ? [env.GRADUS_CC] : usual;
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
export function compilerArguments(
  dtype: Dtype,
  library: string,
  more: readonly string[] = process.arch === "x64" ? ["-march=native"] : [],
  platform: NodeJS.Platform = process.platform,
): string[] {
  const real = dtype === "f32" ? "float" : "double";
  return [
    ...["-std=gnu11", "-O2", "-shared", `-DREAL=${real}`, "-fvisibility=hidden"],
    ...(platform === "win32" ? [] : ["-fPIC"]), // all code there can be moved
    ...["-ffp-contract=off", "-fno-fast-math", "-fno-math-errno", "-fno-strict-aliasing"],
    ...more,
    ...["-o", library, path.join(sources, "kernels.c")],
  ];
}

/** How the files of libraries end; Node calls macOS darwin. */
export function libraryEnding(platform: NodeJS.Platform = process.platform): string {
  return { win32: ".dll", darwin: ".dylib" }[platform as string] ?? ".so";
}

/** What a library is made from, and what it must equal. */
export function sourcesHash(): string {
  const hash = createHash("sha256").update(relaxed);
  for (const name of readdirSync(sources).sort())
    hash.update(JSON.stringify([name, readFileSync(path.join(sources, name), "utf8")]));
  return hash.digest("hex");
}

/**
 * A name for all that a library depends on: sources, compiler, arguments and the processor it is made for. Where the sources
 * lie is no part of it: each clone and each project that has the package installed would compile the same for itself.
 */
export function compiledKey({ file }: Compiler, dtype: Dtype): string {
  const { size, mtimeMs } = statSync(file);
  const flags = compilerArguments(dtype, "").slice(0, -1);
  return shortHash([realpathSync(file), size, mtimeMs, flags, processor(), sourcesHash()]);
}

/** A name for a library that came with the package: another processor may refuse what this one runs. */
export function prebuiltKey(sha256: string): string {
  return shortHash([sha256, processor(), sourcesHash()]);
}

function shortHash(of: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(of)).digest("hex").slice(0, 16);
}

/** What a compiler that is asked for this machine's own instructions goes by. */
function processor(): unknown[] {
  return [process.platform, process.arch, cpus()[0]?.model, processorFlags()];
}

/** The line of Linux that says what the processor can do, of x86 or of Arm; undefined elsewhere. */
export function processorFlags(): string | undefined {
  try {
    return /^(?:flags|Features)\s*:.*$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[0];
  } catch {
    return undefined;
  }
}
