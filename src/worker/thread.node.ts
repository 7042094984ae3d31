import { parentPort } from "node:worker_threads";
import type { Split } from "../data/splits.ts";
import { createNodeDevice } from "../math/select.node.ts";
import { encodeModel } from "../model/encode-model.ts";
import { modelOf } from "../model/model.ts";
import { parseSpec } from "../record/parse-spec.ts";
import type { Spec } from "../record/spec.ts";
import { loadSplit } from "../train/split.node.ts";
import { train } from "../train/train.ts";
import type { Weights } from "../train/weights.ts";
import { type CheckpointRhythm, failureMessage, type TrainMessage, type TrainOrder } from "./messages.ts";

// The other side of `train-in-thread.node.ts`: trains, and says what happens.

const say = (message: TrainMessage) => parentPort?.postMessage(message);
/** The images of the training before this one. */
let held: { readonly key: string; readonly images: Split } | undefined;
let isFirst = true;

parentPort?.on("message", async ({ specs, data, initial, resume, checkpoints, models, stop }: TrainOrder) => {
  try {
    const controller = new AbortController();
    const members = (Array.isArray(specs) ? specs : [specs]).map(parseSpec);
    const [spec] = members;
    const device = await createNodeDevice(spec.device, spec.dtype);
    const images = data ?? (await imagesOf(spec, device.reserve));
    const training = train(members, images, {
      signal: controller.signal,
      initial,
      resume,
      wantsCheckpoint: checkpoints && rhythm(checkpoints),
      create: async () => device,
    });
    for (;;) {
      const next = await training.next();
      if (next.done) {
        const wanted = models === true && !controller.signal.aborted;
        const file = (weights: Weights, member: number) =>
          encodeModel(modelOf(members[member], images.train, weights, device.dtype));
        say({ weights: next.value, ...(wanted ? { models: await Promise.all(next.value.map(file)) } : {}) });
        return;
      }
      say({ event: next.value });
      if (Atomics.load(stop, 0) !== 0) controller.abort();
    }
  } catch (error) {
    say(failureMessage(error));
  }
});

/** No measurement and no update depends on when this says yes. */
function rhythm({ steps, seconds }: CheckpointRhythm): (step: number, isLast: boolean) => boolean {
  let latest: number | undefined;
  return (step, isLast) => {
    // Where it begins: the one checkpoint that is there however it ends.
    const isStart = latest === undefined;
    latest ??= performance.now();
    const isTime = seconds !== undefined && performance.now() - latest >= seconds * 1000;
    const wants = isStart || isLast || isTime || (steps !== undefined && step % steps === 0);
    if (wants) latest = performance.now();
    return wants;
  };
}

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
