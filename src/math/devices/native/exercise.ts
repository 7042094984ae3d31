import type { Activation, ClassLoss, Device, Into, Tensor } from "../../device.ts";

/** A layer's extents. */
export interface Extents {
  readonly members: number;
  readonly out: number;
  readonly inputs: number;
  readonly n: number;
}

/** One of each kind. */
export const classLosses: readonly ClassLoss[] = [
  { kind: "smoothed", smoothing: 0.1 },
  { kind: "sigmoid", weight: 0.25 },
  { kind: "hinge", margin: 1 },
];

/** One of each kind. */
export const activations: readonly Activation[] = [
  { kind: "leaky-relu", slope: 0.125 },
  { kind: "gelu" },
  { kind: "tanh" },
];

/** Extents that are no multiple of any vector, tile or chunk, and those of real work. */
export const exercised: readonly Extents[] = [
  { members: 1, out: 1, inputs: 1, n: 1 },
  { members: 3, out: 3, inputs: 5, n: 7 },
  { members: 1, out: 7, inputs: 131, n: 9 },
  { members: 2, out: 13, inputs: 300, n: 300 },
  { members: 1, out: 10, inputs: 300, n: 200 },
  { members: 1, out: 50, inputs: 1300, n: 100 },
  { members: 4, out: 10, inputs: 50, n: 100 },
  { members: 3, out: 70, inputs: 300, n: 270 }, // more gradient than a core's cache keeps beside a batch
];

