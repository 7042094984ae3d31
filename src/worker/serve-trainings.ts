import type { Split } from "../data/splits.ts";
import type { CreateDevice } from "../math/select.ts";
import { encodeModel } from "../model/encode-model.ts";
import { modelOf } from "../model/model.ts";
import { parseSpec } from "../record/parse-spec.ts";
import type { Spec } from "../record/spec.ts";
import { train } from "../train/train.ts";
import type { Weights } from "../train/weights.ts";
import {
  type Ending,
  failureMessage,
  type RunningMember,
  type ThreadMessage,
  type TrainMessage,
  type TrainOrder,
} from "./messages.ts";
import type { Port } from "./port.ts";
import { makeWish, watchWishes } from "./wishes.ts";

/** Events that may be under way: a training that is faster than its listener waits for it, so that memory stays bounded. */
const mostUnderWay = 4;

/** What a platform gives to a training thread. */
export interface Workshop {
  readonly create: CreateDevice;
  /** The images that a spec names, into memory from `reserve` where it is given. */
  readonly load: (spec: Spec, reserve?: (bytes: number) => Uint8Array<ArrayBuffer>) => Promise<Split>;
}

/** The thread's side of a trainer: trains whatever is ordered, one after the other, and says what happens. */
export function serveTrainings(port: Port<TrainMessage, ThreadMessage>, { create, load }: Workshop): void {
  /** The images of the training before this one. */
  let held: { readonly key: string; readonly images: Split } | undefined;
  let isFirst = true;
  let underWay = 0;
  let wishes: TrainOrder["wishes"] | undefined;
  let goOn = () => {};
  let retire = (_places: readonly number[]) => {};

  port.listen((message) => {
    if ("acknowledged" in message) {
      underWay -= 1;
      goOn();
    } else if ("wish" in message) {
      if (wishes !== undefined) makeWish(wishes, message.wish);
    } else if ("retire" in message) {
      retire(message.retire);
    } else {
      underWay = 0;
      wishes = message.order.wishes;
      void perform(message.order).catch(failureMessage).then(port.say);
    }
  });

  async function perform(order: TrainOrder): Promise<Ending> {
    const { specs, data, initial, resume, checkpoints, models, asksWhoRetires, wishes } = order;
    const members = (Array.isArray(specs) ? specs : [specs]).map(parseSpec);
    const [spec] = members;
    const device = await create(spec.device, spec.dtype);
    const images = data ?? (await imagesOf(spec, device.reserve));
    const watched = watchWishes(wishes, checkpoints);
    const training = train(members, images, {
      ...watched,
      initial,
      resume,
      ...(asksWhoRetires ? { retire: whoRetires } : {}),
      create: async () => device,
    });
    for (;;) {
      const next = await training.next();
      if (next.done) {
        const areWanted = models === true && !watched.signal.aborted;
        const file = (weights: Weights, member: number) =>
          encodeModel(modelOf(members[member], images.train, weights, device.dtype));
        return { weights: next.value, ...(areWanted ? { models: await Promise.all(next.value.map(file)) } : {}) };
      }
      underWay += 1;
      port.say({ event: next.value });
      await mayGoOn(wishes);
    }
  }

  /** Waits while too much is under way; and where memory is not shared, lets messages come in. */
  async function mayGoOn({ buffer }: TrainOrder["wishes"]): Promise<void> {
    if (underWay >= mostUnderWay) {
      await new Promise<void>((resolve) => {
        goOn = () => {
          if (underWay < mostUnderWay) resolve();
        };
      });
    } else if (buffer instanceof ArrayBuffer) {
      await giveTurn();
    }
  }

  function whoRetires(running: readonly RunningMember[], step: number): Promise<readonly number[]> {
    return new Promise((resolve) => {
      retire = resolve;
      port.say({ whoRetires: running, step });
    });
  }

  async function imagesOf(spec: Spec, reserve: (bytes: number) => Uint8Array<ArrayBuffer>): Promise<Split> {
    const key = JSON.stringify(spec.data);
    if (held?.key !== key) {
      // A thread that trains once reads them straight into the device's memory, so that they are there once.
      if (isFirst) {
        isFirst = false;
        return load(spec, reserve);
      }
      held = { key, images: await load(spec) };
    }
    return held.images;
  }
}

/** Lets everything that waits in the event loop come first; a timer would wait for 4 ms. */
function giveTurn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
