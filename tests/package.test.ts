import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
const consumer = mkdtempSync(join(tmpdir(), "gradus-consumer-"));
const program = join(consumer, "node_modules/gradus/bin/gradus.js");

/** Runs a command to its end in `cwd`, with the Node of the tests first on the PATH. */
function run(command: string, commandArguments: readonly string[], cwd = consumer) {
  const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` };
  const shell = process.platform === "win32";
  const { status, stdout, stderr } = spawnSync(command, commandArguments, { cwd, env, shell, encoding: "utf8" });
  return { status, stdout: stdout.trim(), stderr: stderr.trim() };
}

beforeAll(() => {
  const packed = run("npm", ["pack", "--pack-destination", consumer, "--loglevel=error"], root);
  expect(packed).toMatchObject({ status: 0 });
  writeConsumer(`file:gradus-${manifest.version}.tgz`);
  // Without the optional Node of 150 MB: the tests bring theirs.
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  expect(run("npm", ["ci", "--prefer-offline", "--omit=optional", ...quiet])).toMatchObject({ status: 0 });
});

afterAll(() => rmSync(consumer, { recursive: true, force: true }));

/** A project that depends on the package, with the versions of our lockfile: those are in npm's cache already. */
function writeConsumer(tarball: string): void {
  const { "": self, ...locked } = JSON.parse(readFileSync(`${root}package-lock.json`, "utf8")).packages;
  const needed = Object.entries<{ dev?: boolean; devOptional?: boolean }>(locked).filter(
    ([, { dev, devOptional }]) => !dev && !devOptional,
  );
  const { devDependencies: _, ...gradus } = self;
  const dependencies = { gradus: tarball };
  const packages = {
    "": { dependencies },
    "node_modules/gradus": { ...gradus, resolved: tarball },
    ...Object.fromEntries(needed),
  };
  writeFileSync(join(consumer, "package.json"), JSON.stringify({ private: true, type: "module", dependencies }));
  writeFileSync(join(consumer, "package-lock.json"), JSON.stringify({ lockfileVersion: 3, requires: true, packages }));
  copyFileSync(`${root}tests/fixtures/consumer.ts`, join(consumer, "consumer.ts"));
}

test("the command runs, and starts without its own Node where the present one will do", () => {
  expect(run("npx", ["gradus", "--version"])).toMatchObject({ status: 0, stdout: manifest.version });
});

test("the library trains and checks gradients", () => {
  const { stdout, stderr } = run(process.execPath, ["consumer.ts"]);
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual({ state: "finished", steps: 8, device: "wasm", passed: true });
});

test("its types stand on their own", () => {
  const compilerOptions = { module: "nodenext", target: "es2023", strict: true, noEmit: true, types: [] };
  writeFileSync(join(consumer, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
  const checked = run(process.execPath, [`${root}node_modules/typescript/bin/tsc`, "-p", "."]);
  expect(checked).toEqual({ status: 0, stdout: "", stderr: "" });
});

test("no source, test or machine path is in it", () => {
  const files = readdirSync(join(consumer, "node_modules/gradus"), { recursive: true, encoding: "utf8" });
  expect(files).toContain(join("dist", "cli", "main.js"));
  const programs = files.filter((name) => !name.startsWith(join("docs", "guide")));
  expect(programs.filter((name) => /\.test\.|(?<!\.d)\.ts$|^src|^scripts|^tests|package-lock/.test(name))).toEqual([]);
});

test("an old Node hands over to the package's own, or says what to install", () => {
  const pretence = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.19.0" } })';
  const asNode20 = ["--import", `data:text/javascript,${encodeURIComponent(pretence)}`, program, "--version"];
  const alone = run(process.execPath, asNode20);
  expect(alone).toMatchObject({ status: 1, stdout: "" });
  expect(alone.stderr).toMatch(/this is Node 20\.19\.0; Gradus needs Node 24 or later.*\nInstall Node 24 or later/);

  for (const name of Object.keys(manifest.optionalDependencies)) {
    const folder = join(consumer, "node_modules", name);
    mkdirSync(join(folder, "bin"), { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name }));
    symlinkSync(process.execPath, join(folder, "bin", process.platform === "win32" ? "node.exe" : "node"));
  }
  expect(run(process.execPath, asNode20)).toEqual({ status: 0, stdout: manifest.version, stderr: "" });
  // So does one whose SQLite is too old for the store.
  const oldSqlite = pretence.replace('node: "20.19.0"', 'sqlite: "3.51.2"');
  const told = "process.on('exit', () => process.stderr.write(process.argv[1]));"; // what ran here
  const asOldSqlite = [
    "--import",
    `data:text/javascript,${encodeURIComponent(`${oldSqlite};${told}`)}`,
    program,
    "--version",
  ];
  expect(run(process.execPath, asOldSqlite)).toEqual({ status: 0, stdout: manifest.version, stderr: program });
});
