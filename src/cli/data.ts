import { cifar10Fault, describeCifar10, verifyCifar10 } from "../data/cifar10.node.ts";
import { type Cifar10Progress, fetchCifar10 } from "../data/cifar10-fetch.node.ts";
import { dataFolder } from "../data/data-folder.node.ts";
import { describeFile } from "../data/formats/read-dataset.node.ts";
import { checkMnist, fetchMnist, mnistFault } from "../data/mnist.node.ts";
import { Fault } from "../fault/fault.ts";
import { largestOf } from "../math/extremes.ts";
import type { Spec } from "../record/spec.ts";
import { type Console, conclude, createConsole } from "./console.ts";
import { sayFile } from "./file-table.ts";
import { interruptible } from "./interrupt.ts";
import type { ReadingFlags } from "./reading-flags.ts";

interface DataOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `gradus data fetch [NAME]` */
export async function fetchCommand(name: PublishedName, options: DataOptions): Promise<void> {
  const console = createConsole(options);
  const { folder, source } = await interruptible("data fetch", async (signal) => {
    if (name === "cifar-10") return await fetchData(console, signal);
    return await fetchMnist({ signal, onProgress: fetchProgress(console) });
  });
  console.settle();
  if (console.json) console.document({ dataset: name, folder, source });
  else console.say(`${titleOf(name)} is in ${folder}, verified${source === "cache" ? "" : ` (from ${source})`}.`);
}

/** Datasets that are fetched by name: what `data.dataset` of a spec may be besides files. */
export type PublishedName = Extract<Spec["data"]["dataset"], string>;

const titleOf = (name: PublishedName) => name.toUpperCase();

/** Fetches what is missing, showing progress. */
export async function fetchData(console: Console, signal: AbortSignal): Promise<{ folder: string; source: string }> {
  const fetched = await fetchCifar10({ signal, onProgress: fetchProgress(console) });
  console.settle();
  return fetched;
}

/** Shows a download as it goes. */
export function fetchProgress(console: Console) {
  return ({ dataset, source, step, done, total }: Cifar10Progress): void => {
    const percent = total > 0 ? Math.floor((100 * done) / total) : 0;
    const landmark = `${source} ${step} ${Math.floor(percent / 25)}`;
    console.progress([`${dataset} from ${source}: ${step} ${percent} %`], landmark);
  };
}

/** `gradus data verify [NAME]` */
export async function verifyCommand(name: PublishedName, options: DataOptions): Promise<void> {
  const console = createConsole(options);
  const folder = dataFolder();
  const { checks, failure } = name === "mnist" ? await mnistState(folder) : await cifar10State(folder);
  const widest = largestOf(checks.map(({ member }) => member.length));
  if (!console.json) {
    for (const { member, state, file } of checks) console.say(`${state.padEnd(10)} ${member.padEnd(widest)}  ${file}`);
  }
  conclude(console, { dataset: name, folder, files: checks }, failure);
}

async function cifar10State(folder: string) {
  const checks = await verifyCifar10(folder);
  const wrong = checks.find(({ state }) => state !== "ok");
  return { checks, failure: wrong && cifar10Fault(wrong) };
}

async function mnistState(folder: string) {
  const checks = await checkMnist(folder, false);
  const wrong = checks.find(({ state }) => state !== "ok");
  return { checks, failure: wrong && mnistFault(wrong) };
}

/** `gradus data info [FILE]` */
export async function infoCommand(file: string | undefined, options: DataOptions & ReadingFlags): Promise<void> {
  const { json: _json, quiet: _quiet, ...reading } = options;
  const console = createConsole(options);
  if (file !== undefined) {
    const description = await describeFile(file, reading);
    if (console.json) console.document(description);
    else sayFile(console, description);
    return;
  }
  const [flag] = Object.keys(reading);
  if (flag !== undefined) throw new Fault("usage", `--${flag}`, "is about no file", "name a file before it");
  const description = await describeCifar10(dataFolder());
  if (console.json) {
    console.document({ folder: dataFolder(), ...description });
    return;
  }
  const { classes, members, channels } = description;
  const names = members.map(({ name }) => name.replace("data_", ""));
  const rows = classes.map((name, label) => ({
    cells: [name, ...members.map(({ classCounts }) => String(classCounts[label]))],
  }));
  console.table({
    caption: `CIFAR-10 in ${dataFolder()}: colour images of 32 x 32, how many of each class`,
    columns: [{ header: "class", kind: "text" }, ...names.map((header) => ({ header, kind: "number" }) as const)],
    groups: [{ rows }],
    notes: members.map(({ firstLabels }, index) => `First labels of ${names[index]}: ${firstLabels.join(" ")}`),
    explanations: [],
  });
  console.say(`\nOver the 50,000 training images, in bytes (0 to 255):`);
  for (const [index, { mean, deviation }] of channels.entries()) {
    const name = ["red", "green", "blue"][index];
    console.say(`${name.padEnd(6)} mean ${mean.toFixed(4)}  standard deviation ${deviation.toFixed(4)}`);
  }
}
