import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { expectRefusal, gradus } from "./run-gradus.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What bash offers for a line, by the script that `gradus completion bash` prints. */
async function offered(line: string, wordBreaks: string[]): Promise<string[]> {
  const { stdout: script } = await gradus(["completion", "bash"]);
  const program = `
    gradus() { "$NODE" src/cli/main.ts "$@"; }
    compopt() { :; }
    ${script}
    COMP_LINE="$1" COMP_POINT=\${#1}; shift
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _gradus
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const env = { ...process.env, NODE: process.execPath };
  const { stdout } = await promisify(execFile)("bash", ["-c", program, "bash", line, ...wordBreaks], {
    cwd: root,
    env,
  });
  return stdout.split("\n").filter(Boolean);
}

test.skipIf(process.platform === "win32").concurrent.each<[line: string, words: string[], expected: string[]]>([
  ["gradus exper", ["gradus", "exper"], ["experiments"]],
  ["gradus check --batch-norm --loss sm", ["gradus", "check", "--batch-norm", "--loss", "sm"], ["smoothed"]],
  ["gradus train package.j", ["gradus", "train", "package.j"], ["package.json"]],
  [
    "gradus train 004-E2 --set training.lam",
    ["gradus", "train", "004-E2", "--set", "training.lam"],
    ["training.lambda="],
  ],
])("bash completes %s", async (line, words, expected) => {
  expect(await offered(line, words)).toEqual(expected);
});

test("another shell is refused with the nearest", async () => {
  await expectRefusal(["completion", "zhs"], {
    code: "usage",
    place: "completion",
    complaint: 'did you mean "zsh"?',
    remedy: "fish",
  });
});
