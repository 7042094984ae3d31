import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { PNG } from "pngjs";
import { afterAll, expect, test } from "vitest";
import { encodeModel } from "../src/model/encode-model.ts";
import { smallModel } from "../src/model/fixtures/small-model.ts";
import { temporaryFolder } from "./run-gradus.ts";

const { folder, remove } = temporaryFolder();
afterAll(remove);
const root = fileURLToPath(new URL("..", import.meta.url));

/** What a command loads: sources below `src/`, packages below `node_modules/`. */
async function loadedBy(...command: string[]): Promise<{ sources: string[]; packages: string[] }> {
  const hook = new URL("./fixtures/report-modules.ts", import.meta.url).href;
  const { stderr } = await promisify(execFile)(
    process.execPath,
    ["--import", hook, path.join(root, "src/cli/main.ts"), ...command],
    { cwd: folder, env: { ...process.env, GRADUS_STORE: path.join(folder, "store") } },
  );
  const files = stderr.split("\n").map((url) => fileURLToPath(url).slice(root.length).replaceAll(path.sep, "/"));
  const packages = files.flatMap((file) => file.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []);
  return { sources: files.filter((file) => file.startsWith("src/")), packages: [...new Set(packages)] };
}

// A command loads what it needs: each source more is some tenths of a millisecond, zod and yaml are the half of a start.

test("the version and help load neither a schema nor an experiment", async () => {
  const { sources, packages } = await loadedBy("train", "--help");
  expect(packages).toEqual(["commander"]);
  expect(sources.length, sources.join("\n")).toBeLessThan(25);
});

test("a picture is predicted without specs, experiments, optimisers and the formats of data files", async () => {
  await writeFile(
    path.join(folder, "model.safetensors"),
    await encodeModel({ ...smallModel({ hidden: [5] }), shape: [1, 2, 3] }),
  );
  await writeFile(path.join(folder, "grey.png"), PNG.sync.write(new PNG({ width: 3, height: 2 }), { colorType: 0 }));
  const { sources, packages } = await loadedBy("predict", "model.safetensors", "grey.png");
  expect(packages.filter((name) => name === "yaml" || name.startsWith("pg") || name === "hono")).toEqual([]);
  expect(sources).toContain("src/model/classify.ts");
  const needless = /^src\/(?:experiments|optim|search|data\/formats\/(?!location))|src\/cli\/read-spec/;
  expect(sources.filter((file) => needless.test(file))).toEqual([]);
});

test("a list of runs does not load what trains", async () => {
  const { sources, packages } = await loadedBy("runs");
  expect(packages.filter((name) => name === "yaml" || name.startsWith("pg"))).toEqual([]);
  expect(sources.filter((file) => /^src\/(?:nn|optim|train|worker|math\/devices)\//.test(file))).toEqual([]);
});
