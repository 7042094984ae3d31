// Gradus on one device: node gradus.ts DEVICE THREADS

import { createNodeDevice } from "../../src/math/select.node.ts";
import { openBench } from "../../src/train/bench.ts";
import { trainPopulation } from "../../src/train/population.ts";
import { loadSplit } from "../../src/train/split.node.ts";
import { outcome, train } from "../../src/train/train.ts";
import { microsecondsSince, serve, type Work, withdraw } from "../pipe.ts";
import { type Depth, lossTolerance, searchSpecs, stepData, stepSpec } from "../work.ts";
import { evaluation, evaluationProducts, forwardProduct, gradientProduct, squareProduct } from "./gradus-kernels.ts";

const [name, threads] = process.argv.slice(2);
const device = await createNodeDevice(name, "f32", { threads: Number(threads) }).catch(withdraw);
const data = await stepData();

await serve(`Gradus ${device.name} (${device.details.replace(/, \d+ threads?$/, "")})`, {
  "step-1": () => steps("two", 1),
  "step-8": () => steps("two", 8),
  "step-32": () => steps("two", 32),
  "three-layer-step": () => steps("three", 1),
  evaluation: () => evaluation(device, data.train),
  "evaluation-products": () => evaluationProducts(device, data.train),
  forward: () => forwardProduct(device, data.train),
  gradient: () => gradientProduct(device, data.train),
  sgemm: () => squareProduct(device),
  search,
});

/** Training itself: its steps are timed between two of the `progress` events that it yields. */
async function steps(depth: Depth, members: number): Promise<Work> {
  const specs = Array.from({ length: members }, () => stepSpec(depth));
  const training = trainPopulation(specs, openBench(device, data, specs[0]));
  let done = 0;
  const go = async (to: number): Promise<readonly number[]> => {
    for (;;) {
      const { value: event, done: ended } = await training.next();
      if (ended || event.kind === "diverged") throw new Error("the training ended");
      if (event.kind === "measured" && event.member === members - 1) return []; // before the first step
      if (event.kind === "progress" && event.step >= to) {
        done = event.step;
        return event.loss;
      }
    }
  };
  await go(0);
  return async (count) => {
    const from = done;
    const began = performance.now();
    const losses = await go(from + count);
    const microseconds = microsecondsSince(began) * (count / (done - from));
    // Later, what is not exact to the bit has gone its own way.
    const stray = from === 0 ? losses.find((loss) => Math.abs(loss - losses[0]) > lossTolerance) : undefined;
    if (stray !== undefined) throw new Error(`members that are alike have losses ${losses[0]} and ${stray}`);
    return { microseconds, value: losses[0] };
  };
}

/** All trials of the coarse search as one population, to the last measurement; its images lie in the device's memory. */
async function search(): Promise<Work> {
  return async (count) => {
    const specs = searchSpecs(name, count);
    const searchDevice = await createNodeDevice(name, "f32");
    const all = await loadSplit(specs[0], undefined, searchDevice.reserve);
    const began = performance.now();
    const { runs } = await outcome(train(specs, all, { create: async () => searchDevice }));
    return { microseconds: microsecondsSince(began), value: runs[0].final?.validation.loss ?? Number.NaN };
  };
}
