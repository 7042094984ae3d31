import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { exitCodes } from "../src/cli/exit-code.ts";
import { gradus, gradusJson, temporaryFolder } from "./run-gradus.ts";

// What a refusal or a notice tells a person to do is done as it stands.

const { folder, remove } = temporaryFolder();
afterAll(remove);

/** A penalty that only a rate below 1 survives: each update multiplies the weights by 1 - 2 rate. */
const spec = join(folder, "steep.json");
writeFileSync(
  spec,
  JSON.stringify({
    name: "steep",
    device: "wasm",
    data: { limit: { train: 100, validation: 50, test: 50 } },
    network: { hidden: [] },
    training: { batch: 50, lambda: 1, steps: 60, schedule: { kind: "constant", rate: 5 } },
  }),
);

/** The commands of a remedy, as a shell would take them apart. */
function commandsOf(remedy: string): string[][] {
  return [...remedy.matchAll(/gradus (resume \S+ --fork(?: --set \S+?)+)(?=;|$)/g)].map(([, words]) =>
    words.split(" "),
  );
}

describe.concurrent("the remedy of a run that diverged", () => {
  test.each([
    ["a constant rate", []],
    ["a schedule with two ends", ["--set", "training.schedule={ kind: cosine, max: 9, min: 8 }"]],
    ["a limit on the cost", ["--set", "training.costLimit=1000"]],
  ])("is pasted, and trains to its end: %s", async (what, changes) => {
    const options = { env: { GRADUS_STORE: join(folder, what) } };
    const { exitCode, stdout } = await gradus(["train", spec, ...changes, "--json"], options);
    expect(exitCode).toBe(exitCodes.diverged);
    const { run, error } = JSON.parse(stdout);
    const commands = commandsOf(error.remedy);
    expect(commands, error.remedy).toHaveLength(1);
    const fork = await gradusJson(commands[0], options);
    expect(fork).toMatchObject({ state: "finished", steps: 60, fork: { run, step: 0 } });
  });
});

describe.concurrent("a notice", () => {
  const still = ["train", spec, "--no-store", "--set", "training.schedule.rate=0", "--set", "training.steps=4"];
  const notice = /^notice: training\.schedule does nothing: its rate is 0, and nothing is learned; .+$/m;

  test("is said while a person looks, also with --quiet", async () => {
    for (const flags of [[], ["--quiet"]]) expect((await gradus([...still, ...flags])).stdout).toMatch(notice);
  });

  test("is on standard error where standard output is for a program", async () => {
    const { stdout, stderr } = await gradus([...still, "--json"]);
    expect(stderr).toMatch(notice);
    expect(JSON.parse(stdout).notices).toMatchObject([{ about: "no-effect", step: 0 }, { about: "at-chance" }]);
  });
});
