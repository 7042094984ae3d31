import { Fault } from "../fault/fault.ts";
import { elementReader, type NamedArrays, type NumberArray, stridesOf } from "../files/number-array.ts";
import { largestOf } from "../math/extremes.ts";
import { type KnownArrays, knownArrays } from "./array-names.ts";

/** A network that somebody else's program saved: its weights in the order [out, in], whatever order they came in. */
interface StudentNetwork {
  readonly widths: readonly number[];
  /** W1 [out, in], b1 [out], ... */
  readonly parameters: Readonly<Record<string, Float64Array>>;
  /** Which W came as [in, out]. */
  readonly turned: ReadonlySet<string>;
  /** Whether every array is of float64. */
  readonly isDouble: boolean;
  /** What was taken for granted, for people. */
  readonly notes: readonly string[];
}

/**
 * The weights and biases among the arrays of a file. An axis of W is the one of what comes out where it is as long as b; a
 * square W is taken as [out, in], the course's, unless `isTurned` says otherwise.
 * @throws Fault `data` where one is missing, or they do not fit together
 */
export function studentNetwork(
  known: KnownArrays,
  arrays: NamedArrays,
  place: string,
  isTurned = isMostlyTurned(known),
): StudentNetwork {
  const layers = [...known.keys()].filter((name) => /^W\d+$/.test(name)).map((name) => Number(name.slice(1)));
  const depth = largestOf([0, ...layers]);
  if (depth === 0) throw new Fault("data", place, `no weights among ${listed(arrays)}`, nameThem);
  const parameters: Record<string, Float64Array> = {};
  const widths: number[] = [];
  const turned = new Set<string>();
  const notes: string[] = [];
  for (let layer = 1; layer <= depth; layer++) {
    const [W, b] = [`W${layer}`, `b${layer}`].map((name) => {
      const entry = known.get(name);
      if (entry === undefined) throw new Fault("data", place, `no ${name} among ${listed(arrays)}`, nameThem);
      return entry;
    });
    parameters[`b${layer}`] = vector(b.array, b.name, place);
    const out = parameters[`b${layer}`].length;
    const { rows, columns, isOther } = matrixShape(W, out, place, isTurned);
    if (rows === columns) notes.push(`${W.name} is square: taken as [${isTurned ? "in, out" : "out, in"}]`);
    if (isOther) turned.add(`W${layer}`);
    const inputs = isOther ? rows : columns;
    if (widths.length > 0 && widths[layer - 1] !== inputs) {
      const complaint = `${W.name} takes ${inputs} numbers, and the layer below gives ${widths[layer - 1]}`;
      throw new Fault("data", place, complaint, "save the weights of one network");
    }
    if (widths.length === 0) widths.push(inputs);
    widths.push(out);
    parameters[`W${layer}`] = matrix(W.array, isOther);
  }
  const isDouble = [...known.values()].every(({ array }) => array.type !== "f4" && array.type !== "f2");
  return { widths, parameters, turned, isDouble, notes };
}

/** Whether the weights that are not square all come as [in, out]: a square one is then taken so too. */
function isMostlyTurned(known: KnownArrays): boolean {
  const orders = [...known].flatMap(([name, { array }]) => {
    const b = known.get(name.replace("W", "b"))?.array.shape.reduce((product, extent) => product * extent, 1);
    const [rows, columns] = array.shape;
    return /^W\d+$/.test(name) && b !== undefined && rows !== columns ? [rows !== b] : [];
  });
  return orders.length > 0 && orders.every(Boolean);
}

const nameThem =
  "name the arrays W1, b1, W2, b2, ..., or say which is which: --array W1=NAME; a list is saved as arrays of its own: W1=W[0]";

function listed(arrays: NamedArrays): string {
  return [...arrays.keys()].slice(0, 20).join(", ") || "nothing";
}

