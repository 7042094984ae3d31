import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { importsOf } from "./imports.ts";
import { type Room, readRooms, violations } from "./rooms.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

test("the sources keep to docs/architecture.md", () => {
  const rooms = readRooms(readFileSync(`${root}docs/architecture.md`, "utf8"));
  const paths = globSync(["src/**/*.ts", "src/*/README.md"], { cwd: root })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => !path.startsWith("src/math/devices/wasm/kernels/")); // AssemblyScript, a module of its own
  expect(rooms.length).toBeGreaterThan(0);
  expect(paths.length).toBeGreaterThan(rooms.length);
  expect(violations(new Map(paths.map((path) => [path, readFileSync(root + path, "utf8")])), rooms)).toEqual([]);
});

test("the table of rooms is read between its marks", () => {
  const markdown = `
| \`not\` | this | node |
<!-- rooms -->
| room | what it holds | where it runs |
|---|---|---|
| \`math\` | devices | browser |
| \`cli\` | commands | \`node\` |
<!-- /rooms -->
| \`nor\` | this | node |`;
  expect(readRooms(markdown)).toEqual([
    { name: "math", browser: true },
    { name: "cli", browser: false },
  ]);
});

describe("a house in order, and what spoils it", () => {
  const rooms: Room[] = [
    { name: "math", browser: true },
    { name: "nn", browser: true },
    { name: "report", browser: false },
  ];
  const house = {
    "src/math/README.md": "# math\n",
    "src/math/device.ts": "export interface Device {}",
    "src/math/select.ts": 'import { createOne } from "./devices/one/one.ts";',
    "src/math/devices/conformance.test.ts": 'import { createOne } from "./one/one.ts";',
    "src/math/devices/one/one.ts": 'import type { Device } from "../../device.ts";\nimport "./parts.ts";',
    "src/math/devices/one/parts.ts": "",
    "src/math/files.node.ts": 'import { readFile } from "node:fs/promises";',
    "src/nn/README.md": "# nn\n",
    "src/nn/dense.ts": 'import type { Device } from "../math/device.ts";\nimport { z } from "zod";',
    "src/report/README.md": "# report\n",
    "src/report/page.ts": 'import "node:fs";\nimport "../nn/dense.ts";\nimport "../math/files.node.ts";\nimport "tar";',
    "src/index.ts": 'export * from "./nn/dense.ts";\nexport * from "./report/page.ts";',
  };
  const judge = (changes: Record<string, string | undefined>) => {
    const files = Object.entries({ ...house, ...changes }).filter((entry) => entry[1] !== undefined);
    return violations(new Map(files as [string, string][]), rooms);
  };

  test("in order", () => expect(judge({})).toEqual([]));

  test.each<[why: string, changes: Record<string, string | undefined>, complaint: string]>([
    ["a folder without a row", { "src/shed/README.md": "" }, "src/shed is not in the table of rooms"],
    ["a room without a README", { "src/nn/README.md": undefined }, "src/nn has no README.md"],
    [
      "a long README",
      { "src/nn/README.md": "\n".repeat(30).concat("x") },
      "src/nn/README.md has 31 lines; 30 are allowed",
    ],
    [
      "an import to the right",
      { "src/math/batch.ts": '\nimport { dense } from "../nn/dense.ts";' },
      "src/math/batch.ts:2 imports src/nn/dense.ts: the room nn comes after math",
    ],
    [
      "a type import to the right, in a test",
      { "src/math/device.test.ts": 'import type { Dense } from "../nn/dense.ts";' },
      "src/math/device.test.ts:1 imports src/nn/dense.ts: the room nn comes after math",
    ],
    [
      "an import of the package's entry",
      { "src/nn/loss.ts": 'import "../index.ts";' },
      "src/nn/loss.ts:1 imports src/index.ts, which is in no room",
    ],
    [
      "an import of a file that is not there",
      { "src/nn/dense.ts": 'import "../math/gone.ts";' },
      "src/nn/dense.ts:1 imports src/math/gone.ts, which does not exist",
    ],
    [
      "an import out of src",
      { "src/nn/dense.ts": 'import "../../web/a.ts";' },
      "src/nn/dense.ts:1 imports web/a.ts, outside src",
    ],
    [
      "a source by another name",
      { "src/math/device.ts": 'import type { Dense } from "../nn/dense.js";' },
      "src/math/device.ts:1 imports src/nn/dense.js: a source is named with its .ts",
    ],
    [
      "a way round through the package's own name",
      { "src/report/page.ts": 'import { train } from "gradus";' },
      "src/report/page.ts:1 imports its own package",
    ],
    [
      "a circle",
      { "src/nn/a.ts": 'import "./b.ts";', "src/nn/b.ts": 'export type * from "./a.ts";' },
      "a circle of imports: src/nn/a.ts -> src/nn/b.ts -> src/nn/a.ts",
    ],
    [
      "Node in a browser's file",
      { "src/nn/dense.ts": 'import { join } from "node:path";' },
      "src/nn/dense.ts:1 runs in browsers but imports node:path: that belongs in a *.node.ts file",
    ],
    [
      "Node by its old name",
      { "src/nn/dense.ts": 'const fs = await import("fs");' },
      "src/nn/dense.ts:1 runs in browsers but imports fs: that belongs in a *.node.ts file",
    ],
    [
      "Node's globals",
      { "src/nn/dense.ts": "const here = process.cwd();" },
      "src/nn/dense.ts uses Node's process, and runs in browsers",
    ],
    [
      "a package not known to browsers",
      { "src/nn/dense.ts": 'import { extract } from "tar/extract";' },
      "src/nn/dense.ts:1 runs in browsers but imports the package tar, not known to run there",
    ],
    [
      "a detour through a Node file",
      { "src/nn/dense.ts": 'export { files } from "../math/files.node.ts";' },
      "src/nn/dense.ts:1 runs in browsers but imports src/math/files.node.ts",
    ],
    [
      "the entry for pages with Node in it",
      { "src/browser.ts": 'import { files } from "./math/files.node.ts";' },
      "src/browser.ts:1 runs in browsers but imports src/math/files.node.ts",
    ],
    [
      "a computed import",
      { "src/nn/dense.ts": "await import(name);" },
      "src/nn/dense.ts:1 imports something computed: it cannot be checked",
    ],
    [
      "a device known outside math/select.ts",
      { "src/nn/dense.ts": 'import { createOne } from "../math/devices/one/one.ts";' },
      "src/nn/dense.ts:1 imports src/math/devices/one/one.ts: only math/select.ts, select.node.ts and select.browser.ts know a device's files",
    ],
    [
      "a device that knows another",
      { "src/math/devices/two/two.ts": 'import "../one/parts.ts";' },
      "src/math/devices/two/two.ts:1 imports src/math/devices/one/parts.ts: only math/select.ts, select.node.ts and select.browser.ts know a device's files",
    ],
  ])("%s", (_why, changes, complaint) => expect(judge(changes)).toEqual([complaint]));

  test("a row without a folder", () => {
    const missing = [...rooms, { name: "attic", browser: false }];
    expect(violations(new Map(Object.entries(house)), missing)).toEqual(["the table's room attic has no folder"]);
  });

  test("a room that runs in Node only, left of one that runs in browsers", () => {
    const swapped = [rooms[0], { name: "nn", browser: false }, { name: "report", browser: true }];
    const files = { ...house, "src/report/page.ts": 'import "../nn/dense.ts";' };
    expect(violations(new Map(Object.entries(files)), swapped)).toEqual([
      "src/report/page.ts:1 runs in browsers but imports src/nn/dense.ts of a room that runs in Node only",
    ]);
  });
});

