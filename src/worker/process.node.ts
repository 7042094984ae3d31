import { createNodeDevice } from "../math/select.node.ts";
import { loadSplit } from "../train/split.node.ts";
import type { ThreadMessage, TrainMessage } from "./messages.ts";
import { serveTrainings } from "./serve-trainings.ts";

// The other side of `train-in-process.node.ts`: a process of its own that trains, and ends with the one that started it.

process.title = "gradus training";
process.on("disconnect", () => process.exit(1));
// Ctrl-C is the parent's matter: it asks for a stop.
process.on("SIGINT", () => {});
serveTrainings(
  {
    say: (message: TrainMessage) => void process.send?.(message),
    listen: (hear: (message: ThreadMessage) => void) => process.on("message", hear),
  },
  { create: createNodeDevice, load: (spec, reserve) => loadSplit(spec, undefined, reserve) },
);
