import { type TinyNetwork, type TinyNumbers, type TinySettings, tiny } from "./tiny.ts";

/** A number of the tiny network: which quantity, row and column. */
export interface Entry {
  readonly name: string;
  readonly row: number;
  readonly column: number;
}

/** A matrix of the tiny network, and where its entries come from. */
export interface Quantity {
  readonly name: string;
  readonly about: string;
  /** As the derivation writes it; absent for what is given. */
  readonly formula?: string;
  /** The derivation's file in docs/derivations. */
  readonly derivation?: string;
  readonly rows: number;
  readonly columns: number;
  readonly values: ArrayLike<number>; // [rows, columns]
  /** Terms whose sum is the entry, each a product of a factor and of entries; of what is no sum, its entries alone. */
  readonly from: (row: number, column: number) => readonly Entry[];
  /** How the entry is worked out from those, with `of` for the number of each. */
  readonly working: (row: number, column: number, of: (entry: Entry) => string) => string;
}

/** All numbers of a forward pass, a backward pass and a step, each with where it comes from, in their order. */
export function stepsOf(network: TinyNetwork, numbers: TinyNumbers, { lambda, rate }: TinySettings): Quantity[] {
  const { inputs, hidden, classes, examples: n } = tiny;
  const { S1, H, S2, P, L, J, G, dH, dS1 } = numbers;
  const Y = Array.from({ length: classes * n }, (_, at) => (network.labels[at % n] === Math.floor(at / n) ? 1 : 0));
  const given = (name: string, about: string, rows: number, columns: number, values: readonly number[]): Quantity => {
    return { name, about, rows, columns, values, from: () => [], working: () => "given" };
  };
  const after = (name: "W1" | "b1" | "W2" | "b2", rows: number, columns: number): Quantity => ({
    name: `${name} next`,
    about: "after the step",
    ...{ formula: `${name} <- ${name} - eta d${name}`, derivation: "l2.md", rows, columns },
    values: network[name].map((value, at) => value - rate * numbers[`d${name}`][at]),
    from: (row, column) => [entry(name, row, column), entry(`d${name}`, row, column)],
    working: (row, column, of) => `${of(entry(name, row, column))} - ${rate} * ${of(entry(`d${name}`, row, column))}`,
  });
  return [
    given("X", "inputs, an example a column", inputs, n, network.X),
    given("Y", "labels, one-hot", classes, n, Y),
    given("W1", "weights of the first layer", hidden, inputs, network.W1),
    given("b1", "its biases", hidden, 1, network.b1),
    dense("S1", "scores of the hidden nodes", S1, hidden, inputs, "W1", "X", "b1"),
    {
      ...{ name: "H", about: "what the ReLU lets through", formula: "H = max(0, S1)", derivation: "relu.md" },
      ...{ rows: hidden, columns: n, values: H },
      from: (row, column) => [entry("S1", row, column)],
      working: (row, column, of) => `max(0, ${of(entry("S1", row, column))})`,
    },
    given("W2", "weights of the second layer", classes, hidden, network.W2),
    given("b2", "its biases", classes, 1, network.b2),
    dense("S2", "scores of the classes", S2, classes, hidden, "W2", "H", "b2"),
    {
      ...{ name: "P", about: "probabilities", formula: "p_k = exp(s_k) / sum_l exp(s_l)" },
      ...{ derivation: "softmax-cross-entropy.md", rows: classes, columns: n, values: P },
      from: (_row, column) => range(classes).map((k) => entry("S2", k, column)),
      working: (row, column, of) =>
        `exp(${of(entry("S2", row, column))}) / (${range(classes)
          .map((k) => `exp(${of(entry("S2", k, column))})`)
          .join(" + ")})`,
    },
    {
      ...{ name: "L", about: "loss: the mean of -log of the right class's probability" },
      ...{ formula: "L = -(1/n) sum_j log P_yj", derivation: "softmax-cross-entropy.md" },
      ...{ rows: 1, columns: 1, values: L },
      from: () => network.labels.map((label, j) => entry("P", label, j)),
      working: (_row, _column, of) =>
        `-(${network.labels.map((label, j) => `log(${of(entry("P", label, j))})`).join(" + ")}) / ${n}`,
    },
    {
      ...{ name: "J", about: "cost: loss and penalty", formula: "J = L + lambda sum W^2", derivation: "l2.md" },
      ...{ rows: 1, columns: 1, values: J },
      from: () => [entry("L", 0, 0), ...entriesOf("W1", hidden, inputs), ...entriesOf("W2", classes, hidden)],
      working: (_row, _column, of) =>
        `${of(entry("L", 0, 0))} + ${lambda} * (${[
          ...entriesOf("W1", hidden, inputs),
          ...entriesOf("W2", classes, hidden),
        ]
          .map((each) => `(${of(each)})^2`)
          .join(" + ")})`,
    },
    {
      ...{ name: "G", about: "dJ/dS2: where the way back begins", formula: "G = (P - Y) / n" },
      ...{ derivation: "softmax-cross-entropy.md", rows: classes, columns: n, values: G },
      from: (row, column) => [entry("P", row, column), entry("Y", row, column)],
      working: (row, column, of) => `(${of(entry("P", row, column))} - ${of(entry("Y", row, column))}) / ${n}`,
    },
    outer("dW2", numbers.dW2, classes, hidden, "G", "H", "W2", lambda),
    rowSum("db2", numbers.db2, classes, "G"),
    {
      ...{ name: "dH", about: "what reaches the hidden nodes", formula: "dH = W2^T G", derivation: "dense.md" },
      ...{ rows: hidden, columns: n, values: dH },
      from: (row, column) => range(classes).flatMap((k) => [entry("W2", k, row), entry("G", k, column)]),
      working: (row, column, of) =>
        range(classes)
          .map((k) => `${of(entry("W2", k, row))} * ${of(entry("G", k, column))}`)
          .join(" + "),
    },
    {
      ...{ name: "dS1", about: "what the ReLU lets through on the way back", formula: "dS1 = dH where S1 > 0, else 0" },
      ...{ derivation: "relu.md", rows: hidden, columns: n, values: dS1 },
      from: (row, column) => [entry("dH", row, column), entry("S1", row, column)],
      working: (row, column, of) => `${of(entry("dH", row, column))} * (${of(entry("S1", row, column))} > 0)`,
    },
    outer("dW1", numbers.dW1, hidden, inputs, "dS1", "X", "W1", lambda),
    rowSum("db1", numbers.db1, hidden, "dS1"),
    after("W1", hidden, inputs),
    after("b1", hidden, 1),
    after("W2", classes, hidden),
    after("b2", classes, 1),
  ];
}

