import { Fault } from "../fault/fault.ts";
import { concatenate, type Dataset, slice } from "./dataset.ts";
import { stratified, stratifiedFold } from "./stratify.ts";

/** Which images train, validate and test: the `data.split` of a spec. */
export type SplitDescription =
  /** Whole training members, numbered from 1. */
  | { readonly kind: "batches"; readonly train: readonly number[]; readonly validation: readonly number[] }
  /** All training members; the last `validation` images of them are held out; stratified, the last of each class. */
  | { readonly kind: "hold-out"; readonly validation: number; readonly stratified?: boolean | undefined }
  /** All training members, in `of` equal parts, stratified of every class: the part with this `number`, from 1, is held out. */
  | { readonly kind: "fold"; readonly number: number; readonly of: number; readonly stratified?: boolean | undefined };

/** The members a dataset is published in: those meant for training, in order, and the one for testing. */
export interface SplitLayout<Name extends string = string> {
  readonly training: readonly Name[];
  readonly test: Name;
}

export interface Split {
  readonly train: Dataset;
  readonly validation: Dataset;
  readonly test: Dataset;
}

/**
 * The members that a split reads, in the layout's order, each once.
 * Throws a Fault "spec" when a batch does not exist, is named twice, or serves both training and validation.
 */
export function membersNeeded<Name extends string>(layout: SplitLayout<Name>, description: SplitDescription): Name[] {
  if (description.kind !== "batches") return [...layout.training, layout.test];
  const { train, validation } = description;
  const number = layout.training.length;
  refuseBatches("data.split.train", train, [], number);
  refuseBatches("data.split.validation", validation, train, number);
  return [...layout.training.filter((_, at) => [...train, ...validation].includes(at + 1)), layout.test];
}

/** How many images of a part are kept, its first ones: the `data.limit` of a spec. */
export interface PartLimit {
  readonly train?: number | undefined;
  readonly validation?: number | undefined;
  readonly test?: number | undefined;
}

/**
 * How many images of each member a limited split has need of, its first ones, where that is known before it is divided: of members that
 * serve as they are. Others are not named. `size` is the images of a member.
 */
export function imagesNeeded<Name extends string>(
  layout: SplitLayout<Name>,
  description: SplitDescription,
  limit: PartLimit,
  size: number,
): ReadonlyMap<Name, number> {
  const needed = new Map<Name, number>();
  const take = (members: readonly Name[], most = Number.POSITIVE_INFINITY) => {
    let left = most;
    for (const member of members) {
      needed.set(member, Math.min(size, left));
      left -= Math.min(size, left);
    }
  };
  take([layout.test], limit.test);
  if (description.kind !== "batches") return needed;
  for (const part of ["train", "validation"] as const) {
    take(
      description[part].map((number) => layout.training[number - 1]),
      limit[part],
    );
  }
  return needed;
}

/**
 * Divides a dataset. `members` are those `membersNeeded` names, found by their `name`, in any order.
 * A batch that serves alone and a slice are views of the member's bytes; several batches together are copied, and so is what is
 * stratified.
 * Throws a Fault "spec" as `membersNeeded` does, and when a hold-out leaves no training image.
 */
export function split(members: readonly Dataset[], layout: SplitLayout, description: SplitDescription): Split {
  membersNeeded(layout, description);
  const memberNamed = (name: string) => {
    const member = members.find((candidate) => candidate.name === name);
    if (member === undefined) throw new RangeError(`split: ${name} was not loaded`);
    return member;
  };
  const test = memberNamed(layout.test);
  if (description.kind === "batches") {
    const batches = (numbers: readonly number[]) =>
      concatenate(numbers.map((number) => memberNamed(layout.training[number - 1])));
    return { train: batches(description.train), validation: batches(description.validation), test };
  }
  const training = layout.training.map(memberNamed);
  const count = training.reduce((sum, member) => sum + member.count, 0);
  if (description.kind === "fold") {
    const { number, of } = description;
    if (of > count) {
      const remedy = `give at most ${count} folds`;
      throw new Fault("spec", "data.split.of", `${of} folds of ${count} training images`, remedy);
    }
    if (description.stratified) {
      const { images, heldOut } = stratifiedFold(concatenate(training), number, of);
      const from = count - heldOut;
      return { train: slice(images, 0, from), validation: slice(images, from, count), test };
    }
    const [from, to] = [Math.round(((number - 1) * count) / of), Math.round((number * count) / of)];
    const all = concatenate(training);
    const others = [slice(all, 0, from), slice(all, to, count)].filter((part) => part.count > 0);
    return { train: concatenate(others), validation: slice(all, from, to), test };
  }
  const { validation } = description;
  if (!Number.isInteger(validation) || validation < 1 || validation >= count) {
    throw new Fault(
      "spec",
      "data.split.validation",
      `${validation} of ${count} training images cannot be held out`,
      `give a whole number from 1 to ${count - 1}; the course holds out 5000 or 1000`,
    );
  }
  const all = description.stratified ? stratified(concatenate(training), validation) : concatenate(training);
  return { train: slice(all, 0, count - validation), validation: slice(all, count - validation, count), test };
}

/** Refuses numbers that are none, not 1 to `batches`, repeated, or in `taken`. */
function refuseBatches(
  place: string,
  numbers: readonly number[],
  trainBatches: readonly number[],
  batches: number,
): void {
  const choose = `choose from 1 to ${batches}, each at most once`;
  if (numbers.length === 0) throw new Fault("spec", place, "names no batch", choose);
  for (const [at, number] of numbers.entries()) {
    const where = `${place}.${at}`;
    if (!Number.isInteger(number) || number < 1 || number > batches) {
      throw new Fault("spec", where, `there is no training batch ${number}`, choose);
    }
    if (numbers.indexOf(number) !== at) throw new Fault("spec", where, `batch ${number} is named twice`, choose);
    if (trainBatches.includes(number))
      throw new Fault("spec", where, `batch ${number} is in data.split.train too`, choose);
  }
}
