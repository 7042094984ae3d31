import { globSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { withoutComments } from "./imports.ts";
import { gradus, temporaryFolder } from "./run-gradus.ts";

const { folder, remove } = temporaryFolder();
afterAll(remove);

/** What names from files could do to a terminal: escape sequences, and the direction of writing. */
const hostile = "a\u001b[31mred\u009b2J\u202etxt";
const commands = /[^\P{Cc}\n]|\p{Bidi_Control}/u;

test("only the console writes to the standard streams, where what it prints is made harmless", () => {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const writers = globSync("src/**/*.ts", { cwd: root })
    .filter((path) => !/\.test\.ts$|fixtures|wasm.kernels/.test(path))
    .filter((path) => {
      const source = withoutComments(readFileSync(root + path, "utf8"));
      return /process\.std(?:out|err)\.write|\bconsole\.(?:log|error|warn|info)\b/.test(source);
    });
  expect(writers.map((path) => path.replaceAll("\\", "/")).sort()).toEqual([
    "src/cli/console.ts",
    "src/math/devices/native/library.node.ts", // a defect of a compiler, before any console
    "src/math/devices/native/self-test.node.ts", // heard by its parent only
  ]);
});

test("no name turns into a command to the terminal, wherever it is printed", async () => {
  const spec = {
    name: hostile,
    network: { hidden: [] },
    training: { steps: 1, schedule: { kind: "constant", rate: 0.01 } },
    data: { limit: { train: 200, validation: 200, test: 200 } },
  };
  writeFileSync(`${folder}/spec.json`, JSON.stringify(spec));
  const env = { GRADUS_STORE: `${folder}/store` };
  for (const commandLine of [
    ["train", `${folder}/spec.json`],
    ["runs"],
    ["runs", "--json"],
    ["show", "latest"],
    ["compare", "latest", hostile],
    ["tag", "latest", hostile],
    ["show", hostile],
    [hostile],
    ["train", hostile],
    ["train", "--set", `${hostile}=1`],
    [`--${hostile}`],
    ["predict", "latest", hostile],
    ["data", "info", hostile],
    // Windows has no such names of files.
    ...(process.platform === "win32" ? [] : [["export", "latest", "--out", `${folder}/${hostile}.npz`]]),
  ]) {
    const { stdout, stderr } = await gradus(commandLine, { env });
    expect(stdout + stderr, commandLine.join(" ")).toMatch(/red/);
    expect(stdout + stderr, commandLine.join(" ")).not.toMatch(commands);
  }
}, 120_000);
