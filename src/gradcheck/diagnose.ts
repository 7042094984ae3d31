import { largestOf } from "../math/extremes.ts";
import { compare } from "./compare.ts";
import { type Mistake, mistakes } from "./mistakes.ts";
import { placeText, reordering, turned } from "./rearranged.ts";
import { gradientsBy, type PlainNetwork, rightRecipe } from "./recipe.ts";
import type { Disagreement } from "./verdict.ts";

/** Somebody's gradient of one parameter. */
export interface TheirGradient {
  /** In the parameter's own order: [out, in], or [out]. */
  readonly values: Float64Array;
  /** Whether its axes came in the other order than those of the parameter. */
  readonly isTurned: boolean;
}

/** One parameter's gradient against the right one. */
interface GradientVerdict extends Disagreement {
  readonly name: string;
  readonly shape: readonly number[];
  readonly agrees: boolean;
  /** Where they lie farthest apart: `W1[3, 17]`, from 0, what is there and what is right. */
  readonly farthest: { readonly place: string; readonly theirs: number; readonly right: number };
}

/** A mistake by its name, in words, with what is right. */
interface FoundMistake {
  readonly name: string;
  readonly what: string;
  readonly remedy: string;
  /** Of which parameters it explains the gradient. */
  readonly parameters: readonly string[];
}

export interface Diagnosis {
  readonly passed: boolean;
  readonly tolerance: number;
  readonly parameters: readonly GradientVerdict[];
  /** All that is wrong, where that is known: together they give these gradients. */
  readonly mistakes: readonly FoundMistake[];
  /** Whether the mistakes explain every entry. */
  readonly isExplained: boolean;
  /** Mistakes that these data and parameters could not show. */
  readonly unseen: readonly string[];
}

type Gradients = Readonly<Record<string, Float64Array>>;

/** Entries smaller than this are judged by their absolute error. */
const EPS = 1e-12;

/**
 * Somebody's gradients against the right ones, and which mistakes give exactly these.
 * @param tolerance largest difference of an entry, as a part of the largest entry of its parameter
 */
export function diagnose(
  network: PlainNetwork,
  right: Gradients, // of the parameters that `theirs` has, at least
  theirs: Readonly<Record<string, TheirGradient>>,
  tolerance: number,
): Diagnosis {
  const names = Object.keys(theirs);
  const shape = (name: string) => shapeOf(network, name);
  const near: Near = (name, a, b) => isNear(a, b, tolerance, scaleOf(network, right, name));
  const found: FoundMistake[] = [];
  const values: Record<string, Float64Array> = {};
  for (const name of names) {
    const turnedBack = turned(theirs[name].values, shape(name));
    const isTurnedInside =
      shape(name)[0] === shape(name)[1] &&
      !near(name, theirs[name].values, right[name]) &&
      near(name, turnedBack, right[name]);
    values[name] = isTurnedInside ? turnedBack : theirs[name].values;
    if (isTurnedInside || theirs[name].isTurned) found.push(transposed(name, shape(name)));
  }
  const parameters = names.map((name) => verdict(name, shape(name), theirs[name].values, right[name], near));
  const wrong = names.filter((name) => !near(name, values[name], right[name]));
  const possible = mistakes.filter(({ isOfBatchNorm }) => !isOfBatchNorm || network.batchNorm !== undefined);
  const variants = possible.map((mistake) => ({
    mistake,
    gradients: gradientsBy({ ...rightRecipe, ...mistake.change }, network),
  }));
  const explained = wrong.length === 0 ? [] : explanation({ network, right, values, names, wrong, variants, near });
  found.push(...(explained ?? []));
  const unseen = variants
    .filter(({ gradients }) => names.every((name) => near(name, gradients[name], right[name])))
    .map(({ mistake }) => mistake.name);
  const passed = wrong.length === 0 && found.length === 0;
  return { passed, tolerance, parameters, mistakes: found, isExplained: explained !== undefined, unseen };
}

interface Case {
  readonly network: PlainNetwork;
  readonly right: Gradients;
  readonly values: Gradients;
  readonly names: readonly string[];
  readonly wrong: readonly string[];
  readonly variants: readonly { readonly mistake: Mistake; readonly gradients: Gradients }[];
  readonly near: Near;
}

/** Whether two gradients of a parameter agree. */
type Near = (name: string, a: Float64Array, b: Float64Array) => boolean;

/** One mistake that gives all gradients, or what each wrong one comes of, or two mistakes together; undefined for none of these. */
function explanation(given: Case): FoundMistake[] | undefined {
  const { values, names, wrong, variants, near } = given;
  const whole = variants.find(({ gradients }) => names.every((name) => near(name, values[name], gradients[name])));
  if (whole !== undefined) return [named(whole.mistake, wrong)];
  return rearranged(given) ?? eachAlone(given) ?? pair(given) ?? multiple(given);
}

