import { cifar10Fault, describeCifar10, verifyCifar10 } from "../data/cifar10.node.ts";
import { type Cifar10Progress, fetchCifar10 } from "../data/cifar10-fetch.node.ts";
import { dataFolder } from "../data/data-folder.node.ts";
import { describeFile } from "../data/formats/read-dataset.node.ts";
import { Fault } from "../fault/fault.ts";
import { type Console, conclude, createConsole } from "./console.ts";
import { sayFile } from "./file-table.ts";
import { interruptible } from "./interrupt.ts";
import type { ReadingFlags } from "./reading-flags.ts";

interface DataOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `gradus data fetch` */
export async function fetchCommand(options: DataOptions): Promise<void> {
  const console = createConsole(options);
  const { folder, source } = await interruptible("data fetch", (signal) => fetchData(console, signal));
  if (console.json) console.document({ folder, source });
  else console.say(`CIFAR-10 is in ${folder}, verified${source === "cache" ? "" : ` (from ${source})`}.`);
}

/** Fetches what is missing, showing progress. */
export async function fetchData(console: Console, signal: AbortSignal): Promise<{ folder: string; source: string }> {
  const fetched = await fetchCifar10({ signal, onProgress: fetchProgress(console) });
  console.settle();
  return fetched;
}

/** Shows a download as it goes. */
export function fetchProgress(console: Console) {
  return ({ source, step, done, total }: Cifar10Progress): void => {
    const percent = total > 0 ? Math.floor((100 * done) / total) : 0;
    const landmark = `${source} ${step} ${Math.floor(percent / 25)}`;
    console.progress([`CIFAR-10 from ${source}: ${step} ${percent} %`], landmark);
  };
}

/** `gradus data verify` */
export async function verifyCommand(options: DataOptions): Promise<void> {
  const console = createConsole(options);
  const checks = await verifyCifar10(dataFolder());
  const wrong = checks.find(({ state }) => state !== "ok");
  if (!console.json) {
    for (const { member, state, file } of checks) console.say(`${state.padEnd(10)} ${member.padEnd(13)} ${file}`);
  }
  const failure = wrong === undefined ? undefined : cifar10Fault(wrong);
  conclude(console, { folder: dataFolder(), files: checks }, failure);
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