/** The two lengths of W, and whether it is [in, out]. */
function matrixShape(
  { array, name }: { array: NumberArray; name: string },
  out: number,
  place: string,
  isTurned: boolean,
) {
  const [rows, columns = 1, ...more] = array.shape;
  const fits = more.length === 0 && rows !== undefined && (rows === out || columns === out);
  if (!fits) {
    const complaint = `${name} has the shape [${array.shape.join(", ")}], and its bias ${out} numbers`;
    throw new Fault("data", place, complaint, "give weights as [out, in] or [in, out], and a bias for each output");
  }
  const isOther = rows === columns ? isTurned : rows !== out;
  return { rows, columns, isOther };
}

/** Row by row; the other way round where it is `turned`. */
export function matrix(array: NumberArray, isTurned: boolean): Float64Array {
  const [rows, columns = 1] = array.shape;
  const [down, across = 1] = stridesOf(array);
  const at = elementReader(array);
  const [outer, inner] = isTurned ? [columns, rows] : [rows, columns];
  return Float64Array.from({ length: rows * columns }, (_, index) => {
    const [i, j] = [Math.floor(index / inner), index % inner];
    return isTurned ? at(j * down + i * across) : at(i * down + j * across);
  }).subarray(0, outer * inner);
}

/** Numbers along one axis, whatever other axes of length 1 there are. */
function vector(array: NumberArray, name: string, place: string): Float64Array {
  const length = array.shape.reduce((product, extent) => product * extent, 1);
  if (array.shape.filter((extent) => extent !== 1).length > 1) {
    const complaint = `${name} has the shape [${array.shape.join(", ")}], expected one number a node`;
    throw new Fault("data", place, complaint, "give a vector, [nodes] or [nodes, 1]");
  }
  return Float64Array.from({ length }, (_, index) => elementReader(array)(index));
}

/** A network with the data that its gradients were computed on, and the gradients. */
export interface StudentGradients extends StudentNetwork {
  readonly lambda: number;
  /** Where the file has gains: every hidden layer's scores are normalised. */
  readonly batchNorm?: {
    readonly place: "before-relu";
    readonly layers: "all";
    readonly affine: true;
    readonly eps: number;
  };
  /** [dimensions, examples] */
  readonly inputs: Float64Array<ArrayBuffer>;
  readonly labels: Uint8Array<ArrayBuffer>;
  /** By the parameters' names, in their order. */
  readonly gradients: Readonly<Record<string, { readonly values: Float64Array; readonly isTurned: boolean }>>;
}

export interface StudentOptions {
  /** Names of the file's arrays for ours. */
  readonly names?: ReadonlyMap<string, string>;
  /** Whether square weights are [in, out]; where it is left out, as the others are. */
  readonly isTurned?: boolean | undefined;
  /** Whether the examples are the rows of X and Y, where their shapes do not tell; else the columns. */
  readonly examples?: "rows" | "columns";
  /** Of the penalty, where the file does not hold it. */
  readonly lambda?: number;
}

/** @throws Fault `data` where anything is missing or does not fit; Fault `usage` where lambda is unknown */
export function studentGradients(arrays: NamedArrays, place: string, options: StudentOptions = {}): StudentGradients {
  const known = knownArrays(arrays, place, options.names);
  const network = studentNetwork(known, arrays, place, options.isTurned);
  const { widths } = network;
  const norm = normalisation(known, arrays, widths, place);
  const notes = [...network.notes, ...(norm?.notes ?? [])];
  const [dimensions, classes] = [widths[0], widths[widths.length - 1]];
  const X = required(known, "X", arrays, place);
  const Y = required(known, "Y", arrays, place);
  const { labels, note } = labelsOf(Y, classes, place, options.examples);
  if (note !== undefined) notes.push(note);
  const n = labels.length;
  const [rows, columns = 1, ...more] = X.array.shape;
  const isColumns = rows === dimensions && columns === n;
  const isRows = columns === dimensions && rows === n;
  if (more.length > 0 || !(isColumns || isRows)) {
    const complaint = `${X.name} has the shape [${X.array.shape.join(", ")}], expected [${dimensions}, ${n}] or [${n}, ${dimensions}]: ${dimensions} inputs of ${n} examples`;
    throw new Fault("data", place, complaint, "save the X, Y, W and b that the gradients were computed on");
  }
  const fromRows = isColumns && isRows ? options.examples === "rows" : isRows;
  if (isColumns && isRows)
    notes.push(`${X.name} is square: its ${fromRows ? "rows" : "columns"} are taken as examples`);
  const lambda = options.lambda ?? scalar(known, place);
  const gradients = gradientsIn(known, network, place);
  if (Object.keys(gradients).length === 0) {
    throw new Fault(
      "data",
      place,
      `no gradients among ${listed(arrays)}`,
      "name them dW1, db1, ... or grad_W1, grad_b1, ...; or say which: --array dW1=NAME",
    );
  }
  const inputs = matrix(X.array, fromRows) as Float64Array<ArrayBuffer>;
  const parameters = { ...network.parameters, ...norm?.parameters };
  return {
    ...network,
    parameters,
    ...(norm && { batchNorm: norm.batchNorm }),
    notes,
    lambda,
    inputs,
    labels,
    gradients,
  };
}

