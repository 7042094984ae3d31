import { parentPort, workerData } from "node:worker_threads";
import { createNodeDevice } from "../math/select.node.ts";
import { parseSpec } from "../record/parse-spec.ts";
import { loadSplit } from "../train/split.node.ts";
import { train } from "../train/train.ts";
import { failureMessage, type TrainMessage, type TrainOrder } from "./messages.ts";

// The other side of `train-in-thread.node.ts`: trains, and says what happens.

const { specs, data, initial, stop } = workerData as TrainOrder;
const say = (message: TrainMessage) => parentPort?.postMessage(message);

try {
  const first = Array.isArray(specs) ? specs[0] : specs;
  const controller = new AbortController();
  // The images are read straight into the device's memory, so that they are there once.
  const spec = parseSpec(first);
  const device = await createNodeDevice(spec.device, spec.dtype);
  const images = data ?? (await loadSplit(spec, undefined, device.reserve));
  const training = train(specs, images, { signal: controller.signal, initial, create: async () => device });
  for (;;) {
    const next = await training.next();
    if (next.done) {
      say({ weights: next.value });
      break;
    }
    say({ event: next.value });
    if (Atomics.load(stop, 0) !== 0) controller.abort();
  }
} catch (error) {
  say(failureMessage(error));
}
