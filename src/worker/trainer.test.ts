import { expect, test } from "vitest";
import type { Fault } from "../fault/fault.ts";
import { createDevice } from "../math/select.ts";
import { changed, data } from "../train/fixtures/small-runs.ts";
import { outcome, train } from "../train/train.ts";
import type { ThreadMessage, TrainMessage } from "./messages.ts";
import { serveTrainings } from "./serve-trainings.ts";
import { createTrainer, type Thread } from "./trainer.ts";

/** A thread that is none: both sides on this event loop, over a line that keeps the order. */
function threadHere(): Thread & { readonly orders: number } {
  let [toTrainer, toThread] = [(_: TrainMessage) => {}, (_: ThreadMessage) => {}];
  let orders = 0;
  serveTrainings(
    {
      say: (message) => setImmediate(() => toTrainer(message)),
      listen: (hear) => {
        toThread = hear;
      },
    },
    { create: createDevice, load: async () => data },
  );
  return {
    get orders() {
      return orders;
    },
    isOver: false,
    say(message) {
      if ("order" in message) orders += 1;
      setImmediate(() => toThread(message));
    },
    listen(hear) {
      toTrainer = hear;
    },
    async end() {},
  };
}

test("trainings that are begun together follow one another, each as if it were alone", async () => {
  const thread = threadHere();
  const trainer = createTrainer(() => thread);
  const specs = [changed(), changed(["seed", 2]), changed(["training.lambda", 0.1])];
  const together = await Promise.all(specs.map((spec) => outcome(trainer.train(spec))));
  for (const [i, { weights }] of together.entries()) {
    expect(weights).toEqual((await outcome(train(specs[i], data))).weights);
  }
  expect(thread.orders).toBe(3);
});

test("a training that nobody listens to does not hold up the next for ever", async () => {
  const trainer = createTrainer(threadHere, 40);
  const forgotten = trainer.train(changed());
  await forgotten.next();
  const next = await trainer
    .train(changed())
    .next()
    .catch((error: Fault) => error);
  expect(next).toMatchObject({ code: "usage", place: "trainer", remedy: expect.stringMatching(/return\(\)/) });
  await forgotten.return([]);
  expect((await outcome(trainer.train(changed()))).runs[0].state).toBe("finished");
});

test("a listener that leaves frees the thread for the next training; one that waits can be called off", async () => {
  const thread = threadHere();
  const trainer = createTrainer(() => thread);
  const long = changed(["training.steps", 1_000_000]);
  for await (const event of trainer.train(long)) if (event.kind === "progress") break;
  const first = trainer.train(long);
  await first.next();
  const controller = new AbortController();
  const second = outcome(trainer.train(changed(), { signal: controller.signal }));
  controller.abort();
  expect(await second).toEqual({ runs: [], weights: [] });
  await first.return([]);
  expect((await outcome(trainer.train(changed()))).runs[0].state).toBe("finished");
  expect(thread.orders).toBe(3);
});

test("a checkpoint can be asked for at any time, until the training ends", async () => {
  let take = () => {};
  let isForgotten = false;
  const checkpointRequests = (request: () => void) => {
    take = request;
    return () => {
      isForgotten = true;
    };
  };
  const steps: number[] = [];
  await outcome(createTrainer(threadHere).train(changed(), { checkpointRequests }), (event) => {
    if (event.kind === "measured" && event.measurement.step === 20) take();
    if (event.kind === "checkpoint") steps.push(event.step);
  });
  expect(steps).toHaveLength(1);
  expect(isForgotten).toBe(true);
});