/** What is added to a variance where the file does not say: the eps of MATLAB and of NumPy's float64. */
const usualEps = 2 ** -52;

/** Gains and offsets of the hidden layers; undefined where the file has none. @throws Fault `data` where some are missing */
function normalisation(known: KnownArrays, arrays: NamedArrays, widths: readonly number[], place: string) {
  if (![...known.keys()].some((name) => /^(gamma|beta)\d/.test(name))) return undefined;
  const parameters: Record<string, Float64Array> = {};
  for (let layer = 1; layer < widths.length - 1; layer++) {
    for (const role of ["gamma", "beta"]) {
      const { array, name } = required(known, `${role}${layer}`, arrays, place);
      const values = vector(array, name, place);
      if (values.length !== widths[layer]) {
        const complaint = `${name} has ${values.length} numbers, and its layer ${widths[layer]} nodes`;
        throw new Fault("data", place, complaint, "save a gamma and a beta of each node of every hidden layer");
      }
      parameters[`${role}${layer}`] = values;
    }
  }
  if (Object.keys(parameters).length === 0) {
    const complaint = "gamma and beta, and no hidden layer that they could belong to";
    throw new Fault("data", place, complaint, "save W1, b1, W2, b2, ... of every layer");
  }
  const given = known.get("eps");
  const [eps = usualEps] = given === undefined ? [] : vector(given.array, given.name, place);
  if (!(eps >= 0)) throw new Fault("data", place, `${given?.name} is ${eps}`, "save eps as one number from 0");
  const notes = [
    "the scores of every hidden layer are normalised before the ReLU, by these examples' own mean and variance",
    ...(given === undefined ? [`eps is ${usualEps.toPrecision(2)}, as the file has none`] : []),
  ];
  const batchNorm = { place: "before-relu", layers: "all", affine: true, eps } as const;
  return { parameters, batchNorm, notes };
}

function required(known: KnownArrays, name: string, arrays: NamedArrays, place: string) {
  const entry = known.get(name);
  if (entry !== undefined) return entry;
  throw new Fault(
    "data",
    place,
    `no ${name} among ${listed(arrays)}`,
    `name it ${name}, or say which it is: --array ${name}=NAME`,
  );
}

function scalar(known: KnownArrays, place: string): number {
  const entry = known.get("lambda");
  if (entry === undefined) {
    throw new Fault(
      "usage",
      place,
      "it holds no lambda",
      "give it: --lambda 0.01, or --lambda 0 where there is no penalty",
    );
  }
  const [value, ...more] = vector(entry.array, entry.name, place);
  if (more.length > 0 || !(value >= 0))
    throw new Fault("data", place, `${entry.name} is not one number from 0`, "save lambda as one number");
  return value;
}

