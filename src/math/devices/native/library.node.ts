import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { copyFile, rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { Fault } from "../../../fault/fault.ts";
import { cacheFolder } from "../../../files/cache-folder.node.ts";
import { makeFolder, publish, uniqueName, writeWhole } from "../../../files/whole-file.node.ts";
import type { Dtype } from "../../device.ts";
import { compiledKey, compilerArguments, findCompiler, libraryEnding, prebuiltKey } from "./compiler.node.ts";
import { findPrebuilt } from "./prebuilt.node.ts";
import { noteUse, prune } from "./pruning.node.ts";

const run = promisify(execFile);

const howToInstall: Readonly<Record<string, string>> = {
  linux: "install one, e.g. Debian's gcc, or name one in GRADUS_CC",
  darwin: "xcode-select --install, or name one in GRADUS_CC",
  win32: "install Clang (`winget install LLVM.LLVM`), or name a compiler that takes Clang's arguments in GRADUS_CC",
};

/** How a library is made; all of it has what is usual for its default. */
export interface Making {
  /** Where libraries are kept. */
  readonly folder?: string;
  /** Where those lie that came with the package. */
  readonly prebuilt?: string;
  /** The surroundings: the compiler's name and the path it is looked for on. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Told of a library that does not compute what it should, once. */
  readonly say?: (line: string) => void;
}

/** One way to a library. */
interface Way {
  /** A name for all that the library depends on. */
  readonly key: string;
  /** What is said where it fails to compile, and where the kernels are wrong. */
  readonly cannot: string;
  readonly wrong: string;
  write(library: string): Promise<unknown>;
}

/**
 * The file of the compiled kernels of a precision: one that came with the package and fits this machine, else compiled.
 * Tested against `wasm` before it gets its name, so that a name holds a library that is whole and right, however many
 * processes make it at once.
 * @throws Fault `device` where there is no compiler, it fails, or what it made computes other numbers: remembered, until
 * the kernels or the compiler change
 */
export async function nativeLibrary(
  dtype: Dtype,
  { folder = path.join(cacheFolder(), "native"), prebuilt, env = process.env, say = sayOnStderr }: Making = {},
): Promise<string> {
  const ways = waysTo(dtype, env, prebuilt);
  let fault: Fault | undefined;
  for (const way of ways) {
    try {
      return await libraryOf(way, dtype, folder, say);
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause;
      fault = cause;
    }
  }
  if (fault !== undefined) throw fault;
  throw absent(
    env.GRADUS_CC ? `GRADUS_CC: no file ${env.GRADUS_CC}` : "no C compiler: no cc, clang or gcc on the PATH",
  );
}

/** A compiler that was named comes before what came with the package. */
function waysTo(dtype: Dtype, env: NonNullable<Making["env"]>, prebuilt: string | undefined): Way[] {
  const ways: Way[] = [];
  const given = env.GRADUS_CC ? undefined : findPrebuilt(dtype, prebuilt);
  if (given !== undefined) {
    ways.push({
      key: prebuiltKey(given.sha256),
      cannot: `the package's ${path.basename(given.file)} cannot be copied`,
      wrong: `the package's ${path.basename(given.file)} does not compute what wasm computes`,
      write: (library) => copyFile(given.file, library),
    });
  }
  const compiler = findCompiler(env);
  if (compiler !== undefined) {
    ways.push({
      key: compiledKey(compiler, dtype),
      cannot: `${compiler.name} cannot compile the kernels`,
      wrong: `${compiler.name} compiled kernels that do not compute what wasm computes`,
      write: (library) => run(compiler.file, compilerArguments(dtype, library), patience),
    });
  }
  return ways;
}

async function libraryOf(way: Way, dtype: Dtype, folder: string, say: (line: string) => void): Promise<string> {
  const stem = path.join(folder, `${way.key}-${dtype}`);
  const library = `${stem}${libraryEnding()}`;
  if (await noteUse(library)) return library;
  const refusal = `${stem}.refused`;
  const remedy = `${remedyHere()}; to try again, delete ${refusal}`;
  if (existsSync(refusal)) throw absent(readFileSync(refusal, "utf8"), remedy);

  const refuse = async (reason: string, cause: unknown) => {
    await writeWhole(refusal, reason);
    return absent(reason, remedy, cause);
  };
  try {
    await makeFolder(folder);
    const fresh = uniqueName(library);
    try {
      await way.write(fresh).catch(async (cause) => {
        throw await refuse(`${way.cannot}: ${firstComplaint(cause)}`, cause);
      });
      await run(process.execPath, [selfTest, fresh, dtype], patience).catch(async (cause) => {
        const reason = `${way.wrong}: ${firstComplaint(cause)}`;
        say(`gradus: native: ${reason}; they are not used`);
        throw await refuse(reason, cause);
      });
      await publish(fresh, library);
    } finally {
      await rm(fresh, { force: true });
    }
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw absent(`${folder} cannot be written to: ${firstComplaint(cause)}`, "let it be written to", cause);
  }
  await prune(folder).catch(() => {
    // Files of other users' stay.
  });
  return library;
}

/** Milliseconds after which a compiler or a test is taken to hang. */
const patience = { timeout: 120_000 };

/** The program of the self-test, which has a process of its own: what is wrong may also be an instruction. */
const selfTest = path.join(import.meta.dirname, `self-test.node${path.extname(import.meta.filename)}`);

function remedyHere(): string {
  return howToInstall[process.platform] ?? howToInstall.linux;
}

function absent(reason: string, remedy = remedyHere(), cause?: unknown): Fault {
  return new Fault("device", "device", `native: ${reason}`, remedy, { cause });
}

/** The first line of what a process complained about that names an error, or its last. */
function firstComplaint(error: unknown): string {
  const { stderr, message, signal } = error as { stderr?: string; message: string; signal?: string };
  const lines = (stderr || message).split("\n").filter((line) => line.trim() !== "");
  return (lines.find((line) => /error/i.test(line)) ?? lines[0] ?? "") + (signal ? ` (${signal})` : "");
}

function sayOnStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}
