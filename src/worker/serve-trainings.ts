import type { Split } from "../data/splits.ts";
import type { CreateDevice } from "../math/select.ts";
import { encodeModel } from "../model/encode-model.ts";
import { modelOf } from "../model/model-of.ts";
import type { Spec } from "../record/spec.ts";
import { type Bench, benchKey, openBench } from "../train/bench.ts";
import { trainPopulation } from "../train/population.ts";
import { parseMembers } from "../train/train.ts";
import type { Weights } from "../train/weights.ts";
import { giveTurn } from "./give-turn.ts";
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
  /** What the training before this one stood on: the device and its images. */
  let previous: { readonly key: string | undefined; readonly bench: Bench } | undefined;
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
      void perform(message.order).catch(failed).then(port.say);
    }
  });

  async function perform(order: TrainOrder): Promise<Ending> {
    const { specs, data, initial, resume, checkpoints, models, asksWhoRetires, wishes } = order;
    const members = parseMembers(specs, { initial, resume });
    const bench = await benchOf(members[0], data);
    const watched = watchWishes(wishes, checkpoints);
    const retire = asksWhoRetires ? whoRetires : undefined;
    const training = trainPopulation(members, bench, { ...watched, initial, resume, retire });
    for (;;) {
      const next = await training.next();
      if (next.done) {
        const areWanted = models === true && !watched.signal.aborted;
        const file = (weights: Weights, member: number) =>
          encodeModel(modelOf(members[member], bench.data.train, weights, bench.device.dtype));
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

  /** What the training before stood on, where that is the same; images are read straight into the device's memory. */
  async function benchOf(spec: Spec, data: Split | undefined): Promise<Bench> {
    const key = data === undefined ? JSON.stringify([spec.device, spec.dtype, benchKey(spec)]) : undefined;
    if (previous !== undefined && key !== undefined && previous.key === key) return previous.bench;
    letGo();
    const device = await create(spec.device, spec.dtype);
    try {
      const bench = openBench(device, data ?? (await load(spec, device.reserve)), spec);
      previous = { key, bench };
      return bench;
    } catch (error) {
      device.close();
      throw error;
    }
  }

  function letGo(): void {
    previous?.bench.free();
    previous?.bench.device.close();
    previous = undefined;
  }

  /** A device may be what failed. */
  function failed(error: unknown): Ending {
    letGo();
    return failureMessage(error);
  }
}