describe("imports are found", () => {
  const backtick = "`";
  test.each<[source: string, targets: (string | undefined)[]]>([
    ['import a from "./a.ts";', ["./a.ts"]],
    ["import './a.ts'", ["./a.ts"]],
    ['import type { A } from "./a.ts";', ["./a.ts"]],
    ['import {\n  a,\n  type B,\n} from\n  "./a.ts";', ["./a.ts"]],
    ['import{a}from"./a.ts";import"./b.ts"', ["./a.ts", "./b.ts"]],
    ['export * from "./a.ts"; export { b } from "./b.ts";', ["./a.ts", "./b.ts"]],
    ['const a = await import("./a.ts", {});', ["./a.ts"]],
    ['const a = await import(\n  // the reason\n  "./a.ts"\n);', ["./a.ts"]],
    [`import(${backtick}./a.ts${backtick})`, ["./a.ts"]],
    [`import(${backtick}./\${a}.ts${backtick}); import(b); import("./c" + d)`, [undefined, undefined, undefined]],
    ['let a: import("./a.ts").A;', ["./a.ts"]],
    ['new Worker(new URL("./a.ts", import.meta.url));', ["./a.ts"]],
    ['/* import "./no.ts" */ import "./a.ts"; // "', ["./a.ts"]],
    ['const quote = /["`]/; import("./a.ts"); const other = /["`]/;', ["./a.ts"]],
    ['const broken = "; import "./a.ts"', ["./a.ts"]],
    ['/**\n * import { no } from "./no.ts";\n */\n// import "./no.ts"\nimport "./a.ts";', ["./a.ts"]],
    [
      `const text = "from ${backtick}min${backtick} to ${backtick}max${backtick}, import ${backtick}no${backtick}";`,
      [],
    ],
    ['Array.from("no"); important("no"); import.meta.resolve("no"); const from = "no";', []],
  ])("%s", (source, targets) => expect(importsOf(source).map(({ target }) => target)).toEqual(targets));

  test("with their lines", () => {
    expect(importsOf('/**\n * Two lines.\n */\nimport "./a.ts";\nimport(b)').map(({ line }) => line)).toEqual([4, 5]);
  });
});
