/** What the network is and how it steps. */
export interface TinySettings {
  readonly lambda: number;
  readonly rate: number;
}

/** Parameters and data: [out, in] and [out] of both layers, [in, n], and a label an example. */
export interface TinyNetwork {
  readonly X: readonly number[];
  readonly labels: readonly number[];
  readonly W1: readonly number[];
  readonly b1: readonly number[];
  readonly W2: readonly number[];
  readonly b2: readonly number[];
}

export const tiny = { inputs: 2, hidden: 2, classes: 2, examples: 2 } as const;

/** One that a person can follow; the second example's first node is off. */
export const firstNetwork: TinyNetwork = {
  X: [1, -0.5, 0.5, 1],
  labels: [0, 1],
  W1: [0.5, -0.4, 0.3, 0.8],
  b1: [0.1, -0.1],
  W2: [0.6, -0.7, -0.2, 0.9],
  b2: [0, 0.1],
};

/** What is worked out of it, row by row. */
export type TinyNumbers = Readonly<
  Record<"S1" | "H" | "S2" | "P" | "L" | "J" | "G" | "dH" | "dS1" | "dW1" | "db1" | "dW2" | "db2", readonly number[]>
>;
