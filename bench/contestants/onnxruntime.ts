// ONNX Runtime, a whole step as one graph: node onnxruntime.ts THREADS

import { microsecondsSince, serve, type Work, withdraw } from "../pipe.ts";
import { batch, classes, dimension, hiddenOf, initialWeights, lambda, rate, standardisedImages } from "../work.ts";
import { constant, model, node, value } from "./onnx-model.ts";

/** What is used of the package, which is not among Gradus's own and may be absent. */
interface Runtime {
  readonly env: { readonly versions: { readonly node?: string; readonly common: string } };
  readonly Tensor: new (type: "float32", data: Float32Array, shape: readonly number[]) => Tensor;
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<Session> };
}
interface Tensor {
  readonly data: Float32Array;
}
type Tensors = Record<string, Tensor>;
interface Session {
  run(feeds: Tensors, fetches: Tensors): Promise<Tensors>;
}

const [threads] = process.argv.slice(2);
const name: string = "onnxruntime-node";
const runtime: Runtime = await import(name).then((module) => module.default, withdraw);

const [hidden] = hiddenOf.two;
const shapes = { W1: [hidden, dimension], b1: [hidden], W2: [classes, hidden], b2: [classes] };
type Name = keyof typeof shapes;
const names = Object.keys(shapes) as Name[];

await serve(`ONNX Runtime ${runtime.env.versions.node ?? runtime.env.versions.common}`, { step: steps });

async function steps(): Promise<Work> {
  const { images, oneHot } = await standardisedImages();
  const batches = Array.from({ length: images.length / dimension / batch }, (_, at) => ({
    X: tensor(images.subarray(at * batch * dimension, (at + 1) * batch * dimension), [batch, dimension]),
    Y: tensor(oneHot.subarray(at * batch * classes, (at + 1) * batch * classes), [batch, classes]),
  }));
  const run = async ({ session, wide }: Awaited<ReturnType<typeof create>>) => {
    // The parameters go back and forth between two sets of tensors: a graph does not write its inputs.
    let [from, to] = [parameters(wide), parameters(wide)];
    const loss = tensor(new Float32Array(batch), [batch, 1]);
    let at = 0;
    return async (count: number) => {
      const began = performance.now();
      for (let step = 0; step < count; step++) {
        const fetches: Tensors = { loss };
        for (const name of names) fetches[`new ${name}`] = to[name];
        await session.run({ ...batches[at], ...from }, fetches);
        [from, to] = [to, from];
        at = (at + 1) % batches.length;
      }
      const microseconds = microsecondsSince(began);
      return { microseconds, value: loss.data.reduce((sum, exampleLoss) => sum + exampleLoss, 0) / batch };
    };
  };
  // Which layout of W is faster depends on the processor.
  let best = { seconds: Number.POSITIVE_INFINITY, session: await create(true) };
  for (const wide of [true, false, true, false]) {
    const session = await create(wide);
    const work = await run(session);
    await work(20);
    const seconds = (await work(100)).microseconds;
    if (seconds < best.seconds) best = { seconds, session };
  }
  return await run(best.session);
}

/** @param wide W is kept as [in, out], else as [out, in] */
async function create(wide: boolean): Promise<{ session: Session; wide: boolean }> {
  const options = {
    intraOpNumThreads: Number(threads),
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
  };
  return { session: await runtime.InferenceSession.create(step(wide), options), wide };
}

function step(wide: boolean): Uint8Array {
  const forward = { transB: wide ? 0 : 1 };
  const update = { alpha: -rate / batch, beta: 1 - 2 * rate * lambda };
  // W <- (1 - 2 eta lambda) W - eta dS^T below, or its transpose: the update is part of the product.
  const descent = (w: string, below: string, ds: string) =>
    node("Gemm", wide ? [below, ds, w] : [ds, below, w], [`new ${w}`], { transA: 1 }, update);
  const biasDescent = (b: string, ds: string) => [
    node("ReduceSum", [ds, "samples"], [`sum ${ds}`], { keepdims: 0 }),
    node("Mul", [`sum ${ds}`, "eta"], [`d${b}`]),
    node("Sub", [b, `d${b}`], [`new ${b}`]),
  ];
  return model({
    nodes: [
      node("Gemm", ["X", "W1", "b1"], ["S1"], forward),
      node("Relu", ["S1"], ["H"]),
      node("Gemm", ["H", "W2", "b2"], ["S2"], forward),
      node("LogSoftmax", ["S2"], ["log P"], { axis: 1 }),
      node("Mul", ["log P", "Y"], ["log p"]),
      node("ReduceSum", ["log p", "classes"], ["minus loss"], { keepdims: 1 }),
      node("Neg", ["minus loss"], ["loss"]),
      node("Exp", ["log P"], ["P"]),
      node("Sub", ["P", "Y"], ["dS2"]), // times n: the 1/n stands in `update`
      node("Gemm", ["dS2", "W2"], ["dH"], { transB: wide ? 1 : 0 }),
      node("Greater", ["H", "zero"], ["active"]),
      node("Where", ["active", "dH", "zero"], ["dS1"]),
      descent("W2", "H", "dS2"),
      descent("W1", "X", "dS1"),
      ...biasDescent("b2", "dS2"),
      ...biasDescent("b1", "dS1"),
    ],
    constants: [
      constant("zero", [], [0]),
      constant("eta", [], [rate / batch]),
      constant("samples", [1], [0], true),
      constant("classes", [1], [1], true),
    ],
    inputs: [
      value("X", [batch, dimension]),
      value("Y", [batch, classes]),
      ...names.map((name) => value(name, shapeOf(name, wide))),
    ],
    outputs: [value("loss", [batch, 1]), ...names.map((name) => value(`new ${name}`, shapeOf(name, wide)))],
  });
}

function shapeOf(name: Name, wide: boolean): number[] {
  return wide ? shapes[name].toReversed() : shapes[name];
}

function parameters(wide: boolean): Record<Name, Tensor> {
  const values = initialWeights("two");
  const result: Partial<Record<Name, Tensor>> = {};
  let at = 0;
  for (const name of names) {
    const [out, inputs = 1] = shapes[name];
    const parameter = values.slice(at, (at += out * inputs));
    const laid = wide ? parameter.map((_, i) => parameter[(i % out) * inputs + Math.floor(i / out)]) : parameter;
    result[name] = tensor(laid, shapeOf(name, wide));
  }
  return result as Record<Name, Tensor>;
}

function tensor(data: Float32Array, shape: readonly number[]): Tensor {
  return new runtime.Tensor("float32", data, shape);
}
