import { loadCifar10 } from "../data/cifar10.node.ts";
import { dataFolder } from "../data/data-folder.node.ts";
import { slice } from "../data/dataset.ts";
import { preprocessing } from "../data/preprocess.ts";
import { Fault } from "../fault/fault.ts";
import { encodeSafetensors, type NamedTensors } from "../files/safetensors.ts";
import { type CheckOptions, checkGradients } from "../gradcheck/check.ts";
import { everyForm } from "../gradcheck/forms.ts";
import { type CheckedNetwork, shapesOf } from "../gradcheck/network.ts";
import type { GradientCheck } from "../gradcheck/verdict.ts";
import { type Fetching, fetchMembers } from "../lab/first-use.ts";
import { createNodeDevice } from "../math/select.node.ts";
import { parameterName, parameterNamed } from "../nn/parameters.ts";
import { gradientSummary } from "../report/gradient-summary.ts";
import { gradientTable } from "../report/gradient-table.ts";
import { formText, lossText } from "../report/network-form.ts";
import { conclude, createConsole } from "./console.ts";
import { fetchProgress } from "./data.ts";
import { checkOutputs, writeOutput } from "./output-file.ts";
import { formattedTable, type TableFormat } from "./table-format.ts";

interface CheckCommandOptions {
  readonly layers: readonly number[];
  readonly lambda: readonly number[];
  readonly dimensions: number;
  readonly examples: number;
  readonly hidden: number;
  readonly step?: number;
  readonly batchNorm?: "before-relu" | "after-relu";
  readonly loss?: keyof typeof losses;
  readonly activation?: "relu" | "leaky-relu" | "gelu" | "tanh";
  readonly slope?: number;
  readonly residual?: boolean;
  readonly all?: boolean;
  readonly seed: number;
  readonly device: string;
  readonly inputs: "normal" | "cifar-10";
  readonly save?: string;
  readonly format?: TableFormat;
  readonly json?: boolean;
}

/** What `--loss` names. */
const losses = {
  softmax: undefined,
  smoothed: { kind: "softmax", smoothing: 0.1 },
  sigmoid: { kind: "sigmoid", over: "mean" },
  hinge: { kind: "hinge", margin: 1 },
} as const satisfies Record<string, CheckOptions["loss"]>;

/** `gradus check` */
export async function checkCommand(options: CheckCommandOptions): Promise<void> {
  const console = createConsole(options);
  if (options.format !== undefined && options.json) {
    throw new Fault("usage", "--format", "is of a table, and --json prints none", "leave out one of the two");
  }
  await checkOutputs([{ flag: "--save", file: options.save }]);
  if (options.all) return await checkAll(options);
  const { step, batchNorm, loss = "softmax", inputs, dimensions, examples, ...problem } = options;
  const { activation = "relu", slope, residual, ...rest } = problem;
  requireSlope(activation, slope);
  requireShortcuts(options);
  const judged = losses[loss];
  const check = await runCheck(options.device, {
    ...rest,
    dimensions,
    examples,
    ...(residual && { residual }),
    ...(activation === "relu" ? {} : { activation: activationNamed(activation, slope) }),
    ...(step === undefined ? {} : { step: { centred: step } }),
    ...(batchNorm === undefined ? {} : { batchNorm: { place: batchNorm } }),
    ...(judged === undefined ? {} : { loss: judged }),
    ...(inputs === "cifar-10"
      ? { data: await firstPixels(dimensions, examples, { onFetch: fetchProgress(console) }) }
      : {}),
  });
  if (options.save !== undefined) await writeOutput("--save", options.save, safetensorsOf(check.networks));
  if (!console.json) {
    if (options.format === undefined) console.table(gradientTable(check));
    else console.say(formattedTable(gradientTable(check), options.format, "tab:gradients"));
    if (options.save !== undefined) console.say(`wrote ${options.save}`);
  }
  const { networks: _, ...table } = check;
  conclude(console, table, checkFault(check));
}

/** Every form of network and every loss: a row each. */
async function checkAll(options: CheckCommandOptions): Promise<void> {
  const console = createConsole(options);
  for (const flag of ["batchNorm", "loss", "activation", "residual", "save"] as const) {
    if (options[flag] === undefined) continue;
    const name = flag === "batchNorm" ? "--batch-norm" : `--${flag}`;
    throw new Fault("usage", name, "with --all, which checks every form one by one", `leave out ${name}, or --all`);
  }
  const { step, inputs, dimensions, examples, hidden, lambda, seed } = options;
  const data =
    inputs === "cifar-10" ? await firstPixels(dimensions, examples, { onFetch: fetchProgress(console) }) : undefined;
  const problem = {
    dimensions,
    examples,
    hidden,
    seed,
    ...(data && { data }),
    ...(step && { step: { centred: step } }),
  };
  const checks: GradientCheck[] = [];
  for (const form of everyForm()) {
    const { networks: _, ...check } = await runCheck(options.device, {
      ...problem,
      ...form,
      layers: [3],
      lambda: [lambda.findLast((penalty) => penalty > 0) ?? 0],
    });
    checks.push(check);
  }
  const outcome = checks.every(({ passed }) => passed) ? "all agree" : "some disagree";
  if (!console.json) console.table(gradientSummary(checks, `Gradient check of every form of network: ${outcome}`));
  const failed = checks.find(({ passed }) => !passed);
  conclude(console, { passed: failed === undefined, checks }, failed && checkFault(failed));
}

