// TensorFlow.js on its WebAssembly backend with SIMD: node tensorflowjs.ts

import { createRequire } from "node:module";
import { dirname } from "node:path";
import { microsecondsSince, serve, type Work, withdraw } from "../pipe.ts";
import { batch, classes, dimension, hiddenOf, initialWeights, lambda, rate, standardisedImages } from "../work.ts";

/** What is used of the packages, which are not among Gradus's own and may be absent. */
interface Tensor {
  dispose(): void;
  dataSync(): Float32Array;
}
interface TensorFlow {
  version_core: string;
  tensor(values: Float32Array, shape: readonly number[]): Tensor;
  tidy<T>(work: () => T): T;
  matMul(a: Tensor, b: Tensor, transposeA?: boolean, transposeB?: boolean): Tensor;
  fused: { matMul(terms: { a: Tensor; b: Tensor; bias: Tensor; activation?: "relu" }): Tensor };
  transpose(x: Tensor): Tensor;
  softmax(x: Tensor): Tensor;
  sum(x: Tensor, axis?: number): Tensor;
  log(x: Tensor): Tensor;
  mul(a: Tensor, b: Tensor | number): Tensor;
  sub(a: Tensor, b: Tensor): Tensor;
  step(x: Tensor): Tensor;
}

const packages = ["@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-wasm"];
const tf = await load().catch(withdraw);
await serve(`TensorFlow.js ${tf.version_core} (wasm)`, {
  step: () => steps(false),
  "step-flags": () => steps(true),
});

async function load(): Promise<TensorFlow> {
  const require = createRequire(import.meta.url);
  const [core, wasm] = packages.map((name) => require(name));
  wasm.setWasmPaths(`${dirname(require.resolve(packages[1]))}/`);
  if (!(await core.setBackend("wasm"))) throw new Error("its wasm backend does not start");
  return core;
}

/**
 * @param flags transposed factors by the flags of `matMul`, as this library's own gradients take them; else transposed
 * before the product, the images once and for all: only without flags does its backend use its fast kernel.
 */
async function steps(flags: boolean): Promise<Work> {
  const { images, oneHot } = await standardisedImages();
  const batches = Array.from({ length: images.length / dimension / batch }, (_, at) => {
    const x = tf.tensor(images.subarray(at * batch * dimension, (at + 1) * batch * dimension), [batch, dimension]);
    const y = tf.tensor(oneHot.subarray(at * batch * classes, (at + 1) * batch * classes), [batch, classes]);
    return { x, y, ...(!flags && { xTransposed: tf.transpose(x) }) };
  });
  let at = 0;
  let parameters = initial();
  return async (count) => {
    let loss = Number.NaN;
    const began = performance.now();
    for (let done = 0; done < count; done++) {
      const [lossTensor, ...next] = tf.tidy(() => step(parameters, batches[at]));
      [loss] = lossTensor.dataSync();
      for (const old of [lossTensor, ...parameters]) old.dispose();
      parameters = next;
      at = (at + 1) % batches.length;
    }
    return { microseconds: microsecondsSince(began), value: loss };
  };
}

interface Batch {
  readonly x: Tensor; // [n, in]
  readonly xTransposed?: Tensor;
  readonly y: Tensor; // [n, classes], one-hot
}

/** The loss, then the new parameters. */
function step([w1, b1, w2, b2]: readonly Tensor[], { x, xTransposed, y }: Batch): Tensor[] {
  const flags = xTransposed === undefined;
  const h = tf.fused.matMul({ a: x, b: w1, bias: b1, activation: "relu" });
  const p = tf.softmax(tf.fused.matMul({ a: h, b: w2, bias: b2 }));
  const loss = tf.mul(tf.sum(tf.log(tf.sum(tf.mul(p, y), 1))), -1 / batch);
  const ds2 = tf.mul(tf.sub(p, y), rate / batch);
  const dh = flags ? tf.matMul(ds2, w2, false, true) : tf.matMul(ds2, tf.transpose(w2));
  const ds1 = tf.mul(dh, tf.step(h));
  const dw2 = flags ? tf.matMul(h, ds2, true, false) : tf.matMul(tf.transpose(h), ds2);
  const dw1 = flags ? tf.matMul(x, ds1, true, false) : tf.matMul(xTransposed, ds1);
  const shrink = 1 - 2 * rate * lambda;
  return [
    loss,
    tf.sub(tf.mul(w1, shrink), dw1),
    tf.sub(b1, tf.sum(ds1, 0)),
    tf.sub(tf.mul(w2, shrink), dw2),
    tf.sub(b2, tf.sum(ds2, 0)),
  ];
}

/** W1 [in, out], b1, W2, b2. */
function initial(): Tensor[] {
  const values = initialWeights("two");
  const [hidden] = hiddenOf.two;
  let at = 0;
  const take = (...shape: number[]) => {
    const parameter = values.slice(at, (at += shape.reduce((product, extent) => product * extent, 1)));
    const laid = tf.tensor(parameter, shape);
    return shape.length === 1 ? laid : tf.transpose(laid);
  };
  return [take(hidden, dimension), take(hidden), take(classes, hidden), take(classes)];
}