/** The network after the step that a list of quantities ends with. */
export function nextNetwork(network: TinyNetwork, quantities: readonly Quantity[]): TinyNetwork {
  const next = (name: string) => Array.from(quantities.find((each) => each.name === `${name} next`)?.values ?? []);
  return { ...network, W1: next("W1"), b1: next("b1"), W2: next("W2"), b2: next("b2") };
}

function entry(name: string, row: number, column: number): Entry {
  return { name, row, column };
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

function entriesOf(name: string, rows: number, columns: number): Entry[] {
  return range(rows).flatMap((row) => range(columns).map((column) => entry(name, row, column)));
}

/** S = W X + b 1^T */
function dense(
  name: string,
  about: string,
  values: readonly number[],
  rows: number,
  inner: number,
  W: string,
  X: string,
  b: string,
): Quantity {
  return {
    ...{ name, about, formula: `${name} = ${W} ${X} + ${b} 1^T`, derivation: "dense.md" },
    ...{ rows, columns: tiny.examples, values },
    from: (row, column) => [...range(inner).flatMap((k) => [entry(W, row, k), entry(X, k, column)]), entry(b, row, 0)],
    working: (row, column, of) =>
      [...range(inner).map((k) => `${of(entry(W, row, k))} * ${of(entry(X, k, column))}`), of(entry(b, row, 0))].join(
        " + ",
      ),
  };
}

/** dW = G X^T + 2 lambda W */
function outer(
  name: string,
  values: readonly number[],
  rows: number,
  columns: number,
  G: string,
  X: string,
  W: string,
  lambda: number,
): Quantity {
  return {
    ...{ name, about: `gradient of ${W}`, formula: `${name} = ${G} ${X}^T + 2 lambda ${W}`, derivation: "l2.md" },
    ...{ rows, columns, values },
    from: (row, column) => [
      ...range(tiny.examples).flatMap((j) => [entry(G, row, j), entry(X, column, j)]),
      ...(lambda === 0 ? [] : [entry(W, row, column)]),
    ],
    working: (row, column, of) =>
      [
        ...range(tiny.examples).map((j) => `${of(entry(G, row, j))} * ${of(entry(X, column, j))}`),
        ...(lambda === 0 ? [] : [`2 * ${lambda} * ${of(entry(W, row, column))}`]),
      ].join(" + "),
  };
}

/** db = G 1 */
function rowSum(name: string, values: readonly number[], rows: number, G: string): Quantity {
  return {
    ...{ name, about: `gradient of ${name.slice(1)}`, formula: `${name} = ${G} 1`, derivation: "dense.md" },
    ...{ rows, columns: 1, values },
    from: (row) => range(tiny.examples).map((j) => entry(G, row, j)),
    working: (row, _column, of) =>
      range(tiny.examples)
        .map((j) => of(entry(G, row, j)))
        .join(" + "),
  };
}
