import { Fault } from "../fault/fault.ts";
import { type NewRun, type ResumedRun, trainAndKeep } from "../lab/train-and-keep.ts";
import type { Store } from "../store/store.ts";

/** The trainings that a server has begun and not yet ended. */
export interface Trainings {
  /** Resolves with the run's id when it is in the store. @throws Fault as `trainAndKeep`, for what is refused before */
  begin(run: NewRun | ResumedRun): Promise<string>;
  /** Asks a training to end with a checkpoint, and waits until it has. @throws Fault `store` for one that was begun elsewhere */
  stop(id: string): Promise<void>;
  /** Stops all of them, and waits. */
  close(): Promise<void>;
}

/** Trainings at once: more of them share the same processors, and none is done sooner. */
const most = 8;
/** Seconds between checkpoints: what a crash takes at most. */
const checkpointSeconds = 10;

interface Going {
  readonly stopping: AbortController;
  readonly done: Promise<void>;
}

/** @param onFailure hears what ended a training that had begun, other than being stopped */
export function createTrainings(store: Store, onFailure: (id: string, error: unknown) => void): Trainings {
  const going = new Map<string, Going>();
  let beginning = 0;

  async function begin(run: NewRun | ResumedRun): Promise<string> {
    if (going.size + beginning >= most) {
      throw new Fault("usage", "trainings", `${most} are going on already`, "stop one, or wait until one has ended");
    }
    beginning += 1;
    const stopping = new AbortController();
    let begunAs: string | undefined;
    let done = Promise.resolve();
    const begunId = new Promise<string>((resolve, reject) => {
      const training = trainAndKeep(store, [run], {
        signal: stopping.signal,
        checkpoints: { seconds: checkpointSeconds },
        onBegun: ([id]) => {
          begunAs = id;
          resolve(id);
        },
      });
      done = training.then(
        () => {},
        (error: unknown) => {
          if (begunAs === undefined) reject(error);
          else if (!stopping.signal.aborted) onFailure(begunAs, error);
        },
      );
    });
    try {
      const id = await begunId;
      going.set(id, { stopping, done });
      void done.then(() => going.delete(id));
      return id;
    } finally {
      beginning -= 1;
    }
  }

  async function stop(id: string): Promise<void> {
    const training = going.get(id);
    if (training === undefined) {
      const remedy = "end the process that trains it: Ctrl-C where it was begun";
      throw new Fault("store", id, "is not trained by this server", remedy);
    }
    const remedy = `\`gradus resume ${id}\` goes on`;
    training.stopping.abort(new Fault("interrupted", "serve", "stopped from the page", remedy));
    await training.done;
  }

  return {
    begin,
    stop,
    async close() {
      await Promise.all([...going.keys()].map(stop));
    },
  };
}
