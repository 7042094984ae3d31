import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findCompiler, sourcesHash } from "./compiler.node.ts";
import { nativeLibrary } from "./library.node.ts";
import { findPrebuilt, type Prebuilt, type PrebuiltList } from "./prebuilt.node.ts";

let folder: string;
let kept: string;
let lines: string[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "gradus-prebuilt-"));
  kept = path.join(folder, "kept");
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function list(libraries: readonly Partial<Prebuilt>[], sources = sourcesHash()): void {
  const whole = libraries.map((entry) => {
    const file = entry.file ?? "kernels.so";
    const sha256 = createHash("sha256")
      .update(readFileSync(path.join(folder, file)))
      .digest("hex");
    const { platform, arch } = process;
    return { file, platform, arch, dtype: "f32", flags: [], sha256, ...entry } satisfies Prebuilt;
  });
  const document: PrebuiltList = { sources, libraries: whole };
  writeFileSync(path.join(folder, "libraries.json"), JSON.stringify(document));
}

test("the first that the processor can run is taken, of this package's kernels alone", () => {
  for (const name of ["wide.so", "narrow.so"]) writeFileSync(path.join(folder, name), name);
  const both: Partial<Prebuilt>[] = [
    { file: "wide.so", platform: "linux", arch: "x64", flags: ["avx2", "avx512f"] },
    { file: "narrow.so", platform: "linux", arch: "x64", flags: ["avx2"] },
  ];
  list(both);
  const on = (flags: string, arch = "x64") => {
    const { file } = findPrebuilt("f32", folder, { platform: "linux", arch: arch as "x64", flags }) ?? {};
    return file && path.basename(file);
  };
  expect(on("flags : fpu avx2 avx512f")).toBe("wide.so");
  expect(on("flags : fpu avx2 avx512fx")).toBe("narrow.so");
  expect(on("flags : fpu")).toBeUndefined();
  expect(on("flags : avx2 avx512f", "arm64")).toBeUndefined();
  expect(findPrebuilt("f64", folder, { platform: "linux", arch: "x64", flags: "avx2" })).toBeUndefined();
  writeFileSync(path.join(folder, "wide.so"), "cut short");
  expect(on("flags : avx2 avx512f")).toBeUndefined();
  list(both, "other kernels");
  expect(on("flags : avx2 avx512f")).toBeUndefined();
});

describe.skipIf(findCompiler() === undefined)("with a library that this machine's compiler made", () => {
  const making = (env: Record<string, string>) => {
    return { folder: kept, prebuilt: folder, env, say: (line: string) => lines.push(line) };
  };

  test("it is tested and kept like one that was compiled here, and no compiler is needed", async () => {
    copyFileSync(await nativeLibrary("f32"), path.join(folder, "kernels.so"));
    list([{}]);
    const library = await nativeLibrary("f32", making({ PATH: folder }));
    expect(readFileSync(library)).toEqual(readFileSync(path.join(folder, "kernels.so")));
    expect(readdirSync(kept)).toEqual([path.basename(library)]);
    expect(await nativeLibrary("f32", making({ PATH: folder }))).toBe(library);
  });

  test("one that is no library is refused, and said once", async () => {
    writeFileSync(path.join(folder, "kernels.so"), "no library");
    list([{}]);
    const refused = () => nativeLibrary("f32", making({ PATH: folder })).catch((fault) => fault.complaint);
    expect(await refused()).toMatch(/^native: the package's kernels.so does not compute what wasm computes/);
    expect(await refused()).toMatch(/^native: the package's kernels.so does not compute what wasm computes/);
    expect(lines).toHaveLength(1);
    expect(readdirSync(kept)).toEqual([expect.stringMatching(/\.refused$/)]);
  });
});
