import { expect, test } from "vitest";
import type { Dataset } from "../data/dataset.ts";
import { stream } from "../math/random/stream.ts";
import { decodeModel } from "../model/decode-model.ts";
import type { Checkpoint } from "../record/event.ts";
import type { SpecInput } from "../record/spec.ts";
import { outcome, train } from "../train/train.ts";
import { openTrainer, requireRoom, trainInThread } from "./train-in-thread.node.ts";

function images(name: string, count: number): Dataset {
  const bytes = Uint8Array.from(stream(1, name).integers(0, 256, count * 12));
  const labels = Uint8Array.from(stream(1, `${name} labels`).integers(0, 3, count));
  return { name, images: bytes, labels, count, dimension: 12, classes: ["a", "b", "c"] };
}

const data = { train: images("train", 100), validation: images("validation", 20), test: images("test", 20) };
const spec: SpecInput = {
  device: "wasm",
  network: { hidden: [5] },
  training: { batch: 10, schedule: { kind: "constant", rate: 0.1 }, epochs: 5 },
};

test("a thread trains what the caller would have trained, to the last bit, event for event", async () => {
  const events: unknown[] = [];
  const inThread = await outcome(trainInThread(spec, { data }), (event) => void events.push(event));
  const eventsHere: unknown[] = [];
  const alone = await outcome(train({ ...spec }, data), (event) => void eventsHere.push(event));
  expect(inThread.weights).toEqual(alone.weights);
  expect(inThread.runs[0].weightsSha256).toBe(alone.runs[0].weightsSha256);
  expect(events.slice(1)).toEqual(eventsHere.slice(1)); // the first names the device's threads
});

test("the caller's event loop turns while it trains", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await outcome(
    trainInThread({ ...spec, training: { ...spec.training, epochs: undefined, steps: 3000 } } as SpecInput, { data }),
  );
  clearInterval(timer);
  expect(turns).toBeGreaterThan(3);
});

test("one thread trains population after population, also after a fault", async () => {
  const trainer = openTrainer();
  const first = await outcome(trainer.train(spec, { data }));
  await expect(outcome(trainer.train({ ...spec, device: "wsm" }, { data }))).rejects.toThrow(/unknown "wsm"/);
  const { weights } = await outcome(trainer.train(spec, { data, initial: first.weights }));
  expect(weights).toEqual((await outcome(train(spec, data, { initial: first.weights }))).weights);
  await trainer.close();
  await expect(outcome(trainer.train(spec, { data }))).rejects.toThrow(/has been closed/);
});

test("checkpoints and the model come out of the thread, and it goes on from a checkpoint", async () => {
  const checkpoints: Checkpoint[] = [];
  let file = new Uint8Array();
  const onModels = ([model]: readonly Uint8Array[]) => {
    file = Uint8Array.from(model);
  };
  const whole = await outcome(trainInThread(spec, { data, checkpoints: { steps: 20 }, onModels }), (event) => {
    if (event.kind === "checkpoint") checkpoints.push(...event.checkpoints);
  });
  expect(checkpoints.map(({ step }) => step)).toEqual([0, 20, 40, 50]);
  const { weights } = await decodeModel(file, "model");
  expect(weights).toEqual(whole.weights[0]);
  for (const checkpoint of checkpoints) {
    const resumed = await outcome(trainInThread(spec, { data, resume: [checkpoint] }));
    expect(resumed.weights).toEqual(whole.weights);
  }
  const often: number[] = [];
  await outcome(trainInThread(spec, { data, checkpoints: { seconds: 0 } }), (event) => {
    if (event.kind === "checkpoint") often.push(event.step);
  });
  expect(often).toHaveLength(51);
});

test("a fault comes out whole", async () => {
  const wrong = { ...spec, device: "wsm" };
  await expect(outcome(trainInThread(wrong, { data }))).rejects.toMatchObject({
    name: "Fault",
    code: "device",
    place: "device",
    message: expect.stringMatching(/^device: unknown "wsm"; did you mean "wasm"/),
    remedy: expect.stringMatching(/give device one of/),
  });
});

test("without a spec there is nothing to train, and a fault says so", async () => {
  await expect(outcome(trainInThread([]))).rejects.toMatchObject({ code: "spec", place: "members" });
});

test("an abort, and a listener that leaves, end the training", async () => {
  const long = { ...spec, training: { ...spec.training, epochs: 1_000_000 } } as SpecInput;
  const controller = new AbortController();
  const { runs } = await outcome(trainInThread(long, { data, signal: controller.signal }), (event) => {
    if (event.kind === "progress") controller.abort();
  });
  expect(runs[0].state).toBe("running");
  for await (const event of trainInThread(long, { data })) if (event.kind === "progress") break;
});

test("an abort in a slow update waits for its end and its checkpoint, however long it takes", async () => {
  const slow = {
    ...spec,
    device: "reference",
    network: { hidden: [1500, 300] },
    evaluate: { every: "end" },
  } as SpecInput;
  const controller = new AbortController();
  const steps: number[] = [];
  const { weights } = await outcome(
    trainInThread(slow, { data, signal: controller.signal, checkpoints: { seconds: 1e9 } }),
    (event) => {
      if (event.kind !== "checkpoint") return;
      steps.push(event.step);
      controller.abort(); // amid the first update, which takes far longer than any patience
    },
  );
  expect(steps).toHaveLength(2);
  expect(weights[0].W1.values).toHaveLength(1500 * 12);
});

test("a process without room for a thread says what limits it, and how to raise it", () => {
  expect(() => requireRoom({ addresses: 6e8, files: 100 })).toThrow(
    expect.objectContaining({
      code: "device",
      message: expect.stringMatching(/1\.1 GB .* 0\.6 GB/),
      remedy: expect.stringMatching(/ulimit -v unlimited/),
    }),
  );
  expect(() => requireRoom({ addresses: 1e12, files: 3 })).toThrow(/8 open files, and 3 are left/);
  requireRoom({ addresses: Number.POSITIVE_INFINITY, files: Number.POSITIVE_INFINITY });
});
