import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { run } from "../bin/launch.js";

const launcher = new URL("../bin/launch.js", import.meta.url).href;

test("the exit code of the child is returned", async () => {
  expect(await run(process.execPath, ["-e", "process.exit(7)"])).toBe(7);
});

test("a command that is not there is named, with a remedy", async () => {
  await expect(run("no-such-node", [])).rejects.toThrow(/cannot run no-such-node .*\nInstall Node/);
});

// On Windows a signal from outside ends a process at once.
test.skipIf(process.platform === "win32")("a signal lets the child end in its own time", async () => {
  const child = `
    process.on("SIGTERM", () => setTimeout(() => { console.log("ended cleanly"); process.exit(3); }, 100));
    setInterval(() => {}, 1000);
    console.log("ready");`;
  const parent = `
    import { run } from ${JSON.stringify(launcher)};
    process.exitCode = await run(process.execPath, ["-e", ${JSON.stringify(child)}]);`;
  const launched = spawn(process.execPath, ["--input-type=module", "-e", parent], {
    cwd: fileURLToPath(new URL(".", import.meta.url)),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let stdout = "";
  launched.stdout.setEncoding("utf8").on("data", (text) => {
    if (stdout === "") launched.kill("SIGTERM");
    stdout += text;
  });
  const [exitCode] = await once(launched, "close");
  expect({ stdout, exitCode }).toEqual({ stdout: "ready\nended cleanly\n", exitCode: 3 });
});
