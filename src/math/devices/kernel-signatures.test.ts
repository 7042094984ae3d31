import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type ArgumentKind, inOrder, kernelSignatures, layoutSignatures } from "./kernel-signatures.ts";
import { declarationsOf } from "./native/declarations.ts";

// AssemblyScript, which cannot be imported.
const source = readFileSync(`${import.meta.dirname}/wasm/kernels/index.ts`, "utf8");

/** What AssemblyScript calls an argument's kind. */
const typeOf = (kind: ArgumentKind, dtype: string) => ({ address: "usize", count: "i32", number: dtype })[kind];

test.each(["f32", "f64"])("the WebAssembly kernels have the arguments of the table, name by name, in %s", (dtype) => {
  const written = (name: string) => new RegExp(`export function ${name}_${dtype}\\((.*?)\\)`).exec(source)?.[1];
  const parts = ["part: i32", "parts: i32"];
  for (const [table, before] of [
    [kernelSignatures, parts],
    [layoutSignatures, []],
  ] as const) {
    for (const [name, signature] of Object.entries<Readonly<Record<string, ArgumentKind>>>(table)) {
      const typedArguments = Object.entries(signature).map(([argument, kind]) => `${argument}: ${typeOf(kind, dtype)}`);
      expect(`${name}(${written(name)})`).toBe(`${name}(${[...before, ...typedArguments].join(", ")})`);
    }
  }
});

test("the C kernels have the arguments of the table, name by name", () => {
  const folder = `${import.meta.dirname}/native/kernels`;
  const written = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, "utf8").replaceAll(/\s+/g, " "));
  for (const declaration of Object.values(declarationsOf("f32"))) {
    const expected = declaration.replace("float ", "REAL ");
    expect(written.some((source) => source.includes(`${expected} {`)) ? expected : "no such function").toBe(expected);
  }
});

test("arguments are put in the order of the table, however they are written", () => {
  expect(inOrder("relu", { count: 3, s: 2, h: 1 })).toEqual([1, 2, 3]);
});
