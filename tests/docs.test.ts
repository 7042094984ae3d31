import { execFile } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as gradus from "gradus";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { exitCodes } from "../src/cli/exit-code.ts";
import { readSpec } from "../src/cli/read-spec.ts";
import { experiment004E2 } from "../src/experiments/004-e2.ts";
import { parseSpec } from "../src/record/parse-spec.ts";
import { specSchema } from "../src/record/spec.ts";
import { checkSearch } from "../src/search/check-search.ts";
import { parseSearch } from "../src/search/search-document.ts";
import { code, explains, fieldsOf, rows } from "./documented.ts";
import { keysOf } from "./spec-keys.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (file: string) => readFileSync(root + file, "utf8");

describe("docs/spec.md", () => {
  const keys = keysOf(specSchema);
  const tables = rows(read("docs/spec.md")).filter((cells) => cells.length === 4 && code(cells[0]) !== undefined);
  const documented = new Map(tables.map(([key, type, standard]) => [code(key), { type, standard }]));

  test("has a row for every key of the schema, and for no other", () => {
    expect(keys.length).toBeGreaterThan(30);
    expect([...documented.keys()].sort()).toEqual([...new Set(keys.map(({ path }) => path))].sort());
  });

  test.each(keys)("$path: its default and its names", ({ path, standard, names }) => {
    const row = documented.get(path);
    if (standard.kind === "default") expect(parse(code(row?.standard) ?? "")).toEqual(standard.value);
    else expect(row?.standard).toBe(standard.kind);
    for (const name of names) expect(row?.type).toContain(`\`${name}\``);
  });
});

describe("docs/examples", () => {
  const isSearch = (file: string) => "vary" in parse(read(file));
  const files = globSync("docs/examples/*.yaml", { cwd: root });

  test.each(files.filter((file) => !isSearch(file)))("%s is a spec", async (file) => {
    await expect(readSpec(root + file, [])).resolves.toBeDefined();
  });

  test.each(files.filter(isSearch))("%s is a search", (file) => {
    expect(() => checkSearch(parseSearch(parse(read(file))))).not.toThrow();
  });

  test("two-layer.yaml is experiment 004-E2 with every default spelled out", () => {
    const written = parse(read("docs/examples/two-layer.yaml"));
    expect({ ...written, name: "004-E2" }).toEqual(parseSpec(experiment004E2.spec));
  });

  test("two-layer.yaml shows every key of its kinds, some as comments", () => {
    const text = read("docs/examples/two-layer.yaml");
    const keys = keysOf(specSchema, ["batches", "fan-in", "triangular", "sgd"]).map(({ path }) =>
      path.split(".").at(-1),
    );
    expect(keys.filter((key) => !new RegExp(`\\b${key}: `).test(text))).toEqual([]);
  });
});

