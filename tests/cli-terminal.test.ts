import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { exitCodes } from "../src/cli/exit-code.ts";
import { textWidth } from "../src/report/text-width.ts";
import { expectRefusal, gradus, temporaryFolder } from "./run-gradus.ts";
import { hasTerminal, onTerminal } from "./terminal.ts";

const { folder, remove } = temporaryFolder();
afterAll(remove);

const limits = ["data.limit={ train: 200, validation: 100, test: 100 }", "training.cycles=0.1"];
const small = ["train", "004-E2", ...limits.flatMap((limit) => ["--set", limit])];

// Needs Python 3 and pseudo-terminals.
describe.skipIf(!hasTerminal).concurrent("on a terminal", () => {
  test.each([60, 80])("of %i columns no line is longer", async (columns) => {
    const words = [["experiments"], ["experiments", "004-E5"], ["check", "--layers", "1"], ["devices", "--help"]];
    for (const command of words) {
      const { exitCode, stdout } = await gradus(command, { through: onTerminal(columns) });
      expect(exitCode, stdout).toBe(0);
      expect(stdout.split("\r\n").filter((line) => textWidth(stripVTControlCharacters(line)) > columns)).toEqual([]);
    }
  });

  test("an error has colours, unless NO_COLOR asks for none", async () => {
    const refused = async (env: Readonly<Record<string, string>>) =>
      (await gradus(["init", "a9"], { through: onTerminal(80), env: { TERM: "xterm", ...env } })).stdout;
    expect(await refused({})).toContain("\u001b[31m");
    // Clearing the live line is no colour.
    expect((await refused({ NO_COLOR: "1" })).replaceAll("\u001b[2K", "")).not.toContain("\u001b");
  });

  test("TERM=dumb gets no escape at all", async () => {
    const options = { through: onTerminal(80), env: { TERM: "dumb", GRADUS_STORE: folder } };
    const { exitCode, stdout } = await gradus(small, options);
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toMatch(/batch loss/);
    expect(stdout.replaceAll("\r\n", "")).not.toMatch(/\p{Cc}/u);
    const refused = await gradus(["show", "no-such-run"], options);
    expect(refused.stdout.replaceAll("\r\n", "")).not.toMatch(/\p{Cc}/u);
  });
});

test("a verdict has its colour where FORCE_COLOR asks for it, and none in a pipe", async () => {
  const check = ["check", "--layers", "1", "--lambda", "0"];
  expect((await gradus(check, { env: { FORCE_COLOR: "1" } })).stdout).toContain("\u001b[32magrees\u001b[39m");
  for (const env of [{}, { FORCE_COLOR: "0" }, { NO_COLOR: "1" }]) {
    expect((await gradus(check, { env })).stdout).not.toContain("\u001b");
  }
});

test("what a name hides or turns round reaches no terminal, in words nor in JSON", async () => {
  const name = "\u202egnp.\u009b31mexe";
  const { stdout, stderr } = await gradus(["data", "info", name, "--json"]);
  expect(JSON.parse(stdout).error.place).toBe(name);
  for (const text of [stdout, stderr]) expect(text).not.toMatch(/[\p{Cf}\u0080-\u009f]/u);
});

describe.skipIf(process.platform === "win32").concurrent("odd places", () => {
  test("a working directory that was removed is named, where one is needed", async () => {
    const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
    // "$1" is node; the relative path behind it leads nowhere from there.
    const script = `mkdir "$0" && cd "$0" && rmdir "$0" && node=$1 && shift 2 && exec "$node" '${main}' "$@"`;
    const through = ["sh", "-c", script, join(folder, "gone")];
    const { exitCode, stdout } = await gradus(["train", "004-E2", "--record", "run.json", "--json"], { through });
    expect(JSON.parse(stdout).error).toMatchObject({
      code: "usage",
      place: "working directory",
      message: expect.stringContaining("it has been removed"),
    });
    expect(exitCode).toBe(2);
  });

  test("a file where the store should be is no empty store", async () => {
    const file = join(folder, "a file");
    writeFileSync(file, "");
    const complaint = /it is a file, and a store is a folder/;
    const refusal = { code: "store", place: file, complaint, remedy: /name a folder/ } as const;
    for (const words of [["runs"], ["show", "latest"]]) {
      await expectRefusal(words, refusal, { env: { GRADUS_STORE: file } });
    }
  });

  test("a store that cannot be looked into is no empty store", async () => {
    const round = join(folder, "round");
    symlinkSync(round, round);
    const refusal = {
      code: "store",
      place: round,
      complaint: /cannot be looked into: ELOOP/,
      remedy: /GRADUS_STORE/,
    } as const;
    for (const words of [["runs"], ["show", "latest"]]) {
      await expectRefusal(words, refusal, { env: { GRADUS_STORE: round } });
    }
    const made = { ...refusal, complaint: /the folder cannot be made: ELOOP/ };
    await expectRefusal(small, made, { env: { GRADUS_STORE: round } });
  });

  test("a shell that allows few open files is named, where they do not do", async () => {
    const through = ["sh", "-c", 'ulimit -n 24; exec "$@"', "sh"];
    const { exitCode, stderr } = await gradus([...small, "--no-store"], { through });
    // How many files a Node has open before it trains, its version decides.
    expect([0, exitCodes.device], stderr).toContain(exitCode);
    if (exitCode !== 0)
      expect(stderr).toMatch(/no thread to train in: .* open files, and \d+ are left\n {2}remedy: .*`ulimit -n 1024`/);
  });

  test("a reader that goes away is no error", async () => {
    const through = ["bash", "-c", 'set -o pipefail; "$@" | head -c 1', "bash"];
    for (const words of [["experiments"], ["experiments", "--json"], ["--help"]]) {
      expect(await gradus(words, { through })).toMatchObject({ exitCode: 0, stderr: "" });
    }
  });
});
