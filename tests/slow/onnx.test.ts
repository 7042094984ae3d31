import { createRequire } from "node:module";
import { beforeAll, describe, expect, test } from "vitest";
import type { Dataset } from "../../src/data/dataset.ts";
import { encodeOnnx } from "../../src/model/onnx.ts";
import {
  gradusProbabilities,
  images,
  labelsOf,
  largestDifference,
  type NetworkName,
  networks,
  trained,
} from "../trained-models.ts";

// ONNX Runtime is 290 MB, and so not among the packages of the tests: it is a peer of the benchmark, which installs it.

/** What is used of the package. */
interface Runtime {
  readonly Tensor: new (type: "uint8", data: Uint8Array, shape: readonly number[]) => object;
  readonly InferenceSession: {
    create(model: Uint8Array): Promise<{
      readonly inputNames: readonly string[];
      readonly outputNames: readonly string[];
      run(feeds: Record<string, object>): Promise<Record<"probabilities" | "label", Output>>;
    }>;
  };
}
interface Output {
  readonly data: Float32Array | BigInt64Array;
  readonly dims: readonly number[];
}

const runtime = installed();
const count = 1000;
let training: Dataset;
let first1000: Uint8Array;
beforeAll(async () => {
  const { training: trainingSet, test } = await images();
  training = trainingSet;
  first1000 = test.images.subarray(0, count * test.dimension);
});

describe.skipIf(runtime === undefined)("ONNX Runtime (skipped without the benchmark's packages: npm run bench)", () => {
  const cases = (Object.keys(networks) as NetworkName[]).flatMap((name) =>
    (["f32", "f64"] as const).flatMap((dtype) =>
      (["fold", "keep"] as const).map((batchNorm) => ({ name, dtype, batchNorm })),
    ),
  );

  test.each(cases)("$name, trained in $dtype, norms: $batchNorm", async ({ name, dtype, batchNorm }) => {
    if (runtime === undefined) return;
    const model = await trained(name, dtype, training);
    const session = await runtime.InferenceSession.create(encodeOnnx(model, { batchNorm }));
    expect({ in: session.inputNames, out: session.outputNames }).toEqual({
      in: ["images"],
      out: ["probabilities", "label"],
    });
    // In batches of any size: the graph does not fix it.
    for (const [from, to] of [
      [0, 1],
      [0, count],
    ]) {
      const bytes = first1000.slice(from * model.dimension, to * model.dimension);
      const tensor = new runtime.Tensor("uint8", bytes, [to - from, model.dimension]);
      const { probabilities, label } = await session.run({ images: tensor });
      expect([probabilities.dims, label.dims]).toEqual([[to - from, 10], [to - from]]);
      const classified = await gradusProbabilities(model, bytes);
      const peers = Array.from(probabilities.data, Number);
      const difference = largestDifference(peers, classified);
      if (process.env.GRADUS_SHOW !== undefined) console.log(name, dtype, batchNorm, to - from, difference);
      expect(difference).toBeLessThan(1e-5);
      expect(Array.from(label.data, Number)).toEqual(labelsOf(classified, 10));
    }
  });
});

function installed(): Runtime | undefined {
  try {
    return createRequire(new URL("../../bench/package.json", import.meta.url))("onnxruntime-node");
  } catch {
    return undefined;
  }
}
