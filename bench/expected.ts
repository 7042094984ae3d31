import type { Split } from "../src/data/splits.ts";
import { createDevice } from "../src/math/select.ts";
import { openBench } from "../src/train/bench.ts";
import { trainPopulation } from "../src/train/population.ts";
import { checkedStep, type Depth, stepData, stepSpec } from "./work.ts";

/** What every contestant must find: computed here in float64. */
export async function expectedValues() {
  const data = await stepData();
  const two = await losses("two", data);
  const three = await losses("three", data);
  return { step: two.atStep, threeLayerStep: three.atStep, evaluation: two.before };
}

/** Mean loss of all images before the first step, and of the batch of the checked step. */
async function losses(depth: Depth, data: Split): Promise<{ before: number; atStep: number }> {
  const device = await createDevice("wasm", "f64");
  let before = Number.NaN;
  const bench = openBench(device, data, stepSpec(depth));
  for await (const event of trainPopulation([stepSpec(depth)], bench)) {
    if (event.kind === "measured") before = event.measurement.train.loss;
    if (event.kind === "progress" && event.step === checkedStep) {
      device.close();
      return { before, atStep: event.loss[0] };
    }
  }
  throw new RangeError("the training ended early");
}
