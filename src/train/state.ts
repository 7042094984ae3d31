import type { Device } from "../math/device.ts";
import type { Architecture } from "../nn/architecture.ts";
import { type Averages, averageShapes, createAverages, namedAverages } from "../nn/averages.ts";
import { createParameters, memberShape, type Parameters, parametersOf } from "../nn/parameters.ts";
import { createUpdate, statePrefixes } from "../optim/rules.ts";
import type { Update } from "../optim/update.ts";
import type { Spec } from "../record/spec.ts";
import { readMembers, type Weights } from "./weights.ts";

/** Everything a population goes on from between two updates, on a device. */
export interface PopulationState {
  readonly parameters: Parameters;
  readonly averages: Averages;
  readonly update: Update;
  /** What a trained network needs: parameters and averages, under their names. */
  readonly learned: Parameters;
  /** The parameters' averages over the updates, where specs ask for them. */
  readonly averaged: Parameters | undefined;
  /** What a checkpoint holds: `learned`, the optimiser's state as `velocity.W1`, ..., and `average.W1`, ... */
  readonly all: Parameters;
}

/** The state of a network that takes no more steps. */
export interface NetworkState extends Pick<PopulationState, "parameters" | "averages" | "learned"> {}

/** All numbers 0: `writeMembers` gives them their values. */
export function createNetworkState(device: Device, architecture: Architecture): NetworkState {
  const parameters = createParameters(device, architecture);
  const averages = createAverages(device, architecture);
  return { parameters, averages, learned: { ...parameters, ...namedAverages(averages) } };
}

/** All numbers 0: `writeMembers` gives them their values. */
export function createState(
  device: Device,
  architecture: Architecture,
  specs: readonly Spec[], // one a member
  isMoving: boolean, // whether it goes on from an earlier step
): PopulationState {
  const network = createNetworkState(device, architecture);
  const { parameters, learned } = network;
  const lambda = Float64Array.from(specs, ({ training }) => training.lambda);
  const setting = { device, architecture, parameters, lambda, isMoving };
  const update = createUpdate(
    setting,
    specs.map(({ training }) => training.update),
    specs.map(({ training }) => training.clip),
  );
  const averaged = specs[0].training.average && createParameters(device, architecture);
  const state = { ...update.state, ...(averaged && { [averagePrefix]: averaged }) };
  return { ...network, update, averaged, all: { ...learned, ...prefixed(state) } };
}

/** Writes each member's numbers where the tensors have their name; a tensor that a member does not name is 0 there. */
export function writeMembers(
  device: Device,
  tensors: Parameters, // written
  members: readonly Readonly<Record<string, ArrayLike<number>>>[],
): void {
  for (const [name, tensor] of Object.entries(tensors)) {
    const length = tensor.size / members.length;
    const values = new Float64Array(tensor.size);
    for (const [member, numbers] of members.entries()) {
      if (numbers[name] !== undefined) values.set(numbers[name], member * length);
    }
    device.write(tensor, values);
  }
}

/** Each member's state as a checkpoint holds it. */
export function readState(device: Device, { all }: PopulationState, members: number): Promise<Weights[]> {
  return readMembers(device, all, members);
}

/** What a member's whole state hands over: its parameters, averaged where they are averaged, and its statistics. */
export function learnedOf(architecture: Architecture, tensors: Weights): Weights {
  const handedOver = (name: string) => tensors[stateName(averagePrefix, name)] ?? tensors[name];
  return Object.fromEntries(learnedShapes(architecture).map(([name]) => [name, handedOver(name)]));
}

/** Name and shape of everything that a checkpoint of one member holds. */
export function stateShapes(
  architecture: Architecture,
  { update, average }: Pick<Spec["training"], "update" | "average">,
): Map<string, number[]> {
  const prefixes = [...statePrefixes(update), ...(average === undefined ? [] : [averagePrefix])];
  const updateShapes = prefixes.flatMap((prefix) =>
    parametersOf(architecture).map((parameter) => [stateName(prefix, parameter.name), memberShape(parameter)] as const),
  );
  return new Map([...learnedShapes(architecture), ...updateShapes]);
}

function learnedShapes(architecture: Architecture): (readonly [name: string, shape: number[]])[] {
  const parameters = parametersOf(architecture).map((parameter) => [parameter.name, memberShape(parameter)] as const);
  return [...parameters, ...averageShapes(architecture)];
}

/** The numbers of named tensors. */
export function valuesOf(tensors: Weights): Record<string, ArrayLike<number>> {
  return Object.fromEntries(Object.entries(tensors).map(([name, { values }]) => [name, values]));
}

/** Before the names of averaged parameters: `average.W1`. */
export const averagePrefix = "average";

function prefixed(state: Update["state"]): Parameters {
  const entries = Object.entries(state).flatMap(([prefix, tensors]) =>
    Object.entries(tensors).map(([name, tensor]) => [stateName(prefix, name), tensor] as const),
  );
  return Object.fromEntries(entries);
}

/** Optimiser state under its parameter's name: `velocity.W1`. */
function stateName(prefix: string, parameter: string): string {
  return `${prefix}.${parameter}`;
}
