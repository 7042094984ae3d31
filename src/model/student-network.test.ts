import { describe, expect, test } from "vitest";
import type { NamedArrays, NumberArray } from "../files/number-array.ts";
import { ourName } from "./array-names.ts";
import { type StudentOptions, studentGradients } from "./student-network.ts";

/** Rows of numbers, laid out as NumPy or, `isColumnMajor`, as MATLAB does. */
function array(rows: readonly (readonly number[])[] | readonly number[], isColumnMajor = false): NumberArray {
  const isMatrix = Array.isArray(rows[0]);
  const matrix = rows as readonly (readonly number[])[];
  const shape = isMatrix ? [rows.length, matrix[0].length] : [rows.length];
  const values = !isMatrix
    ? (rows as readonly number[])
    : isColumnMajor
      ? matrix[0].flatMap((_, j) => matrix.map((row) => row[j]))
      : matrix.flat();
  const bytes = new Uint8Array(Float64Array.from(values).buffer);
  return { type: "f8", shape, isColumnMajor, isLittleEndian: true, bytes, at: 0 };
}

const turn = (rows: readonly (readonly number[])[]) => rows[0].map((_, j) => rows.map((row) => row[j]));

// Three inputs, two nodes, two classes, four examples.
const W1 = [[1, 2, 3], [4, 5, 6]]; // biome-ignore format: matrices
const W2 = [
  [7, 8],
  [9, 10],
];
const X = [
  [1, 2, 3, 4],
  [5, 6, 7, 8],
  [9, 10, 11, 12],
];
const Y = [
  [1, 0, 0, 1],
  [0, 1, 1, 0],
];
const dW1 = [
  [0.1, 0.2, 0.3],
  [0.4, 0.5, 0.6],
];

function read(arrays: Record<string, NumberArray>, options: StudentOptions = {}) {
  const named: NamedArrays = new Map(Object.entries(arrays));
  const { widths, parameters, inputs, labels, lambda, gradients, notes } = studentGradients(named, "mine.npz", options);
  return {
    widths,
    W1: [...parameters.W1],
    W2: [...parameters.W2],
    inputs: [...inputs],
    labels: [...labels],
    lambda,
    dW1: { ...gradients.W1, values: [...gradients.W1.values] },
    notes,
  };
}

const course = {
  W1: array(W1),
  b1: array([[1], [2]]),
  W2: array(W2),
  b2: array([3, 4]),
  X: array(X),
  Y: array(Y),
  lambda: array([0.5]),
  grad_W1: array(dW1),
};
const expected = {
  widths: [3, 2, 2],
  W1: W1.flat(),
  W2: W2.flat(),
  inputs: X.flat(),
  labels: [0, 1, 1, 0],
  lambda: 0.5,
  dW1: { values: dW1.flat(), isTurned: false },
};

describe("the arrays of somebody's gradients, in every layout, are the same network", () => {
  test.each<[what: string, arrays: Record<string, NumberArray>, options?: StudentOptions]>([
    ["the course's", course],
    ["MATLAB's, column by column", { ...course, W1: array(W1, true), X: array(X, true), Y: array(Y, true) }],
    ["examples as rows", { ...course, X: array(turn(X)), Y: array(turn(Y)) }],
    ["labels from 0", { ...course, Y: array([0, 1, 1, 0]) }],
    ["labels from 1", { ...course, Y: array([[1, 2, 2, 1]]) }],
    [
      "weights as [in, out], square ones too",
      { ...course, W1: array(turn(W1)), W2: array(turn(W2)), grad_W1: array(turn(dW1)) },
    ],
    ["a square W the other way, as a flag says", { ...course, W2: array(turn(W2)) }, { isTurned: true }],
    ["lambda by a flag", { ...course, lambda: array([9]) }, { lambda: 0.5 }],
  ])("%s", (_, arrays, options) => {
    expect(read(arrays, options)).toMatchObject(expected);
  });

  test("one-hot labels, the first example's too", () => {
    expect(read({ ...course, Y: array(Y.toReversed()) }).labels).toEqual([1, 0, 0, 1]);
  });

  test("names by a flag", () => {
    const { W1: theta, ...others } = course;
    const names = new Map([["W1", "theta"]]);
    expect(read({ ...others, theta }, { names })).toMatchObject(expected);
  });

  test("a gradient of the shape of W turned is said to be turned", () => {
    expect(read({ ...course, grad_W1: array(turn(dW1)) }).dW1).toEqual({ values: dW1.flat(), isTurned: true });
  });

  test("what the shapes do not tell is said", () => {
    expect(read(course).notes).toEqual(["W2 is square: taken as [out, in]"]);
    expect(read({ ...course, Y: array([[1, 2, 2, 1]]) }).notes).toContain("Y counts classes from 1");
  });
});