/** What every kernel of a device makes of the same numbers: two devices that are one and the same make the same bits. */
export async function exercise(
  device: Device,
  { members, out, inputs, n }: Extents,
): Promise<Map<string, Float32Array | Float64Array>> {
  // Waited for at the end: a device may take longer to answer than to compute.
  const results = new Map<string, Promise<Float32Array | Float64Array>>();
  let seed = out * 31 + inputs * 7 + n;

  function tensor(shape: readonly number[], scale = 1): Tensor {
    const written = device.tensor(shape);
    device.write(written, numbers(written.size, ++seed, scale));
    return written;
  }
  function keep(kernel: string, shape: readonly number[], run: (written: Tensor) => void): void {
    const written = tensor(shape);
    run(written);
    results.set(kernel, device.read(written));
    device.free(written);
  }

  const batch = device.batch(inputs, n);
  const labels = device.tensor([1, 1, n]);
  const count = 40;
  const images = Uint8Array.from(numbers(count * inputs, ++seed, 1), (value) => 128 + 127 * value);
  const set = device.upload(
    images,
    Uint8Array.from({ length: count }, (_, i) => (i * 3) % out),
  );
  const rows = Uint32Array.from({ length: n }, (_, j) => (j * 7 + 3) % count);
  const standardisation = { scale: tensor([inputs], 0.1), shift: tensor([inputs]) };
  const written = device.batch(inputs, n);
  device.write(written, numbers(written.size, ++seed, 1));
  device.gather(batch, labels, set, rows, standardisation, rows);
  results.set("labels", device.read(labels));

  const [w, b] = [tensor([members, out, inputs]), tensor([members, out, 1])];
  const [ds, operand] = [tensor([members, out, n], 4), tensor([members, out, n])];
  const [mean, gamma, beta] = [1, 2, 3].map(() => tensor([members, out, 1]));
  const variance = device.tensor([members, out, 1]);
  device.write(
    variance,
    numbers(variance.size, ++seed, 1).map((value) => value + 1.25),
  );
  const alphas = Float64Array.from({ length: members }, (_, p) => -0.1 * (p + 1));
  const betas = Float64Array.from({ length: members }, (_, p) => (p === 1 ? 0 : 1 - 0.01 * p));
  const into = (target: Tensor): Into => ({ target, base: target, alpha: alphas, beta: betas });

  for (const [kind, x] of Object.entries({
    gathered: batch,
    written,
    shared: tensor([1, inputs, n]),
    own: tensor([members, inputs, n]),
  })) {
    keep(`affine ${kind}`, [members, out, n], (s) => device.affine(s, w, x, b));
    keep(`outerProduct ${kind}`, [members, out, inputs], (g) => device.outerProduct(into(g), ds, x));
  }
  results.set("gather", device.read(batch));
  keep("transposeProduct", [members, inputs, n], (dx) => device.transposeProduct(dx, w, ds));
  keep("sampleSum", [members, out, 1], (g) => device.sampleSum(into(g), ds));
  keep("sampleProductSum", [members, out, 1], (g) => device.sampleProductSum(into(g), ds, operand));
  keep("combine", [members, out, n], (g) => device.combine(into(g), ds));
  keep("relu", [members, out, n], (h) => device.relu(h, ds));
  keep("reluGradient", [members, out, n], (d) => device.reluGradient(d, ds, operand));
  for (const activation of activations) {
    for (const spread of [0.1, 4, 400]) {
      const scores = tensor([members, out, n], spread);
      const name = `${activation.kind} ${spread}`;
      keep(`activate ${name}`, scores.shape, (h) => device.activate(h, scores, activation));
      keep(`activationGradient ${name}`, ds.shape, (d) => device.activationGradient(d, ds, scores, activation));
    }
  }
  keep("multiply", [members, out, n], (product) => device.multiply(product, ds, operand));
  for (const affine of [{ gamma, beta }, undefined]) {
    const form = affine === undefined ? "plain" : "affine";
    const statistics = { mean: device.tensor(mean.shape), variance: device.tensor(mean.shape) };
    const normalised = device.tensor(ds.shape);
    keep(`batchNorm ${form}`, ds.shape, (y) => device.batchNorm(y, normalised, statistics, ds, affine, 0.01));
    results.set(`batchNorm ${form}: mean`, device.read(statistics.mean));
    results.set(`batchNorm ${form}: variance`, device.read(statistics.variance));
    results.set(`batchNorm ${form}: normalised`, device.read(normalised));
    keep(`normalise ${form}`, ds.shape, (y) => device.normalise(y, ds, { mean, variance }, affine, 0.01));
    keep(`batchNormGradient ${form}`, ds.shape, (d) =>
      device.batchNormGradient(d, ds, operand, variance, affine?.gamma, 0.01),
    );
  }
  for (const spread of [1, 30, 400]) {
    const [scores, tally] = [tensor([members, out, n], spread), device.tally(members, 2)];
    keep(`softmaxCrossEntropy ${spread}`, scores.shape, (p) => device.softmaxCrossEntropy(p, tally, scores, labels));
    results.set(`softmaxCrossEntropy ${spread}: tally`, device.readTally(tally));
  }
  keep("softmaxCrossEntropyGradient", ds.shape, (d) => device.softmaxCrossEntropyGradient(d, operand, labels));
  for (const loss of classLosses) {
    for (const spread of [1, 30]) {
      const [scores, tally] = [tensor([members, out, n], spread), device.tally(members, 2)];
      const name = `classLoss ${loss.kind} ${spread}`;
      keep(name, scores.shape, (p) => device.classLoss(p, tally, scores, labels, loss));
      results.set(`${name}: tally`, device.readTally(tally));
    }
    keep(`classLossGradient ${loss.kind}`, ds.shape, (d) => device.classLossGradient(d, operand, labels, loss));
    if (loss.kind === "hinge") continue;
    const second = device.tensor(labels.shape);
    device.write(
      second,
      Array.from({ length: n }, (_, j) => (j * 5) % out),
    );
    const mixture = { labels: second, share: tensor(labels.shape, 0.5) };
    const [scores, tally] = [tensor([members, out, n], 4), device.tally(members, 2)];
    keep(`classLoss ${loss.kind}, mixed`, ds.shape, (p) => device.classLoss(p, tally, scores, labels, loss, mixture));
    results.set(`classLoss ${loss.kind}, mixed: tally`, device.readTally(tally));
    keep(`classLossGradient ${loss.kind}, mixed`, ds.shape, (d) =>
      device.classLossGradient(d, operand, labels, loss, mixture),
    );
  }
  const squares = device.tally(members, 1);
  device.squareSum(squares, w);
  results.set("squareSum", device.readTally(squares));
  keep("combineSquares", w.shape, (g) => device.combineSquares(into(g), w));
  const positive = device.tensor(w.shape);
  device.combineSquares({ ...into(positive), alpha: alphas.map(() => 2), beta: alphas.map(() => 0) }, w);
  const step = { keep: betas, rate: alphas, correction: alphas.map((_, p) => 1 + p), eps: alphas.map(() => 1e-8) };
  const moved = tensor(w.shape);
  keep("rootStep", w.shape, (followed) => device.rootStep(followed, moved, positive, step));
  for (const limit of [0.5, 1e6]) {
    keep(`clip to ${limit}`, w.shape, (g) =>
      device.clip(
        g,
        squares,
        alphas.map(() => limit),
      ),
    );
  }
  const keys = Uint32Array.from({ length: 2 * members }, (_, i) => i * 2_654_435_761 + 5);
  const rates = alphas.map((_, p) => [0.5, 0.2, 0.75][p % 3]);
  keep("drop", [members, out, n], (mask) => device.drop(mask, { keys, indices: [7, 2], rates }));
  const velocity = tensor(w.shape);
  keep("followVelocity", w.shape, (followed) => device.followVelocity(followed, velocity, betas));
  results.set("followVelocity: v", device.read(velocity));
  const values = await Promise.all(results.values());
  return new Map([...results.keys()].map((kernel, at) => [kernel, values[at]]));
}

/** The first kernel whose results are not the same to the bit, NaN being NaN; undefined where all are. */
export function firstDifference(
  first: ReadonlyMap<string, Float32Array | Float64Array>,
  second: ReadonlyMap<string, Float32Array | Float64Array>,
): string | undefined {
  for (const [kernel, values] of first) {
    const counterpart = second.get(kernel);
    if (counterpart?.length !== values.length) return kernel;
    for (let i = 0; i < values.length; i++) if (!Object.is(values[i], counterpart[i])) return kernel;
  }
  return undefined;
}

/** Numbers in [-scale, scale) that f32 holds, from a small multiplicative generator. */
function numbers(length: number, seed: number, scale: number): Float64Array {
  const values = new Float64Array(length);
  let state = seed * 2_654_435_761 + 1;
  // `map` takes ten times as long.
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    values[i] = Math.fround(((state >>> 8) / 2 ** 23 - 1) * scale);
  }
  return values;
}
