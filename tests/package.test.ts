import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  lstatSync,
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
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resultOfPage } from "./open-page.ts";

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
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  expect(run("npm", ["ci", "--prefer-offline", ...quiet])).toMatchObject({ status: 0 });
}, 180_000);

afterAll(() => rmSync(consumer, { recursive: true, force: true }));

/** A project that depends on the package, with the versions of our lockfile: those are in npm's cache already. */
function writeConsumer(tarball: string): void {
  const { "": gradusPackage, ...locked } = JSON.parse(readFileSync(`${root}package-lock.json`, "utf8")).packages;
  const needed = Object.entries<{ dev?: boolean; devOptional?: boolean; link?: boolean }>(locked).filter(
    ([, { dev, devOptional, link }]) => !dev && !devOptional && !link,
  );
  const { devDependencies: _, ...gradus } = gradusPackage;
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

test("installing it brings less than 40 MB, its optional packages included", () => {
  const files = readdirSync(join(consumer, "node_modules"), { recursive: true, encoding: "utf8" });
  const bytes = files.map((name) => lstatSync(join(consumer, "node_modules", name)).size);
  expect(files).toContain(join("koffi", "package.json"));
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(40e6);
});

test("the command runs", () => {
  expect(run("npx", ["gradus", "--version"])).toMatchObject({ status: 0, stdout: manifest.version });
});

test("the library trains and checks gradients, and needs SQLite only where a store is opened", () => {
  const { stdout, stderr } = run(process.execPath, ["--no-experimental-sqlite", "consumer.ts"]);
  expect(stderr).toBe("");
  const device = expect.stringMatching(/^(?:native|wasm)$/); // by whether there is a C compiler
  expect(JSON.parse(stdout)).toEqual({ state: "finished", steps: 8, device, passed: true });
});

describe("its types stand on their own", () => {
  test.each([
    { lib: ["es2023"], types: [], module: "nodenext" },
    { lib: ["es2023", "dom"], types: ["node"], module: "esnext", moduleResolution: "bundler" },
  ])("with lib $lib and types $types", (options) => {
    const typeRoots = [`${root}node_modules/@types`];
    const compilerOptions = {
      ...options,
      typeRoots,
      target: "es2023",
      strict: true,
      noEmit: true,
      skipLibCheck: false,
    };
    writeFileSync(join(consumer, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
    const checked = run(process.execPath, [`${root}node_modules/typescript/bin/tsc`, "-p", "."]);
    expect(checked).toEqual({ status: 0, stdout: "", stderr: "" });
  });
});

test("a page that imports it is built without anything of Node, and trains", async () => {
  cpSync(`${root}tests/fixtures/page`, join(consumer, "page"), { recursive: true });
  const site = join(consumer, "site");
  await build({ root: join(consumer, "page"), configFile: false, logLevel: "error", build: { outDir: site } });
  const scripts = readdirSync(join(site, "assets")).map((name) => readFileSync(join(site, "assets", name), "utf8"));
  expect(scripts.join().length).toBeGreaterThan(100_000);
  expect(scripts.join()).not.toMatch(/["'`]node:|__vite-browser-external/);
  expect(await resultOfPage(site, "localhost")).toMatchObject({ state: "finished", passed: true });
});

test("no source, test, generated page or machine path is in it", () => {
  const files = readdirSync(join(consumer, "node_modules/gradus"), { recursive: true, encoding: "utf8" });
  expect(files).toContain(join("dist", "cli", "main.js"));
  expect(files).toContain(join("dist", "math", "devices", "native", "kernels", "kernels.c"));
  expect(files).toContain(join("docs", "cli.md"));
  const programs = files.filter((name) => !name.startsWith(join("docs", "guide")));
  const unwanted = /\.test\.|(?<!\.d)\.ts$|^src|^scripts|^tests|package-lock|^docs.replication/;
  expect(programs.filter((name) => unwanted.test(name))).toEqual([]);
});

test("one version of Node is stated everywhere", () => {
  const oldest = manifest.engines.node.replace(">=", "");
  expect(oldest).toMatch(/^\d+\.\d+$/);
  for (const page of ["README.md", "CONTRIBUTING.md", "docs/library.md"]) {
    expect(readFileSync(root + page, "utf8"), page).toContain(`Node ${oldest} or later`);
  }
});

test("an old Node hands over to one installed beside the package, or says how to install it", () => {
  const pretence = (node: string) =>
    `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${node}" } });` +
    "process.on('exit', () => process.stderr.write(process.argv[1]));"; // what ran here
  const asNode = (node: string) =>
    run(process.execPath, [
      "--import",
      `data:text/javascript,${encodeURIComponent(pretence(node))}`,
      program,
      "--version",
    ]);
  const handedOver = { status: 0, stdout: manifest.version, stderr: program };
  const ranHere = {
    status: 0,
    stdout: manifest.version,
    stderr: program.replace(/bin.gradus\.js$/, join("dist", "cli", "main.js")),
  };
  expect(asNode("24.15.0")).toEqual(ranHere);
  expect(asNode("26.0.0")).toEqual(ranHere);
  const refused = asNode("24.14.1");
  expect(refused).toMatchObject({ status: 1, stdout: "" });
  expect(refused.stderr).toContain("this is Node 24.14.1; Gradus needs Node 24.15 or later.\n");
  expect(refused.stderr).toMatch(/\nnpm install --prefix ".*gradus-consumer-.*" node-[a-z0-9-]+@26\n/);

  const { optionalDependencies } = JSON.parse(readFileSync(`${root}scripts/node/package.json`, "utf8"));
  for (const name of Object.keys(optionalDependencies)) {
    const folder = join(consumer, "node_modules", name);
    mkdirSync(join(folder, "bin"), { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name }));
    symlinkSync(process.execPath, join(folder, "bin", process.platform === "win32" ? "node.exe" : "node"));
  }
  expect(asNode("24.14.1")).toEqual(handedOver);
  expect(asNode("20.19.0")).toEqual(handedOver);
});
