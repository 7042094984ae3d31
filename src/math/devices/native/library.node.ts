import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { Fault } from "../../../fault/fault.ts";
import { cacheFolder } from "../../../files/cache-folder.node.ts";
import { makeFolder, publish, uniqueName, writeWhole } from "../../../files/whole-file.node.ts";
import type { Dtype } from "../../device.ts";
import { type Compiler, compilerArguments, findCompiler, libraryKey } from "./compiler.node.ts";

const run = promisify(execFile);

const howToInstall: Readonly<Record<string, string>> = {
  linux: "install one, e.g. Debian's gcc, or name one in GRADUS_CC",
  darwin: "xcode-select --install, or name one in GRADUS_CC",
};

/** How a library is made; all of it has what is usual for its default. */
export interface Making {
  /** Where libraries are kept. */
  readonly folder?: string;
  /** The surroundings: the compiler's name and the path it is looked for on. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Told of a library that does not compute what it should, once. */
  readonly say?: (line: string) => void;
}

/**
 * The file of the compiled kernels of a precision. Compiled where it is not there yet and tested against `wasm` before it
 * gets its name, so that a name holds a library that is whole and right, however many processes make it at once.
 * @throws Fault `device` where there is no compiler, it fails, or what it made computes other numbers: remembered, until
 * the kernels or the compiler change
 */
export async function nativeLibrary(
  dtype: Dtype,
  { folder = path.join(cacheFolder(), "native"), env = process.env, say = sayOnStderr }: Making = {},
): Promise<string> {
  const remedy = howToInstall[process.platform] ?? howToInstall.linux;
  if (process.platform === "win32") throw absent("is not made for Windows yet", "use the device wasm");
  const compiler = findCompiler(env);
  if (compiler === undefined) {
    const names = env.GRADUS_CC
      ? `GRADUS_CC: no file ${env.GRADUS_CC}`
      : "no C compiler: no cc, clang or gcc on the PATH";
    throw absent(names, remedy);
  }
  const stem = path.join(folder, `${libraryKey(compiler, dtype)}-${dtype}`);
  const library = `${stem}.so`;
  if (existsSync(library)) return library;
  const refusal = `${stem}.refused`;
  if (existsSync(refusal)) throw absent(readFileSync(refusal, "utf8"), `${remedy}; to try again, delete ${refusal}`);

  try {
    await makeFolder(folder);
    return await make(
      compiler,
      dtype,
      library,
      async (reason, cause) => {
        await writeWhole(refusal, reason);
        return absent(reason, `${remedy}; to try again, delete ${refusal}`, cause);
      },
      say,
    );
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw absent(`${folder} cannot be written to: ${firstComplaint(cause)}`, "let it be written to", cause);
  }
}

/** Compiles, tests and names a library. */
async function make(
  compiler: Compiler,
  dtype: Dtype,
  library: string,
  refuse: (reason: string, cause: unknown) => Promise<Fault>,
  say: (line: string) => void,
): Promise<string> {
  const fresh = uniqueName(library);
  try {
    try {
      await run(compiler.file, compilerArguments(dtype, fresh), patience);
    } catch (cause) {
      throw await refuse(`${compiler.name} cannot compile the kernels: ${firstComplaint(cause)}`, cause);
    }
    try {
      await run(process.execPath, [selfTest, fresh, dtype], patience);
    } catch (cause) {
      const reason = `${compiler.name} compiled kernels that do not compute what wasm computes: ${firstComplaint(cause)}`;
      say(`gradus: native: ${reason}; they are not used`);
      throw await refuse(reason, cause);
    }
    await publish(fresh, library);
    return library;
  } finally {
    await rm(fresh, { force: true });
  }
}

/** Milliseconds after which a compiler or a test is taken to hang. */
const patience = { timeout: 120_000 };

/** The program of the self-test, which has a process of its own: what is wrong may also be an instruction. */
const selfTest = path.join(import.meta.dirname, `self-test.node${path.extname(import.meta.filename)}`);

function absent(reason: string, remedy: string, cause?: unknown): Fault {
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