describe("docs/cli.md", () => {
  const text = read("docs/cli.md");
  const section = (command: string) => text.split(`\n## gradus ${command}\n`)[1]?.split("\n## ")[0] ?? "";
  const run = async (...words: string[]) =>
    (await promisify(execFile)(process.execPath, ["src/cli/main.ts", ...words], { cwd: root })).stdout;
  const limits = ["data.limit.train=100", "data.limit.validation=10", "data.limit.test=10", "training.cycles=0.02"];
  const smallRun = ["train", "004-E2", "--quiet", ...limits.flatMap((limit) => ["--set", limit])];
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gradus-docs-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("lists every code of a fault with its exit code", () => {
    // A flag's row may have a number as well: its default.
    const listed = rows(text).filter(([name, exit]) => /^\d+$/.test(exit) && !(code(name) ?? "").startsWith("--"));
    const codes = Object.fromEntries(listed.map(([name, exit]) => [code(name) ?? "", Number(exit)]));
    expect(codes).toEqual({ "": 0, defect: 1, ...exitCodes });
  });

  test("has a section for every command, with all its flags and no others", async () => {
    const commands = await commandsOf([]);
    expect(commands.length).toBeGreaterThan(4);
    expect([...text.matchAll(/^## gradus (.*)$/gm)].map(([, name]) => name).sort()).toEqual(commands.sort());
    for (const command of commands) {
      const help = await run(...command.split(" "), "--help");
      const flags = [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z]+)/gm)].map(([, flag]) => flag);
      const listed = rows(section(command)).flatMap(([first]) => first.match(/--[a-z]+/)?.[0] ?? []);
      expect({ command, flags: [...listed, "--help"].sort() }).toEqual({ command, flags: flags.sort() });
    }
  });

  test("names every command in its table, each with its section, and no others", async () => {
    const named = rows(text).flatMap(([first]) => first.match(/^\[`gradus (.*)`\]\(#(.*)\)$/)?.slice(1) ?? []);
    const commands = named.filter((_, at) => at % 2 === 0);
    expect([...commands].sort()).toEqual((await commandsOf([])).sort());
    expect(named.filter((_, at) => at % 2 === 1)).toEqual(commands.map((name) => `gradus-${name.replace(" ", "-")}`));
  });

  test.each<[command: string, words: string[]]>([
    ["train", [...smallRun, "--json"]],
    ["check", ["check", "--layers", "2", "--lambda", "0", "--json"]],
    ["data fetch", ["data", "fetch", "--json"]],
    ["data verify", ["data", "verify", "--json"]],
    ["data info", ["data", "info", "--json"]],
    ["devices", ["devices", "--json"]],
  ])("explains every field of the document of gradus %s", async (command, words) => {
    const fields = fieldsOf(JSON.parse(await run(...words)));
    expect(fields.length).toBeGreaterThan(1);
    expect(fields.filter((field) => !explains(section(command), field))).toEqual([]);
  });

  test("explains every field of a run that diverged", async () => {
    const file = join(folder, "run.json");
    const attempt = run(...smallRun, "--set", "training.schedule.max=1e+30", "--record", file);
    await expect(attempt).rejects.toMatchObject({ code: exitCodes.diverged });
    const fields = fieldsOf(JSON.parse(await readFile(file, "utf8")));
    expect(fields).toContain("divergence.step");
    expect(fields.filter((field) => !explains(section("train"), field))).toEqual([]);
  });

  test("names the tensors that check --save writes", async () => {
    const file = join(folder, "gradients.safetensors");
    await run("check", "--save", file);
    const bytes = await readFile(file);
    const header = JSON.parse(bytes.toString("utf8", 8, 8 + Number(bytes.readBigUInt64LE(0))));
    const named = rows(section("check")).flatMap(([first]) => first.match(/layers=2,lambda=0.1\/\w+/)?.[0] ?? []);
    expect(named.length).toBe(5);
    expect(Object.keys(header)).toEqual(expect.arrayContaining(named));
  });

  /** The commands below `words` that do something themselves, as help names them. */
  async function commandsOf(words: string[]): Promise<string[]> {
    const help = await run(...words, "--help");
    const listed = help.split(/^Commands:$/m)[1]?.split("\n\n")[0] ?? "";
    const names = [...listed.matchAll(/^ {2}([a-z][a-z-]*)/gm)]
      .map(([, name]) => name)
      .filter((name) => name !== "help");
    if (names.length === 0) return [words.join(" ")];
    return (await Promise.all(names.map((name) => commandsOf([...words, name])))).flat();
  }
});

test("docs/library.md shows everything that the package exports", () => {
  const text = read("docs/library.md");
  expect(Object.keys(gradus).filter((name) => !text.includes(`\`${name}`))).toEqual([]);
});

test("every link from one document to another leads to a file", () => {
  const documents = globSync(["*.md", "docs/**/*.md", "src/*/README.md"], { cwd: root });
  const links = documents.flatMap((file) =>
    [...read(file).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => ({ file, target })),
  );
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter(({ file, target }) => !existsSync(join(root, file, "..", target)))).toEqual([]);
});
