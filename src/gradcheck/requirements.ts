import { Fault } from "../fault/fault.ts";
import type { BatchNorm } from "../nn/architecture.ts";
import type { Examples } from "./network.ts";

/** What is asked of a check; of what may be a list, every item is held to it. */
interface CheckProblem {
  readonly layers: number | readonly number[];
  readonly lambda: number | readonly number[];
  readonly dimensions: number;
  readonly examples: number;
  readonly hidden: number;
  readonly classes: number;
}

/** Refuses steps and a tolerance that measure nothing. @throws Fault `usage` */
export function requirePositive(numbers: Readonly<Record<string, number>>): void {
  for (const [place, number] of Object.entries(numbers)) {
    if (Number.isFinite(number) && number > 0) continue;
    throw new Fault("usage", place, `${number}`, "give a number above 0");
  }
}

/** Refuses what is no problem to check. @throws Fault `usage` */
export function requireProblem(
  problem: CheckProblem,
  data: Examples | undefined,
  batchNorm?: Partial<BatchNorm>,
): void {
  for (const [place, value] of Object.entries<number | readonly number[]>({ ...problem })) {
    const values = Array.isArray(value) ? value : [value];
    const [kind, least] = place === "lambda" ? ["numbers", 0] : ["whole numbers", 1];
    const wrong = values.find((value) => !(value >= least) || (place !== "lambda" && !Number.isInteger(value)));
    if (wrong === undefined && values.length > 0) continue;
    throw new Fault("usage", place, `${wrong ?? "none is given"}`, `give ${kind} of at least ${least}`);
  }
  const examples = data?.labels.length ?? problem.examples;
  const isNormalised = batchNorm !== undefined && [problem.layers].flat().some((layers) => layers > 1);
  if (isNormalised && examples < 3) {
    const complaint = `${examples}: batch normalisation takes every difference out of so few, and their gradients are all 0`;
    throw new Fault("usage", "examples", complaint, "give 3 or more examples, or no batch normalisation");
  }
  const stranger = data?.labels.find((label) => label >= problem.classes);
  if (stranger !== undefined) {
    const complaint = `${stranger} is no label of ${problem.classes} classes, which are counted from 0`;
    throw new Fault("usage", "data.labels", complaint, "give labels below the classes, or more classes");
  }
  if (data === undefined || data.inputs.length === problem.dimensions * data.labels.length) return;
  const complaint = `${data.inputs.length} numbers for ${data.labels.length} examples of ${problem.dimensions} dimensions`;
  throw new Fault("usage", "data.inputs", complaint, "give [dimensions, examples] numbers");
}
