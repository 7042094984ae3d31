import { describe, expect, test } from "vitest";
import { expectRefusal, gradus } from "./run-gradus.ts";

// What a command line can have wrong, whatever the files say.

describe.concurrent("a command line that does not fit", () => {
  test.each([
    ["trian", "command line", "unknown command 'trian' (Did you mean train?)", "gradus --help"],
    ["help trian", "command line", "unknown command 'trian' (Did you mean train?)", "gradus --help"],
    ["data ftech", "command line", "unknown command 'ftech' (Did you mean fetch?)", "gradus data --help"],
    ["data fetch --quite", "--quite", "unknown option '--quite' (Did you mean --quiet?)", "gradus data fetch --help"],
    ["train 004-E2 --jsn", "--jsn", "unknown option '--jsn' (Did you mean --json?)", "gradus train --help"],
    ["train", "command line", "missing required argument 'spec'", "gradus train --help"],
    ["train 004-E2 004-E2", "command line", "too many arguments", "gradus train --help"],
    [
      "check extra",
      "command line",
      "too many arguments",
      "put a path that has spaces in quotes; see gradus check --help",
    ],
    ["check --inputs mnist", "--inputs", "'mnist' is invalid. Allowed choices are normal, cifar-10", "check --help"],
    ["check --layers 0", "--layers", '"0"', "whole number from 1 to 16"],
    ["check --layers 1,,2", "--layers", '""', "whole number from 1 to 16"],
    ["check --layers 1,2.5", "--layers", '"2.5"', "whole number from 1 to 16"],
    ["check --layers 17", "--layers", '"17"', "whole number from 1 to 16"],
    ["check --lambda -1", "--lambda", '"-1"', "number of at least 0"],
    ["check --lambda 0,NaN", "--lambda", '"NaN"', "number of at least 0"],
    ["check --lambda Infinity", "--lambda", '"Infinity"', "number of at least 0"],
    ["check --lambda=", "--lambda", '""', "number of at least 0"],
    ["check --step 0", "--step", '"0"', "above 0 and below 1"],
    ["check --step 1", "--step", '"1"', "above 0 and below 1"],
    ["check --seed -1", "--seed", '"-1"', "whole number from 0"],
    ["check --seed 1e20", "--seed", '"1e20"', "whole number from 0"],
    ["check --examples 10001", "--examples", '"10001"', "from 1 to 10000"],
    ["check --hidden abc", "--hidden", '"abc"', "from 1 to 10000"],
    ["check --dimensions 0", "--dimensions", '"0"', "from 1 to 10000"],
    ["check --dimensions 4000 --inputs cifar-10", "--inputs", "no more than 3072 dimensions", "ask for fewer"],
    ["train 004-E22", "004-E22", 'did you mean "004-E2"?', "that `gradus experiments` lists"],
    ["train 004-e4", "004-e4", "it is a search, not one training", "gradus replicate 004-E4"],
    ["train 004-E1", "004-E1", "it is a gradient check, not one training", "gradus replicate 004-E1"],
    ["train no-such-run.yaml", "no-such-run.yaml", "neither a file nor an experiment", "give a YAML or JSON file"],
    ["train tests", "tests", "it is a folder", "give a YAML or JSON file"],
    ["train 004-E2 --set training.lambda", "--set", '"training.lambda" is no path=value', "--set training.lambda=0.1"],
    ["train 004-E2 --set =1", "--set", '"=1" is no path=value', "--set training.lambda=0.1"],
    ["train 004-E2 --set network.hidden=[5", "--set", '"[5" is not a YAML value', "correct it"],
  ])("gradus %s", async (commandLine, place, complaint, remedy) => {
    await expectRefusal(commandLine.split(" "), { code: "usage", place, complaint, remedy });
  });

  test("an empty spec argument, as an unset shell variable leaves it", async () => {
    const complaint = "neither a file nor an experiment";
    await expectRefusal(["train", ""], { code: "usage", place: '""', complaint, remedy: "give a YAML or JSON file" });
  });

  test.each(["--set=name=&a [*a]", "--set=name=!!js/function 1"])("a value that JSON cannot hold: %s", async (flag) => {
    const complaint = "is not a YAML value";
    await expectRefusal(["train", "004-E2", flag], { code: "usage", place: "--set", complaint, remedy: "correct it" });
  });

  test("gradus data alone shows its subcommands", async () => {
    const { exitCode, stdout, stderr } = await gradus(["data"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(
      /^Usage: gradus data .*\n {2}fetch .*gradus data needs a subcommand\n {2}remedy: [^\n]+\n$/s,
    );
  });

  test("without --json nothing is on standard output", async () => {
    const { exitCode, stdout, stderr } = await gradus(["train", "004-E22"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(/^gradus: 004-E22: .*\n {2}remedy: .*\n$/);
  });

  test.each([
    ["train 004-E2 --device gpu", "device", /unknown "gpu"; known: auto, .*wasm, reference/],
    ["train 004-E2 --device wsm", "device", 'did you mean "wasm"?'],
    ["train 004-E2 --device reference --dtype f32", "dtype", "f32 is not a precision of the device reference"],
    ["check --device gpu", "device", /unknown "gpu"; known: auto, .*wasm, reference/],
  ])("a device there is not: gradus %s", async (commandLine, place, complaint) => {
    await expectRefusal(commandLine.split(" "), { code: "device", place, complaint, remedy: /one of|leave dtype out/ });
  });
});