/** Rows or columns that are the right ones in another order. */
function rearranged({ network, right, values, wrong, near }: Case): FoundMistake[] | undefined {
  const depth = network.widths.length - 1;
  const found = wrong.map((name): FoundMistake | undefined => {
    const ofName = (a: Float64Array, b: Float64Array) => near(name, a, b);
    const order = reordering(values[name], right[name], shapeOf(network, name), ofName);
    if (order === undefined) return undefined;
    const layer = layerOf(name);
    const rows = layer === depth ? "classes" : `nodes of layer ${layer}`;
    const what = order.axis === "rows" ? rows : layer === 1 ? "inputs" : `nodes of layer ${layer - 1}`;
    return {
      name: order.axis === "rows" && layer === depth ? "classes-permuted" : `${order.axis}-permuted`,
      what: `the ${order.axis} of ${name}, the ${what}, are in another order: where ${order.at} belongs, there is ${order.from}`,
      remedy: `keep one order of the ${what} everywhere: in the data, in W and b, and in the gradients`,
      parameters: [name],
    };
  });
  return found.some((mistake) => mistake === undefined) ? undefined : merged(found as FoundMistake[]);
}

/** A mistake for each wrong parameter, of its gradient alone. */
function eachAlone({ values, wrong, variants, near }: Case): FoundMistake[] | undefined {
  const found = wrong.map((name) => variants.find(({ gradients }) => near(name, values[name], gradients[name])));
  if (found.some((variant) => variant === undefined)) return undefined;
  return merged(wrong.map((name, at) => named((found[at] as (typeof variants)[number]).mistake, [name])));
}

/** Two mistakes in different steps. */
function pair({ network, values, names, wrong, variants, near }: Case): FoundMistake[] | undefined {
  const possible = variants.map(({ mistake }) => mistake);
  for (const [at, first] of possible.entries()) {
    for (const second of possible.slice(at + 1)) {
      if (second.step === first.step) continue;
      const gradients = gradientsBy({ ...rightRecipe, ...first.change, ...second.change }, network);
      if (names.every((name) => near(name, values[name], gradients[name])))
        return [named(first, wrong), named(second, wrong)];
    }
  }
  return undefined;
}

/** Gradients that are the right ones times a number. */
function multiple({ right, values, wrong, near }: Case): FoundMistake[] | undefined {
  const found = wrong.map((name): FoundMistake | undefined => {
    const at = right[name].reduce(
      (best, value, index) => (Math.abs(value) > Math.abs(right[name][best]) ? index : best),
      0,
    );
    const factor = values[name][at] / right[name][at];
    if (!Number.isFinite(factor) || factor === 0) return undefined;
    if (
      !near(
        name,
        values[name],
        right[name].map((value) => factor * value),
      )
    )
      return undefined;
    const what = `everything is ${Number(factor.toPrecision(6))} times what it should be`;
    return { name: "factor", what, remedy: "leave this factor out", parameters: [name] };
  });
  return found.some((mistake) => mistake === undefined) ? undefined : merged(found as FoundMistake[]);
}

/** The same mistake of several parameters, once. */
function merged(found: readonly FoundMistake[]): FoundMistake[] {
  const groups = new Map<string, FoundMistake>();
  for (const mistake of found) {
    const key = `${mistake.name} ${mistake.name.endsWith("permuted") ? "" : mistake.what}`;
    const before = groups.get(key);
    const parameters = [...(before?.parameters ?? []), ...mistake.parameters];
    groups.set(key, { ...(before ?? mistake), parameters });
  }
  return [...groups.values()];
}

function named({ name, what, remedy }: Mistake, parameters: readonly string[]): FoundMistake {
  return { name, what, remedy, parameters };
}

function transposed(name: string, [out, inputs]: readonly number[]): FoundMistake {
  return {
    name: "transposed",
    what: `the gradient of ${name} is transposed: X G^T in place of G X^T`,
    remedy: `its shape is that of ${name}, here [${out}, ${inputs}] where rows are what comes out`,
    parameters: [name],
  };
}

function verdict(
  name: string,
  shape: readonly number[],
  theirs: Float64Array,
  right: Float64Array,
  near: Near,
): GradientVerdict {
  const distance = (index: number) => Math.abs(theirs[index] - right[index]);
  // What is no number lies farthest.
  const rank = (index: number) => (Number.isNaN(distance(index)) ? Infinity : distance(index));
  const at = theirs.reduce((worst, _, index) => (rank(index) > rank(worst) ? index : worst), 0);
  const farthest = { place: placeText(name, shape, at), theirs: theirs[at], right: right[at] };
  return { name, shape, ...compare(right, theirs, EPS, new Set()), agrees: near(name, theirs, right), farthest };
}

function isNear(a: Float64Array, b: Float64Array, tolerance: number, scale: number): boolean {
  const limit = tolerance * Math.max(scale, largestOf(b.map(Math.abs)));
  return a.every((value, index) => Math.abs(value - b[index]) <= limit);
}

/** What an entry is measured by at least: where the gradient is 0 whatever the data, that of its layer's weights. */
function scaleOf(network: PlainNetwork, right: Gradients, name: string): number {
  const isZero = network.batchNorm !== undefined && name.startsWith("b") && !name.startsWith("beta");
  const weights = right[`W${layerOf(name)}`];
  const isHidden = layerOf(name) < network.widths.length - 1;
  return isZero && isHidden && weights !== undefined ? Math.max(EPS, largestOf(weights.map(Math.abs))) : EPS;
}

function layerOf(name: string): number {
  return Number(/\d+$/.exec(name)?.[0]);
}

function shapeOf({ widths }: PlainNetwork, name: string): readonly number[] {
  const layer = layerOf(name);
  return name.startsWith("W") ? [widths[layer], widths[layer - 1]] : [widths[layer]];
}
