import type { Split } from "../data/splits.ts";
import type { Checkpoint, TrainingEvent } from "../record/event.ts";
import type { SpecInput } from "../record/spec.ts";
import type { Weights } from "../train/weights.ts";
import {
  type CheckpointRhythm,
  failureOf,
  type RunningMember,
  type ThreadMessage,
  type TrainMessage,
  type TrainOrder,
  type Wish,
} from "./messages.ts";
import type { Port } from "./port.ts";
import { createTurns } from "./turns.ts";
import { makeWish } from "./wishes.ts";

/** Milliseconds that a training has to begin or to stop when it is aborted before its first event: nothing is lost then. */
const PATIENCE = 500;

export interface ThreadOptions {
  /** The images; those that the spec names when absent. */
  readonly data?: Split | undefined;
  /** Stops the training after the step it is in. */
  readonly signal?: AbortSignal | undefined;
  /** Weights to begin from, one a spec. */
  readonly initial?: readonly Weights[] | undefined;
  /** Checkpoints to go on from, one a spec. */
  readonly resume?: readonly Checkpoint[] | undefined;
  /** When to take checkpoints; only those that are asked for when absent. */
  readonly checkpoints?: CheckpointRhythm | undefined;
  /** Told how to ask for a checkpoint after the step that goes on; returns how to forget it. */
  readonly checkpointRequests?: ((take: () => void) => () => void) | undefined;
  /** Asked after each measurement but the last: the places of members that shall end with it. The training waits for it. */
  readonly retire?:
    | ((running: readonly RunningMember[], step: number) => readonly number[] | Promise<readonly number[]>)
    | undefined;
  /** Hears the trained models as files, one a spec, when the training has run to its end. */
  readonly onModels?: ((models: readonly Uint8Array[]) => void) | undefined;
}

/** A thread that trains one population after another; it keeps the images of the last one for the next. */
export interface Trainer {
  /**
   * `train`, in the thread: the caller's event loop stays free. Events come as they happen; the thread waits for a listener
   * that is slower. A caller that stops listening, or aborts `signal`, stops the training after the step it is in. One
   * training at a time: another waits for its end.
   * @throws Fault as `train` does, and Fault `usage` where it waits for a training that nobody listens to.
   */
  train(specs: SpecInput | readonly SpecInput[], options?: ThreadOptions): AsyncGenerator<TrainingEvent, Weights[]>;
  /** Ends the thread. */
  close(): Promise<void>;
}

/** A thread as its trainer has it: messages, and how to end it. Where it ends by itself, its last message is a defect. */
export interface Thread extends Port<ThreadMessage, TrainMessage> {
  readonly isOver: boolean;
  end(): Promise<void>;
}

/** A trainer over threads that `open` starts: one, and another where that one has ended. */
export function createTrainer(open: () => Thread, mostIdle?: number): Trainer {
  const turns = createTurns(mostIdle);
  let thread: Thread | undefined;
  let isClosed = false;
  return {
    async close() {
      isClosed = true;
      await thread?.end();
    },
    async *train(specs, options = {}) {
      const turn = await turns.take(options.signal);
      if (turn === undefined) return [];
      try {
        if (isClosed) throw new RangeError("the trainer has been closed");
        if (thread === undefined || thread.isOver) thread = open();
        const training = conduct(thread, specs, options);
        try {
          for (;;) {
            turn.rest(false);
            const next = await training.next();
            if (next.done) return next.value;
            turn.rest(true);
            yield next.value;
          }
        } finally {
          turn.rest(false);
          await training.return([]);
        }
      } finally {
        turn.end();
      }
    },
  };
}

/** One training in a thread that is free. */
async function* conduct(
  thread: Thread,
  specs: SpecInput | readonly SpecInput[],
  { signal, onModels, retire, checkpointRequests, ...order }: ThreadOptions,
): AsyncGenerator<TrainingEvent, Weights[]> {
  const wishes = new Int32Array(sharedWherePossible(8));
  const wish = (kind: Wish) => {
    makeWish(wishes, kind);
    // Where the memory is shared, a message as well would be a second wish.
    if (wishes.buffer instanceof ArrayBuffer) thread.say({ wish: kind });
  };
  const messages = inbox(thread);
  let hasBegun = false;
  let patience: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    wish("stop");
    // It may be reading images, which nothing interrupts.
    if (!hasBegun) patience ??= setTimeout(() => void thread.end(), PATIENCE);
  };
  signal?.addEventListener("abort", stop);
  const forget = checkpointRequests?.(() => wish("checkpoint"));
  let isDone = false;
  try {
    const asks = { models: onModels !== undefined, asksWhoRetires: retire !== undefined };
    thread.say({ order: { ...order, ...asks, specs, wishes } satisfies TrainOrder });
    if (signal?.aborted) stop();
    for (;;) {
      const message = await messages();
      if ("event" in message) {
        hasBegun = true;
        clearTimeout(patience);
        yield message.event;
        thread.say({ acknowledged: true });
      } else if ("whoRetires" in message) {
        thread.say({ retire: (await retire?.(message.whoRetires, message.step)) ?? [] });
      } else {
        isDone = true;
        if (!("weights" in message)) {
          if (thread.isOver && signal?.aborted) return [];
          throw failureOf(message);
        }
        if (message.models !== undefined) onModels?.(message.models);
        return [...message.weights];
      }
    }
  } finally {
    signal?.removeEventListener("abort", stop);
    forget?.();
    if (!isDone) {
      // Nobody listens any more: it is heard to its end, so that the thread is free for the next.
      stop();
      thread.say({ acknowledged: true });
      thread.say({ retire: [] });
      await lastOf(thread, messages);
    }
    clearTimeout(patience);
    thread.listen(() => {});
  }
}

/** Hears a training that stops to its end. */
async function lastOf(thread: Thread, messages: () => Promise<TrainMessage>): Promise<void> {
  for (;;) {
    const message = await messages();
    if ("event" in message) thread.say({ acknowledged: true });
    else if ("whoRetires" in message) thread.say({ retire: [] });
    else return;
  }
}

/** The messages of a thread, one by one, in their order. */
function inbox(thread: Thread): () => Promise<TrainMessage> {
  const waiting: TrainMessage[] = [];
  let wake = () => {};
  thread.listen((message) => {
    waiting.push(message);
    wake();
  });
  return async () => {
    for (;;) {
      const message = waiting.shift();
      if (message !== undefined) return message;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
}

/** Memory that both threads see; where a page has none, each has its own, and wishes come as messages alone. */
function sharedWherePossible(bytes: number): ArrayBufferLike {
  return typeof SharedArrayBuffer === "undefined" ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes);
}
