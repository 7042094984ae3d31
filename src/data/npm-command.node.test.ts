import { expect, test } from "vitest";
import { npmCommand, run } from "./npm-command.node.ts";

const node = process.execPath;
const only =
  (...files: string[]) =>
  (file: string) =>
    files.includes(file);

test.each([
  ["under npm", { npm_execpath: "/n/bin/npm-cli.js", npm_node_execpath: "/n/node" }, "/n/node", ["/n/bin/npm-cli.js"]],
  ["under npx", { npm_execpath: "/n/bin/npx-cli.js" }, node, ["/n/bin/npm-cli.js"]],
  ["under yarn", { npm_execpath: "/y/yarn.js", PATH: "/x:/usr/bin" }, "/usr/bin/npm", []],
  ["elsewhere", { PATH: "/x::/usr/bin" }, "/usr/bin/npm", []],
] as const)("%s", (_, env, program, first) => {
  expect(npmCommand(env, "linux", only("/n/bin/npm-cli.js", "/usr/bin/npm"))).toEqual({ program, first });
});

test("on Windows: the script beside the batch file, run by this Node", () => {
  const script = "C:\\node\\node_modules\\npm\\bin\\npm-cli.js";
  const env = { Path: "C:\\Windows;C:\\node" };
  expect(npmCommand(env, "win32", only("C:\\node\\npm.cmd", script))).toEqual({ program: node, first: [script] });
  expect(npmCommand(env, "win32", only("C:\\node\\npm.cmd"))).toBeUndefined();
});

test("without npm there is no command", () => {
  expect(npmCommand({ PATH: "/x" }, "linux", only())).toBeUndefined();
  expect(npmCommand({}, "win32", only())).toBeUndefined();
});

test("run returns the status and what was written to standard error", async () => {
  const script = "console.error('npm error code E404'); process.exit(3)";
  expect(await run({ program: node, first: ["-e"] }, [script], undefined)).toEqual({
    status: 3,
    errors: "npm error code E404\n",
  });
});

test("run ends with the signal, and refuses a program that is not there", async () => {
  const waiting = run({ program: node, first: ["-e"] }, ["setTimeout(() => {}, 60000)"], AbortSignal.timeout(50));
  await expect(waiting).rejects.toThrow("aborted");
  await expect(run({ program: "/nowhere/npm", first: [] }, [], undefined)).rejects.toThrow("ENOENT");
});
