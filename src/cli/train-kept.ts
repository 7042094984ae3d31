import type { Store } from "../store/store.ts";
import { datasetFiles } from "../train/split.node.ts";
import { type CheckpointFlags, checkpointRhythm } from "./checkpoint-flags.ts";
import type { Console } from "./console.ts";
import { interruptible } from "./interrupt.ts";
import { beginRun, type NewRun, type Session } from "./session.ts";

/** Trains a new run in the store: stopped by Ctrl-C, it says how to go on. @throws Fault as `beginRun` */
export async function trainKept(
  command: string,
  store: Store,
  begun: Pick<NewRun, "spec" | "experiment">,
  console: Console,
  flags: CheckpointFlags,
): Promise<Session> {
  let id: string | undefined;
  const onRun = (own: string) => {
    id = own;
  };
  return await interruptible(
    command,
    async (signal) => {
      const data = await datasetFiles(begun.spec.data);
      return await beginRun(store, { ...begun, data }, console, {
        signal,
        checkpoints: checkpointRhythm(flags),
        onRun,
      });
    },
    () => (id === undefined ? "run the command again" : `\`gradus resume ${id}\` goes on`),
  );
}
