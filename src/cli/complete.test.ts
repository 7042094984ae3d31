import { Command, Option } from "commander";
import { expect, test } from "vitest";
import { complete } from "./complete.ts";

const program = new Command("gradus");
program
  .command("train")
  .argument("<spec>", "a file, or an experiment")
  .option("--set <path=value>", "replace a value")
  .option("--tag <tag>", "label the run")
  .option("--report <file>", "write the report")
  .addOption(new Option("--pace <pace>", "how fast").choices(["slow", "fast"]))
  .option("-q, --quiet", "show nothing");
program.command("show").argument("<run>", "an id");
program.command("compare").argument("[runs...]", "ids");
program.command("version", { hidden: true });
program.command("data").command("fetch");

const runs = [
  { id: "20261129T131926Z-004-e2-e03f51", tags: ["wide"] },
  { id: "20261130T080000Z-mine-4711aa", tags: ["wide", "deep"] },
];
const kept = { runs: async () => runs };
const ids = runs.map(({ id }) => id);

test.each<[line: string[], words: readonly string[], files?: boolean]>([
  [["t"], ["train"]],
  [[""], ["train", "show", "compare", "data"]],
  [["v"], []],
  [["data", ""], ["fetch"]],
  [["train", "004-E"], ["004-E2", "004-E3", "004-E6"], true],
  [["train", "x", "--p"], ["--pace"]],
  [
    ["train", "--pace", ""],
    ["slow", "fast"],
  ],
  [["train", "--pace=f"], ["--pace=fast"]],
  [["train", "--pace", "fast", "004-E2"], ["004-E2"], true],
  [["train", "x", "-q", "--tag", "w"], ["wide"]],
  [["train", "x", "--report", ""], [], true],
  [["train", "x", "--set", "training.sch"], expect.arrayContaining(["training.schedule.rate="])],
  [["train", "x", "--set", "training.schedule.rate=0"], []],
  [["train", "x", "y"], []],
  [
    ["show", ""],
    ["latest", ...ids],
  ],
  [["show", "471"], ["4711aa"]],
  [["compare", ids[0], "20261130"], [ids[1]]],
  [["shwo", "x"], []],
])("%j", async (line, words, files = false) => {
  expect(await complete(program, line, kept)).toEqual({ words, files });
});
