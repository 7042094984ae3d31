import { existsSync, globSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as gradus from "gradus";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { exitCodes } from "../src/cli/exit-code.ts";
import { applyChange, readSpec } from "../src/cli/read-spec.ts";
import { experiment004E2 } from "../src/experiments/004-e2.ts";
import { parseSpec } from "../src/record/parse-spec.ts";
import { groupDescriptions, keyDescriptions, kindDescriptions } from "../src/record/spec-descriptions.ts";
import { specJsonSchema } from "../src/record/spec-json-schema.ts";
import { specKeys } from "../src/record/spec-keys.ts";
import { checkSearch } from "../src/search/check-search.ts";
import { parseSearch } from "../src/search/search-document.ts";
import { commentedKeys } from "./doc-comments.ts";
import { code, explains, fieldsOf, rows } from "./documented.ts";
import { gradus as runGradus } from "./run-gradus.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (file: string) => readFileSync(root + file, "utf8");

const specDocument = specJsonSchema();

describe("what is known of the keys of a spec", () => {
  const keys = specKeys(specDocument);
  const valued = keys.filter(({ isGroup }) => !isGroup);
  const text = read("docs/spec.md");
  const tables = rows(text).filter((cells) => cells.length === 4 && code(cells[0]) !== undefined);
  const documented = new Map(tables.map((cells) => [code(cells[0]), cells]));

  test("is described for every key of the schema, and for no other", () => {
    expect(valued.length).toBeGreaterThan(30);
    expect(Object.keys(keyDescriptions).sort()).toEqual(valued.map(({ path }) => path).sort());
    const groups = keys.filter(({ isGroup }) => isGroup).map(({ path }) => path);
    expect(Object.keys(groupDescriptions).sort()).toEqual(groups.sort());
  });

  test("docs/spec.md has a row for every key, and for no other", () => {
    expect([...documented.keys()].sort()).toEqual(valued.map(({ path }) => path).sort());
  });

  test.each(valued)("$path: its row says what the schema and its description say", ({ path, standard, allowed }) => {
    const [key, , standardCell] = documented.get(path) ?? [];
    expect(documented.get(path)).toEqual([key, allowed, standardCell, keyDescriptions[path]?.meaning]);
    if (standard.kind === "default") expect(parse(code(standardCell) ?? "")).toEqual(standard.value);
    else expect(standardCell).toBe(standard.kind);
  });

  test("its kinds are all described, and docs/spec.md has their formulas", () => {
    const ofKinds = valued.filter(({ path }) => path.endsWith(".kind"));
    expect(ofKinds.length).toBeGreaterThan(4);
    for (const { path, names } of ofKinds) {
      const texts = kindDescriptions[path.replace(/\.kind$/, "")] ?? {};
      expect(Object.keys(texts).sort(), path).toEqual([...names].sort());
    }
    const formulas = Object.fromEntries(rows(text).map(([kind, formula]) => [code(kind), formula]));
    for (const path of ["training.schedule", "training.update", "data.preprocess"]) {
      for (const [kind, formula] of Object.entries(kindDescriptions[path])) expect(formulas[kind], kind).toBe(formula);
    }
  });

  test.each(valued)("$path: its example is a spec with this key", ({ path }) => {
    const { example } = keyDescriptions[path];
    const schedule = { kind: "triangular", min: 1e-5, max: 0.1, halfCycle: 500 };
    const base: unknown = { training: { schedule, cycles: 1 } };
    const written = example.filter((change) => !change.endsWith("=")).reduce(applyChange, {} as unknown);
    expect(
      path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], written),
    ).toBeDefined();
    expect(() => parseSpec(example.reduce(applyChange, base))).not.toThrow();
  });

  test("the comment above each key in spec.ts is a part of its description", () => {
    const commented = commentedKeys(read("src/record/spec.ts"));
    const plain = (line: string) => line.toLowerCase().replace(/[`.]/g, "");
    const names = new Set(valued.map(({ path }) => path.split(".").at(-1) ?? ""));
    expect(new Set(commented.map(({ key }) => key))).toEqual(
      new Set([...names, ...keys.map(({ path }) => path.split(".").at(-1) ?? "")]),
    );
    expect(commented.filter(({ comment }) => comment === undefined)).toEqual([]);
    const meanings = [
      ...Object.values(keyDescriptions).map(({ meaning }) => meaning),
      ...Object.values(groupDescriptions),
    ].map(plain);
    const strangers = commented.filter(
      ({ key, comment = "" }) => key !== "kind" && !meanings.some((meaning) => meaning.includes(plain(comment))),
    );
    expect(strangers).toEqual([]);
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
    const ofKinds = ["batches", "fan-in", "triangular", "sgd"];
    const keys = specKeys(specDocument)
      .filter(({ kinds, isGroup }) => !isGroup && (kinds.length === 0 || kinds.some((kind) => ofKinds.includes(kind))))
      .map(({ path }) => path.split(".").at(-1));
    expect(keys.filter((key) => !new RegExp(`\\b${key}: `).test(text))).toEqual([]);
  });
});

describe("docs/cli.md", () => {
  const text = read("docs/cli.md");
  const section = (command: string) => text.split(`\n## gradus ${command}\n`)[1]?.split("\n## ")[0] ?? "";
  const run = async (...words: string[]) => {
    const { exitCode, stdout, stderr } = await runGradus(words);
    expect(exitCode, stderr).toBe(0);
    return stdout;
  };
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
    const { exitCode } = await runGradus([...smallRun, "--set", "training.schedule.max=1e+30", "--record", file]);
    expect(exitCode).toBe(exitCodes.diverged);
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