/** What `--activation` and `--slope` say. */
function activationNamed(kind: "leaky-relu" | "gelu" | "tanh", slope = 0.01): NonNullable<CheckOptions["activation"]> {
  return kind === "leaky-relu" ? { kind, slope } : { kind };
}

function requireSlope(activation: string, slope: number | undefined): void {
  if (slope === undefined || activation === "leaky-relu") return;
  const complaint = `${slope} is the slope of a leaky ReLU, and --activation is ${activation}`;
  throw new Fault("usage", "--slope", complaint, "add --activation leaky-relu, or leave out --slope");
}

function requireShortcuts({ residual, layers }: CheckCommandOptions): void {
  if (!residual || layers.some((count) => count > 2)) return;
  const complaint = `networks of ${layers.join(" and ")} layers have no shortcut: it leads from one hidden layer to the next`;
  throw new Fault("usage", "--residual", complaint, "add --layers 3, or more");
}

/** Checks the gradients of the device `name`. */
export async function runCheck(name: string, options: CheckOptions) {
  const device = await createNodeDevice(name, "f64");
  try {
    return await checkGradients(device, options);
  } finally {
    device.close();
  }
}

/** The first dimensions of the first images of data_batch_1, standardised with the statistics of the whole batch. */
export async function firstPixels(dimensions: number, examples: number, fetching: Fetching = {}) {
  await fetchMembers(["data_batch_1"], fetching);
  const [batch] = await loadCifar10(dataFolder(), ["data_batch_1"]);
  if (dimensions > batch.dimension || examples > batch.count) {
    const limits = `${batch.dimension} dimensions and ${batch.count} examples`;
    throw new Fault("usage", "--inputs", `cifar-10 has no more than ${limits}`, "ask for fewer");
  }
  const { scale, shift } = preprocessing("standardise", batch);
  const { images, labels } = slice(batch, 0, examples);
  const inputs = new Float64Array(dimensions * examples);
  for (let f = 0; f < dimensions; f++) {
    for (let j = 0; j < examples; j++) inputs[f * examples + j] = images[j * batch.dimension + f] * scale[f] + shift[f];
  }
  return { inputs, labels: Uint8Array.from(labels) };
}

/** The fault of a check that failed: the worst parameter; undefined for one that passed. */
export function checkFault({ parameters, tolerance, problem }: GradientCheck): Fault | undefined {
  const failed = parameters.filter((parameter) => !parameter.passed);
  if (failed.length === 0) return undefined;
  const worst = failed.reduce((a, b) => (b.maxRelative <= a.maxRelative ? a : b));
  const { name, shape, layers, lambda, maxRelative, zero, kinks } = worst;
  const network = [
    `${layers} ${layers === 1 ? "layer" : "layers"}`,
    `lambda ${lambda}`,
    formText(problem).replace(/^, /, ""),
    problem.loss && lossText(problem.loss),
  ];
  const place = `gradient of ${name} (${network.filter(Boolean).join(", ")})`;
  if (maxRelative < tolerance) {
    const size = shape.reduce((product, extent) => product * extent, 1);
    return kinks.length === size
      ? new Fault("check", place, "no entry could be compared: each crosses a kink", "give a smaller --step")
      : new Fault(
          "check",
          place,
          "every entry of both gradients is 0, so nothing was checked",
          "give inputs that reach this parameter: more --examples, more --hidden nodes or another --seed",
        );
  }
  const size = maxRelative.toExponential(1);
  const weights = parameterName("W", parameterNamed(name)?.layer ?? layers);
  return new Fault(
    "check",
    place,
    zero
      ? `it must be 0, and is ${size} of the gradient of ${weights}, not below ${tolerance}`
      : `relative error ${size} is not below ${tolerance}`,
    "the analytic gradient of this parameter is wrong, or --step does not suit the problem",
  );
}

function safetensorsOf(networks: readonly CheckedNetwork[]): Uint8Array {
  const tensors: Record<string, NamedTensors[string]> = {};
  for (const network of networks) {
    const { widths, batchNorm, lambda, inputs, labels, parameters, gradients } = network;
    const prefix = `layers=${widths.length - 1},lambda=${lambda}/`;
    tensors[`${prefix}inputs`] = { shape: [widths[0], labels.length], values: inputs };
    tensors[`${prefix}labels`] = { shape: [labels.length], values: labels };
    tensors[`${prefix}lambda`] = { shape: [], values: Float64Array.of(lambda) };
    if (batchNorm !== undefined) tensors[`${prefix}eps`] = { shape: [], values: Float64Array.of(batchNorm.eps) };
    for (const [name, shape] of shapesOf(network)) {
      tensors[prefix + name] = { shape, values: parameters[name] };
      tensors[`${prefix}d${name}`] = { shape, values: gradients[name] };
    }
  }
  const batchNorm = networks.find((network) => network.batchNorm !== undefined)?.batchNorm;
  return encodeSafetensors(tensors, {
    meaning:
      "dW1 is the gradient of the mean loss, cross-entropy unless another is named, + lambda * sum of all W^2 with respect to W1; columns of inputs are examples",
    ...(batchNorm && { batchNorm: batchNorm.place }),
    ...(networks[0]?.activation && { activation: JSON.stringify(networks[0].activation) }),
    ...(networks[0]?.residual && { residual: "every hidden layer but the first adds what it read" }),
    ...(networks[0]?.loss && { loss: JSON.stringify(networks[0].loss) }),
  });
}