describe("batch normalisation", () => {
  const normed = { ...course, gamma1: array([1, 2]), betas: array([[3], [4]]), grad_gamma1: array([[0.1, 0.2]]) };
  const of = (arrays: Record<string, NumberArray>) => studentGradients(new Map(Object.entries(arrays)), "mine.npz");

  test("gains and offsets, with eps or without, and what is taken for granted", () => {
    const { batchNorm, parameters, gradients, notes } = of(normed);
    expect(batchNorm).toEqual({ place: "before-relu", layers: "all", affine: true, eps: 2 ** -52 });
    expect([[...parameters.gamma1], [...parameters.beta1]]).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect([...gradients.gamma1.values]).toEqual([0.1, 0.2]);
    expect(notes.slice(1)).toEqual([
      expect.stringContaining("before the ReLU"),
      expect.stringContaining("eps is 2.2e-16"),
    ]);
    expect(of({ ...normed, eps: array([1e-5]) })).toMatchObject({ batchNorm: { eps: 1e-5 } });
    expect(of(course).batchNorm).toBeUndefined();
  });

  test.each<[what: string, arrays: Record<string, NumberArray>, message: RegExp]>([
    ["a gain without its offset", { ...course, gamma1: array([1, 2]) }, /no beta1 among/],
    ["a gain of another layer", { ...normed, gamma1: array([1, 2, 3]) }, /gamma1 has 3 numbers, and its layer 2 nodes/],
    ["an eps below 0", { ...normed, eps: array([-1]) }, /eps is -1/],
  ])("%s is refused", (_, arrays, message) => expect(() => of(arrays)).toThrow(message));
});

test.each<[name: string, ours: string | undefined]>([
  ["gamma1", "gamma1"], ["gammas{2}", "gamma2"], ["NetParams.beta{1}", "beta1"], ["dgamma1", "dgamma1"], ["grad_betas{1}", "dbeta1"],
  ["W1", "W1"], ["w_2", "W2"], ["W", "W1"], ["b", "b1"], ["fc1.weight", "W1"], ["fc2.bias", "b2"], ["NetParams.W1", "W1"],
  ["dW1", "dW1"], ["grad_W", "dW1"], ["grads.b2", "db2"], ["W1_grad", "dW1"], ["dJdW1", "dW1"], ["gradb1", "db1"],
  ["W{2}", "W2"], ["grad_b{1}", "db1"], ["Grads.W{1}", "dW1"], ["X", "X"], ["Y_batch", "Y"], ["labels", "Y"], ["lam", "lambda"], ["theta", undefined], ["db", "db1"], ["debug", undefined],
])("%s is %s", (name, ours) => expect(ourName(name)).toBe(ours)); // biome-ignore format: a table

describe("what does not fit is refused", () => {
  test.each<[what: string, arrays: Record<string, NumberArray>, message: RegExp, remedy: RegExp]>([
    ["no bias", { W1: array(W1) }, /no b1 among W1/, /--array W1=NAME/],
    [
      "no gradients",
      { ...course, grad_W1: array([0]), other: array([1]) },
      /grad_W1 has the shape \[1\]/,
      /shape of its W/,
    ],
    [
      "a bias of another length",
      { ...course, b1: array([1, 2, 3, 4, 5]) },
      /W1 has the shape \[2, 3\], and its bias 5/,
      /bias for each/,
    ],
    [
      "other examples",
      { ...course, X: array([[1], [2], [3]]) },
      /X has the shape \[3, 1\], expected \[3, 4\]/,
      /save the X, Y/,
    ],
    ["labels beyond the classes", { ...course, Y: array([0, 1, 2, 3]) }, /labels from 0 to 3/, /from 0/],
    [
      "two of a name",
      { ...course, gradW1: array(dW1) },
      /"grad_W1" and "gradW1" may both be dW1/,
      /--array dW1=grad_W1/,
    ],
  ])("%s", (_, arrays, message, remedy) => {
    const named: NamedArrays = new Map(Object.entries(arrays));
    try {
      studentGradients(named, "mine.npz");
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ message: expect.stringMatching(message), remedy: expect.stringMatching(remedy) });
    }
  });
});
