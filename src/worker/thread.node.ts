import { parentPort } from "node:worker_threads";
import { createNodeDevice } from "../math/select.node.ts";
import { loadSplit } from "../train/split.node.ts";
import type { ThreadMessage, TrainMessage } from "./messages.ts";
import { serveTrainings } from "./serve-trainings.ts";

// The other side of `train-in-thread.node.ts`: a thread of Node's that trains.

serveTrainings(
  {
    say: (message: TrainMessage) => parentPort?.postMessage(message),
    listen: (hear: (message: ThreadMessage) => void) => parentPort?.on("message", hear),
  },
  { create: createNodeDevice, load: (spec, reserve) => loadSplit(spec, undefined, reserve) },
);
