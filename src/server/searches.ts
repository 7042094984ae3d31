import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "../fault/fault.ts";
import { openStudy, studyLog } from "../lab/kept-studies.ts";
import { runStudy } from "../lab/run-study.ts";
import type { SearchDocument } from "../search/search-document.ts";
import type { Store } from "../store/store.ts";
import { openTrainer } from "../worker/train-in-thread.node.ts";
import type { Trainer } from "../worker/trainer.ts";

/** The searches that a server has begun and not yet ended: one at a time, for each has all processors. */
export interface Searches {
  /**
   * Begins a study, or goes on with one. Resolves with its name when something of it is in the store.
   * @throws Fault `usage` where a search is going on; as `openStudy` and `runStudy` for what is refused before
   */
  begin(document: SearchDocument): Promise<string>;
  /** Asks a search to stop, and waits: trials that have ended are kept. @throws Fault `store` for one begun elsewhere */
  stop(name: string): Promise<void>;
  /** The name of the one that is going on. */
  readonly going: string | undefined;
  close(): Promise<void>;
}

interface Going {
  readonly name: string;
  readonly stopping: AbortController;
  readonly done: Promise<void>;
}

/** Milliseconds between two looks whether a search is in the store. */
const interval = 50;

/** @param onFailure hears what ended a search that had begun, other than being stopped */
export function createSearches(store: Store, onFailure: (name: string, error: unknown) => void): Searches {
  let going: Going | undefined;

  async function begin(document: SearchDocument): Promise<string> {
    const { name } = document;
    if (going !== undefined) {
      const remedy = `stop it, or wait until it has ended; \`gradus search\` in a terminal searches beside it`;
      throw new Fault("usage", "search", `"${going.name}" is going on`, remedy);
    }
    const study = await openStudy(store, document);
    const claim = await store.claim(studyLog(name));
    if (claim === undefined) {
      throw new Fault("store", name, "another process searches under this name", "wait for it, or give another name");
    }
    const stopping = new AbortController();
    const trainer = openTrainer();
    let failure: { readonly error: unknown } | undefined;
    let hasBegun = false;
    /** Keeps the study when its first training has begun: what is refused before leaves nothing. */
    const train: Trainer["train"] = async function* (...asked) {
      const training = trainer.train(...asked);
      try {
        const first = await training.next();
        if (!hasBegun) await study.append([]);
        hasBegun = true;
        if (first.done) return first.value;
        yield first.value;
        return yield* training;
      } finally {
        await training.return([]);
      }
    };
    const run = async () => {
      try {
        await runStudy(store, study, { signal: stopping.signal, train });
      } catch (error) {
        failure = { error };
        if (hasBegun && !stopping.signal.aborted) onFailure(name, error);
      }
      going = undefined;
      await trainer.close();
      await claim.release();
    };
    const search = run();
    going = { name, stopping, done: search };
    while (!hasBegun && going?.name === name) await Promise.race([search, sleep(interval)]);
    if (!hasBegun && failure !== undefined) throw (failure as { readonly error: unknown }).error;
    return name;
  }

  async function stop(name: string): Promise<void> {
    if (going?.name !== name) {
      const remedy = "end the process that searches: Ctrl-C where it was begun";
      throw new Fault("store", name, "is not searched by this server", remedy);
    }
    const { stopping, done } = going;
    const remedy = `\`gradus search ${name}\` goes on`;
    stopping.abort(new Fault("interrupted", "serve", "stopped from the page", remedy));
    await done;
  }

  return {
    begin,
    stop,
    get going() {
      return going?.name;
    },
    async close() {
      if (going !== undefined) await stop(going.name);
    },
  };
}
