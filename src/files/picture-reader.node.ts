import { Worker } from "node:worker_threads";
import { Fault } from "../fault/fault.ts";
import type { Picture, PictureReader, PictureReading } from "./picture.ts";

/** What the thread is asked. */
export interface PictureQuestion {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly place: string;
  readonly reading?: PictureReading | undefined;
}

/** What it answers. */
export type PictureAnswer = { readonly id: number } & (
  | { readonly picture: Picture }
  | { readonly refusal: { readonly place: string; readonly complaint: string; readonly remedy: string } }
);

interface Waiting {
  readonly place: string;
  readonly resolve: (picture: Picture) => void;
  readonly reject: (error: Error) => void;
}

/** Megabytes of JavaScript's memory in the thread; what decoders take beside it is bounded by `limits.photoPixels`. */
const memory = 512;

const ending = import.meta.url.endsWith(".ts") ? "ts" : "js"; // compiled, the file beside this one has another

const thread = new URL(`./picture-thread.node.${ending}`, import.meta.url);

/** A reader with a thread of its own, which runs `file`, and may be silent for `patience` milliseconds. */
export function openPictureReader(file = thread, patience = 20_000): PictureReader {
  const worker = new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: memory } });
  worker.unref();
  const waiting = new Map<number, Waiting>();
  let clock: NodeJS.Timeout | undefined;
  let count = 0;
  let end: string | undefined;

  worker.on("message", (answer: PictureAnswer) => {
    const request = waiting.get(answer.id);
    waiting.delete(answer.id);
    watch();
    if ("picture" in answer) request?.resolve(answer.picture);
    else request?.reject(new Fault("data", answer.refusal.place, answer.refusal.complaint, answer.refusal.remedy));
  });
  worker.on("error", (error: Error) => fail(`ended the decoder (${error.message})`));
  worker.on("exit", () => fail("ended the decoder"));

  function watch(): void {
    clearTimeout(clock);
    if (waiting.size === 0) return;
    worker.ref();
    clock = setTimeout(() => {
      fail(`took the decoder more than ${patience / 1000} seconds`);
      void worker.terminate();
    }, patience);
  }

  // They are decoded in order, so it was the first that waits.
  function fail(complaint: string): void {
    end ??= complaint;
    clearTimeout(clock);
    const [culprit] = waiting.values();
    for (const { reject } of waiting.values()) reject(refusal(culprit.place, complaint));
    waiting.clear();
  }

  function refusal(place: string, complaint: string): Fault {
    return new Fault("data", place, `the picture ${complaint}`, "save it again as PNG, or leave it out");
  }

  return {
    read: (bytes, place, reading) =>
      new Promise<Picture>((resolve, reject) => {
        if (end !== undefined) return reject(refusal(place, end));
        const id = count++;
        waiting.set(id, { place, resolve, reject });
        if (waiting.size === 1) watch();
        worker.postMessage({ id, bytes, place, reading } satisfies PictureQuestion);
      }),
    async close() {
      await worker.terminate();
    },
  };
}
