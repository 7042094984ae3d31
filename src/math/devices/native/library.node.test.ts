import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Fault } from "../../../fault/fault.ts";
import { compilerArguments, compilerNames, findCompiler, libraryEnding } from "./compiler.node.ts";
import { type Making, nativeLibrary } from "./library.node.ts";

let folder: string;
let lines: string[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "gradus-native-"));
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const compiler = findCompiler();

/** A making with a compiler of one's own: a shell script that is given the arguments, and a count of its calls. */
function making(script: string): Making {
  const file = path.join(folder, "planted-cc");
  writeFileSync(file, `#!/bin/sh\necho called >> ${folder}/calls\n${script}\n`);
  chmodSync(file, 0o755);
  return { folder: path.join(folder, "kept"), env: { GRADUS_CC: file }, say: (line) => lines.push(line) };
}

async function refusal(of: Making): Promise<Fault> {
  const error = await nativeLibrary("f32", of).catch((fault: unknown) => fault);
  if (!(error instanceof Fault)) throw new Error("the library was not refused", { cause: error });
  return error;
}

const calls = () => readFileSync(`${folder}/calls`, "utf8").split("\n").length - 1;
const keptFiles = () => readdirSync(path.join(folder, "kept"));

// As a folder of another user's is refused, which a test that runs as root cannot have.
test.skipIf(process.platform === "win32")("a folder of the PATH that cannot be looked into is passed over", () => {
  const round = path.join(folder, "round");
  symlinkSync(round, round);
  const file = path.join(folder, "cc");
  writeFileSync(file, "");
  expect(findCompiler({ PATH: [round, folder].join(path.delimiter) })).toEqual({ file, name: "cc" });
});

test.skipIf(process.platform === "win32")("on Windows Clang is the first, and a library is a .dll", () => {
  const file = path.join(folder, "gcc.exe");
  writeFileSync(file, "");
  expect(findCompiler({ PATH: folder }, compilerNames("win32"))).toEqual({ file, name: "gcc.exe" });
  writeFileSync(path.join(folder, "clang.exe"), "");
  expect(findCompiler({ PATH: folder }, compilerNames("win32"))?.name).toBe("clang.exe");
  expect(compilerArguments("f32", "kernels.dll", [], "win32")).not.toContain("-fPIC");
  expect(libraryEnding("win32")).toBe(".dll");
});

test("without a compiler it is said what to install", async () => {
  const fault = await refusal({ folder, env: { PATH: folder } });
  expect(fault.complaint).toBe("native: no C compiler: no cc, clang or gcc on the PATH");
  expect(fault.remedy).toMatch(/gcc|xcode-select/);
  expect((await refusal({ folder, env: { GRADUS_CC: "/no/cc", PATH: process.env.PATH } })).complaint).toBe(
    "native: GRADUS_CC: no file /no/cc",
  );
});

test("a compiler that fails is asked once, and its complaint kept", async () => {
  const failing = making('echo "kernels.c:7: error: no such thing" >&2; exit 1');
  for (let time = 0; time < 2; time++) {
    const { complaint, remedy } = await refusal(failing);
    expect(complaint).toContain("cannot compile the kernels: kernels.c:7: error: no such thing");
    expect(remedy).toMatch(/to try again, delete .*\.refused$/);
  }
  expect(calls()).toBe(1);
  expect(keptFiles()).toEqual([expect.stringMatching(/^[0-9a-f]{16}-f32\.refused$/)]);
  expect(lines).toEqual([]);
});

describe.skipIf(compiler === undefined)("with this machine's compiler", () => {
  // Compiling takes seconds: what the planted compilers answer with is made once.
  let libraries: string;
  let hasty: string;
  let right: string;
  /** The file that the compiler is asked to write becomes $2. */
  const seekOutput = 'while [ "$1" != -o ]; do shift; done';
  const copying = (library: string) => `${seekOutput}\nexec cp '${library}' "$2"`;
  beforeAll(async () => {
    libraries = mkdtempSync(path.join(tmpdir(), "gradus-libraries-"));
    // Contracts multiplications and additions and reorders sums: what a compiler may do that is told to hurry.
    const hastyLibrary = path.join(libraries, "hasty");
    const flags = ["-O1", "-ffast-math", "-ffp-contract=fast"];
    const made = spawnSync(compiler?.file ?? "", [...compilerArguments("f32", hastyLibrary), ...flags]);
    if (made.status !== 0) throw new Error(String(made.stderr));
    hasty = copying(hastyLibrary);
    right = copying(await nativeLibrary("f32"));
  });
  afterAll(() => rmSync(libraries, { recursive: true, force: true }));

  const crashing = `${seekOutput}
printf 'static void __attribute__((constructor)) f(void) { __builtin_trap(); }\n' > "$0.c"
exec ${compiler?.file} -shared -fPIC -o "$2" "$0.c"`;

  test.each([
    ["computes other numbers", () => hasty, /do not compute what wasm computes: \w+/],
    ["kills the process that calls them", () => crashing, /do not compute what wasm computes: .*\(SIG/],
  ])("kernels that a compiler makes so that it %s are refused, and one line says so", async (_, script, complaint) => {
    const planted = making(script());
    expect((await refusal(planted)).complaint).toMatch(complaint);
    expect((await refusal(planted)).complaint).toMatch(complaint);
    expect(calls()).toBe(1);
    expect(lines).toEqual([expect.stringMatching(/^gradus: native: .*; they are not used$/)]);
    expect(keptFiles()).toEqual([expect.stringMatching(/\.refused$/)]);
  });

  test("in place of kernels that were refused auto is wasm, and it is said once", async () => {
    const { env } = making(hasty);
    const devices = () =>
      spawnSync(process.execPath, ["src/cli/main.ts", "devices", "--json"], {
        cwd: path.join(import.meta.dirname, "../../../.."),
        env: { ...process.env, ...env, XDG_CACHE_HOME: folder, LOCALAPPDATA: folder, HOME: folder },
        encoding: "utf8",
      });
    const [first, second] = [devices(), devices()];
    for (const { stdout } of [first, second]) {
      const document = JSON.parse(stdout);
      expect(document.auto).toBe("wasm");
      expect(document.devices[0]).toMatchObject({ name: "native", available: false });
    }
    expect(first.stderr).toMatch(/^gradus: native: .*; they are not used\n$/);
    expect(second.stderr).toBe("");
  });

  test("several that start at once each get a whole library, and one is left", async () => {
    const usual = making(right);
    const [first, second] = await Promise.all([nativeLibrary("f32", usual), nativeLibrary("f32", usual)]);
    expect(first).toBe(second);
    expect(keptFiles()).toEqual([path.basename(first)]);
    const before = calls();
    expect(await nativeLibrary("f32", usual)).toBe(first);
    expect(calls()).toBe(before);
  });

  test("a folder that cannot be written to is said to be one", async () => {
    writeFileSync(path.join(folder, "kept"), "a file");
    expect((await refusal(making(`exec ${compiler?.file} "$@"`))).complaint).toContain("cannot be written to");
  });
});
