import { parentPort } from "node:worker_threads";
import type { Split } from "../data/splits.ts";
import { createNodeDevice } from "../math/select.node.ts";
import { parseSpec } from "../record/parse-spec.ts";
import type { Spec } from "../record/spec.ts";
import { loadSplit } from "../train/split.node.ts";
import { train } from "../train/train.ts";
import { failureMessage, type TrainMessage, type TrainOrder } from "./messages.ts";

// The other side of `train-in-thread.node.ts`: trains, and says what happens.

const say = (message: TrainMessage) => parentPort?.postMessage(message);
/** The images of the training before this one. */
let held: { readonly key: string; readonly images: Split } | undefined;
let isFirst = true;

parentPort?.on("message", async ({ specs, data, initial, stop }: TrainOrder) => {
  try {
    const controller = new AbortController();
    const spec = parseSpec(Array.isArray(specs) ? specs[0] : specs);
    const device = await createNodeDevice(spec.device, spec.dtype);
    const images = data ?? (await imagesOf(spec, device.reserve));
    const training = train(specs, images, { signal: controller.signal, initial, create: async () => device });
    for (;;) {
      const next = await training.next();
      if (next.done) {
        say({ weights: next.value });
        return;
      }
      say({ event: next.value });
      if (Atomics.load(stop, 0) !== 0) controller.abort();
    }
  } catch (error) {
    say(failureMessage(error));
  }
});

async function imagesOf(spec: Spec, reserve: (bytes: number) => Uint8Array<ArrayBuffer>): Promise<Split> {
  const key = JSON.stringify(spec.data);
  if (held?.key !== key) {
    // A thread that trains once reads them straight into the device's memory, so that they are there once.
    if (isFirst) {
      isFirst = false;
      return loadSplit(spec, undefined, reserve);
    }
    held = { key, images: await loadSplit(spec) };
  }
  return held.images;
}