/** Of labels a number an example, from 0 or from 1; or of ones and zeros, a class an axis. */
function labelsOf(
  { array, name }: { readonly array: NumberArray; readonly name: string },
  classes: number,
  place: string,
  examples: StudentOptions["examples"],
): { readonly labels: Uint8Array<ArrayBuffer>; readonly note?: string } {
  const isVector = array.shape.filter((extent) => extent !== 1).length <= 1;
  if (isVector) return numbered(vector(array, name, place), classes, name, place);
  const [rows, columns] = array.shape;
  const values = matrix(array, false);
  const ones = (isColumns: boolean) => oneHot(values, rows, columns, isColumns);
  const byColumn = rows === classes ? ones(true) : undefined;
  const byRow = columns === classes ? ones(false) : undefined;
  const chosen = examples === "rows" ? (byRow ?? byColumn) : (byColumn ?? byRow);
  if (array.shape.length !== 2 || chosen === undefined) {
    const complaint = `${name} has the shape [${array.shape.join(", ")}], and no single 1 for each example among ${classes} classes`;
    throw new Fault("data", place, complaint, "give labels, a number an example, or one-hot rows or columns");
  }
  const isEither = byColumn !== undefined && byRow !== undefined;
  return {
    labels: chosen,
    ...(isEither && { note: `${name} is square: its ${examples ?? "columns"} are taken as examples` }),
  };
}

function numbered(values: Float64Array, classes: number, name: string, place: string) {
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const first = most === classes && least >= 1 ? 1 : 0;
  if (!values.every((value) => Number.isInteger(value) && value >= first && value < classes + first)) {
    const complaint = `${name} holds labels from ${least} to ${most}, expected whole numbers from 0 to ${classes - 1}`;
    throw new Fault(
      "data",
      place,
      complaint,
      "give the number of a class for each example, from 0 (or from 1, in MATLAB)",
    );
  }
  const labels = Uint8Array.from(values, (value) => value - first);
  return first === 1 ? { labels, note: `${name} counts classes from 1` } : { labels };
}

function oneHot(
  values: Float64Array,
  rows: number,
  columns: number,
  isColumns: boolean,
): Uint8Array<ArrayBuffer> | undefined {
  const [n, classes] = isColumns ? [columns, rows] : [rows, columns];
  const at = (example: number, k: number) => values[isColumns ? k * columns + example : example * columns + k];
  const labels = new Uint8Array(n);
  for (let example = 0; example < n; example++) {
    const hot = Array.from({ length: classes }, (_, k) => at(example, k));
    if (hot.filter((value) => value === 1).length !== 1 || hot.filter((value) => value === 0).length !== classes - 1)
      return undefined;
    labels[example] = hot.indexOf(1);
  }
  return labels;
}

/** The gradients that are there, each in the order of its parameter: a W that came as [in, out] has its gradient so too. */
function gradientsIn(
  known: KnownArrays,
  { widths, turned }: StudentNetwork,
  place: string,
): StudentGradients["gradients"] {
  const gradients: Record<string, { values: Float64Array; isTurned: boolean }> = {};
  for (let layer = 1; layer < widths.length; layer++) {
    const [out, inputs] = [widths[layer], widths[layer - 1]];
    const dW = known.get(`dW${layer}`);
    if (dW !== undefined) {
      const [rows, columns = 1] = dW.array.shape;
      const isOther = turned.has(`W${layer}`);
      const [down, across] = isOther ? [inputs, out] : [out, inputs];
      const fits = rows === down && columns === across;
      if (dW.array.shape.length > 2 || !(fits || (rows === across && columns === down))) {
        const complaint = `${dW.name} has the shape [${dW.array.shape.join(", ")}], and its W [${down}, ${across}]`;
        throw new Fault("data", place, complaint, "give a gradient of the shape of its W");
      }
      gradients[`W${layer}`] = { values: matrix(dW.array, fits === isOther), isTurned: !fits };
    }
    for (const role of ["b", "gamma", "beta"]) {
      const given = known.get(`d${role}${layer}`);
      if (given === undefined || (role !== "b" && !known.has(`${role}${layer}`))) continue;
      const values = vector(given.array, given.name, place);
      if (values.length !== out) {
        const complaint = `${given.name} has ${values.length} numbers, and its layer ${out} nodes`;
        throw new Fault("data", place, complaint, "sum over the examples: one number for each node");
      }
      gradients[`${role}${layer}`] = { values, isTurned: false };
    }
  }
  return gradients;
}
