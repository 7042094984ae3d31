import { expect, test } from "vitest";
import type { Device } from "../math/device.ts";
import { createDevice } from "../math/select.ts";
import { type Change, changed, data } from "../train/fixtures/small-runs.ts";
import { type ThreadMessage, type TrainMessage, type TrainOrder, wishPlaces } from "./messages.ts";
import { serveTrainings } from "./serve-trainings.ts";

/** A thread's side on this thread's own event loop; each update tells its number before it is made. */
function thread(onUpdate: (step: number) => void = () => {}, onDevice: (device: Device) => void = () => {}) {
  let hear: (message: ThreadMessage) => void = () => {};
  const waiting: TrainMessage[] = [];
  let wake = () => {};
  let updates = 0;
  const watched = async (...of: Parameters<typeof createDevice>): Promise<Device> => {
    const device = await createDevice(...of);
    onDevice(device);
    return {
      ...device,
      softmaxCrossEntropyGradient(...operands) {
        onUpdate(++updates);
        device.softmaxCrossEntropyGradient(...operands);
      },
    };
  };
  serveTrainings(
    {
      say(message) {
        waiting.push(message);
        wake();
      },
      listen(listener) {
        hear = listener;
      },
    },
    { create: watched, load: async () => data },
  );
  return {
    /** Said and not taken yet. */
    waiting,
    updates: () => updates,
    say(message: ThreadMessage): void {
      hear(message);
    },
    async next(): Promise<TrainMessage> {
      while (waiting.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return waiting.shift() as TrainMessage;
    },
  };
}

const order = (wishes: TrainOrder["wishes"], rest: Partial<TrainOrder> = {}): ThreadMessage => ({
  order: { specs: changed(), wishes, ...rest },
});
const sharedWishes = () => new Int32Array(new SharedArrayBuffer(8));

/** Hears a training to its end, acknowledging each event; the steps of its checkpoints, and its end. */
async function hearOut(side: ReturnType<typeof thread>) {
  const checkpoints: number[] = [];
  for (;;) {
    const message = await side.next();
    if (!("event" in message)) return { checkpoints, end: message };
    if (message.event.kind === "checkpoint") checkpoints.push(message.event.step);
    side.say({ acknowledged: true });
  }
}

test.each([1, 13, 20, 50])(
  "a stop wished for in update %i ends the training with it, with a checkpoint",
  async (last) => {
    const wishes = sharedWishes();
    const side = thread((step) => {
      if (step === last) wishes[wishPlaces.stop] = 1;
    });
    side.say(order(wishes, { checkpoints: {} }));
    const { checkpoints, end } = await hearOut(side);
    expect(side.updates()).toBe(last);
    expect(checkpoints).toEqual([0, last]);
    expect(end).toHaveProperty("weights");
    expect(end).not.toHaveProperty("models");
  },
);

test("where memory is not shared, a stop is heard between two events", async () => {
  const side = thread();
  side.say(order(new Int32Array(2), { specs: changed(["training.steps", 1_000_000]), checkpoints: {} }));
  await side.next();
  side.say({ wish: "stop" });
  side.say({ acknowledged: true });
  const { checkpoints, end } = await hearOut(side);
  expect(checkpoints.at(-1)).toBe(side.updates());
  expect(end).toHaveProperty("weights");
});

test("a checkpoint that is wished for is taken after the update that goes on, and the training goes on", async () => {
  const wishes = sharedWishes();
  const side = thread((step) => {
    if (step === 7 || step === 31) wishes[wishPlaces.checkpoint] = 1;
  });
  side.say(order(wishes));
  const { checkpoints } = await hearOut(side);
  expect(checkpoints).toEqual([7, 31]);
  expect(side.updates()).toBe(50);
});

test("a training waits for a listener that is slow: no more than four events are ever under way", async () => {
  const side = thread();
  side.say(order(sharedWishes(), { checkpoints: { steps: 1 } }));
  let most = 0;
  for (let messages = 0; ; messages++) {
    // Long enough for the training to go on as far as it may: it has nothing to wait for but us.
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    most = Math.max(most, side.waiting.length);
    expect(side.updates()).toBeLessThanOrEqual(messages + 4);
    const message = await side.next();
    if (!("event" in message)) break;
    side.say({ acknowledged: true });
  }
  expect(most).toBe(4);
  expect(side.updates()).toBe(50);
});

test("200 populations of many shapes on one thread: one device, and memory that stays as large as it was after ten", async () => {
  const devices: Device[] = [];
  const side = thread(undefined, (device) => devices.push(device));
  const sizes: number[] = [];
  for (let population = 0; population < 200; population++) {
    const hidden = [[5], [40], [13, 7]][population % 3];
    const specs = Array.from({ length: 1 + (population % 4) }, (_, seed) =>
      changed(["seed", seed], ["network.hidden", hidden], ["training.steps", 2], ["evaluate.every", "end"]),
    );
    side.say(order(sharedWishes(), { specs }));
    expect((await hearOut(side)).end).toHaveProperty("weights");
    const [device] = devices;
    const byte = device.reserve(1);
    sizes.push(byte.buffer.byteLength);
    device.unreserve(byte);
  }
  expect(devices).toHaveLength(1);
  expect(sizes.at(-1)).toBe(sizes[10]);
});

test("other images take the place of the last ones, whose device is closed; the same ones stay", async () => {
  let [opened, closed] = [0, 0];
  const side = thread(undefined, (device) => {
    opened += 1;
    const { close } = device;
    Object.assign(device, {
      close() {
        closed += 1;
        close();
      },
    });
  });
  const trainOn = async (...changes: readonly Change[]) => {
    side.say(order(sharedWishes(), { specs: changed(["training.steps", 1], ...changes) }));
    expect((await hearOut(side)).end).toHaveProperty("weights");
    return { opened, closed };
  };
  expect(await trainOn()).toEqual({ opened: 1, closed: 0 });
  expect(await trainOn(["seed", 2])).toEqual({ opened: 1, closed: 0 });
  expect(await trainOn(["data.preprocess", "none"])).toEqual({ opened: 2, closed: 1 });
});

test("a training that asks who retires waits for the answer, and those members end there", async () => {
  const side = thread();
  side.say(order(sharedWishes(), { specs: [changed(), changed(["seed", 2])], asksWhoRetires: true }));
  const memberCounts: number[] = [];
  const finished = new Map<number, number>();
  for (;;) {
    const message = await side.next();
    if ("whoRetires" in message) {
      memberCounts.push(message.whoRetires.length);
      side.say({ retire: message.step === 20 ? [1] : [] });
    } else if ("event" in message) {
      if (message.event.kind === "finished") finished.set(message.event.member, message.event.step);
      side.say({ acknowledged: true });
    } else {
      break;
    }
  }
  expect(memberCounts).toEqual([2, 2, 2, 1, 1]); // after 0, 10, 20, 30 and 40 updates
  expect([...finished]).toEqual([
    [1, 20],
    [0, 50],
  ]);
});
