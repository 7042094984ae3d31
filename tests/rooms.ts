import { isBuiltin } from "node:module";
import { dirname, join } from "node:path/posix";
import { importsOf, withoutComments } from "./imports.ts";

/** A folder of `src/`: it imports only rooms before it in the table. */
export interface Room {
  readonly name: string;
  /** Whether its code runs in browsers too: then only its `*.node.ts` files know Node. */
  readonly browser: boolean;
}

/** Packages that run in browsers. */
const browserPackages = [
  "@noble/hashes",
  "d3-scale",
  "d3-shape",
  "fast-png",
  "fastest-levenshtein",
  "fflate",
  "yaml",
  "zod",
];

/** The rooms of the table between `<!-- rooms -->` and `<!-- /rooms -->`: name first, `browser` or `node` last. */
export function readRooms(markdown: string): Room[] {
  const table = markdown.match(/<!-- rooms -->(.*?)<!-- \/rooms -->/s)?.[1] ?? "";
  return table.split("\n").flatMap((row) => {
    const cells = row.split("|").map((cell) => cell.trim().replaceAll("`", ""));
    const [name, side] = [cells[1], cells.at(-2)];
    return side === "browser" || side === "node" ? [{ name, browser: side === "browser" }] : [];
  });
}

/**
 * What breaks the house rules, each as a sentence naming the file and line.
 *
 * @param files sources and READMEs by path, e.g. `src/math/device.ts`
 */
export function violations(files: ReadonlyMap<string, string>, rooms: readonly Room[]): string[] {
  const sources = [...files.keys()].filter((path) => path.endsWith(".ts"));
  return [
    ...doorViolations(files, rooms),
    ...sources.flatMap((path) => importViolations(path, files, rooms)),
    ...cycles(files, sources),
  ];
}

function doorViolations(files: ReadonlyMap<string, string>, rooms: readonly Room[]): string[] {
  const folders = new Set([...files.keys()].map(roomOf).filter((name) => name !== ""));
  const names = rooms.map(({ name }) => name);
  return [
    ...[...folders]
      .filter((folder) => !names.includes(folder))
      .map((folder) => `src/${folder} is not in the table of rooms`),
    ...names.filter((name) => !folders.has(name)).map((name) => `the table's room ${name} has no folder`),
    ...[...folders].flatMap((folder) => {
      const readme = files.get(`src/${folder}/README.md`);
      if (readme === undefined) return [`src/${folder} has no README.md`];
      const lines = readme.trimEnd().split("\n").length;
      return lines > 30 ? [`src/${folder}/README.md has ${lines} lines; 30 are allowed`] : [];
    }),
  ];
}

function importViolations(path: string, files: ReadonlyMap<string, string>, rooms: readonly Room[]): string[] {
  const source = files.get(path) ?? "";
  const position = rooms.findIndex(({ name }) => name === roomOf(path));
  const isTest = path.endsWith(".test.ts");
  const isForBrowser = rooms[position]?.browser === true || path === "src/browser.ts";
  const runsInBrowser = isForBrowser && !isTest && !path.endsWith(".node.ts");
  const complaints = importsOf(source).flatMap(({ target, line }) =>
    judge(target).map((complaint) => `${path}:${line} ${complaint}`),
  );
  const global = runsInBrowser
    ? withoutComments(source).match(/(?<![\w-])(?:process|Buffer|require)\b(?=\??[.([])/)?.[0]
    : undefined;
  return global === undefined ? complaints : [...complaints, `${path} uses Node's ${global}, and runs in browsers`];

  function judge(target: string | undefined): string[] {
    if (target === undefined) return runsInBrowser ? ["imports something computed: it cannot be checked"] : [];
    if (/^gradus(?:\/|$)/.test(target)) return ["imports its own package"];
    if (!target.startsWith(".")) return runsInBrowser ? judgePackage(target) : [];
    const imported = join(dirname(path), target);
    if (imported.endsWith(".json")) return [];
    if (!imported.endsWith(".ts")) return [`imports ${imported}: a source is named with its .ts`];
    if (!imported.startsWith("src/")) return [`imports ${imported}, outside src`];
    if (!files.has(imported)) return [`imports ${imported}, which does not exist`];
    const complaints: string[] = [];
    const importedPosition = rooms.findIndex(({ name }) => name === roomOf(imported));
    if (position >= 0 && importedPosition < 0) complaints.push(`imports ${imported}, which is in no room`);
    if (position >= 0 && importedPosition > position) {
      complaints.push(`imports ${imported}: the room ${roomOf(imported)} comes after ${roomOf(path)}`);
    }
    if (runsInBrowser && imported.endsWith(".node.ts")) complaints.push(`runs in browsers but imports ${imported}`);
    if (runsInBrowser && rooms[importedPosition]?.browser === false) {
      complaints.push(`runs in browsers but imports ${imported} of a room that runs in Node only`);
    }
    const device = imported.match(/^src\/math\/devices\/[^/]+\//)?.[0];
    const isSelector = /^src\/math\/select(?:\.node|\.browser)?\.ts$/.test(path);
    // Devices that are another's variants: the memory of wasm, with kernels or products of their own.
    const isVariant = /^src\/math\/devices\/(?:blas|native)\//.test(path) && device === "src/math/devices/wasm/";
    if (device !== undefined && !path.startsWith(device) && !isSelector && !isVariant && !isTest) {
      complaints.push(
        `imports ${imported}: only math/select.ts, select.node.ts and select.browser.ts know a device's files`,
      );
    }
    return complaints;
  }
}

function judgePackage(target: string): string[] {
  if (isBuiltin(target)) return [`runs in browsers but imports ${target}: that belongs in a *.node.ts file`];
  const name = target.match(/^(?:@[^/]+\/)?[^/]+/)?.[0] ?? target;
  return browserPackages.includes(name)
    ? []
    : [`runs in browsers but imports the package ${name}, not known to run there`];
}

/** Each circle of files that import one another, once. */
function cycles(files: ReadonlyMap<string, string>, sources: readonly string[]): string[] {
  const finished = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    if (trail.includes(path))
      circles.push(`a circle of imports: ${[...trail.slice(trail.indexOf(path)), path].join(" -> ")}`);
    if (finished.has(path) || trail.includes(path)) return;
    for (const { target } of importsOf(files.get(path) ?? "")) {
      const imported = target?.startsWith(".") ? join(dirname(path), target) : "";
      if (files.has(imported)) visit(imported, [...trail, path]);
    }
    finished.add(path);
  };
  for (const path of sources) visit(path, []);
  return circles;
}

/** `math` for `src/math/device.ts`; nothing for `src/index.ts`, which is in no room and may import all. */
function roomOf(path: string): string {
  return path.match(/^src\/([^/]+)\//)?.[1] ?? "";
}
